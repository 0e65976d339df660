// Package load adds partial aggregates to the roll-ups in PostgreSQL.
package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/headcount-hll/headcount/rollup/partial"
	"github.com/headcount-hll/headcount/rollup/store/postgres"
)

// A Result is what was done with a file.
type Result struct {
	partial.File
	Rows    int64
	Skipped bool // it was loaded before
}

// Load adds the files of a folder, each in a transaction of its own: it is there as a whole, once, however often and by how many
// programs it is loaded. A day that was loaded before with other content is an error.
func Load(ctx context.Context, pool *pgxpool.Pool, folder string, done func(Result)) error {
	files, err := partial.List(folder)
	if err != nil {
		return err
	}
	loaded := false
	for _, f := range files {
		result, err := loadFile(ctx, pool, f)
		if err != nil {
			if loaded {
				_ = analyze(ctx, pool) // of the files before; the file's error is the one to tell
			}
			return fmt.Errorf("%s: %w", f.Path, postgres.Explain(err))
		}
		loaded = loaded || !result.Skipped
		done(result)
	}
	if !loaded {
		return nil
	}
	return analyze(ctx, pool)
}

// analyze collects PostgreSQL's statistics. Without them it reads every metric for a request of one, until autovacuum has been there.
func analyze(ctx context.Context, pool *pgxpool.Pool) error {
	_, err := pool.Exec(ctx, "ANALYZE headcount_rollup.rollups, headcount_rollup.summaries, headcount_rollup.dates, headcount_rollup.filters")
	return postgres.Explain(err)
}

// Rebuild replaces everything by the files of a folder, in one transaction.
func Rebuild(ctx context.Context, pool *pgxpool.Pool, folder string, done func(Result)) error {
	files, err := partial.List(folder)
	if err != nil {
		return err
	}
	contents := make([]*content, len(files))
	for i, f := range files {
		digest, err := digestOf(f)
		if err != nil {
			return err
		}
		if contents[i], err = begin(f, digest); err != nil {
			return err
		}
		if err := makePartitions(ctx, pool, contents[i]); err != nil {
			return postgres.Explain(err)
		}
	}
	err = pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, fmt.Sprintf(`SELECT pg_advisory_xact_lock(%d);
			TRUNCATE headcount_rollup.rollups, headcount_rollup.summaries, headcount_rollup.loads, headcount_rollup.dates, headcount_rollup.filters`, postgres.LoadLock))
		if err != nil {
			return err
		}
		for i, c := range contents {
			if err := add(ctx, tx, c); err != nil {
				return fmt.Errorf("%s: %w", files[i].Path, err)
			}
			done(Result{files[i], c.rows, false})
		}
		return nil
	})
	if err != nil {
		return postgres.Explain(err)
	}
	return analyze(ctx, pool)
}

func eachRow(f partial.File, use func(r *partial.Row, extra []string) error) (err error) {
	reader, err := partial.Open(f.Path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	for {
		r, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := use(r, reader.Extra); err != nil {
			return err
		}
	}
}

func loadFile(ctx context.Context, pool *pgxpool.Pool, f partial.File) (Result, error) {
	digest, err := digestOf(f)
	if err != nil {
		return Result{}, err
	}
	result := Result{File: f}
	if result.Rows, result.Skipped, err = loadedFile(ctx, pool, f, digest); err != nil || result.Skipped {
		return result, err
	}
	c, err := begin(f, digest)
	if err != nil {
		return Result{}, err
	}
	there, err := dayThere(ctx, pool, f)
	if err == nil && !there {
		there, err = loadNew(ctx, pool, c)
	}
	if err == nil && there {
		result.Skipped = true
		err = checkSame(ctx, pool, c)
	}
	result.Rows = c.rows
	return result, err
}

// loadNew loads a day of which nothing was loaded, in one transaction. It does nothing if another program was first, and returns true.
func loadNew(ctx context.Context, pool *pgxpool.Pool, c *content) (there bool, err error) {
	if err := makePartitions(ctx, pool, c); err != nil {
		return false, err
	}
	err = pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", postgres.LoadLock); err != nil {
			return err
		}
		if there, err = dayThere(ctx, tx, c.file); err != nil || there {
			return err
		}
		return add(ctx, tx, c)
	})
	return there, err
}

type querier interface {
	QueryRow(ctx context.Context, text string, arguments ...any) pgx.Row
}

// loadedFile reports whether a day's file has been loaded, byte by byte, and how many rows it has.
func loadedFile(ctx context.Context, db querier, f partial.File, digest string) (rows int64, loaded bool, err error) {
	err = db.QueryRow(ctx, "SELECT rows FROM headcount_rollup.loads WHERE kind = $1 AND submission_date = $2 AND file_digest = $3",
		f.Kind.String(), f.Day, digest).Scan(&rows)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, false, nil
	}
	return rows, err == nil, err
}

// dayThere reports whether a day has been loaded, with whatever content.
func dayThere(ctx context.Context, db querier, f partial.File) (there bool, err error) {
	err = db.QueryRow(ctx, "SELECT EXISTS (SELECT FROM headcount_rollup.loads WHERE kind = $1 AND submission_date = $2)", f.Kind.String(), f.Day).Scan(&there)
	return there, err
}

// checkSame returns an error if a day has been loaded with other rows than those of a file. If not, it notes the file's digest: the file is of an
// older version, or was made again.
func checkSame(ctx context.Context, pool *pgxpool.Pool, c *content) error {
	if err := c.read(func(keyedRow, []byte) error { return nil }); err != nil {
		return err
	}
	same, err := pool.Exec(ctx, "UPDATE headcount_rollup.loads SET file_digest = $3 WHERE kind = $1 AND submission_date = $2 AND digest = $4",
		c.file.Kind.String(), c.file.Day, c.bytes, c.digest)
	if err == nil && same.RowsAffected() == 0 {
		err = fmt.Errorf("the day %s was loaded before with other content: rebuild from all partial aggregates with headcount-rollup rebuild", c.file.Day)
	}
	return err
}

// makePartitions makes the partitions of a file's channels, before the transaction of its rows: a new partition locks the whole table.
func makePartitions(ctx context.Context, pool *pgxpool.Pool, c *content) error {
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", postgres.LoadLock); err != nil {
			return err
		}
		for _, channel := range c.channels {
			parent := "rollups_" + c.file.Kind.String()
			name := pgx.Identifier{"headcount_rollup", parent + "_" + channel}.Sanitize()
			_, err := tx.Exec(ctx, fmt.Sprintf("CREATE TABLE IF NOT EXISTS %s PARTITION OF %s FOR VALUES IN (%s)",
				name, pgx.Identifier{"headcount_rollup", parent}.Sanitize(), "'"+strings.ReplaceAll(channel, "'", "''")+"'"))
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// add adds the rows of a file, its dates and values, and notes that it was loaded.
func add(ctx context.Context, tx pgx.Tx, c *content) error {
	if err := addRows(ctx, tx, c); err != nil {
		return err
	}
	for _, known := range []struct {
		table string
		rows  [][]string
	}{{"dates", c.dates.all()}, {"filters", c.filters.all()}} {
		if err := addTexts(ctx, tx, known.table, known.rows); err != nil {
			return err
		}
	}
	extra := c.extra
	if extra == nil {
		extra = []string{}
	}
	_, err := tx.Exec(ctx, "INSERT INTO headcount_rollup.loads (kind, submission_date, digest, rows, dimensions, file_digest) VALUES ($1, $2, $3, $4, $5, $6)",
		c.file.Kind.String(), c.file.Day, c.digest, c.rows, extra, c.bytes)
	return err
}

// addRows adds the rows of a file to the tables rollups and summaries.
func addRows(ctx context.Context, tx pgx.Tx, c *content) error {
	var first bool
	err := tx.QueryRow(ctx, "SELECT NOT EXISTS (SELECT FROM headcount_rollup.rollups WHERE kind = $1 AND channel = ANY($2))",
		c.file.Kind.String(), c.channels).Scan(&first)
	if err != nil {
		return err
	}
	return pgx.BeginFunc(ctx, tx, func(tx pgx.Tx) error {
		m := &merger{tx: tx, content: c, first: first, summaries: postgres.NewSummaries(summariesKept)}
		return m.merge(ctx)
	})
}

// addTexts inserts rows of text into a table that may have them.
func addTexts(ctx context.Context, tx pgx.Tx, table string, rows [][]string) error {
	if len(rows) == 0 {
		return nil
	}
	columns := make([][]string, len(rows[0]))
	arguments := make([]any, len(columns))
	selected := make([]string, len(columns))
	for i := range columns {
		for _, row := range rows {
			columns[i] = append(columns[i], row[i])
		}
		arguments[i] = columns[i]
		selected[i] = fmt.Sprintf("$%d::text[]", i+1)
	}
	_, err := tx.Exec(ctx, fmt.Sprintf("INSERT INTO headcount_rollup.%s SELECT * FROM unnest(%s) ON CONFLICT DO NOTHING",
		table, strings.Join(selected, ", ")), arguments...)
	return err
}
