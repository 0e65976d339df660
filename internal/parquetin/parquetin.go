// SPDX-License-Identifier: Apache-2.0

// Package parquetin says why a Parquet file, or a column of one, cannot be read.
package parquetin

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/metadata"
)

const withoutKeys = "write it without encryption, with a program that has its keys"

// Magic is the number of bytes at the beginning of a file that [Encrypted] looks at.
const Magic = 4

// Encrypted returns the error of a file that begins with these bytes and whose footer is encrypted; nil of others.
func Encrypted(first []byte) error {
	if bytes.HasPrefix(first, []byte("PARE")) {
		return errors.New("an encrypted Parquet file: " + withoutKeys)
	}
	return nil
}

// unread are the compressions that the library does not read.
var unread = []compress.Compression{compress.Codecs.Lzo}

// Column returns the error of a column whose values cannot be read: they are encrypted although the footer is not, or compressed in a
// way that the library does not read. leaf is its index among the columns without parts.
func Column(meta *metadata.FileMetaData, leaf int) error {
	for g, group := range meta.RowGroups {
		if leaf >= len(group.Columns) {
			continue
		}
		name := meta.Schema.Column(leaf).Path()
		if group.Columns[leaf].IsSetCryptoMetadata() {
			return fmt.Errorf("column %s is encrypted: %s", name, withoutKeys)
		}
		chunk, err := meta.RowGroup(g).ColumnChunk(leaf)
		if err != nil {
			return err
		}
		if codec := chunk.Compression(); slices.Contains(unread, codec) {
			return fmt.Errorf("column %s is compressed with %s, which is not read: write it with zstd, snappy, gzip, brotli, lz4 or none", name, codec)
		}
		for _, encoding := range chunk.Encodings() {
			if !decodes(chunk.Type(), encoding) {
				return fmt.Errorf("column %s, %s, has the encoding %s, which is not read: write it with a dictionary or plain",
					name, chunk.Type(), encoding)
			}
		}
	}
	return nil
}

// decodes reports whether the library reads values of a type that have an encoding. Encodings of levels are listed with those of values.
func decodes(t parquet.Type, e parquet.Encoding) bool {
	switch e {
	case parquet.Encodings.Plain, parquet.Encodings.PlainDict, parquet.Encodings.RLEDict, parquet.Encodings.RLE, parquet.Encodings.BitPacked:
		return true
	case parquet.Encodings.DeltaBinaryPacked:
		return t == parquet.Types.Int32 || t == parquet.Types.Int64
	case parquet.Encodings.DeltaLengthByteArray, parquet.Encodings.DeltaByteArray:
		return t == parquet.Types.ByteArray
	case parquet.Encodings.ByteStreamSplit:
		return t != parquet.Types.ByteArray && t != parquet.Types.Boolean && t != parquet.Types.Int96
	}
	return false
}

// Columns returns the first error of [Column] of a file's columns.
func Columns(meta *metadata.FileMetaData) error {
	for leaf := range meta.Schema.NumColumns() {
		if err := Column(meta, leaf); err != nil {
			return err
		}
	}
	return nil
}
