package load

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"github.com/headcount-hll/headcount/rollup/partial"
	"github.com/headcount-hll/headcount/rollup/store"
	"github.com/headcount-hll/headcount/rollup/store/postgres"
)

// mergeRows is how many rows of a file are looked up in the table, and copied, together.
const mergeRows = 4096

// A merger adds the rows of a file to the tables rollups and summaries. It adds here, as the store does: PostgreSQL's arrays take 10 times
// as long. Rows that are new go into the table rollups, sums of the others into a temporary table first.
// The caller holds postgres.LoadLock, so that no other program changes a row between its reading and its update.
type merger struct {
	tx        pgx.Tx
	file      partial.File
	id        string // of the transaction
	first     bool   // the table rollups has no rows of this kind and these channels
	changed   int64
	summaries *postgres.Summaries
}

// summariesKept is how many sums of summaries are kept in memory. Tests set it.
var summariesKept = postgres.SummariesKept

// merge adds the rows of a file. It reads and hashes the next rows while the server works. The transaction is the file's own, or a
// nested one: its id tells the rows that it inserted.
func (m *merger) merge(ctx context.Context) error {
	if _, err := m.tx.Exec(ctx, `DROP TABLE IF EXISTS staged;
		CREATE TEMPORARY TABLE staged (LIKE headcount_rollup.rollups) ON COMMIT DROP`); err != nil {
		return err
	}
	if err := m.tx.QueryRow(ctx, "SELECT xmin::text FROM pg_class WHERE oid = 'pg_temp.staged'::regclass").Scan(&m.id); err != nil {
		return err
	}
	batches := make(chan []keyedRow, 1)
	work, ctxWork := errgroup.WithContext(ctx)
	work.Go(func() error {
		defer close(batches)
		return readBatches(ctxWork, m.file, batches)
	})
	work.Go(func() error {
		for batch := range batches {
			if err := m.add(ctxWork, batch); err != nil {
				return err
			}
		}
		return m.summaries.Flush(ctxWork, m.tx)
	})
	if err := work.Wait(); err != nil {
		return err
	}
	return m.update(ctx)
}

// update puts the sums of the temporary table in the place of their rows.
func (m *merger) update(ctx context.Context) error {
	if m.changed == 0 {
		return nil
	}
	if _, err := m.tx.Exec(ctx, "ANALYZE staged"); err != nil {
		return err
	}
	updated, err := m.tx.Exec(ctx, `UPDATE headcount_rollup.rollups AS there SET histogram = staged.histogram, sum = staged.sum, count = staged.count FROM staged
		WHERE there.kind = staged.kind AND there.channel = staged.channel AND there.key = staged.key`)
	if err == nil && updated.RowsAffected() != m.changed {
		err = errTwice
	}
	return err
}

// readBatches sends the rows of a file, mergeRows at a time.
func readBatches(ctx context.Context, f partial.File, batches chan<- []keyedRow) error {
	keys := keyer{file: f}
	var batch []keyedRow
	send := func() error {
		select {
		case batches <- batch:
			batch = make([]keyedRow, 0, mergeRows)
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	err := eachRow(f, func(r *partial.Row, extra []string) error {
		row, err := keys.keyed(r.Clone(), extra)
		if err != nil {
			return err
		}
		row.key = near(row.key, r)
		if batch = append(batch, row); len(batch) < mergeRows {
			return nil
		}
		return send()
	})
	if err == nil {
		err = send()
	}
	return err
}

// errTwice is the error of a file with two rows of the same dimensions.
var errTwice = errors.New("two rows have the same dimensions, metric, label and process: make the file again with headcount-rollup aggregate")

// add adds the rows of a batch to the summaries and to the rows of the table, and copies the sums.
func (m *merger) add(ctx context.Context, batch []keyedRow) error {
	if err := m.summarize(ctx, batch); err != nil {
		return err
	}
	there := make([]bool, len(batch))
	if !m.first {
		var err error
		if there, err = m.lookUp(ctx, batch); err != nil {
			return err
		}
	}
	added, changed := []byte(copyHeader), []byte(copyHeader)
	for i, r := range batch {
		if there[i] {
			m.changed++
			changed = appendRow(changed, m.file, r)
		} else {
			added = appendRow(added, m.file, r)
		}
	}
	if err := copyRows(ctx, m.tx, "headcount_rollup.rollups", added); err != nil {
		return err
	}
	return copyRows(ctx, m.tx, "staged", changed)
}

// summarize adds the rows of a batch to the summaries. A file's rows are sorted by channel, version and metric, so that those of a summary
// come together.
func (m *merger) summarize(ctx context.Context, batch []keyedRow) error {
	kind := m.file.Kind.String()
	for _, r := range batch {
		key := postgres.SummaryKey{Kind: kind, Channel: r.Channel, Version: r.Version, Metric: r.Metric, Date: dateOf(m.file, r.Row)}
		sum := m.summaries.Sum(key, postgres.SummaryTexts{r.Label, r.Process, r.Application, r.Architecture, r.OS})
		sum.Add(r.Histogram, r.Sum, r.Count)
		if m.summaries.Full() {
			if err := m.summaries.Flush(ctx, m.tx); err != nil {
				return err
			}
		}
	}
	return nil
}

// lookUp adds the table's rows to those of the batch that have their keys, and returns which these are.
func (m *merger) lookUp(ctx context.Context, batch []keyedRow) ([]bool, error) {
	at, channels, digests := map[string]int{}, map[string]bool{}, make([][16]byte, 0, len(batch))
	for i, r := range batch {
		key := r.Channel + string(r.key[:])
		if _, ok := at[key]; ok {
			return nil, errTwice
		}
		at[key] = i
		channels[r.Channel] = true
		digests = append(digests, r.key)
	}
	found, err := m.tx.Query(ctx, `SELECT channel, key, histogram, sum, count, xmin::text = $4 FROM headcount_rollup.rollups
		WHERE kind = $1 AND channel = ANY($2) AND key = ANY($3)`, m.file.Kind.String(), slices.Sorted(maps.Keys(channels)), digests, m.id)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	there := make([]bool, len(batch))
	for found.Next() {
		values := found.RawValues()
		i, ok := at[string(values[0])+string(values[1])]
		if !ok {
			continue // of another channel
		}
		if values[5][0] != 0 { // an earlier batch inserted it
			return nil, errTwice
		}
		r := batch[i]
		sum := store.Sum{Histogram: r.Histogram, Sum: r.Sum, Count: r.Count}
		if err := postgres.AddNumbers(&sum, values[2], values[3], values[4]); err != nil {
			return nil, err
		}
		r.Histogram, r.Sum, r.Count = sum.Histogram, sum.Sum, sum.Count
		there[i] = true
	}
	return there, found.Err()
}

// copyRows copies rows in the binary format of COPY, with the header, into a table.
func copyRows(ctx context.Context, tx pgx.Tx, table string, rows []byte) error {
	if len(rows) == len(copyHeader) {
		return nil
	}
	rows = binary.BigEndian.AppendUint16(rows, copyEnd)
	if _, err := tx.Conn().PgConn().CopyFrom(ctx, bytes.NewReader(rows), "COPY "+table+" FROM STDIN (FORMAT binary)"); err != nil {
		return fmt.Errorf("copying into %s: %w", table, err)
	}
	return nil
}
