package postgres

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/headcount-hll/headcount/rollup/partial"
	"github.com/headcount-hll/headcount/rollup/store"
	"github.com/headcount-hll/headcount/udf/hist"
)

// Store answers queries from PostgreSQL. It implements [store.Store].
type Store struct{ pool *pgxpool.Pool }

var _ store.Store = (*Store)(nil)

// New returns a store over connections of Connect.
func New(pool *pgxpool.Pool) *Store { return &Store{pool} }

// Generation implements [store.Store].
func (s *Store) Generation(ctx context.Context) (generation string, err error) {
	err = s.pool.QueryRow(ctx, "SELECT coalesce(md5(string_agg(kind || submission_date || digest, ',' ORDER BY kind, submission_date)), '') FROM headcount_rollup.loads").
		Scan(&generation)
	return generation, err
}

// Columns implements [store.Store].
func (s *Store) Columns(ctx context.Context) ([]string, error) {
	var extra []string
	err := s.pool.QueryRow(ctx, "SELECT dimensions FROM headcount_rollup.loads LIMIT 1").Scan(&extra)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return nil, err
	}
	return slices.Concat(store.Columns, extra), nil
}

// Channels implements [store.Store].
func (s *Store) Channels(ctx context.Context, kind partial.Kind) ([]string, error) {
	rows, err := s.pool.Query(ctx, "SELECT DISTINCT channel FROM headcount_rollup.dates WHERE kind = $1", kind.String())
	if err != nil {
		return nil, err
	}
	channels, err := pgx.CollectRows(rows, pgx.RowTo[string])
	slices.Sort(channels)
	return channels, err
}

// Dates implements [store.Store].
func (s *Store) Dates(ctx context.Context, kind partial.Kind, channel string) ([]store.VersionDate, error) {
	rows, err := s.pool.Query(ctx, `SELECT version, date FROM headcount_rollup.dates WHERE kind = $1 AND channel = $2
		ORDER BY version COLLATE "C", date COLLATE "C"`, kind.String(), channel)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[store.VersionDate])
}

// Values implements [store.Store].
func (s *Store) Values(ctx context.Context, channel, version string) (*store.Values, error) {
	rows, err := s.pool.Query(ctx, `SELECT name, value, second FROM headcount_rollup.filters WHERE channel = $1 AND version = $2
		ORDER BY name, value COLLATE "C", second COLLATE "C"`, channel, version)
	if err != nil {
		return nil, err
	}
	v := &store.Values{}
	var name, value, second string
	_, err = pgx.ForEachRow(rows, []any{&name, &value, &second}, func() error {
		switch name {
		case "metric":
			v.Metrics = append(v.Metrics, value)
		case "application":
			v.Applications = append(v.Applications, value)
		case "architecture":
			v.Architectures = append(v.Architectures, value)
		case "process":
			v.Processes = append(v.Processes, value)
		case "os":
			v.OS = append(v.OS, [2]string{value, second})
		}
		return nil
	})
	return v, err
}

// Sums implements [store.Store]. The rows are added here: PostgreSQL's own arrays are slower.
func (s *Store) Sums(ctx context.Context, q *store.Query) ([]store.Sum, error) {
	sums, read := &groups{sums: map[string]*store.Sum{}}, s.readRollups
	if inSummaries(q) {
		read = s.readSummaries
	}
	if err := read(ctx, q, sums); err != nil {
		return nil, err
	}
	all := make([]store.Sum, 0, len(sums.sums))
	for _, sum := range sums.sums {
		all = append(all, *sum)
	}
	slices.SortFunc(all, func(a, b store.Sum) int { return store.Compare(&a, &b) })
	return all, nil
}

// inSummaries reports whether the table summaries has the columns of a query.
func inSummaries(q *store.Query) bool {
	detail := func(name string) bool { return !slices.Contains(summaryColumns[:], name) }
	return !slices.ContainsFunc(q.GroupBy, detail) && !slices.ContainsFunc(q.Where, func(c store.Condition) bool { return detail(c.Column) })
}

// groups are sums by their date, metric and key, each followed by NUL.
type groups struct {
	sums    map[string]*store.Sum
	scratch []byte
}

// of returns the sum of a group: its date, its metric, its key.
func (g *groups) of(texts [][]byte) *store.Sum {
	g.scratch = g.scratch[:0]
	for _, text := range texts {
		g.scratch = append(append(g.scratch, text...), 0)
	}
	sum := g.sums[string(g.scratch)]
	if sum == nil {
		sum = &store.Sum{Date: string(texts[0]), Metric: string(texts[1]), Key: []string{}}
		for _, text := range texts[2:] {
			sum.Key = append(sum.Key, string(text))
		}
		g.sums[string(g.scratch)] = sum
	}
	return sum
}

// readSummaries adds the packed rows of a query to their groups.
func (s *Store) readSummaries(ctx context.Context, q *store.Query, sums *groups) error {
	rows, err := s.pool.Query(ctx, `SELECT date, metric, rows FROM headcount_rollup.summaries
		WHERE kind = $1 AND channel = $2 AND version = $3 AND date = ANY($4) AND metric = ANY($5)`, q.Kind.String(), q.Channel, q.Version, q.Dates, q.Metrics)
	if err != nil {
		return err
	}
	defer rows.Close()
	where, groupBy := make([]int, len(q.Where)), make([]int, len(q.GroupBy))
	for i, c := range q.Where {
		where[i] = slices.Index(summaryColumns[:], c.Column)
	}
	for i, name := range q.GroupBy {
		groupBy[i] = slices.Index(summaryColumns[:], name)
	}
	var group [][]byte
	for rows.Next() {
		values := rows.RawValues()
		err := eachPacked(values[2], func(texts [len(summaryColumns)][]byte) *store.Sum {
			for i, at := range where {
				if !slices.Contains(q.Where[i].Values, string(texts[at])) {
					return nil
				}
			}
			group = append(group[:0], values[0], values[1])
			for _, at := range groupBy {
				group = append(group, texts[at])
			}
			return sums.of(group)
		})
		if err != nil {
			return err
		}
	}
	return rows.Err()
}

// readRollups adds the rows of a query to their groups.
func (s *Store) readRollups(ctx context.Context, q *store.Query, sums *groups) error {
	text, arguments := statement(q)
	rows, err := s.pool.Query(ctx, text, arguments...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		values := rows.RawValues()
		if err := AddNumbers(sums.of(values[3:]), values[0], values[1], values[2]); err != nil {
			return err
		}
	}
	return rows.Err()
}

// statement returns the SQL of a query: histogram, sum, count, date, metric and the columns of its groups. Every text is an
// argument, also the names of added dimensions.
func statement(q *store.Query) (text string, arguments []any) {
	argument := func(value any) string {
		arguments = append(arguments, value)
		return fmt.Sprintf("$%d", len(arguments))
	}
	column := func(name string) string {
		if slices.Contains(store.Columns, name) {
			return pgx.Identifier{name}.Sanitize()
		}
		return "coalesce(extra->>" + argument(name) + "::text, '')"
	}
	selected := []string{"histogram", "sum", "count", "date", "metric"}
	for _, name := range q.GroupBy {
		selected = append(selected, column(name))
	}
	where := []string{"kind = " + argument(q.Kind.String()), "channel = " + argument(q.Channel), "version = " + argument(q.Version),
		"date = ANY(" + argument(q.Dates) + ")", "metric = ANY(" + argument(q.Metrics) + ")"}
	for _, c := range q.Where {
		where = append(where, column(c.Column)+" = ANY("+argument(c.Values)+")")
	}
	return "SELECT " + strings.Join(selected, ", ") + " FROM headcount_rollup.rollups WHERE " + strings.Join(where, " AND "), arguments
}

// AddNumbers adds the columns histogram, sum and count of a row, in PostgreSQL's binary format, to a sum. Buckets that only one of them
// has are those of a longer histogram: the other has 0 there.
func AddNumbers(to *store.Sum, histogram, sum, count []byte) error {
	if len(sum) != 8 || len(count) != 8 {
		return errors.New("postgres: sum or count is not a bigint")
	}
	to.Sum = hist.Add(to.Sum, int64(binary.BigEndian.Uint64(sum)))
	to.Count = hist.Add(to.Count, int64(binary.BigEndian.Uint64(count)))
	var err error
	to.Histogram, err = addArray(to.Histogram, histogram)
	return err
}

// arrayHeader is the bytes before the elements of an array in the binary format: dimensions, whether there are NULLs, type,
// length, lower bound, each of 4 bytes.
const arrayHeader = 20

// addArray adds an array of bigint in PostgreSQL's binary format to into. An element has its length, -1 for NULL, before its 8 bytes.
func addArray(into []int64, array []byte) ([]int64, error) {
	malformed := errors.New("postgres: histogram is not an array of bigint")
	if len(array) < arrayHeader {
		if len(array) == 12 { // an empty array
			return into, nil
		}
		return into, malformed
	}
	n := int(binary.BigEndian.Uint32(array[12:]))
	if array = array[arrayHeader:]; n > len(array)/4 {
		return into, malformed
	}
	if missing := n - len(into); missing > 0 {
		into = append(into, make([]int64, missing)...)
	}
	for i := range n {
		if len(array) < 4 {
			return into, malformed
		}
		size := binary.BigEndian.Uint32(array)
		array = array[4:]
		if size == math.MaxUint32 {
			continue
		}
		if size != 8 || len(array) < 8 {
			return into, malformed
		}
		into[i] = hist.Add(into[i], int64(binary.BigEndian.Uint64(array)))
		array = array[8:]
	}
	return into, nil
}
