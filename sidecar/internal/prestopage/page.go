// SPDX-License-Identifier: Apache-2.0

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

// ErrChannels is the cause of Decode's error when the page has the wrong number of channels.
var ErrChannels = errors.New("wrong number of channels")

// Decode reads the page at the start of data. It returns the number of rows, and one column for each type. The columns
// share data's memory.
//
// The page must have one channel for each type. One channel is enough for several equal types: PrestoDB sends a column
// once if it is every argument. Without types, Decode ignores the channels.
//
// Run-length and dictionary blocks are expanded to at most maxValues rows and elements, over all columns. A page that
// needs more is an error.
func Decode(data []byte, types []udf.Type, maxValues int) (rows int, columns []udf.Column, err error) {
	rows, body, err := decodeHeader(data)
	if err != nil {
		return 0, nil, err
	}
	if rows > maxValues {
		return 0, nil, fmt.Errorf("presto page: %d rows: the maximum is %d", rows, maxValues)
	}
	if len(types) == 0 {
		return rows, nil, nil
	}
	arguments := len(types)
	r := &reader{body: body, values: maxValues}
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
			return 0, nil, fmt.Errorf("presto page: channel %d has %d rows, the page has %d", i, column.Rows, rows)
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

// decodeHeader checks a page's header and checksum, and returns the number of rows and the body.
func decodeHeader(data []byte) (rows int, body []byte, err error) {
	if len(data) < headerSize {
		return 0, nil, fmt.Errorf("presto page: %d bytes: the header alone has %d", len(data), headerSize)
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
		return 0, nil, errors.New("presto page: compressed pages are not supported")
	case markers&markerEncrypted != 0:
		return 0, nil, errors.New("presto page: encrypted pages are not supported")
	case markers&^markerChecksummed != 0:
		return 0, nil, fmt.Errorf("presto page: unknown codec markers %#02x", markers)
	case size < 0 || int64(size) > int64(len(data)-headerSize):
		return 0, nil, fmt.Errorf("presto page: the header declares a body of %d bytes, %d follow", size, len(data)-headerSize)
	case uncompressed != size:
		return 0, nil, fmt.Errorf("presto page: not compressed, but the uncompressed size is %d and the size %d", uncompressed, size)
	}
	body = data[headerSize : headerSize+int(size)]
	if markers&markerChecksummed != 0 {
		if sum := Checksum(body, markers, signed, size); sum != checksum {
			return 0, nil, fmt.Errorf("presto page: the header has checksum %#x, the body %#x", checksum, sum)
		}
	}
	return int(signed), body, nil
}

// Checksum returns the checksum of a page.
func Checksum(body []byte, markers byte, rows, uncompressed int32) uint64 {
	tail := []byte{markers}
	tail = binary.LittleEndian.AppendUint32(tail, uint32(rows))
	tail = binary.LittleEndian.AppendUint32(tail, uint32(uncompressed))
	return uint64(crc32.Update(crc32.ChecksumIEEE(body), crc32.IEEETable, tail))
}

// Append appends a page of one channel, which holds the rows of all parts in order. t is the type of every part: byte
// strings, bigint, double, or an array or a row of these.
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
		return nil, fmt.Errorf("presto page: %d bytes: the maximum is 2^31-1", size)
	}
	header := dst[start:]
	binary.LittleEndian.PutUint32(header, uint32(rowsOf(parts)))
	binary.LittleEndian.PutUint32(header[5:], uint32(size))
	binary.LittleEndian.PutUint32(header[9:], uint32(size))
	return dst, nil
}

// AppendError appends a page that carries an error message as the name of the encoding of its one block. PrestoDB does
// not know such an encoding, and shows the user "Unknown block encoding" followed by the name. It does not show the
// body of any response with a status other than 200.
func AppendError(dst []byte, message string) []byte {
	dst = appendInt(dst, 0)
	dst = append(dst, 0)
	size := 4 + 4 + len(message)
	dst = appendInt(appendInt(dst, size), size)
	dst = binary.LittleEndian.AppendUint64(dst, 0)
	return appendName(appendInt(dst, 1), message)
}
