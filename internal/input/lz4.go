// SPDX-License-Identifier: Apache-2.0

package input

import (
	"encoding/binary"
	"errors"

	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/pierrec/lz4/v4"
)

// hadoopLZ4 is Parquet's codec LZ4, which arrow-go lacks: LZ4 blocks in the frames of Hadoop, as Spark and DataFusion write
// them. A frame is the length of its text and pieces, each a length and an LZ4 block, until the text is complete. Old
// versions of Arrow wrote a single block without a frame.
type hadoopLZ4 struct{ compress.Codec }

func init() {
	raw, err := compress.GetCodec(compress.Codecs.Lz4Raw)
	if err != nil {
		panic(err)
	}
	compress.RegisterCodec(compress.Codecs.Lz4, hadoopLZ4{raw})
}

func (c hadoopLZ4) Decode(dst, src []byte) []byte {
	text, err := c.DecodeWithError(dst, src)
	if err != nil {
		panic(err)
	}
	return text
}

// DecodeWithError decodes a page into dst, which has its length.
func (c hadoopLZ4) DecodeWithError(dst, src []byte) ([]byte, error) {
	if n, err := framesLZ4(dst, src); err == nil {
		return dst[:n], nil
	}
	return compress.Decode(c.Codec, dst, src)
}

var errFrame = errors.New("not a frame of LZ4")

// framesLZ4 decodes frames and returns the length of their text.
func framesLZ4(dst, src []byte) (n int, err error) {
	for len(src) > 0 {
		length, rest, ok := cutLength(src)
		if !ok || length > len(dst)-n {
			return 0, errFrame
		}
		src = rest
		for end := n + length; n < end; {
			piece, rest, ok := cutLength(src)
			if !ok || piece > len(rest) {
				return 0, errFrame
			}
			written, err := lz4.UncompressBlock(rest[:piece], dst[n:end])
			if err != nil || written == 0 {
				return 0, errFrame
			}
			n, src = n+written, rest[piece:]
		}
	}
	return n, nil
}

// cutLength cuts off a length.
func cutLength(src []byte) (length int, rest []byte, ok bool) {
	const size = 4
	if len(src) < size {
		return 0, nil, false
	}
	return int(binary.BigEndian.Uint32(src)), src[size:], true
}
