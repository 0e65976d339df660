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
// as long. Rows that are there are deleted, and their sums copied with the new rows: an update of them from a temporary table takes twice as long.
// The caller holds postgres.LoadLock, so that no other program changes a row meanwhile; who reads sees the rows of before until the end of the
// transaction.
type merger struct {
	tx        pgx.Tx
	content   *content
	id        string // of the transaction
	first     bool   // the table rollups has no rows of this kind and these channels
	summaries *postgres.Summaries
}

// summariesKept is how many sums of summaries are kept in memory. Tests set it.
var summariesKept = postgres.SummariesKept

// merge adds the rows of a file. It reads and hashes the next rows while the server works. The transaction is the file's own, or a
// nested one: its id tells the rows that it inserted.
func (m *merger) merge(ctx context.Context) error {
	// A table that the transaction makes tells its id: pg_current_xact_id is that of the outermost one.
	if _, err := m.tx.Exec(ctx, "DROP TABLE IF EXISTS loading; CREATE TEMPORARY TABLE loading () ON COMMIT DROP"); err != nil {
		return err
	}
	if err := m.tx.QueryRow(ctx, "SELECT xmin::text FROM pg_class WHERE oid = 'pg_temp.loading'::regclass").Scan(&m.id); err != nil {
		return err
	}
	batches := make(chan *batch, 1)
	work, ctxWork := errgroup.WithContext(ctx)
	work.Go(func() error {
		defer close(batches)
		return readBatches(ctxWork, m.content, batches)
	})
	work.Go(func() error {
		for batch := range batches {
			if err := m.add(ctxWork, batch); err != nil {
				return err
			}
		}
		return m.summaries.Flush(ctxWork, m.tx)
	})
	return work.Wait()
}

// A batch is rows of a file, with their keys in the table.
type batch struct {
	rows   []keyedRow
	copied []byte // the header of COPY, and the rows as appendRow appends them
	ends   []int  // of the rows in copied
	memory []partial.Row
	counts []int64 // of their histograms
}

func newBatch() *batch {
	return &batch{rows: make([]keyedRow, 0, mergeRows), copied: []byte(copyHeader), ends: make([]int, 0, mergeRows), memory: make([]partial.Row, 0, mergeRows)}
}

// add appends a row with its key in the table; copied is the row as appendRow appends it, with another key.
func (b *batch) add(r keyedRow, copied []byte, key [16]byte, keyAt int) {
	from := len(b.counts)
	b.counts = append(b.counts, r.Histogram...)
	b.memory = append(b.memory, *r.Row) // whose text stays (partial.Reader.Next)
	r.Row, r.key = &b.memory[len(b.memory)-1], key
	r.Histogram, r.Extra = b.counts[from:len(b.counts):len(b.counts)], nil
	b.rows = append(b.rows, r)
	copy(copied[keyAt:], key[:])
	b.copied = append(b.copied, copied...)
	b.ends = append(b.ends, len(b.copied))
}

// row returns row i as appendRow appends it.
func (b *batch) row(i int) []byte {
	if i == 0 {
		return b.copied[len(copyHeader):b.ends[0]]
	}
	return b.copied[b.ends[i-1]:b.ends[i]]
}

// readBatches reads the rows of a file and sends them, mergeRows at a time.
func readBatches(ctx context.Context, c *content, batches chan<- *batch) error {
	next := newBatch()
	send := func() error {
		select {
		case batches <- next:
			next = newBatch()
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	var near near
	err := c.read(func(r keyedRow, copied []byte) error {
		next.add(r, copied, near.key(r), keyAt(c.file, r))
		if len(next.rows) < mergeRows {
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

// add adds the rows of a batch to the summaries and to the rows of the table.
func (m *merger) add(ctx context.Context, b *batch) error {
	summarized := make(chan struct{})
	go func() { // while the server works
		defer close(summarized)
		m.summarize(b.rows)
	}()
	err := m.copy(ctx, b)
	<-summarized
	if err == nil && m.summaries.Full() {
		err = m.summaries.Flush(ctx, m.tx)
	}
	return err
}

// copy copies the rows of a batch that are new, and the sums of the others.
func (m *merger) copy(ctx context.Context, b *batch) error {
	if m.first {
		return copyRows(ctx, m.tx, b.copied)
	}
	sums, err := m.take(ctx, b.rows)
	if err != nil {
		return err
	}
	if len(sums) == 0 {
		return copyRows(ctx, m.tx, b.copied)
	}
	copied := append(make([]byte, 0, len(b.copied)), copyHeader...)
	for i, r := range b.rows {
		sum := sums[i]
		if sum == nil {
			copied = append(copied, b.row(i)...)
			continue
		}
		row := *r.Row
		row.Histogram, row.Sum, row.Count = sum.Histogram, sum.Sum, sum.Count
		copied = appendRow(copied, m.content.file, keyedRow{&row, r.key, r.document})
	}
	return copyRows(ctx, m.tx, copied)
}

// summarize adds rows to the summaries. A file's rows are sorted by channel, version and metric, so that those of a summary come together.
func (m *merger) summarize(rows []keyedRow) {
	kind := m.content.file.Kind.String()
	for _, r := range rows {
		key := postgres.SummaryKey{Kind: kind, Channel: r.Channel, Version: r.Version, Metric: r.Metric, Date: dateOf(m.content.file, r.Row)}
		sum := m.summaries.Sum(key, postgres.SummaryTexts{r.Label, r.Process, r.Application, r.Architecture, r.OS})
		sum.Add(r.Histogram, r.Sum, r.Count)
	}
}

// take takes the rows that have the channels and keys of some rows out of the table. It returns their sums with these rows, by the places of these.
func (m *merger) take(ctx context.Context, rows []keyedRow) (map[int]*store.Sum, error) {
	at := map[string]map[[16]byte]int{} // by channel, without which a key is that of other rows too
	for i, r := range rows {
		if at[r.Channel] == nil {
			at[r.Channel] = make(map[[16]byte]int, len(rows))
		}
		if _, ok := at[r.Channel][r.key]; ok {
			return nil, errTwice
		}
		at[r.Channel][r.key] = i
	}
	sums := map[int]*store.Sum{}
	for channel, keys := range at {
		if err := m.takeKeys(ctx, channel, keys, rows, sums); err != nil {
			return nil, err
		}
	}
	return sums, nil
}

// takeKeys takes the rows that have a channel and some keys out of the table, and puts their sums with those of rows into sums.
func (m *merger) takeKeys(ctx context.Context, channel string, at map[[16]byte]int, rows []keyedRow, sums map[int]*store.Sum) error {
	found, err := m.tx.Query(ctx, `DELETE FROM headcount_rollup.rollups WHERE kind = $1 AND channel = $2 AND key = ANY($3)
		RETURNING key, histogram, sum, count, xmin::text = $4`, m.content.file.Kind.String(), channel, slices.Collect(maps.Keys(at)), m.id)
	if err != nil {
		return err
	}
	defer found.Close()
	for found.Next() {
		values := found.RawValues()
		if values[4][0] != 0 { // an earlier batch inserted it
			return errTwice
		}
		i := at[[16]byte(values[0])]
		r := rows[i]
		sum := &store.Sum{Histogram: slices.Clone(r.Histogram), Sum: r.Sum, Count: r.Count}
		if err := postgres.AddNumbers(sum, values[1], values[2], values[3]); err != nil {
			return err
		}
		sums[i] = sum
	}
	return found.Err()
}

// copyRows copies rows in the binary format of COPY, with the header, into the table rollups.
func copyRows(ctx context.Context, tx pgx.Tx, rows []byte) error {
	if len(rows) == len(copyHeader) {
		return nil
	}
	rows = binary.BigEndian.AppendUint16(rows, copyEnd)
	if _, err := tx.Conn().PgConn().CopyFrom(ctx, bytes.NewReader(rows), "COPY headcount_rollup.rollups FROM STDIN (FORMAT binary)"); err != nil {
		return fmt.Errorf("copying rows: %w", err)
	}
	return nil
}
