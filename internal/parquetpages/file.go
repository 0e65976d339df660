// SPDX-License-Identifier: Apache-2.0

// Package parquetpages reads the codes and levels of Parquet pages, and writes files from pages whose codes and levels are known already,
// and from column chunks of other files.
// Encoding takes about 1 ns a value, where arrow-go finds every code by a hash and takes every level by itself.
package parquetpages

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/metadata"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"github.com/apache/arrow-go/v18/parquet/schema"
)

// A File is a Parquet file whose column chunks are made elsewhere. Headers of pages and the file's metadata are arrow-go's.
type File struct {
	Schema *schema.Schema

	out        *countingWriter
	properties *parquet.WriterProperties
	codec      compress.Codec
	level      int
	meta       *metadata.FileMetaDataBuilder
	group      *metadata.RowGroupMetaDataBuilder
	groups     int16
}

// Magic begins and ends a Parquet file.
const Magic = "PAR1"

// A countingWriter knows where it is in a file.
type countingWriter struct {
	io.Writer
	written int64
}

func (w *countingWriter) Write(b []byte) (int, error) {
	n, err := w.Writer.Write(b)
	w.written += int64(n)
	return n, err
}

// Tell returns how many bytes were written.
func (w *countingWriter) Tell() int64 { return w.written }

// New begins a file of a schema. Pages are compressed by zstd with a level. It does not close what is written to.
func New(out io.Writer, of *arrow.Schema, properties *parquet.WriterProperties, level int) (*File, error) {
	columns, err := pqarrow.ToParquet(of, properties, pqarrow.NewArrowWriterProperties())
	if err != nil {
		return nil, err
	}
	codec, err := compress.GetCodec(compress.Codecs.Zstd)
	if err != nil {
		return nil, err
	}
	says := metadata.KeyValueMetadata{}
	for i, key := range of.Metadata().Keys() {
		if err := says.Append(key, of.Metadata().Values()[i]); err != nil {
			return nil, err
		}
	}
	f := &File{Schema: columns, out: &countingWriter{Writer: out}, properties: properties, codec: codec, level: level,
		meta: metadata.NewFileMetadataBuilder(columns, properties, says)}
	_, err = io.WriteString(f.out, Magic)
	return f, err
}

// Begin begins a row group. All its columns are then written in order.
func (f *File) Begin(rows int) {
	f.group = f.meta.AppendRowGroup()
	f.group.SetNumRows(rows)
}

// End ends a row group.
func (f *File) End() error {
	f.groups++
	return f.group.Finish(0, f.groups-1)
}

// Compress returns a page as the file has it, in the memory of to where that is long enough.
func (f *File) Compress(to, page []byte) []byte { return f.codec.EncodeLevel(to[:0], page, f.level) }

// A Page is a data page.
type Page struct {
	Levels     int              // the number of its values, NULLs included
	Encoding   parquet.Encoding // of its values
	Size       int              // before it was compressed
	Compressed []byte
}

// A Column says what the pages of a column chunk have in common.
type Column struct {
	Coded      bool // most of the pages have codes of a dictionary
	Dictionary []byte
	Values     int  // of the dictionary
	Plain      bool // pages behind those with codes have none
	Statistics *metadata.EncodedStatistics
}

// Write writes the next column of the row group, whose pages are what the function gives to write.
func (f *File) Write(c Column, pages func(write func(Page) error) error) error {
	chunk := f.group.NextColumnChunk()
	to, err := file.NewPageWriter(f.out, compress.Codecs.Zstd, f.level, chunk, f.groups, int16(f.group.CurrentColumn()),
		memory.DefaultAllocator, false, nil, nil)
	if err != nil {
		return err
	}
	if c.Coded {
		page := file.NewDictionaryPage(memory.NewBufferBytes(c.Dictionary), int32(c.Values), parquet.Encodings.Plain)
		if _, err := to.WriteDictionaryPage(page); err != nil {
			return err
		}
	}
	if c.Statistics != nil {
		chunk.SetStats(*c.Statistics)
	}
	err = pages(func(p Page) error {
		_, err := to.WriteDataPage(file.NewDataPageV1(memory.NewBufferBytes(p.Compressed), int32(p.Levels), p.Encoding,
			parquet.Encodings.RLE, parquet.Encodings.RLE, int32(p.Size)))
		return err
	})
	if err != nil {
		return err
	}
	return to.Close(c.Coded, c.Plain)
}

// A Chunk is a column of a row group of a file, as it is stored.
type Chunk struct {
	in   *metadata.FileMetaData
	at   [2]int // row group, column
	data []byte
}

// Empty reports whether a chunk has not been read.
func (c *Chunk) Empty() bool { return c.data == nil }

// ReadChunk reads a column of a row group.
func ReadChunk(in *metadata.FileMetaData, group, leaf int, from io.ReaderAt) (Chunk, error) {
	of := in.RowGroups[group].Columns[leaf].MetaData
	start, size := of.DataPageOffset, of.TotalCompressedSize
	if of.DictionaryPageOffset != nil {
		start = *of.DictionaryPageOffset
	}
	if start < 0 || size < 0 || size > mostChunk {
		return Chunk{}, fmt.Errorf("column %d has %d bytes", leaf, size)
	}
	var data bytes.Buffer
	if n, err := io.Copy(&data, io.NewSectionReader(from, start, size)); err != nil || n != size {
		return Chunk{}, fmt.Errorf("column %d is cut short: %w", leaf, io.ErrUnexpectedEOF)
	}
	return Chunk{in, [2]int{group, leaf}, data.Bytes()}, nil
}

// mostChunk is how many bytes a column of a row group has at most.
const mostChunk = 1 << 30

// Copy writes a chunk as the next column.
func (f *File) Copy(from Chunk) error {
	of := from.in.RowGroups[from.at[0]].Columns[from.at[1]].MetaData
	to := f.group.NextColumnChunk()
	info := metadata.ChunkMetaInfo{NumValues: of.NumValues, IndexPageOffset: -1, DataPageOffset: f.out.Tell(),
		CompressedSize: of.TotalCompressedSize, UncompressedSize: of.TotalUncompressedSize}
	if of.DictionaryPageOffset != nil {
		info.DictPageOffset = f.out.Tell()
		info.DataPageOffset += of.DataPageOffset - *of.DictionaryPageOffset
	}
	if err := to.Finish(info, of.DictionaryPageOffset != nil, false, metadata.EncodingStats{}); err != nil {
		return err
	}
	says := to.Contents().MetaData
	says.Encodings, says.EncodingStats, says.Statistics, says.Codec = of.Encodings, of.EncodingStats, of.Statistics, of.Codec
	_, err := f.out.Write(from.data)
	return err
}

// Close ends the file.
func (f *File) Close() error {
	meta, err := f.meta.Finish()
	if err != nil {
		return err
	}
	n, err := meta.WriteTo(f.out, nil)
	if err != nil {
		return err
	}
	_, err = f.out.Write(append(binary.LittleEndian.AppendUint32(nil, uint32(n)), Magic...))
	return err
}
