package load

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/headcount-hll/headcount/rollup/partial"
)

// A content is what is known of a file whose rows were read.
type content struct {
	file     partial.File
	bytes    string // digest of the file
	digest   string // of its rows
	rows     int64
	extra    []string
	dates    texts    // rows of the table dates
	filters  texts    // rows of the table filters
	channels []string // of its rows
}

// begin returns what is known of a file, whose bytes have a digest, before its rows are read.
func begin(f partial.File, bytes string) (*content, error) {
	channels, err := partial.Channels(f.Path)
	return &content{file: f, bytes: bytes, channels: channels, dates: texts{set: map[string]bool{}}, filters: texts{set: map[string]bool{}}}, err
}

// Texts is a set of rows of text, each joined by NUL, which PostgreSQL's text cannot have.
type texts struct {
	set     map[string]bool
	scratch []byte
}

func (t *texts) add(columns ...string) {
	t.scratch = t.scratch[:0]
	for _, column := range columns {
		t.scratch = append(append(t.scratch, column...), 0)
	}
	if !t.set[string(t.scratch)] {
		t.set[string(t.scratch)] = true
	}
}

// all returns the rows in order.
func (t *texts) all() (rows [][]string) {
	for _, joined := range slices.Sorted(maps.Keys(t.set)) {
		rows = append(rows, strings.Split(strings.TrimSuffix(joined, "\x00"), "\x00"))
	}
	return rows
}

// digestOf returns a digest of a file's bytes.
func digestOf(f partial.File) (digest string, err error) {
	in, err := os.Open(f.Path)
	if err != nil {
		return "", err
	}
	defer in.Close()
	hash := sha256.New()
	_, err = io.Copy(hash, in)
	return hex.EncodeToString(hash.Sum(nil)), err
}

// errChanged is the error of a file that has other bytes than before its rows were read.
var errChanged = errors.New("the file was replaced while it was read: load it again")

// read reads the rows of a file, of which c is what begin returned. It calls use with each row, its key, and the row as appendRow appends it.
// The key is that of version 1 of the schema, so that a day that it loaded is known by its digest.
func (c *content) read(use func(r keyedRow, copied []byte) error) error {
	keys, hash := keyer{file: c.file}, sha256.New()
	var copied []byte
	err := eachRow(c.file, func(r *partial.Row, extra []string) error {
		c.extra = extra
		c.note(r)
		keyed, err := keys.keyed(r, extra)
		if err != nil {
			return err
		}
		copied = appendRow(copied[:0], c.file, keyed)
		hash.Write(copied)
		return use(keyed, copied)
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(hash, "%q", c.extra)
	c.digest = hex.EncodeToString(hash.Sum(nil))
	now, err := digestOf(c.file)
	if err == nil && now != c.bytes {
		err = errChanged
	}
	return err
}

// note counts a row and keeps its date and values.
func (c *content) note(r *partial.Row) {
	c.rows++
	c.dates.add(c.file.Kind.String(), r.Channel, r.Version, dateOf(c.file, r))
	for _, value := range [...]struct{ name, value, second string }{
		{"metric", r.Metric, ""}, {"application", r.Application, ""}, {"architecture", r.Architecture, ""},
		{"process", r.Process, ""}, {"os", r.OS, r.OSVersion},
	} {
		c.filters.add(r.Channel, r.Version, value.name, value.value, value.second)
	}
}

// dateOf returns the date of a row in the table.
func dateOf(f partial.File, r *partial.Row) string {
	if f.Kind == partial.BuildID {
		return r.BuildID
	}
	return f.Day
}
