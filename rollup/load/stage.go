package load

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/headcount-hll/headcount/rollup/partial"
)

// stage copies the rows of a file into a table with the columns of rollups, in the binary format of COPY.
func stage(ctx context.Context, tx pgx.Tx, f partial.File, table string) error {
	reader, writer := io.Pipe()
	written := make(chan error, 1)
	go func() {
		err := writeCopy(writer, f)
		writer.CloseWithError(err)
		written <- err
	}()
	_, err := tx.Conn().PgConn().CopyFrom(ctx, reader, "COPY "+table+" FROM STDIN (FORMAT binary)")
	reader.CloseWithError(errors.New("load: the copy has ended"))
	return errors.Join(err, ignorePipe(<-written, err))
}

// ignorePipe returns the writer's error, unless it is only that the server has ended the copy.
func ignorePipe(written, copied error) error {
	if copied != nil {
		return nil
	}
	return written
}

// copyHeader begins the binary format of COPY: signature, flags, length of an extension.
const copyHeader = "PGCOPY\n\xff\r\n\x00\x00\x00\x00\x00\x00\x00\x00\x00"

// copyEnd ends it, in the place of a number of columns.
const copyEnd = 0xffff

// flushAt is how many bytes of rows are written together.
const flushAt = 256 << 10

func writeCopy(w io.Writer, f partial.File) error {
	rows := encoder{file: f}
	buffer := []byte(copyHeader)
	err := eachRow(f, func(r *partial.Row, extra []string) error {
		var err error
		if buffer, err = rows.append(buffer, r, extra); err != nil || len(buffer) < flushAt {
			return err
		}
		_, err = w.Write(buffer)
		buffer = buffer[:0]
		return err
	})
	if err != nil {
		return err
	}
	_, err = w.Write(binary.BigEndian.AppendUint16(buffer, copyEnd))
	return err
}

// columnsOfRow is the number of columns of the table rollups.
const columnsOfRow = 16

// An encoder writes rows of a file in the binary format of COPY.
type encoder struct {
	file     partial.File
	values   []string // of the added dimensions that document has
	document []byte   // jsonb of the added dimensions of the last row
}

// append appends a row in the order of the table's columns: their number, and each with its length before it.
func (e *encoder) append(b []byte, r *partial.Row, extra []string) ([]byte, error) {
	key, err := e.key(r, extra)
	if err != nil {
		return b, err
	}
	b = binary.BigEndian.AppendUint16(b, columnsOfRow)
	b = appendField(b, e.file.Kind.String())
	b = appendField(b, r.Channel)
	b = appendField(b, string(key))
	for _, text := range e.texts(r) {
		b = appendField(b, text)
	}
	b = binary.BigEndian.AppendUint32(b, uint32(len(e.document)+1))
	b = append(append(b, 1), e.document...) // the version of jsonb's binary format
	b = appendArray(b, r.Histogram)
	b = binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint32(b, 8), uint64(r.Sum))
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint32(b, 8), uint64(r.Count)), nil
}

// key returns the key of a row.
func (e *encoder) key(r *partial.Row, extra []string) ([]byte, error) {
	if e.document == nil || !slices.Equal(e.values, r.Extra) {
		if err := e.added(r.Extra, extra); err != nil {
			return nil, err
		}
	}
	texts := e.texts(r)
	return digest(texts[:], e.document), nil
}

// texts returns the columns of text after the key, in their order.
func (e *encoder) texts(r *partial.Row) [9]string {
	return [...]string{r.Version, dateOf(e.file, r), r.Metric, r.Label, r.Process, r.Application, r.Architecture, r.OS, r.OSVersion}
}

// added sets document to the added dimensions, of these names.
func (e *encoder) added(values, names []string) error {
	added := make(map[string]string, len(names))
	e.values = e.values[:0]
	for i, name := range names {
		added[name] = values[i]
		e.values = append(e.values, strings.Clone(values[i]))
	}
	var err error
	e.document, err = json.Marshal(added)
	return err
}

func appendField(b []byte, text string) []byte {
	return append(binary.BigEndian.AppendUint32(b, uint32(len(text))), text...)
}

// digest returns the key of a row: 128 bits of SHA-256 over its dimensions. kind and channel are columns of their own in the primary key.
func digest(texts []string, document []byte) []byte {
	var b []byte
	for _, text := range texts {
		b = append(append(b, text...), 0)
	}
	sum := sha256.Sum256(append(b, document...))
	return sum[:16]
}

// bigintOID is PostgreSQL's number of the type bigint.
const bigintOID = 20

// appendArray appends an array of bigint, with NULL for 0.
func appendArray(b []byte, values []int64) []byte {
	start := len(b)
	b = binary.BigEndian.AppendUint32(b, 0) // the length, below
	for _, word := range []uint32{1, 1, bigintOID, uint32(len(values)), 1} {
		b = binary.BigEndian.AppendUint32(b, word)
	}
	for _, v := range values {
		if v == 0 {
			b = binary.BigEndian.AppendUint32(b, 0xffffffff)
			continue
		}
		b = binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint32(b, 8), uint64(v))
	}
	binary.BigEndian.PutUint32(b[start:], uint32(len(b)-start-4))
	return b
}
