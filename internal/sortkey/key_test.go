// SPDX-License-Identifier: Apache-2.0

package sortkey

import (
	"bytes"
	"cmp"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

var everyType = []Column{{"s", Varchar}, {"b", Boolean}, {"i", Integer}, {"l", Bigint}, {"d", Date}}

func keyOf(s []byte, b bool, i int32, l int64, d int32) []byte {
	key := AppendString(nil, s)
	key = AppendBool(key, b)
	key = AppendInt32(key, i)
	key = AppendInt64(key, l)
	return AppendInt32(key, d)
}

func TestKey_DecodesToItsValues(t *testing.T) {
	key := keyOf([]byte("a\x00b\x00"), true, math.MinInt32, math.MaxInt64, 17_049)
	values, err := Decode(nil, key, everyType)
	require.NoError(t, err)
	var texts []string
	for i, v := range values {
		texts = append(texts, v.Format(everyType[i].Type, "NULL"))
	}
	require.Equal(t, []string{"a\x00b\x00", "true", "-2147483648", "9223372036854775807", "2016-09-05"}, texts)
}

func TestKey_SortsAsItsValues(t *testing.T) {
	null := AppendNull(nil)
	for _, c := range []struct {
		name      string
		ascending [][]byte
	}{
		{"varchar", [][]byte{
			AppendString(nil, nil), AppendString(nil, []byte("\x00")), AppendString(nil, []byte("\x00\x00")), AppendString(nil, []byte("\x00\x01")),
			AppendString(nil, []byte("\x01")), AppendString(nil, []byte("a")), AppendString(nil, []byte("a\x00")), AppendString(nil, []byte("a\x00b")),
			AppendString(nil, []byte("aa")), AppendString(nil, []byte("b")), AppendString(nil, []byte("\xff\xff")), null,
		}},
		{"boolean", [][]byte{AppendBool(nil, false), AppendBool(nil, true), null}},
		{"integer", [][]byte{AppendInt32(nil, math.MinInt32), AppendInt32(nil, -1), AppendInt32(nil, 0), AppendInt32(nil, math.MaxInt32), null}},
		{"bigint", [][]byte{AppendInt64(nil, math.MinInt64), AppendInt64(nil, -1), AppendInt64(nil, 0), AppendInt64(nil, math.MaxInt64), null}},
	} {
		for i, a := range c.ascending {
			for j, b := range c.ascending {
				require.Equal(t, cmp.Compare(i, j), bytes.Compare(a, b), "%s %d %d", c.name, i, j)
			}
		}
	}
}

func TestCut_SplitsBetweenColumns(t *testing.T) {
	key := keyOf([]byte("x\x00"), false, 1, 2, 3)
	for n := range len(everyType) + 1 {
		first, others, err := Cut(key, everyType, n)
		require.NoError(t, err)
		require.Equal(t, key, append(bytes.Clone(first), others...))
		_, err = Decode(nil, first, everyType[:n])
		require.NoError(t, err)
		_, err = Decode(nil, others, everyType[n:])
		require.NoError(t, err)
	}
}

func TestParseDate_CalendarDays(t *testing.T) {
	for _, c := range []struct {
		text string
		days int32
	}{{"1970-01-01", 0}, {"1969-12-31", -1}, {"2016-02-29", 16_860}, {"0001-01-01", -719_162}, {"9999-12-31", 2_932_896}} {
		days, err := ParseDate(c.text)
		require.NoError(t, err)
		require.Equal(t, c.days, days)
		require.Equal(t, c.text, FormatDate(days))
	}
	for _, text := range []string{"", "2016-02-30", "2015-02-29", "20160905", "2016-9-5", "2016-09-05 ", "2016-09-05T00:00:00Z"} {
		_, err := ParseDate(text)
		require.ErrorContains(t, err, "is not a date: write it YYYY-MM-DD")
	}
}

// Keys are read back from disk: any bytes are decoded, or are an error.
func FuzzDecode(f *testing.F) {
	f.Add(keyOf([]byte("a\x00b"), true, 1, 2, 3))
	f.Add([]byte{present, 0, escape, 0, 0, absent, absent, absent, absent})
	f.Fuzz(func(t *testing.T, key []byte) {
		values, err := Decode(nil, key, everyType)
		if err != nil {
			return
		}
		if len(values) != len(everyType) {
			t.Fatalf("%d values", len(values))
		}
		first, others, err := Cut(key, everyType, 2)
		if err != nil || len(first)+len(others) != len(key) {
			t.Fatalf("cut into %d and %d of %d: %v", len(first), len(others), len(key), err)
		}
	})
}

// The keys of two strings sort as the strings, and neither is a prefix of the other.
func FuzzAppendString_SortsByBytes(f *testing.F) {
	f.Add([]byte("a"), []byte("a\x00"))
	f.Add([]byte{0}, []byte{0, 0xff})
	f.Fuzz(func(t *testing.T, a, b []byte) {
		x, y := AppendString(nil, a), AppendString(nil, b)
		if bytes.Compare(a, b) != bytes.Compare(x, y) {
			t.Fatalf("%x and %x sort as %x and %x do not", x, y, a, b)
		}
		if !bytes.Equal(a, b) && (bytes.HasPrefix(x, y) || bytes.HasPrefix(y, x)) {
			t.Fatalf("%x begins with %x or the reverse", x, y)
		}
	})
}
