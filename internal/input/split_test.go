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

// pieces are what text is put together of where quotes, lines and columns matter, the usual ones several times.
var pieces = []string{
	"x,y\n", "x,y\n", "x,y\n", "x,\r\n", "x,\"y\"\n", "\"x\"\"\",\"y\nz\"\n", "\"x\r\n\",y\n", "\n", "\r\n", "\"x\",\"\n\n\n\"\r\n",
	"\"\"\"\n\"\"\",\n", "x", "\"", ",", "\r", "\"\"", "x\"y,z\n", "x\n", ",y\n",
}

// randomText has a header and mostly records that are right.
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

// oneByOne is what a file holds by encoding/csv alone: its rows, or the first that is refused.
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
			return nil, &RowError{"a.csv", row, err.(*csv.ParseError).StartLine, errors.New("the number of fields is not 2, as in the line of column names")}
		case errors.As(err, &parse):
			return nil, &RowError{"a.csv", row, parse.StartLine, parse.Err}
		case fields[0] == "":
			line, _ := r.FieldPos(0)
			return nil, &RowError{"a.csv", row, line, errNull("id")}
		}
		rows = append(rows, fmt.Sprintf("%q", fields))
	}
}

// inChunks is the same as three cursors read it, from chunks of about so many bytes.
func inChunks(t *testing.T, text string, bytes int) ([]string, error) {
	t.Helper()
	split := newSplitter(strings.NewReader(text), bytes, 1<<20)
	names, err := split.header()
	require.NoError(t, err)
	f := &csvFile{source: source{name: "a.csv"}, text: split, names: names, threads: 3}
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
					panic(fmt.Sprint("row ", row, " a second time, or ", err))
				}
				rows[row] = fmt.Sprintf("%q", []string{string(id), value[0].Format(os.Type, "")})
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
		require.Equal(t, errs[0], err, "every cursor that fails tells of the same row")
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

// Wherever text is cut, its rows, their numbers, and which row is refused first, are those of the text as a whole.
func TestChunksHoldTheRowsOfTheWhole(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	right, refused := 0, 0
	for range 20_000 {
		text := randomText(random)
		want, wantErr := oneByOne(text)
		got, err := inChunks(t, text, 1+random.IntN(40))
		if wantErr != nil {
			require.Error(t, err, "%q", text)
			require.Equal(t, wantErr.Error(), err.Error(), "%q", text)
			refused++
			continue
		}
		require.NoError(t, err, "%q", text)
		require.Equal(t, want, got, "%q", text)
		right++
	}
	require.Greater(t, right, 2000)
	require.Greater(t, refused, 2000)
}

func TestARowThatDoesNotEndIsRefusedBeforeItTakesAllMemory(t *testing.T) {
	endless := strings.NewReader("id,os\nx,Linux\n\"" + strings.Repeat("y\n", 1<<22))
	f, err := openCSV(source{Reader: endless, name: "a.csv"}, Options{Memory: 2_000_000})
	require.NoError(t, err)
	parts, err := f.Parts(Selection{Value: "id", Kind: ID})
	require.NoError(t, err)
	require.EqualError(t, readCursor(parts[0], func(int64, []byte, []byte) {}),
		"a.csv, line 3 (row 2): a row of more than 2.0 MB: does a quote not end?")
	require.Greater(t, endless.Len(), 1<<22, "it was read on all the same")
}

func TestTextThatBreaksOffSaysWhere(t *testing.T) {
	broken := io.MultiReader(strings.NewReader("id,os\nx,Linux\ny,Lin"), failing{errors.New("the line went dead")})
	f, err := openCSV(source{Reader: broken, name: "a.csv"}, Options{})
	require.NoError(t, err)
	parts, err := f.Parts(Selection{Value: "id", Kind: ID})
	require.NoError(t, err)
	require.EqualError(t, readCursor(parts[0], func(int64, []byte, []byte) {}),
		"a.csv, line 3 (row 2): reading on from here: the line went dead")
}

type failing struct{ error }

func (f failing) Read([]byte) (int, error) { return 0, f.error }
