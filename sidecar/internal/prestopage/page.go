package prestopage

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"

	"github.com/headcount-hll/headcount/udf"
)

const (
	headerSize = 4 + 1 + 4 + 4 + 8

	markerCompressed  = 1
	markerEncrypted   = 2
	markerChecksummed = 4
)

// ErrChannels is wrapped by Decode's error when the page has another number of channels than was asked for.
var ErrChannels = errors.New("wrong number of channels")

// Decode reads the page at the start of data as columns of the types, one for each channel, and returns how many
// rows it has. A single channel serves all of several equal types: PrestoDB sends a column once that is every argument. The columns share data's memory. Run-length and dictionary blocks are spread out to at most
// mostValues rows and elements, over all columns; a page that needs more is refused.
//
// Without types the channels are not looked at: there is nothing to read in them.
func Decode(data []byte, types []udf.Type, mostValues int) (rows int, columns []udf.Column, err error) {
	rows, body, err := decodeHeader(data)
	if err != nil {
		return 0, nil, err
	}
	if rows > mostValues {
		return 0, nil, fmt.Errorf("presto page: %d rows, and at most %d are taken", rows, mostValues)
	}
	if len(types) == 0 {
		return rows, nil, nil
	}
	arguments := len(types)
	r := &reader{body: body, values: mostValues}
	channels, err := r.count("number of channels")
	if err != nil {
		return 0, nil, fmt.Errorf("presto page: %w", err)
	}
	if channels == 1 && allEqual(types) {
		types = types[:1]
	}
	if channels != len(types) {
		return 0, nil, fmt.Errorf("presto page: %w: %d channels for %d arguments", ErrChannels, channels, len(types))
	}
	for i, t := range types {
		column, err := r.block(t, 0)
		if err != nil {
			return 0, nil, fmt.Errorf("presto page: channel %d: %w", i, err)
		}
		if column.Rows != rows {
			return 0, nil, fmt.Errorf("presto page: channel %d has %d rows, the page %d", i, column.Rows, rows)
		}
		columns = append(columns, column)
	}
	for len(columns) < arguments {
		columns = append(columns, columns[0])
	}
	if rest := len(body) - r.at; rest != 0 {
		return 0, nil, fmt.Errorf("presto page: %d bytes after the last channel", rest)
	}
	return rows, columns, nil
}

func allEqual(types []udf.Type) bool {
	for _, t := range types {
		if t.String() != types[0].String() {
			return false
		}
	}
	return true
}

// decodeHeader checks a page's header and checksum, and returns its rows and its body.
func decodeHeader(data []byte) (rows int, body []byte, err error) {
	if len(data) < headerSize {
		return 0, nil, fmt.Errorf("presto page: %d bytes, and its header alone has %d", len(data), headerSize)
	}
	signed := int32(binary.LittleEndian.Uint32(data))
	markers := data[4]
	uncompressed := int32(binary.LittleEndian.Uint32(data[5:]))
	size := int32(binary.LittleEndian.Uint32(data[9:]))
	checksum := binary.LittleEndian.Uint64(data[13:])
	switch {
	case signed < 0:
		return 0, nil, fmt.Errorf("presto page: %d rows", signed)
	case markers&markerCompressed != 0:
		return 0, nil, errors.New("presto page: compressed, which is not supported")
	case markers&markerEncrypted != 0:
		return 0, nil, errors.New("presto page: encrypted, which is not supported")
	case markers&^markerChecksummed != 0:
		return 0, nil, fmt.Errorf("presto page: unknown codec markers %#02x", markers)
	case size < 0 || int64(size) > int64(len(data)-headerSize):
		return 0, nil, fmt.Errorf("presto page: a body of %d bytes is announced, %d follow", size, len(data)-headerSize)
	case uncompressed != size:
		return 0, nil, fmt.Errorf("presto page: not compressed, but of %d bytes in %d", uncompressed, size)
	}
	body = data[headerSize : headerSize+int(size)]
	if markers&markerChecksummed != 0 {
		if sum := Checksum(body, markers, signed, size); sum != checksum {
			return 0, nil, fmt.Errorf("presto page: checksum %#x, and its bytes have %#x", checksum, sum)
		}
	}
	return int(signed), body, nil
}

// Checksum is what a checksummed page carries.
func Checksum(body []byte, markers byte, rows, uncompressed int32) uint64 {
	tail := []byte{markers}
	tail = binary.LittleEndian.AppendUint32(tail, uint32(rows))
	tail = binary.LittleEndian.AppendUint32(tail, uint32(uncompressed))
	return uint64(crc32.Update(crc32.ChecksumIEEE(body), crc32.IEEETable, tail))
}

// Append appends a page of one channel, whose rows are those of the parts, one after the other, all of one type:
// byte strings, bigint, double, or a row of such.
func Append(dst []byte, t udf.Type, parts []udf.Column) ([]byte, error) {
	start := len(dst)
	dst = append(dst, make([]byte, headerSize)...)
	dst = appendInt(dst, 1)
	dst, err := appendBlock(dst, t, parts)
	if err != nil {
		return nil, err
	}
	size := len(dst) - start - headerSize
	if size > math.MaxInt32 {
		return nil, fmt.Errorf("presto page: %d bytes, more than a page can have", size)
	}
	header := dst[start:]
	binary.LittleEndian.PutUint32(header, uint32(rowsOf(parts)))
	binary.LittleEndian.PutUint32(header[5:], uint32(size))
	binary.LittleEndian.PutUint32(header[9:], uint32(size))
	return dst, nil
}

// AppendRefusal appends a page that no reader takes, because its one block is of an encoding that there is not:
// one named by the message. It is how a message reaches a person through PrestoDB, which throws the body of any
// other answer than 200 away, and says "Unknown block encoding" and the name.
func AppendRefusal(dst []byte, message string) []byte {
	dst = appendInt(dst, 0)
	dst = append(dst, 0)
	size := 4 + 4 + len(message)
	dst = appendInt(appendInt(dst, size), size)
	dst = binary.LittleEndian.AppendUint64(dst, 0)
	return appendName(appendInt(dst, 1), message)
}
