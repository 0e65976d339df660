// SPDX-License-Identifier: Apache-2.0

package input

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/internal/sortkey"
)

// pieces are parts of random CSV texts. Well-formed ones come first.
var pieces = []string{
	"x,y\n", "x,y\n", "x,y\n", "x,\r\n", "x,\"y\"\n", "\"x\"\"\",\"y\nz\"\n", "\"x\r\n\",y\n", "\n", "\r\n", "\"x\",\"\n\n\n\"\r\n",
	"\"\"\"\n\"\"\",\n", "x", "\"", ",", "\r", "\"\"", "x\"y,z\n", "x\n", ",y\n",
}

// randomText returns a header and records, most of them well-formed.
func randomText(random *rand.Rand) string {
	text := strings.Builder{}
	text.WriteString("id,os\n")
	usual := 11
	if random.IntN(3) == 0 {
		usual = len(pieces)
	}
	for range random.IntN(60) {
		text.WriteString(pieces[random.IntN(usual)])
	}
	return text.String()
}

// oneByOne reads a text with encoding/csv: its rows, or the first error.
func oneByOne(text string) (rows []string, err error) {
	r := csv.NewReader(strings.NewReader(text))
	_, _ = r.Read()
	for row := int64(1); ; row++ {
		fields, err := r.Read()
		var parse *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			return rows, nil
		case errors.Is(err, csv.ErrFieldCount):
			return nil, &RowError{"a.csv", row, err.(*csv.ParseError).StartLine, fmt.Errorf("the row has %d fields, the line of column names has 2", len(fields))}
		case errors.As(err, &parse):
			return nil, &RowError{"a.csv", row, parse.StartLine, parse.Err}
		case isNull(text, r, fields, 0):
			line, _ := r.FieldPos(0)
			return nil, &RowError{"a.csv", row, line, errNull("id")}
		}
		if isNull(text, r, fields, 1) {
			fields[1] = "NULL"
		}
		rows = append(rows, fmt.Sprintf("%q", fields))
	}
}

// isNull reports whether a field of the record read last is empty and not quoted.
func isNull(text string, r *csv.Reader, fields []string, i int) bool {
	line, column := r.FieldPos(i)
	rest := strings.SplitAfter(text, "\n")[line-1][column-1:]
	return fields[i] == "" && !strings.HasPrefix(rest, `"`)
}

// inChunks reads a text with three cursors, in chunks of about the given number of bytes.
func inChunks(t *testing.T, text string, bytes int) ([]string, error) {
	t.Helper()
	f, err := openCSV(source{Reader: strings.NewReader(text), name: "a.csv"}, formatCSV, Options{Threads: 3})
	require.NoError(t, err)
	f.text.chunkBytes = bytes
	os := sortkey.Column{Name: "os", Type: sortkey.Varchar}
	parts, err := f.Parts(Selection{Keys: []sortkey.Column{os}, Value: "id", Kind: ID})
	require.NoError(t, err)
	require.Len(t, parts, 3)

	var mu sync.Mutex
	var errs []error
	rows := map[int64]string{}
	var reading sync.WaitGroup
	for _, open := range parts {
		reading.Go(func() {
			err := readCursor(open, func(row int64, key, id []byte) {
				mu.Lock()
				defer mu.Unlock()
				value, err := sortkey.Decode(nil, key, []sortkey.Column{os})
				if err != nil || rows[row] != "" {
					panic(fmt.Sprint("row ", row, " read twice, or ", err))
				}
				rows[row] = fmt.Sprintf("%q", []string{string(id), value[0].Format(os.Type, "NULL")})
			})
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				errs = append(errs, err)
			}
		})
	}
	reading.Wait()
	for _, err := range errs {
		require.Equal(t, errs[0], err, "all cursors return the same error")
	}
	if len(errs) > 0 {
		return nil, errs[0]
	}
	var inOrder []string
	for i := range int64(len(rows)) {
		inOrder = append(inOrder, rows[i+1])
	}
	return inOrder, nil
}

func readCursor(open Part, f func(row int64, key, id []byte)) error {
	cursor, err := open()
	if err != nil {
		return err
	}
	for {
		var b Batch
		if err := cursor.Next(&b); errors.Is(err, io.EOF) {
			return cursor.Close()
		} else if err != nil {
			_ = cursor.Close()
			return err
		}
		for i := range b.Keys {
			f(b.Row(i), b.Keys[i], b.Values[i])
		}
	}
}

// Chunks of any size give the rows, row numbers and first error of the whole text.
func TestSplitter_ChunksHaveTheRowsOfTheText(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	good, failed := 0, 0
	for range 20_000 {
		text := randomText(random)
		want, wantErr := oneByOne(text)
		got, err := inChunks(t, text, 1+random.IntN(40))
		if wantErr != nil {
			require.Error(t, err, "%q", text)
			require.Equal(t, wantErr.Error(), err.Error(), "%q", text)
			failed++
			continue
		}
		require.NoError(t, err, "%q", text)
		require.Equal(t, want, got, "%q", text)
		good++
	}
	require.Greater(t, good, 2000)
	require.Greater(t, failed, 2000)
}

func TestSplitter_LimitsTheSizeOfARow(t *testing.T) {
	endless := strings.NewReader("id,os\nx,Linux\n\"" + strings.Repeat("y\n", 1<<22))
	f, err := openCSV(source{Reader: endless, name: "a.csv"}, formatCSV, Options{Memory: 2_000_000})
	require.NoError(t, err)
	parts, err := f.Parts(Selection{Value: "id", Kind: ID})
	require.NoError(t, err)
	require.EqualError(t, readCursor(parts[0], func(int64, []byte, []byte) {}),
		"a.csv, line 3 (row 2): a row of more than 2.0 MB: is a closing quote missing?")
	require.Greater(t, endless.Len(), 1<<22, "the text was read further")
}

func TestText_ReadErrorNamesTheRow(t *testing.T) {
	broken := io.MultiReader(strings.NewReader("id,os\nx,Linux\ny,Lin"), failing{errors.New("the line went dead")})
	f, err := openCSV(source{Reader: broken, name: "a.csv"}, formatCSV, Options{})
	require.NoError(t, err)
	parts, err := f.Parts(Selection{Value: "id", Kind: ID})
	require.NoError(t, err)
	require.EqualError(t, readCursor(parts[0], func(int64, []byte, []byte) {}),
		"a.csv, line 3 (row 2): reading failed: the line went dead")
}

type failing struct{ error }

func (f failing) Read([]byte) (int, error) { return 0, f.error }
