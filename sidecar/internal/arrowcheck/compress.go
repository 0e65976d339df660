// SPDX-License-Identifier: Apache-2.0

package arrowcheck

import (
	"encoding/binary"

	"github.com/headcount-hll/headcount/sidecar/internal/decompress"
)

// A codec is a member of CompressionType, plus 1. The zero codec means that buffers are not compressed.
type codec uint8

const (
	lz4Frame codec = iota + 1
	zstdFrame
)

// Fields of the table BodyCompression.
const (
	compressionCodec  = 0
	compressionMethod = 1
)

// readCodec returns the codec of a batch's buffers.
func readCodec(t flatTable) codec {
	of, present := t.tableAt(batchCompression)
	if !present {
		return 0
	}
	c := of.byteAt(compressionCodec)
	if c > 1 || of.byteAt(compressionMethod) != 0 {
		t.fail("a body compressed by codec %d, method %d: send LZ4 or ZSTD, by buffer", c, of.byteAt(compressionMethod))
	}
	return codec(c) + 1
}

// decompress returns the values of a buffer: it has their length, int64, and then a frame of the codec. A length of -1
// means that the values are not compressed.
func (r *batchReader) decompress(b Body) Body {
	if r.codec == 0 {
		return b
	}
	if b.Len() < 8 {
		r.fail("a compressed buffer of %d bytes: expected its length before it, 8 bytes", b.Len())
		return Body{}
	}
	size := int64(binary.LittleEndian.Uint64(b.Bytes(0, 8, nil)))
	frame := b.Sub(8, b.Len())
	if size == -1 {
		return frame
	}
	ratio, decode := int64(decompress.ZstdRatio), decompress.Zstd
	if r.codec == lz4Frame {
		ratio, decode = decompress.LZ4Ratio, decompress.LZ4
	}
	if size < 0 || size > ratio*int64(frame.Len()) {
		r.fail("a compressed buffer of %d bytes with the length %d", frame.Len(), size)
		return Body{}
	}
	if r.decompressed += size; r.decompressed > r.MaxBody && r.err == nil {
		r.err = &TooLargeError{r.decompressed}
	}
	if !r.reserve(int(size) + frame.Len()) {
		return Body{}
	}
	out, err := decode(frame.Bytes(0, frame.Len(), nil), int(size))
	if err != nil {
		r.fail("a compressed buffer: %v", err)
		return Body{}
	}
	return NewBody(out)
}
