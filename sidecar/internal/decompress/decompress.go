// SPDX-License-Identifier: Apache-2.0

// Package decompress decodes frames of LZ4 and zstd from untrusted clients, whose decompressed size is known. It allocates
// that size and, for LZ4, at most the 4 MiB of a block.
package decompress

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
)

// The largest number of bytes that one byte of a frame can stand for. A sequence of LZ4 has at most 255 bytes for each byte
// of its length; a zstd block has 4 bytes or more and at most 128 KiB of values.
const (
	LZ4Ratio  = 255
	ZstdRatio = 32 << 10
)

// LZ4 returns the size bytes of a frame of LZ4.
func LZ4(frame []byte, size int) ([]byte, error) {
	out, in := make([]byte, size), lz4.NewReader(bytes.NewReader(frame))
	if _, err := io.ReadFull(in, out); err != nil {
		return nil, err
	}
	switch n, err := in.Read(make([]byte, 1)); {
	case n != 0:
		return nil, fmt.Errorf("more than the %d bytes of its length", size)
	case !errors.Is(err, io.EOF):
		return nil, fmt.Errorf("after the %d bytes of its length: %w", size, err)
	}
	return out, nil
}

// Zstd returns the size bytes of a frame of zstd.
func Zstd(frame []byte, size int) ([]byte, error) {
	out, err := zstdDecoder().DecodeAll(frame, make([]byte, 0, size))
	if err == nil && len(out) != size {
		err = fmt.Errorf("%d bytes after decompression: its length is %d", len(out), size)
	}
	return out, err
}

// zstdDecoder returns the decoder of all calls. It does not allocate more than the capacity of what it appends to.
var zstdDecoder = sync.OnceValue(func() *zstd.Decoder {
	d, err := zstd.NewReader(nil, zstd.WithDecodeAllCapLimit(true), zstd.WithDecoderLowmem(true))
	if err != nil {
		panic(err) // the options are constant
	}
	return d
})
