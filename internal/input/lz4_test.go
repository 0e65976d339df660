// SPDX-License-Identifier: Apache-2.0

package input

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/pierrec/lz4/v4"
	"github.com/stretchr/testify/require"
)

// blockLZ4 returns an LZ4 block after its length.
func blockLZ4(t testing.TB, text []byte) []byte {
	block := make([]byte, lz4.CompressBlockBound(len(text)))
	n, err := new(lz4.Compressor).CompressBlock(text, block)
	require.NoError(t, err)
	require.Positive(t, n)
	return append(binary.BigEndian.AppendUint32(nil, uint32(n)), block[:n]...)
}

func decodeLZ4(page []byte, size int) ([]byte, error) {
	codec, err := compress.GetCodec(compress.Codecs.Lz4)
	if err != nil {
		return nil, err
	}
	return compress.Decode(codec, make([]byte, size), page)
}

// The forms of a page that Hadoop and old versions of Arrow write. Files of Spark and DataFusion are read by cmd/headcount's tests.
func TestLZ4_Forms(t *testing.T) {
	text := bytes.Repeat([]byte("550e8400-e29b-41d4-a716-446655440000 "), 100)
	half := len(text) / 2
	length := func(n int) []byte { return binary.BigEndian.AppendUint32(nil, uint32(n)) }
	for name, page := range map[string][]byte{
		"one frame":                slices.Concat(length(len(text)), blockLZ4(t, text)),
		"two pieces of a frame":    slices.Concat(length(len(text)), blockLZ4(t, text[:half]), blockLZ4(t, text[half:])),
		"two frames":               slices.Concat(length(half), blockLZ4(t, text[:half]), length(len(text)-half), blockLZ4(t, text[half:])),
		"a block without a frame":  blockLZ4(t, text)[4:],
		"an empty frame and a one": slices.Concat(length(0), length(len(text)), blockLZ4(t, text)),
	} {
		t.Run(name, func(t *testing.T) {
			got, err := decodeLZ4(page, len(text))
			require.NoError(t, err)
			require.Equal(t, string(text), string(got))
		})
	}
}

// Damaged pages give an error or other text, of no more than the page's length, and never end the program.
func TestLZ4_Damaged(t *testing.T) {
	text := bytes.Repeat([]byte("abcdefg hijk "), 50)
	page := append(binary.BigEndian.AppendUint32(nil, uint32(len(text))), blockLZ4(t, text)...)
	for end := range len(page) {
		got, err := decodeLZ4(page[:end], len(text))
		require.True(t, err != nil || len(got) < len(text), "%d bytes of the page", end)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 20000 {
		damaged := slices.Clone(page)
		for range 1 + random.IntN(3) {
			damaged[random.IntN(len(damaged))] ^= byte(1 + random.IntN(255))
		}
		got, err := decodeLZ4(damaged, len(text))
		require.True(t, err != nil || len(got) <= len(text))
	}
}
