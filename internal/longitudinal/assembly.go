// SPDX-License-Identifier: Apache-2.0

package longitudinal

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/metadata"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"github.com/apache/arrow-go/v18/parquet/schema"
)

// An assembly is a Parquet file whose column chunks are made elsewhere: pages that a pageEncoder made, or chunks of another file.
// Headers of pages and the file's metadata are arrow-go's.
type assembly struct {
	out        *countingWriter
	properties *parquet.WriterProperties
	schema     *schema.Schema
	meta       *metadata.FileMetaDataBuilder
	group      *metadata.RowGroupMetaDataBuilder
	groups     int16
	encoder    pageEncoder
	compressed bytes.Buffer
}

const parquetMagic = "PAR1"

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

// newAssembly begins a file of a schema. It does not close what is written to.
func newAssembly(out io.Writer, of *arrow.Schema, properties *parquet.WriterProperties) (*assembly, error) {
	columns, err := pqarrow.ToParquet(of, properties, pqarrow.NewArrowWriterProperties())
	if err != nil {
		return nil, err
	}
	says := metadata.KeyValueMetadata{}
	for i, key := range of.Metadata().Keys() {
		if err := says.Append(key, of.Metadata().Values()[i]); err != nil {
			return nil, err
		}
	}
	a := &assembly{out: &countingWriter{Writer: out}, properties: properties, schema: columns,
		meta: metadata.NewFileMetadataBuilder(columns, properties, says)}
	_, err = io.WriteString(a.out, parquetMagic)
	return a, err
}

// begin begins a row group. All its columns are then written in order.
func (a *assembly) begin(rows int) {
	a.group = a.meta.AppendRowGroup()
	a.group.SetNumRows(rows)
}

// end ends a row group.
func (a *assembly) end() error {
	a.groups++
	return a.group.Finish(0, a.groups-1)
}

// lists writes some rows of lists as the next column.
func (a *assembly) lists(c *codedLists, from, to int) error {
	chunk := a.group.NextColumnChunk()
	path := chunk.Descr().Path()
	pages, err := file.NewPageWriter(a.out, a.properties.CompressionFor(path), codedLevel, chunk, a.groups, int16(a.group.CurrentColumn()),
		memory.DefaultAllocator, false, nil, nil)
	if err != nil {
		return err
	}
	encoding := parquet.Encodings.Plain
	coded := c.dictionary.of != arrow.BOOL
	if coded {
		encoding = parquet.Encodings.RLEDict
		page := file.NewDictionaryPage(memory.NewBufferBytes(c.dictionary.plain), int32(len(c.dictionary.values)), parquet.Encodings.Plain)
		if _, err := pages.WriteDictionaryPage(page); err != nil {
			return err
		}
	}
	err = a.encoder.pages(c, from, to, func(levels int, page []byte) error {
		a.compressed.Reset()
		data := pages.Compress(&a.compressed, page)
		_, err := pages.WriteDataPage(file.NewDataPageV1(memory.NewBufferBytes(data), int32(levels), encoding,
			parquet.Encodings.RLE, parquet.Encodings.RLE, int32(len(page))))
		return err
	})
	if err != nil {
		return err
	}
	return pages.Close(coded, false)
}

// A chunk is a column of a row group of a file, as it is stored.
type chunk struct {
	in   *metadata.FileMetaData
	at   [2]int // row group, column
	data []byte
}

// readChunk reads a column of a row group.
func readChunk(in *metadata.FileMetaData, group, leaf int, from io.ReaderAt) (chunk, error) {
	of := in.RowGroups[group].Columns[leaf].MetaData
	start, size := of.DataPageOffset, of.TotalCompressedSize
	if of.DictionaryPageOffset != nil {
		start = *of.DictionaryPageOffset
	}
	if start < 0 || size < 0 || size > mostChunk {
		return chunk{}, fmt.Errorf("column %d has %d bytes", leaf, size)
	}
	var data bytes.Buffer
	if n, err := io.Copy(&data, io.NewSectionReader(from, start, size)); err != nil || n != size {
		return chunk{}, fmt.Errorf("column %d is cut short: %w", leaf, io.ErrUnexpectedEOF)
	}
	return chunk{in, [2]int{group, leaf}, data.Bytes()}, nil
}

// mostChunk is how many bytes a column of a row group has at most.
const mostChunk = 1 << 30

// copy writes a chunk as the next column.
func (a *assembly) copy(from chunk) error {
	of := from.in.RowGroups[from.at[0]].Columns[from.at[1]].MetaData
	to := a.group.NextColumnChunk()
	info := metadata.ChunkMetaInfo{NumValues: of.NumValues, IndexPageOffset: -1, DataPageOffset: a.out.Tell(),
		CompressedSize: of.TotalCompressedSize, UncompressedSize: of.TotalUncompressedSize}
	if of.DictionaryPageOffset != nil {
		info.DictPageOffset = a.out.Tell()
		info.DataPageOffset += of.DataPageOffset - *of.DictionaryPageOffset
	}
	if err := to.Finish(info, of.DictionaryPageOffset != nil, false, metadata.EncodingStats{}); err != nil {
		return err
	}
	says := to.Contents().MetaData
	says.Encodings, says.EncodingStats, says.Statistics, says.Codec = of.Encodings, of.EncodingStats, of.Statistics, of.Codec
	_, err := a.out.Write(from.data)
	return err
}

// close ends the file.
func (a *assembly) close() error {
	meta, err := a.meta.Finish()
	if err != nil {
		return err
	}
	n, err := meta.WriteTo(a.out, nil)
	if err != nil {
		return err
	}
	_, err = a.out.Write(append(binary.LittleEndian.AppendUint32(nil, uint32(n)), parquetMagic...))
	return err
}
