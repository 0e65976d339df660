package postgres

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/headcount-hll/headcount/rollup/store"
)

// A SummaryKey is the primary key of the table summaries: a row has what is known of a metric on a date.
type SummaryKey struct{ Kind, Channel, Version, Metric, Date string }

func (k SummaryKey) compare(other SummaryKey) int {
	return cmp.Or(strings.Compare(k.Kind, other.Kind), strings.Compare(k.Channel, other.Channel), strings.Compare(k.Version, other.Version),
		strings.Compare(k.Metric, other.Metric), strings.Compare(k.Date, other.Date))
}

// summaryColumns are the columns that the packed rows of a summary keep. A summary is added up over OS versions and added dimensions.
var summaryColumns = [...]string{"label", "process", "application", "architecture", "os"}

// SummaryTexts are a packed row's values of label, process, application, architecture and os.
type SummaryTexts [len(summaryColumns)]string

// Summaries collects rows for the table summaries, and adds them to it. The caller holds the lock of those who load.
type Summaries struct {
	limit int
	kept  int
	sums  map[SummaryKey]map[SummaryTexts]*store.Sum
}

// SummariesKept is how many sums to keep in memory: about 100 MB of 100 buckets each.
const SummariesKept = 100_000

// NewSummaries returns empty summaries that are full with this many sums.
func NewSummaries(limit int) *Summaries {
	return &Summaries{limit: limit, sums: map[SummaryKey]map[SummaryTexts]*store.Sum{}}
}

// summariesAtOnce is how many rows of the table are read and written together.
const summariesAtOnce = 512

// Sum returns the sum of a packed row, to add to. The texts may be reused by the caller.
func (s *Summaries) Sum(key SummaryKey, texts SummaryTexts) *store.Sum {
	of := s.sums[key]
	if of == nil {
		of = map[SummaryTexts]*store.Sum{}
		s.sums[SummaryKey{
			strings.Clone(key.Kind), strings.Clone(key.Channel), strings.Clone(key.Version), strings.Clone(key.Metric), strings.Clone(key.Date),
		}] = of
	}
	sum := of[texts]
	if sum == nil {
		for i := range texts {
			texts[i] = strings.Clone(texts[i])
		}
		sum = &store.Sum{}
		of[texts] = sum
		s.kept++
	}
	return sum
}

// Full reports whether it is time for Flush.
func (s *Summaries) Full() bool { return s.kept >= s.limit }

// Flush adds the sums to the table, and forgets them.
func (s *Summaries) Flush(ctx context.Context, tx pgx.Tx) error {
	for part := range slices.Chunk(slices.SortedFunc(maps.Keys(s.sums), SummaryKey.compare), summariesAtOnce) {
		if err := s.take(ctx, tx, part); err != nil {
			return err
		}
		if err := s.put(ctx, tx, part); err != nil {
			return err
		}
		for _, key := range part { // with all that the table had of it, which can be many times what was kept
			s.kept -= len(s.sums[key])
			delete(s.sums, key)
		}
	}
	return nil
}

// take takes the rows of some keys out of the table and adds them to the sums.
func (s *Summaries) take(ctx context.Context, tx pgx.Tx, keys []SummaryKey) error {
	columns := make([][]string, 5)
	for _, k := range keys {
		for i, text := range [...]string{k.Kind, k.Channel, k.Version, k.Metric, k.Date} {
			columns[i] = append(columns[i], text)
		}
	}
	found, err := tx.Query(ctx, `DELETE FROM headcount_rollup.summaries AS s
		USING unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) AS k (kind, channel, version, metric, date)
		WHERE (s.kind, s.channel, s.version, s.metric, s.date) = (k.kind, k.channel, k.version, k.metric, k.date)
		RETURNING s.kind, s.channel, s.version, s.metric, s.date, s.rows`, columns[0], columns[1], columns[2], columns[3], columns[4])
	if err != nil {
		return err
	}
	defer found.Close()
	for found.Next() {
		v := found.RawValues()
		key := SummaryKey{string(v[0]), string(v[1]), string(v[2]), string(v[3]), string(v[4])}
		err := eachPacked(v[5], func(texts [len(summaryColumns)][]byte) *store.Sum {
			var copied SummaryTexts
			for i, text := range texts {
				copied[i] = string(text)
			}
			return s.Sum(key, copied)
		})
		if err != nil {
			return fmt.Errorf("summary of %s, %s: %w", key.Metric, key.Date, err)
		}
	}
	return found.Err()
}

// put copies the sums of some keys into the table, which does not have these keys.
func (s *Summaries) put(ctx context.Context, tx pgx.Tx, keys []SummaryKey) error {
	rows := make([][]any, len(keys))
	for i, key := range keys {
		packed, err := pack(s.sums[key])
		if err != nil {
			return fmt.Errorf("metric %s: %w", key.Metric, err)
		}
		rows[i] = []any{key.Kind, key.Channel, key.Version, key.Metric, key.Date, packed}
	}
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"headcount_rollup", "summaries"},
		[]string{"kind", "channel", "version", "metric", "date", "rows"}, pgx.CopyFromRows(rows))
	return err
}

// fillSummaries makes the summaries of all roll-ups, for a database of an older version.
func fillSummaries(ctx context.Context, tx pgx.Tx) error {
	if _, err := tx.Exec(ctx, `DECLARE filling NO SCROLL CURSOR FOR
		SELECT kind, channel, version, metric, date, label, process, application, architecture, os, histogram, sum, count
		FROM headcount_rollup.rollups`); err != nil {
		return err
	}
	s := NewSummaries(SummariesKept)
	for {
		n, err := s.fetch(ctx, tx)
		if err != nil {
			return err
		}
		if n == 0 {
			break
		}
		if !s.Full() {
			continue
		}
		if err := s.Flush(ctx, tx); err != nil {
			return err
		}
	}
	if err := s.Flush(ctx, tx); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "CLOSE filling; ANALYZE headcount_rollup.summaries")
	return err
}

// fetch adds the next rows of the cursor, and returns how many there were.
func (s *Summaries) fetch(ctx context.Context, tx pgx.Tx) (n int, err error) {
	rows, err := tx.Query(ctx, "FETCH 10000 FROM filling")
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var text [10]string
		v := rows.RawValues()
		for i := range text {
			text[i] = string(v[i])
		}
		sum := s.Sum(SummaryKey{text[0], text[1], text[2], text[3], text[4]}, SummaryTexts(text[5:]))
		if err := AddNumbers(sum, v[10], v[11], v[12]); err != nil {
			return n, err
		}
		n++
	}
	return n, rows.Err()
}

// pack returns the column rows of a summary: for each row its texts, each with its length before it, and its numbers, in the order of the texts.
func pack(rows map[SummaryTexts]*store.Sum) ([]byte, error) {
	var b []byte
	var err error
	for _, texts := range slices.SortedFunc(maps.Keys(rows), func(a, b SummaryTexts) int { return slices.Compare(a[:], b[:]) }) {
		for _, text := range texts {
			b = append(binary.AppendUvarint(b, uint64(len(text))), text...)
		}
		row := rows[texts]
		if b, err = store.Pack(b, row.Histogram, row.Sum, row.Count); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// eachPacked adds packed rows to the sums that to returns for their texts; it returns nil for a row that is not wanted.
func eachPacked(packed []byte, to func(texts [len(summaryColumns)][]byte) *store.Sum) error {
	r := store.ReadPacked(packed)
	for r.More() {
		var texts [len(summaryColumns)][]byte
		for i := range texts {
			texts[i] = r.Text()
		}
		if r.Malformed() {
			break
		}
		r.Add(to(texts))
	}
	if r.Malformed() {
		return errors.New("postgres: the column rows of the table summaries is malformed: make it again with headcount-rollup rebuild")
	}
	return nil
}
