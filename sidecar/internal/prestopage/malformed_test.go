// SPDX-License-Identifier: Apache-2.0

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

// page returns a page with a valid header.
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

// with returns the page with bytes from at on replaced.
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

func TestDecode_RejectsMalformedPages(t *testing.T) {
	good := page(1, one, oneValue)
	if _, _, err := Decode(good, []udf.Type{udf.Varbinary}, 100); err != nil {
		t.Fatal(err)
	}
	varbinary, arrays, bigint := udf.Varbinary, udf.HLLArray, udf.Bigint
	for _, c := range []struct {
		what string
		page []byte
		t    udf.Type
		want string
	}{
		{"empty", nil, varbinary, "0 bytes: the header alone has 21"},
		{"truncated header", good[:20], varbinary, "20 bytes"},
		{"truncated body", good[:len(good)-1], varbinary, "declares a body of"},
		{"negative rows", with(good, 0, 0xff, 0xff, 0xff, 0xff), varbinary, "-1 rows"},
		{"more rows than allowed", with(good, 0, 0xff, 0xff, 0xff, 0x7f), varbinary, "the maximum is 100"},
		{"compressed", with(good, 4, markerCompressed), varbinary, "compressed"},
		{"encrypted", with(good, 4, markerEncrypted), varbinary, "encrypted"},
		{"unknown marker", with(good, 4, 8), varbinary, "unknown codec markers 0x08"},
		{"wrong checksum", with(good, 4, markerChecksummed), varbinary, "checksum"},
		{"wrong uncompressed size", with(good, 5, 0), varbinary, "not compressed"},
		{"negative size", with(good, 9, 0xff, 0xff, 0xff, 0xff), varbinary, "a body of -1 bytes"},
		{"no body", page(0), varbinary, "number of channels of 4 bytes"},
		{"negative channels", page(0, number(-1)), varbinary, "number of channels at byte 0 is -1"},
		{"2^31 - 1 channels", page(0, number(math.MaxInt32)), varbinary, "2147483647 channels for 1 arguments"},
		{"wrong number of rows", with(good, 0, 2), varbinary, "channel 0 has 1 rows, the page has 2"},
		{"bytes after the last channel", page(1, one, oneValue, noNulls), varbinary, "1 bytes after the last channel"},
		{"negative name", page(1, one, number(-5)), varbinary, "length of an encoding's name at byte 4 is -5"},
		{"name of 2^30 bytes", page(1, one, number(1<<30)), varbinary, "an encoding's name of 1073741824 bytes"},
		{"unknown encoding", page(1, one, name("VARIABLE_LENGTH")), varbinary, `encoding "VARIABLE_LENGTH" at byte 4: expected VARIABLE_WIDTH of varbinary`},
		{"bigint instead of varbinary", page(1, one, name(longArray), one), varbinary, `encoding "LONG_ARRAY"`},
		{"varbinary instead of array", good, arrays, "expected ARRAY of array(HLL)"},
		{"negative count", page(1, one, name(variableWidth), number(-1)), varbinary, "number of rows at byte 22 is -1"},
		{"2^31 - 1 ends", page(1, one, name(variableWidth), number(math.MaxInt32)), varbinary, "ends of 8589934588 bytes"},
		{"2^31 - 1 bigints", page(1, one, name(longArray), number(math.MaxInt32), noNulls), bigint, "values of 17179869176 bytes"},
		{"2^31 - 1 NULLs", page(1, one, name(longArray), number(math.MaxInt32), []byte{1}), bigint, "null bits of"},
		{"more NULLs than allowed", page(1, one, name(longArray), number(1000), []byte{1}, make([]byte, 125)), bigint, "1000 more values"},
		{"truncated null bits", page(9, one, name(longArray), number(9), []byte{1, 0xff}), bigint, "null bits of 2 bytes"},
		{"ends out of order", page(2, one, name(variableWidth), number(2), number(2), number(1), noNulls, number(2), []byte("xy")), varbinary, "row 1 from 2 to 1, outside the 2 bytes"},
		{"negative end", page(1, one, name(variableWidth), one, number(-1), noNulls, number(0)), varbinary, "row 0 from 0 to -1"},
		{"end after the values", page(1, one, name(variableWidth), one, number(9), noNulls, number(1), []byte("x")), varbinary, "row 0 from 0 to 9, outside the 1 bytes"},
		{"truncated values", page(1, one, name(variableWidth), one, one, noNulls, number(5), []byte("x")), varbinary, "values of 5 bytes"},
		{"offsets out of order", page(2, one, name(array), oneValue, number(2), number(0), number(5), number(1), noNulls), arrays, "row 1 from element 5 to 1"},
		{"first offset is not 0", page(1, one, name(array), oneValue, one, one, one, noNulls), arrays, "offsets from 1 to 1, for 1 elements"},
		{"last offset after the elements", page(1, one, name(array), oneValue, one, number(0), number(2), noNulls), arrays, "for 1 elements"},
		{"2^31 - 1 offsets", page(1, one, name(array), oneValue, number(math.MaxInt32)), arrays, "offsets of 8589934592 bytes"},
		{"run of 2^31 - 1 rows", page(1, one, name(runLength), number(math.MaxInt32), oneValue), varbinary, "2147483647 more values"},
		{"negative run", page(1, one, name(runLength), number(-1), oneValue), varbinary, "length of a run at byte 11 is -1"},
		{"run without a value", page(1, one, name(runLength), one, name(variableWidth), number(0), noNulls, number(0)), varbinary, "a run-length block of 0 values"},
		{"nested runs", page(1, one, nested(maxDepth)), varbinary, "blocks nested more than 8 deep"},
		{"index after the dictionary", page(1, one, name(dictionary), one, oneValue, one, make([]byte, 24)), varbinary, "row 0 has index 1 in a dictionary of 1 values"},
		{"negative index", page(1, one, name(dictionary), one, oneValue, number(-1), make([]byte, 24)), varbinary, "row 0 has index -1"},
		{"dictionary without identity", page(1, one, name(dictionary), one, oneValue, number(0)), varbinary, "identity of 24 bytes"},
	} {
		t.Run(c.what, func(t *testing.T) {
			_, _, err := Decode(c.page, []udf.Type{c.t}, 100)
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "presto page: ") {
				t.Errorf("%v, want: %s", err, c.want)
			}
		})
	}
}

// Every row of a run of arrays has all elements, so the number of elements is the product.
func TestDecode_LimitsRunsOfArrays(t *testing.T) {
	elements := [][]byte{name(runLength), number(1000), oneValue}
	data := page(1000, one, name(runLength), number(1000), name(array), bytes.Join(elements, nil), one, number(0), number(1000), noNulls)
	if _, columns, err := Decode(data, []udf.Type{udf.HLLArray}, 1_100_000); err != nil || columns[0].Elems.Rows != 1_000_000 {
		t.Error("within the limit:", err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, _, err := Decode(data, []udf.Type{udf.HLLArray}, 100_000)
	runtime.ReadMemStats(&after)
	if err == nil || !strings.Contains(err.Error(), "more are allowed") {
		t.Error(err)
	}
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 8<<20 {
		t.Errorf("%d bytes allocated for a rejected page of %d bytes", grown, len(data))
	}
}

func TestAppendError_NamesAnUnknownEncoding(t *testing.T) {
	_, _, err := Decode(AppendError(nil, "row 3: not a sketch"), []udf.Type{udf.Bigint}, 100)
	if err == nil || !strings.Contains(err.Error(), `encoding "row 3: not a sketch"`) {
		t.Error(err)
	}
}

// No input panics, and every value of an accepted page can be read. A page is at most as large as allowed.
func FuzzDecode(f *testing.F) {
	for _, p := range recorded(f) {
		f.Add(p)
	}
	f.Add(page(1, one, nested(3)))
	f.Fuzz(func(t *testing.T, data []byte) {
		decodeAll(t, data)
		if len(data) >= headerSize {
			// Mutations rarely produce a valid header, so this adds one.
			decodeAll(t, page(int(binary.LittleEndian.Uint16(data)), data[headerSize:]))
		}
	})
}

// decodeAll decodes data with several lists of types, and reads every value.
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
