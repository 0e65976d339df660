// SPDX-License-Identifier: Apache-2.0

package longitudinal

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/internal/sortkey"
)

var keys = []sortkey.Column{
	{Name: "document_id", Type: sortkey.Varchar}, {Name: "os", Type: sortkey.Varchar}, {Name: "subsession_start_date", Type: sortkey.Varchar},
	{Name: "uptime", Type: sortkey.Bigint}, {Name: "profile_subsession_counter", Type: sortkey.Bigint}, {Name: "e10s", Type: sortkey.Boolean},
	{Name: "day", Type: sortkey.Date}, {Name: "normalizedchannel", Type: sortkey.Varchar},
}

// A testPing is a row, nil for NULL: the client, then the values of columns.
type testPing struct {
	client string
	values []any
}

type memorySource []testPing

func (memorySource) Columns() (columns []Column) {
	for _, k := range keys {
		columns = append(columns, Column{Column: k})
	}
	return columns
}

func (s memorySource) Each(_ context.Context, threads int, newWorker func() func([]byte, []sortkey.Value) error) error {
	var workers []func([]byte, []sortkey.Value) error
	for range threads {
		workers = append(workers, newWorker())
	}
	for i, p := range s {
		var values []sortkey.Value
		for _, v := range p.values {
			switch v := v.(type) {
			case nil:
				values = append(values, sortkey.Value{Null: true})
			case string:
				values = append(values, sortkey.Value{Text: []byte(v)})
			case bool:
				values = append(values, sortkey.Value{Int: map[bool]int64{true: 1}[v]})
			case int:
				values = append(values, sortkey.Value{Int: int64(v)})
			}
		}
		var client []byte
		if p.client != "" {
			client = []byte(p.client)
		}
		if err := workers[i%threads](client, values); err != nil {
			return err
		}
	}
	return nil
}

func build(t *testing.T, source Source, change func(*Options)) ([]map[string]any, *Counts) {
	t.Helper()
	o := Options{Threads: 2, Memory: 64 << 20, SpillDir: t.TempDir(), To: 99, MaxIgnored: 0.005, CreatedBy: "test"}
	if change != nil {
		change(&o)
	}
	var out bytes.Buffer
	counts, err := Build(context.Background(), &out, source, o)
	require.NoError(t, err)
	return read(t, out.Bytes()), counts
}

// readTable opens a file and reads all its rows.
func readTable(t *testing.T, data []byte) (*file.Reader, arrow.Table) {
	t.Helper()
	in, err := file.NewParquetReader(bytes.NewReader(data))
	require.NoError(t, err)
	r, err := pqarrow.NewFileReader(in, pqarrow.ArrowReadProperties{}, memory.DefaultAllocator)
	require.NoError(t, err)
	table, err := r.ReadTable(t.Context())
	require.NoError(t, err)
	return in, table
}

// read returns a table's rows as JSON objects.
func read(t *testing.T, data []byte) (rows []map[string]any) {
	t.Helper()
	_, table := readTable(t, data)
	defer table.Release()
	batches := array.NewTableReader(table, 1000)
	defer batches.Release()
	for batches.Next() {
		text, err := batches.RecordBatch().MarshalJSON()
		require.NoError(t, err)
		var some []map[string]any
		require.NoError(t, json.Unmarshal(text, &some))
		rows = append(rows, some...)
	}
	return rows
}

func TestBuild_OneClientByTheRules(t *testing.T) {
	pings := memorySource{
		{"c", []any{"doc4", "Linux", "2016-11-03", 4, 9, true, 17000, "beta"}},
		{"c", []any{"doc2", "Darwin", "2016-11-02", 2, 7, nil, 17000, "beta"}},
		{"c", []any{"doc3", "Darwin", "2016-11-02", nil, 8, nil, 17000, "release"}},
		{"c", []any{"doc2", "Darwin", "2016-11-02", 5, 9, nil, 17000, "release"}}, // a duplicate, later
		{"c", []any{"doc1", nil, "2016-11-02", 1, 7, nil, 17000, nil}},            // before doc2 by its id
	}
	rows, counts := build(t, pings, nil)
	assert.Equal(t, int64(1), counts.Duplicates.Load())
	want := map[string]any{"client_id": "c", "os": "Linux", "normalized_channel": "beta", "sample_id": float64(crc32.ChecksumIEEE([]byte("c")) % 100),
		"subsession_start_date":      []any{"2016-11-02", "2016-11-02", "2016-11-02", "2016-11-03"},
		"profile_subsession_counter": []any{7.0, 7.0, 8.0, 9.0}, "document_id": []any{"doc1", "doc2", "doc3", "doc4"},
		"os_history": []any{nil, "Darwin", "Darwin", "Linux"}, "uptime": []any{1.0, 2.0, nil, 4.0}, "e10s": []any{nil, nil, nil, true},
		"day": []any{"2016-07-18", "2016-07-18", "2016-07-18", "2016-07-18"}, "normalizedchannel": []any{nil, "beta", "release", "beta"}}
	assert.Equal(t, []map[string]any{want}, rows)

	rows, _ = build(t, pings, func(o *Options) { o.NewestFirst = true })
	assert.Equal(t, []any{"doc4", "doc3", "doc2", "doc1"}, rows[0]["document_id"])
	assert.Equal(t, "Linux", rows[0]["os"])
}

func TestBuild_NullInsteadOfListOfNulls(t *testing.T) {
	rows, _ := build(t, memorySource{{"c", []any{nil, nil, "2016-11-03", nil, nil, nil, nil, nil}}}, nil)
	assert.Nil(t, rows[0]["uptime"])
	assert.Nil(t, rows[0]["os"])
	assert.Equal(t, []any{"2016-11-03"}, rows[0]["subsession_start_date"])
}

func TestBuild_NewestThousand(t *testing.T) {
	var pings memorySource
	for i := range 3300 {
		pings = append(pings, testPing{"c", []any{fmt.Sprint(i), "x", fmt.Sprintf("%06d", i*7%3300), i, i, nil, 1, nil}})
	}
	rows, counts := build(t, pings, nil)
	assert.Equal(t, int64(2300), counts.Older.Load())
	list := rows[0]["subsession_start_date"].([]any)
	require.Len(t, list, MostPings)
	assert.Equal(t, "002300", list[0])
	assert.Equal(t, "003299", list[999])
	assert.Nil(t, rows[0]["e10s"])
}

func TestNewLayout_NamesThatAreThereTwice(t *testing.T) {
	columns := func(names ...string) (columns []Column) {
		for _, name := range append([]string{"activitydate"}, names...) {
			columns = append(columns, Column{Column: sortkey.Column{Name: name, Type: sortkey.Varchar}})
		}
		return columns
	}
	l, err := newLayout(columns("os", "sample_id"))
	require.NoError(t, err)
	assert.Equal(t, []string{"activitydate", "os_history"}, l.names)
	_, err = newLayout(columns("os_history", "os"))
	assert.ErrorContains(t, err, "column os would be the table's second column os_history")
	for _, name := range []string{"OS", "Client_ID", "ActivityDate"} {
		_, err = newLayout(columns(name))
		assert.ErrorContains(t, err, "column "+name+" would be the table's second column "+name)
	}
}

func TestBuild_IgnoredPings(t *testing.T) {
	pings := memorySource{{"", []any{"a", nil, "2016", nil, nil, nil, nil, nil}}, {"c", []any{"a", nil, nil, nil, nil, nil, nil, nil}}}
	for range 398 {
		pings = append(pings, testPing{"c", []any{nil, nil, "2016", nil, nil, nil, nil, nil}})
	}
	_, counts := build(t, pings, nil)
	assert.Equal(t, int64(2), counts.Ignored.Load())
	_, err := Build(context.Background(), &bytes.Buffer{}, pings[:300], Options{Threads: 1, Memory: 1 << 20, To: 99, MaxIgnored: 0.005})
	assert.ErrorContains(t, err, "2 of 300 pings have no client or no time")
}

// TestBuild_EqualsNaive holds tables of random pings to what maps and sorting make of them, in memory and spilled.
func TestBuild_EqualsNaive(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	var pings memorySource
	for range 20_000 {
		client := fmt.Sprintf("client-%d", random.IntN(700))
		pings = append(pings, testPing{client, []any{fmt.Sprint("doc", random.IntN(12_000)), []any{"Linux", "Darwin", nil}[random.IntN(3)],
			fmt.Sprintf("2016-11-%02d", 1+random.IntN(30)), random.IntN(5), random.IntN(3), random.IntN(2) == 0, 17000 + random.IntN(9), "beta"}})
	}
	for _, memory := range []int64{64 << 20, 300_000} {
		rows, counts := build(t, pings, func(o *Options) { o.Memory, o.From, o.To = memory, 10, 79 })
		assert.Equal(t, memory < 1<<20, counts.Spilled > 0)
		got := map[string][]string{}
		last := ""
		for _, row := range rows {
			order := fmt.Sprintf("%02v %v", row["sample_id"], row["client_id"])
			assert.Less(t, last, order)
			last = order
			for i, doc := range row["document_id"].([]any) {
				got[row["client_id"].(string)] = append(got[row["client_id"].(string)], fmt.Sprint(doc, row["subsession_start_date"].([]any)[i], row["profile_subsession_counter"].([]any)[i]))
			}
		}
		assert.Equal(t, naive(pings, 10, 79), got)
	}
}

func naive(pings memorySource, from, to uint32) map[string][]string {
	sorted := slices.Clone(pings)
	slices.SortStableFunc(sorted, func(a, b testPing) int {
		return cmp.Or(cmp.Compare(a.values[2].(string), b.values[2].(string)), cmp.Compare(a.values[4].(int), b.values[4].(int)),
			cmp.Compare(a.values[0].(string), b.values[0].(string)))
	})
	all, seen := map[string][]string{}, map[string]bool{}
	for _, p := range sorted {
		sample := crc32.ChecksumIEEE([]byte(p.client)) % 100
		key := p.client + fmt.Sprint(p.values[0])
		if sample < from || sample > to || seen[key] {
			continue
		}
		seen[key] = true
		all[p.client] = append(all[p.client], fmt.Sprint(p.values[0], p.values[2], p.values[4]))
	}
	return all
}
