package prestopage

import (
	"bytes"
	"encoding/binary"
	"math"
	"runtime"
	"strings"
	"testing"

	"github.com/headcount-hll/headcount/udf"
)

// page puts a header before a body.
func page(rows int, body ...[]byte) []byte {
	all := bytes.Join(body, nil)
	out := append(appendInt(nil, rows), 0)
	out = appendInt(appendInt(out, len(all)), len(all))
	return append(append(out, make([]byte, 8)...), all...)
}

func number(n int) []byte { return appendInt(nil, n) }

func name(s string) []byte { return appendName(nil, s) }

var (
	one     = number(1)
	noNulls = []byte{0}
	// oneValue is a block of one row, 'x'.
	oneValue = bytes.Join([][]byte{name(variableWidth), one, number(1), noNulls, number(1), []byte("x")}, nil)
)

// with overwrites bytes of a page.
func with(page []byte, at int, value ...byte) []byte {
	out := bytes.Clone(page)
	copy(out[at:], value)
	return out
}

func nested(depth int) []byte {
	var out []byte
	for range depth {
		out = append(append(out, name(runLength)...), one...)
	}
	return append(out, oneValue...)
}

func TestRefusesAPageThatLies(t *testing.T) {
	good := page(1, one, oneValue)
	if _, _, err := Decode(good, []udf.Type{udf.Varbinary}, 100); err != nil {
		t.Fatal(err)
	}
	varbinary, arrays, bigint := udf.Varbinary, udf.HLLArray, udf.Bigint
	for _, lie := range []struct {
		what string
		page []byte
		t    udf.Type
		says string
	}{
		{"nothing", nil, varbinary, "0 bytes, and its header alone has 21"},
		{"header cut short", good[:20], varbinary, "20 bytes"},
		{"body cut short", good[:len(good)-1], varbinary, "is announced"},
		{"negative rows", with(good, 0, 0xff, 0xff, 0xff, 0xff), varbinary, "-1 rows"},
		{"more rows than allowed", with(good, 0, 0xff, 0xff, 0xff, 0x7f), varbinary, "at most 100"},
		{"compressed", with(good, 4, markerCompressed), varbinary, "compressed"},
		{"encrypted", with(good, 4, markerEncrypted), varbinary, "encrypted"},
		{"unknown marker", with(good, 4, 8), varbinary, "unknown codec markers 0x08"},
		{"checksum that is wrong", with(good, 4, markerChecksummed), varbinary, "checksum"},
		{"uncompressed size that differs", with(good, 5, 0), varbinary, "not compressed"},
		{"negative size", with(good, 9, 0xff, 0xff, 0xff, 0xff), varbinary, "a body of -1 bytes"},
		{"no body", page(0), varbinary, "number of channels of 4 bytes"},
		{"negative channels", page(0, number(-1)), varbinary, "number of channels at byte 0 is -1"},
		{"2^31 - 1 channels", page(0, number(math.MaxInt32)), varbinary, "2147483647 channels for 1 arguments"},
		{"other rows than the page", with(good, 0, 2), varbinary, "channel 0 has 1 rows, the page 2"},
		{"bytes after the last channel", page(1, one, oneValue, noNulls), varbinary, "1 bytes after the last channel"},
		{"negative name", page(1, one, number(-5)), varbinary, "length of an encoding's name at byte 4 is -5"},
		{"endless name", page(1, one, number(1<<30)), varbinary, "an encoding's name of 1073741824 bytes"},
		{"unknown encoding", page(1, one, name("VARIABLE_LENGTH")), varbinary, `encoding "VARIABLE_LENGTH" at byte 4, where VARIABLE_WIDTH of varbinary is wanted`},
		{"bigint in a varbinary's place", page(1, one, name(longArray), one), varbinary, `encoding "LONG_ARRAY"`},
		{"varbinary in an array's place", good, arrays, "where ARRAY of array(HLL) is wanted"},
		{"negative count", page(1, one, name(variableWidth), number(-1)), varbinary, "number of rows at byte 22 is -1"},
		{"2^31 - 1 ends", page(1, one, name(variableWidth), number(math.MaxInt32)), varbinary, "ends of 8589934588 bytes"},
		{"2^31 - 1 bigints", page(1, one, name(longArray), number(math.MaxInt32), noNulls), bigint, "values of 17179869176 bytes"},
		{"2^31 - 1 NULLs", page(1, one, name(longArray), number(math.MaxInt32), []byte{1}), bigint, "null bits of"},
		{"NULLs beyond what is allowed", page(1, one, name(longArray), number(1000), []byte{1}, make([]byte, 125)), bigint, "1000 more values"},
		{"null bits cut short", page(9, one, name(longArray), number(9), []byte{1, 0xff}), bigint, "null bits of 2 bytes"},
		{"ends out of order", page(2, one, name(variableWidth), number(2), number(2), number(1), noNulls, number(2), []byte("xy")), varbinary, "row 1 from 2 to 1, in 2 bytes"},
		{"negative end", page(1, one, name(variableWidth), one, number(-1), noNulls, number(0)), varbinary, "row 0 from 0 to -1"},
		{"end after the bytes", page(1, one, name(variableWidth), one, number(9), noNulls, number(1), []byte("x")), varbinary, "row 0 from 0 to 9, in 1 bytes"},
		{"bytes cut short", page(1, one, name(variableWidth), one, one, noNulls, number(5), []byte("x")), varbinary, "values of 5 bytes"},
		{"offsets out of order", page(2, one, name(array), oneValue, number(2), number(0), number(5), number(1), noNulls), arrays, "row 1 from element 5 to 1"},
		{"offsets that start late", page(1, one, name(array), oneValue, one, one, one, noNulls), arrays, "offsets from 1 to 1, over 1 elements"},
		{"offsets beyond the elements", page(1, one, name(array), oneValue, one, number(0), number(2), noNulls), arrays, "over 1 elements"},
		{"2^31 - 1 offsets", page(1, one, name(array), oneValue, number(math.MaxInt32)), arrays, "offsets of 8589934592 bytes"},
		{"a run of 2^31 - 1", page(1, one, name(runLength), number(math.MaxInt32), oneValue), varbinary, "2147483647 more values"},
		{"negative run", page(1, one, name(runLength), number(-1), oneValue), varbinary, "length of a run at byte 11 is -1"},
		{"run of nothing", page(1, one, name(runLength), one, name(variableWidth), number(0), noNulls, number(0)), varbinary, "a run of 0 values"},
		{"runs in runs", page(1, one, nested(deepest)), varbinary, "more than 8 blocks in each other"},
		{"index beyond the dictionary", page(1, one, name(dictionary), one, oneValue, one, make([]byte, 24)), varbinary, "row 0 is value 1 of a dictionary of 1"},
		{"negative index", page(1, one, name(dictionary), one, oneValue, number(-1), make([]byte, 24)), varbinary, "row 0 is value -1"},
		{"dictionary without identity", page(1, one, name(dictionary), one, oneValue, number(0)), varbinary, "identity of 24 bytes"},
	} {
		t.Run(lie.what, func(t *testing.T) {
			_, _, err := Decode(lie.page, []udf.Type{lie.t}, 100)
			if err == nil || !strings.Contains(err.Error(), lie.says) || !strings.HasPrefix(err.Error(), "presto page: ") {
				t.Errorf("%v, want: %s", err, lie.says)
			}
		})
	}
}

// A run of arrays multiplies: each of its rows has all the elements.
func TestARunOfArraysIsBounded(t *testing.T) {
	elements := [][]byte{name(runLength), number(1000), oneValue}
	lie := page(1000, one, name(runLength), number(1000), name(array), bytes.Join(elements, nil), one, number(0), number(1000), noNulls)
	if _, columns, err := Decode(lie, []udf.Type{udf.HLLArray}, 1_100_000); err != nil || columns[0].Elems.Rows != 1_000_000 {
		t.Error("within what is allowed:", err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, _, err := Decode(lie, []udf.Type{udf.HLLArray}, 100_000)
	runtime.ReadMemStats(&after)
	if err == nil || !strings.Contains(err.Error(), "may still be spread out") {
		t.Error(err)
	}
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 8<<20 {
		t.Errorf("%d bytes were allocated for a page of %d that was refused", grown, len(lie))
	}
}

func TestARefusalIsAPageOfAnEncodingThatThereIsNot(t *testing.T) {
	_, _, err := Decode(AppendRefusal(nil, "row 3: not a sketch"), []udf.Type{udf.Bigint}, 100)
	if err == nil || !strings.Contains(err.Error(), `encoding "row 3: not a sketch"`) {
		t.Error(err)
	}
}

// FuzzDecode holds the decoder to taking nothing that it then cannot read, whatever the bytes, and to what was
// allowed it.
func FuzzDecode(f *testing.F) {
	for _, p := range recorded(f) {
		f.Add(p)
	}
	f.Add(page(1, one, nested(3)))
	f.Fuzz(func(t *testing.T, data []byte) {
		decodeAll(t, data)
		if len(data) >= headerSize {
			// Behind a header that fits, which few mutations find.
			decodeAll(t, page(int(binary.LittleEndian.Uint16(data)), data[headerSize:]))
		}
	})
}

// decodeAll reads data in every way, and every value of what comes of it.
func decodeAll(t *testing.T, data []byte) {
	const most = 10_000
	for _, types := range [][]udf.Type{
		{udf.Varbinary}, {udf.Bigint}, {udf.Double}, {udf.HLLArray}, {udf.Varbinary, udf.Bigint}, nil,
	} {
		rows, columns, err := Decode(data, types, most)
		if err != nil {
			continue
		}
		if rows > most || len(columns) != len(types) {
			t.Fatalf("%d rows, %d columns", rows, len(columns))
		}
		for i := range columns {
			if columns[i].Rows != rows {
				t.Fatalf("channel %d: %d rows of %d", i, columns[i].Rows, rows)
			}
			show(&columns[i])
		}
	}
}
