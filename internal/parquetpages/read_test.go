// SPDX-License-Identifier: Apache-2.0

package parquetpages

import (
	"cmp"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzHybrid holds the encoding of values to what is read of it: by bytes, with some repeated.
func FuzzHybrid(f *testing.F) {
	f.Add([]byte{1, 2, 3, 200, 9, 9}, 3)
	f.Add([]byte{0, 255, 7, 20, 7, 1, 7, 15, 0, 0, 1, 30}, 17)
	f.Add([]byte{5, 8, 6, 7, 1, 9, 1, 9}, 32)
	f.Fuzz(func(t *testing.T, data []byte, width int) {
		width = 1 + int(uint(width)%32)
		var values []int32
		for i := 0; i+1 < len(data); i += 2 {
			v := int32(uint32(data[i]) * 0x01010101 & uint32(uint64(1)<<width-1))
			values = append(values, slices.Repeat([]int32{v}, int(data[i+1]))...)
		}
		encoded := AppendHybrid(nil, values, width)
		got, err := Decode(nil, encoded, width, len(values), math.MaxUint32)
		if slices.Contains(values, -1) { // the limit, which is no code
			return
		}
		require.NoError(t, err)
		require.True(t, slices.Equal(values, got))
		requirePieces(t, encoded, width, values)
	})
}

// requirePieces reads values in pieces of several sizes. It asserts a piece only where it is wrong: fuzzing has 10^5 pieces an input.
func requirePieces(t *testing.T, encoded []byte, width int, values []int32) {
	t.Helper()
	for _, size := range []int{1, 3, 8, 13, 64, 1000} {
		r, got := NewReader(encoded, width, len(values)), make([]int32, size)
		for from := 0; from < len(values); from += size {
			want := values[from:min(from+size, len(values))]
			most, err := r.Read(got[:len(want)])
			if err != nil || !slices.Equal(want, got[:len(want)]) || most != uint32(slices.MaxFunc(want, compareCodes)) {
				require.NoError(t, err)
				require.Equal(t, want, got[:len(want)], "from %d", from)
				require.Equal(t, uint32(slices.MaxFunc(want, compareCodes)), most, "from %d", from)
			}
		}
		_, err := r.Read(make([]int32, 1))
		require.ErrorIs(t, err, ErrRuns)
	}
}

func compareCodes(a, b int32) int { return cmp.Compare(uint32(a), uint32(b)) }

// FuzzReader holds what is read in pieces to what is decoded at once, of any bytes.
func FuzzReader(f *testing.F) {
	f.Add([]byte{3, 0xff, 16, 1}, 1, 16, 5)
	f.Add([]byte{5, 1, 2, 3, 4, 5, 6, 40, 9}, 3, 30, 7)
	f.Fuzz(func(t *testing.T, data []byte, width, n, size int) {
		width, n, size = int(uint(width)%33), int(uint(n)%(1<<12)), 1+int(uint(size)%100)
		want, err := Decode(nil, data, width, n, math.MaxUint32)
		if slices.Contains(want, -1) || err == ErrCode {
			return
		}
		r := NewReader(data, width, n)
		got := make([]int32, n)
		for from := 0; from < n; from += size {
			if _, failed := r.Read(got[from:min(from+size, n)]); failed != nil {
				require.Equal(t, err, failed)
				return
			}
		}
		require.NoError(t, err)
		require.True(t, slices.Equal(want, got))
		if width == 1 {
			require.Equal(t, !slices.ContainsFunc(want, func(v int32) bool { return v != 1 }), AllOnes(data, n))
		}
	})
}
