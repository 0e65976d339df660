// SPDX-License-Identifier: Apache-2.0

package parquetin_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"github.com/headcount-hll/headcount/internal/parquetin"
)

// written returns a file with the columns plain and other, one row each.
func written(t *testing.T, properties ...parquet.WriterProperty) []byte {
	t.Helper()
	schema := arrow.NewSchema([]arrow.Field{{Name: "plain", Type: arrow.PrimitiveTypes.Int64}, {Name: "other", Type: arrow.PrimitiveTypes.Int64}}, nil)
	rows := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	for i := range 2 {
		rows.Field(i).(*array.Int64Builder).Append(1)
	}
	var out bytes.Buffer
	w, err := pqarrow.NewFileWriter(schema, &out, parquet.NewWriterProperties(properties...), pqarrow.DefaultWriterProps())
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(rows.NewRecordBatch()); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func encryption(options ...parquet.EncryptOption) parquet.WriterProperty {
	const key = "0123456789012345"
	columns := parquet.ColumnPathToEncryptionPropsMap{"other": parquet.NewColumnEncryptionProperties("other", parquet.WithKey(key))}
	return parquet.WithEncryptionProperties(parquet.NewFileEncryptionProperties(key, append(options, parquet.WithEncryptedColumns(columns))...))
}

func open(t *testing.T, content []byte) *file.Reader {
	t.Helper()
	r, err := file.NewParquetReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

func TestEncrypted_NamesAFileWithAnEncryptedFooter(t *testing.T) {
	err := parquetin.Encrypted(written(t, encryption())[:parquetin.Magic])
	if err == nil || !strings.Contains(err.Error(), "write it without encryption") {
		t.Errorf("error %v", err)
	}
	if err := parquetin.Encrypted(written(t)[:parquetin.Magic]); err != nil {
		t.Errorf("a plain file: %v", err)
	}
}

func TestColumn_NamesWhatCannotBeRead(t *testing.T) {
	plain, secret, lzo := open(t, written(t)), open(t, written(t, encryption(parquet.WithPlaintextFooter()))), open(t, written(t))
	lzo.MetaData().RowGroups[0].Columns[1].MetaData.Codec = 3 // LZO, which no library at hand writes
	for name, tried := range map[string]struct {
		in   *file.Reader
		want string
	}{
		"encrypted": {secret, "column other is encrypted: write it without encryption"},
		"LZO":       {lzo, "column other is compressed with LZO, which is not read: write it with zstd"},
	} {
		if err := parquetin.Column(tried.in.MetaData(), 0); err != nil {
			t.Errorf("%s, the other column: %v", name, err)
		}
		for _, err := range []error{parquetin.Column(tried.in.MetaData(), 1), parquetin.Columns(tried.in.MetaData())} {
			if err == nil || !strings.Contains(err.Error(), tried.want) {
				t.Errorf("%s: error %v, want one with %q", name, err, tried.want)
			}
		}
	}
	if err := parquetin.Columns(plain.MetaData()); err != nil {
		t.Errorf("a plain file: %v", err)
	}
}
