package load

import (
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/headcount-hll/headcount/rollup/partial"
	"github.com/headcount-hll/headcount/rollup/store"
	"github.com/headcount-hll/headcount/rollup/store/postgres"
)

// summaryKey is the primary key of the table summaries, without kind: channel, version, metric, date, label, process, application,
// architecture, os.
type summaryKey [9]string

// summaryRows is how many rows of summaries are kept in memory: about 100 MB of 100 buckets each. Tests set it.
var summaryRows = 100_000

// A summary is the rows of a file added over OS versions and added dimensions.
type summary struct {
	tx   pgx.Tx
	file partial.File
	sums map[summaryKey]*store.Sum
}

// summarize adds the rows of a file to the table summaries.
func summarize(ctx context.Context, tx pgx.Tx, f partial.File) error {
	if _, err := tx.Exec(ctx, `DROP TABLE IF EXISTS summed;
		CREATE TEMPORARY TABLE summed (LIKE headcount_rollup.summaries) ON COMMIT DROP`); err != nil {
		return err
	}
	s := &summary{tx: tx, file: f, sums: map[summaryKey]*store.Sum{}}
	err := eachRow(f, func(r *partial.Row, _ []string) error {
		s.add(r)
		if len(s.sums) < summaryRows {
			return nil
		}
		return s.flush(ctx)
	})
	if err != nil {
		return err
	}
	return s.flush(ctx)
}

func (s *summary) add(r *partial.Row) {
	key := summaryKey{r.Channel, r.Version, r.Metric, dateOf(s.file, r), r.Label, r.Process, r.Application, r.Architecture, r.OS}
	sum := s.sums[key]
	if sum == nil {
		for i, text := range key {
			key[i] = strings.Clone(text)
		}
		sum = &store.Sum{}
		s.sums[key] = sum
	}
	sum.Add(r.Histogram, r.Sum, r.Count)
}

// flush adds the sums to those of the table, and forgets them.
func (s *summary) flush(ctx context.Context) error {
	keys := make([]summaryKey, 0, len(s.sums))
	for key := range s.sums {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b summaryKey) int { return slices.Compare(a[:], b[:]) })
	for part := range slices.Chunk(keys, mergeRows) {
		if err := s.addTable(ctx, part); err != nil {
			return err
		}
	}
	clear(s.sums)
	return nil
}

// addTable adds the table's rows of some keys to the sums, and puts the sums in their place.
func (s *summary) addTable(ctx context.Context, keys []summaryKey) error {
	found, err := s.tx.Query(ctx, `SELECT k.n, s.histogram, s.sum, s.count
		FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[])
			WITH ORDINALITY AS k (channel, version, metric, date, label, process, application, architecture, os, n)
		JOIN headcount_rollup.summaries AS s USING (channel, version, metric, date, label, process, application, architecture, os)
		WHERE s.kind = $1`, columnsOf(s.file.Kind, keys)...)
	if err != nil {
		return err
	}
	defer found.Close()
	for found.Next() {
		values := found.RawValues()
		if len(values[0]) != 8 {
			return fmt.Errorf("ordinality of %d bytes", len(values[0]))
		}
		sum := s.sums[keys[binary.BigEndian.Uint64(values[0])-1]]
		if err := postgres.AddNumbers(sum, values[1], values[2], values[3]); err != nil {
			return err
		}
	}
	if err := found.Err(); err != nil {
		return err
	}
	rows := []byte(copyHeader)
	for _, key := range keys {
		rows = appendSummary(rows, s.file.Kind, key, s.sums[key])
	}
	if err := copyRows(ctx, s.tx, "summed", rows); err != nil {
		return err
	}
	_, err = s.tx.Exec(ctx, `INSERT INTO headcount_rollup.summaries SELECT * FROM summed
		ON CONFLICT (kind, channel, version, metric, date, label, process, application, architecture, os)
		DO UPDATE SET histogram = excluded.histogram, sum = excluded.sum, count = excluded.count;
		TRUNCATE summed`)
	return err
}

// columnsOf returns the kind, and the keys by column.
func columnsOf(kind partial.Kind, keys []summaryKey) []any {
	arguments := []any{kind.String()}
	for i := range len(summaryKey{}) {
		column := make([]string, len(keys))
		for k, key := range keys {
			column[k] = key[i]
		}
		arguments = append(arguments, column)
	}
	return arguments
}

// appendSummary appends a row of summaries in the binary format of COPY.
func appendSummary(b []byte, kind partial.Kind, key summaryKey, sum *store.Sum) []byte {
	b = binary.BigEndian.AppendUint16(b, uint16(len(key)+4))
	b = appendField(b, kind.String())
	for _, text := range key {
		b = appendField(b, text)
	}
	return appendNumbers(b, sum.Histogram, sum.Sum, sum.Count)
}
