// SPDX-License-Identifier: Apache-2.0

package parquetin_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"

	"github.com/headcount-hll/headcount/internal/parquetin"
	"github.com/headcount-hll/headcount/internal/parquetin/parquettest"
)

// written returns a file with the columns plain and other.
func written(t *testing.T, properties ...parquet.WriterProperty) []byte {
	t.Helper()
	return parquettest.Written(t, []string{"plain", "other"}, properties...)
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
	err := parquetin.Encrypted(written(t, parquettest.Encrypted("other"))[:parquetin.Magic])
	if err == nil || !strings.Contains(err.Error(), "write it without encryption") {
		t.Errorf("error %v", err)
	}
	if err := parquetin.Encrypted(written(t)[:parquetin.Magic]); err != nil {
		t.Errorf("a plain file: %v", err)
	}
}

func TestColumn_NamesWhatCannotBeRead(t *testing.T) {
	plain, secret, lzo := open(t, written(t)), open(t, written(t, parquettest.Encrypted("other", parquet.WithPlaintextFooter()))), open(t, written(t))
	split := open(t, written(t))
	split.MetaData().RowGroups[0].Columns[1].MetaData.Encodings[0] = 9 // BYTE_STREAM_SPLIT, which texts do not have
	lzo.MetaData().RowGroups[0].Columns[1].MetaData.Codec = 3          // LZO, which no library at hand writes
	for name, tried := range map[string]struct {
		in   *file.Reader
		want string
	}{
		"encrypted": {secret, "column other is encrypted: write it without encryption"},
		"encoding":  {split, "column other, BYTE_ARRAY, has the encoding BYTE_STREAM_SPLIT, which is not read: write it with a dictionary or plain"},
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
