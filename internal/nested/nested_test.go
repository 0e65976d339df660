// SPDX-License-Identifier: Apache-2.0

package nested

import (
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// all is a type that has all others in it.
var all = arrow.StructOf(
	arrow.Field{Name: "flag", Type: arrow.FixedWidthTypes.Boolean, Nullable: true},
	arrow.Field{Name: "small", Type: arrow.PrimitiveTypes.Int32, Nullable: true},
	arrow.Field{Name: "day", Type: arrow.FixedWidthTypes.Date32, Nullable: true},
	arrow.Field{Name: "double", Type: arrow.PrimitiveTypes.Float64, Nullable: true},
	arrow.Field{Name: "lists", Type: arrow.ListOf(arrow.ListOf(arrow.PrimitiveTypes.Int64)), Nullable: true},
	arrow.Field{Name: "map", Type: arrow.MapOf(arrow.BinaryTypes.String, arrow.ListOf(arrow.BinaryTypes.String)), Nullable: true},
)

const values = `[
	{"flag": true, "small": -3, "day": "2016-11-30", "double": 0.5, "lists": [[1, -9007199254740993], [], null], "map": [{"key": "a\u0000", "value": ["x", null]}]},
	null,
	{"flag": false, "small": null, "day": null, "double": null, "lists": [], "map": []},
	{"flag": null, "small": 0, "day": "1969-12-31", "double": -1e300, "lists": null, "map": null}
]`

func arrayOf(t testing.TB, text string) arrow.Array {
	t.Helper()
	out, _, err := array.FromJSON(memory.DefaultAllocator, all, strings.NewReader(text))
	require.NoError(t, err)
	return out
}

func TestBuild_GivesTheValuesOfAppend(t *testing.T) {
	require.True(t, Supported(all))
	in := arrayOf(t, values)
	var encoded []byte
	for i := range in.Len() {
		encoded = Append(encoded, in, i)
	}
	b := array.NewBuilder(memory.DefaultAllocator, all)
	for range in.Len() {
		var err error
		encoded, err = Build(b, encoded)
		require.NoError(t, err)
	}
	assert.Empty(t, encoded)
	out := b.NewArray()
	assert.True(t, array.Equal(in, out), "%s", out)
}

func TestSupported_OtherTypes(t *testing.T) {
	assert.False(t, Supported(arrow.ListOf(arrow.BinaryTypes.Binary)))
	assert.False(t, Supported(arrow.MapOf(arrow.BinaryTypes.String, arrow.FixedWidthTypes.Time32s)))
	assert.False(t, Supported(arrow.StructOf(arrow.Field{Name: "a", Type: arrow.PrimitiveTypes.Uint8})))
}

func TestBuild_RejectsAMapWithANullKey(t *testing.T) {
	b := array.NewBuilder(memory.DefaultAllocator, arrow.MapOf(arrow.BinaryTypes.String, arrow.PrimitiveTypes.Int64))
	const isThere, oneEntry, isNull = 1, 1, 0
	_, err := Build(b, []byte{isThere, oneEntry, isNull, isThere, 2})
	require.Error(t, err)
}

// FuzzBuild: bytes that are no value are an error, and take no memory by what they claim.
func FuzzBuild(f *testing.F) {
	in := arrayOf(f, values)
	for i := range in.Len() {
		f.Add(Append(nil, in, i))
	}
	f.Add([]byte("\x01\x01\x01\x00\x00\x00\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"))
	f.Fuzz(func(t *testing.T, in []byte) {
		b := array.NewBuilder(memory.DefaultAllocator, all)
		rest, err := Build(b, in)
		if err == nil {
			require.Equal(t, 1, b.Len())
			again := Append(nil, b.NewArray(), 0)
			b2 := array.NewBuilder(memory.DefaultAllocator, all)
			left, err := Build(b2, again)
			require.NoError(t, err)
			require.Empty(t, left)
		}
		require.LessOrEqual(t, len(rest), len(in))
	})
}
