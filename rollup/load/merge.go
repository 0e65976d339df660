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

	"github.com/headcount-hll/headcount/rollup/partial"
	"github.com/headcount-hll/headcount/rollup/store"
	"github.com/headcount-hll/headcount/rollup/store/postgres"
)

// mergeRows is how many rows of a file are looked up in the table together.
const mergeRows = 4096

// A merger adds the rows of a file to a table that has rows of its kind and channels. It adds here, as the store does: PostgreSQL's
// arrays take 10 times as long. Rows that are new go into the table, sums of the others into a temporary table first.
// The caller holds loadLock, so that no other program changes a row between its reading and its update.
type merger struct {
	tx      pgx.Tx
	rows    encoder
	batch   []*partial.Row
	names   []string // of the added dimensions
	keys    []string // of the batch: channel, then digest
	changed int64    // rows of the temporary table
}

// merge adds the rows of a file.
func merge(ctx context.Context, tx pgx.Tx, f partial.File) error {
	if _, err := tx.Exec(ctx, `DROP TABLE IF EXISTS staged;
		CREATE TEMPORARY TABLE staged (LIKE headcount_rollup.rollups) ON COMMIT DROP`); err != nil {
		return err
	}
	m := &merger{tx: tx, rows: encoder{file: f}}
	err := eachRow(f, func(r *partial.Row, extra []string) error {
		m.names = extra
		m.batch = append(m.batch, r.Clone())
		if len(m.batch) < mergeRows {
			return nil
		}
		return m.flush(ctx)
	})
	if err == nil {
		err = m.flush(ctx)
	}
	if err != nil || m.changed == 0 {
		return err
	}
	if _, err := tx.Exec(ctx, "ANALYZE staged"); err != nil {
		return err
	}
	updated, err := tx.Exec(ctx, `UPDATE headcount_rollup.rollups AS there SET histogram = staged.histogram, sum = staged.sum, count = staged.count FROM staged
		WHERE there.kind = staged.kind AND there.channel = staged.channel AND there.key = staged.key`)
	if err == nil && updated.RowsAffected() != m.changed {
		err = errTwice
	}
	return err
}

// errTwice is the error of a file with two rows of the same dimensions.
var errTwice = errors.New("two rows have the same dimensions, metric, label and process: make the file again with headcount-rollup aggregate")

// flush adds the rows of a batch to those of the table, and copies the sums.
func (m *merger) flush(ctx context.Context) error {
	if len(m.batch) == 0 {
		return nil
	}
	there, err := m.lookUp(ctx)
	if err != nil {
		return err
	}
	added, changed := []byte(copyHeader), []byte(copyHeader)
	for i, r := range m.batch {
		into := &added
		if there[m.keys[i]] {
			into = &changed
		}
		if *into, err = m.rows.append(*into, r, m.names); err != nil {
			return err
		}
	}
	m.batch = m.batch[:0]
	m.changed += int64(len(there))
	return errors.Join(m.copy(ctx, "headcount_rollup.rollups", added), m.copy(ctx, "staged", changed))
}

// lookUp adds the table's rows to those of the batch that have their keys, and returns these keys.
func (m *merger) lookUp(ctx context.Context) (map[string]bool, error) {
	at, channels, digests := map[string]int{}, map[string]bool{}, make([][16]byte, 0, len(m.batch))
	m.keys = m.keys[:0]
	for i, r := range m.batch {
		key, err := m.rows.key(r, m.names)
		if err != nil {
			return nil, err
		}
		m.keys = append(m.keys, r.Channel+string(key))
		if _, ok := at[m.keys[i]]; ok {
			return nil, errTwice
		}
		at[m.keys[i]] = i
		channels[r.Channel] = true
		digests = append(digests, [16]byte(key))
	}
	found, err := m.tx.Query(ctx, `SELECT channel, key, histogram, sum, count FROM headcount_rollup.rollups
		WHERE kind = $1 AND channel = ANY($2) AND key = ANY($3)`, m.rows.file.Kind.String(), slices.Sorted(maps.Keys(channels)), digests)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	there := map[string]bool{}
	for found.Next() {
		values := found.RawValues()
		key := string(values[0]) + string(values[1])
		i, ok := at[key]
		if !ok {
			continue // of another channel
		}
		r := m.batch[i]
		sum := store.Sum{Histogram: r.Histogram, Sum: r.Sum, Count: r.Count}
		if err := postgres.AddNumbers(&sum, values[2], values[3], values[4]); err != nil {
			return nil, err
		}
		r.Histogram, r.Sum, r.Count = sum.Histogram, sum.Sum, sum.Count
		there[key] = true
	}
	return there, found.Err()
}

// copy copies rows in the binary format of COPY, with the header, into a table.
func (m *merger) copy(ctx context.Context, table string, rows []byte) error {
	if len(rows) == len(copyHeader) {
		return nil
	}
	rows = binary.BigEndian.AppendUint16(rows, copyEnd)
	if _, err := m.tx.Conn().PgConn().CopyFrom(ctx, bytes.NewReader(rows), "COPY "+table+" FROM STDIN (FORMAT binary)"); err != nil {
		return fmt.Errorf("copying into %s: %w", table, err)
	}
	return nil
}
