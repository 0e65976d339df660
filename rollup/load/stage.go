package load

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"slices"
	"strings"

	"github.com/headcount-hll/headcount/rollup/partial"
)

// copyHeader begins the binary format of COPY: signature, flags, length of an extension.
const copyHeader = "PGCOPY\n\xff\r\n\x00\x00\x00\x00\x00\x00\x00\x00\x00"

// copyEnd ends it, in the place of a number of columns.
const copyEnd = 0xffff

// columnsOfRow is the number of columns of the table rollups.
const columnsOfRow = 16

// A keyed row is a row of a file with what else its row of the table has.
type keyedRow struct {
	*partial.Row

	key      [16]byte // of its dimensions, without kind and channel
	document []byte   // jsonb of its added dimensions
}

// A keyer gives rows of a file their keys.
type keyer struct {
	file     partial.File
	values   []string // of the added dimensions that document has
	document []byte   // of the last row
	scratch  []byte
}

// keyed returns a row with the digest of its dimensions as its key. extra are the names of the added dimensions.
func (k *keyer) keyed(r *partial.Row, extra []string) (keyedRow, error) {
	if k.document == nil || !slices.Equal(k.values, r.Extra) {
		if err := k.added(r.Extra, extra); err != nil {
			return keyedRow{}, err
		}
	}
	return keyedRow{r, k.digest(r), k.document}, nil
}

// keyAt returns where the key is in a row that appendRow appended.
func keyAt(f partial.File, r keyedRow) int {
	return 2 + 4 + len(f.Kind.String()) + 4 + len(r.Channel) + 4
}

// appendRow appends a row in the order of the table's columns: their number, and each with its length before it.
func appendRow(b []byte, f partial.File, r keyedRow) []byte {
	b = binary.BigEndian.AppendUint16(b, columnsOfRow)
	b = appendField(b, f.Kind.String())
	b = appendField(b, r.Channel)
	b = append(binary.BigEndian.AppendUint32(b, uint32(len(r.key))), r.key[:]...)
	for _, text := range textsOf(f, r.Row) {
		b = appendField(b, text)
	}
	b = binary.BigEndian.AppendUint32(b, uint32(len(r.document)+1))
	b = append(append(b, 1), r.document...) // the version of jsonb's binary format
	return appendNumbers(b, r.Histogram, r.Sum, r.Count)
}

// appendNumbers appends the columns histogram, sum and count.
func appendNumbers(b []byte, histogram []int64, sum, count int64) []byte {
	b = appendArray(b, histogram)
	b = binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint32(b, 8), uint64(sum))
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint32(b, 8), uint64(count))
}

// textsOf returns the columns of text after the key, in their order.
func textsOf(f partial.File, r *partial.Row) [9]string {
	return [...]string{r.Version, dateOf(f, r), r.Metric, r.Label, r.Process, r.Application, r.Architecture, r.OS, r.OSVersion}
}

// added sets document to the added dimensions, of these names.
func (k *keyer) added(values, names []string) error {
	added := make(map[string]string, len(names))
	k.values = k.values[:0]
	for i, name := range names {
		added[name] = values[i]
		k.values = append(k.values, strings.Clone(values[i]))
	}
	var err error
	k.document, err = json.Marshal(added)
	return err
}

func appendField(b []byte, text string) []byte {
	return append(binary.BigEndian.AppendUint32(b, uint32(len(text))), text...)
}

// digest returns 128 bits of SHA-256 over the dimensions of a row. kind and channel are columns of their own in the primary key.
func (k *keyer) digest(r *partial.Row) [16]byte {
	k.scratch = k.scratch[:0]
	for _, text := range textsOf(k.file, r) {
		k.scratch = append(append(k.scratch, text...), 0)
	}
	k.scratch = append(k.scratch, k.document...)
	sum := sha256.Sum256(k.scratch)
	return [16]byte(sum[:])
}

// nearBytes is how many bytes of a key are those of its version and metric.
const nearBytes = 4

// A near gives rows their keys in the table. These begin with bytes of the digest of version and metric: rows of a metric, which come together
// in a file, are near each other in the index.
type near struct {
	version, metric string // of the last row,
	digest          [nearBytes]byte
}

// key returns the key of a row that has a digest of its dimensions as its key.
func (n *near) key(r keyedRow) [16]byte {
	if n.metric != r.Metric || n.version != r.Version || n.digest == [nearBytes]byte{} {
		n.version, n.metric = r.Version, r.Metric
		sum := sha256.Sum256([]byte(r.Version + "\x00" + r.Metric))
		copy(n.digest[:], sum[:])
	}
	key := r.key
	copy(key[:], n.digest[:])
	return key
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
