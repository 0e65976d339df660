// SPDX-License-Identifier: Apache-2.0

package ping

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/internal/jsonwalk"
)

// read returns the documents of files, in the order of file and record, and the rejects.
func read(t *testing.T, o Options, inputs ...string) (docs []string, rejects *Rejects) {
	t.Helper()
	type at struct {
		Position
		text string
	}
	var mu sync.Mutex
	var all []at
	o.Rejects = NewRejects(nil)
	require.NoError(t, Each(context.Background(), inputs, o, func() (func(*Document) error, error) {
		return func(d *Document) error {
			mu.Lock()
			defer mu.Unlock()
			all = append(all, at{d.Position, string(d.JSON)})
			return nil
		}, nil
	}))
	slices.SortFunc(all, func(a, b at) int {
		if c := strings.Compare(a.File, b.File); c != 0 {
			return c
		}
		return int(a.Record - b.Record)
	})
	for _, a := range all {
		docs = append(docs, a.text)
	}
	assert.Equal(t, int64(len(docs)), o.Rejects.Accepted())
	return docs, o.Rejects
}

// file writes a file of a name and returns its path.
func file(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, data, 0o600))
	return path
}

func gzipped(t *testing.T, data []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := w.Write(data)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return out.Bytes()
}

func zstded(t *testing.T, data []byte) []byte {
	t.Helper()
	w, err := zstd.NewWriter(nil)
	require.NoError(t, err)
	return w.EncodeAll(data, nil)
}

func reasons(r *Rejects) map[Reason]int64 {
	_, all := r.Count()
	return all
}

func TestEach_JSONLines(t *testing.T) {
	text := []byte("{\"a\":1}\n\n {\"a\":2}\r\n{\"a\":3}")
	for name, data := range map[string][]byte{
		"a.json": text, "a.jsonl": text, "a.ndjson": text, "a": text,
		"a.json.gz": gzipped(t, text), "a.jsonl.zst": zstded(t, text), "b": gzipped(t, text),
	} {
		docs, rejects := read(t, Options{}, file(t, name, data))
		assert.Equal(t, []string{`{"a":1}`, `{"a":2}`, `{"a":3}`}, docs, name)
		assert.Empty(t, reasons(rejects), name)
	}
}

// TestEach_LinesOfAllLengths reads lines over many buffers: empty ones, some longer than a buffer, one too long, and many of a few bytes.
func TestEach_LinesOfAllLengths(t *testing.T) {
	random := rand.New(rand.NewPCG(13, 1))
	var text bytes.Buffer
	var want []string
	offsets := map[string]int64{}
	for i := range 3000 {
		n := []int{0, 1, 100, 3000, 70_000}[random.IntN(5)]
		switch {
		case i%700 == 0:
			n = handBytes + random.IntN(3<<20)
		case i == 1500:
			n = 7 << 20
		case i > 2000:
			n = 0
		}
		doc := fmt.Sprintf(`{"n": %d, "pad": "%s"}`, i, strings.Repeat("x", n))
		if offsets[doc] = int64(text.Len()); i == 1500 {
			doc = strings.Repeat("y", n) // no document
		} else {
			want = append(want, doc)
		}
		fmt.Fprintf(&text, "%s%s%s\n%s", []string{"", " ", "\t"}[i%3], doc, []string{"", "\r"}[i%2], []string{"", "\n", " \n"}[random.IntN(3)])
	}
	for _, path := range []string{file(t, "a.json", text.Bytes()), file(t, "b.json.gz", gzipped(t, text.Bytes()))} {
		for _, threads := range []int{1, 3} {
			o := Options{Threads: threads, MaxDocument: 6 << 20}
			docs, rejects := read(t, o, path)
			require.Equal(t, len(want), len(docs))
			for i := range want {
				require.True(t, want[i] == docs[i], "document %d", i)
			}
			require.Equal(t, map[Reason]int64{ReasonTooLarge: 1}, reasons(rejects))
			o.Rejects = NewRejects(nil)
			require.NoError(t, Each(context.Background(), []string{path}, o, func() (func(*Document) error, error) {
				return func(d *Document) error {
					if offsets[string(d.JSON)] != d.Offset {
						return fmt.Errorf("record %d: at %d, want %d", d.Record, d.Offset, offsets[string(d.JSON)])
					}
					return nil
				}, nil
			}))
		}
	}
}

func TestEach_OneDocumentOverLines(t *testing.T) {
	docs, rejects := read(t, Options{}, file(t, "a.json", []byte("{\n  \"a\": 1\n}\n")))
	assert.Equal(t, []string{"{\n  \"a\": 1\n}\n"}, docs)
	assert.Empty(t, reasons(rejects))
	_, rejects = read(t, Options{MaxDocument: 100}, file(t, "a.json", []byte("{\n"+strings.Repeat(" ", 600_000)+"}\n")))
	assert.Equal(t, map[Reason]int64{ReasonTooLarge: 1}, reasons(rejects))
}

func TestEach_PingsAndFolders(t *testing.T) {
	folder, err := filepath.Abs("testdata")
	require.NoError(t, err)
	link := filepath.Join(t.TempDir(), "link")
	require.NoError(t, os.Symlink(folder, link))
	for _, input := range []string{"testdata", link} {
		docs, rejects := read(t, Options{}, input)
		assert.Len(t, docs, 400, input)
		assert.Empty(t, reasons(rejects), input)
	}
}

func TestEach_HekaRecords(t *testing.T) {
	odd := func(i int) bool { return i%2 == 1 }
	all := func(int) bool { return true }
	none := func(int) bool { return false }
	garbage := []byte("\x1e\x03abc garbage \x1e\xff\x1e\x02\x08\x05\x1f")
	for name, data := range map[string][]byte{
		"plain.heka": tenRecords(none, nil), "mixed.heka": tenRecords(odd, nil), "snappy": tenRecords(all, nil),
		"gzip.heka.gz": gzipped(t, tenRecords(odd, nil)), "gzip.heka": gzipped(t, tenRecords(none, nil)),
	} {
		docs, rejects := read(t, Options{}, file(t, name, data))
		assertTen(t, docs, name)
		assert.Empty(t, reasons(rejects), name)
	}
	docs, rejects := read(t, Options{}, file(t, "garbage.heka", tenRecords(odd, garbage[:15])))
	assertTen(t, docs, "garbage")
	assert.Equal(t, map[Reason]int64{ReasonHeader: 10}, reasons(rejects))
}

func assertTen(t *testing.T, docs []string, name string) {
	t.Helper()
	require.Len(t, docs, 10, name)
	for i, doc := range docs {
		assert.JSONEq(t, fmt.Sprintf(`{"seq": %d, "data": "0000000000000000000000000000", "meta": {
			"Timestamp": 1437688956000000000, "Type": "Test", "Hostname": "test.example.com",
			"test_string_field": "test_string_value", "test_int_field": 100, "test_double_field": 123.456}}`, i), doc, name)
	}
}

func TestEach_HekaFieldsInTheirPlaces(t *testing.T) {
	m := hekaMessage(`{"not":"this"}`,
		hekaField{"submission", []byte(` {"id":"x","environment":{"build":{"v":1},"system":{"old":true}},"payload":7,"meta":{"kept":1}}`)},
		hekaField{"environment.system", []byte(`{"os":{"name":"Linux"}}`)}, hekaField{"environment.addons", `{"a":[1,2]}`},
		hekaField{"payload.info", []byte(`{"reason":"daily"}`)}, hekaField{"flag", true}, hekaField{"documentId", "a\"b\xff"}, hekaField{"content", []byte("zzz")})
	docs, rejects := read(t, Options{}, file(t, "a.heka", framed(m)))
	require.Len(t, docs, 1, rejects.Summary())
	assert.JSONEq(t, `{"id":"x","environment":{"build":{"v":1},"system":{"os":{"name":"Linux"}},"addons":{"a":[1,2]}},
		"payload":{"info":{"reason":"daily"}},
		"meta":{"kept":1,"Timestamp":1437688956000000000,"Type":"Test","Hostname":"test.example.com","flag":true,"documentId":"a\"b�"}}`, docs[0])
}

func TestEach_HekaUndecodedBody(t *testing.T) {
	body := []byte(`{"a":1}`)
	for _, content := range [][]byte{body, gzipped(t, body)} {
		docs, _ := read(t, Options{}, file(t, "a.heka", framed(hekaMessage("", hekaField{"content", content}))))
		require.Len(t, docs, 1)
		assert.Contains(t, docs[0], `"a":1`)
	}
	_, rejects := read(t, Options{MaxDocument: 10_000}, file(t, "a.heka", framed(hekaMessage("", hekaField{"content", gzipped(t, make([]byte, 1<<20))}))))
	assert.Equal(t, map[Reason]int64{ReasonTooLarge: 1}, reasons(rejects))
}

func TestEach_RejectsByReason(t *testing.T) {
	good := framed(hekaMessage(`{"a":1}`))
	heka := func(parts ...[]byte) []byte { return append(bytes.Join(parts, nil), good...) }
	long := append([]byte{recordSeparator, 255}, bytes.Repeat([]byte{8}, 20)...)
	compressed := gzipped(t, bytes.Repeat([]byte("{\"a\":1}\n"), 20_000))
	for _, c := range []struct {
		name string
		data []byte
		docs int
		want map[Reason]int64
	}{
		{"broken.json", []byte("{\"a\":1}\n{\"a\":1\n{\"a\":1}}\n[1]\n{\"a\":1}\n"), 2, map[Reason]int64{ReasonTruncated: 1, ReasonJSON: 1, ReasonNotObject: 1}},
		{"deep.json", []byte(strings.Repeat(`{"a":`, 1000) + "\n{}\n"), 1, map[Reason]int64{ReasonDepth: 1}},
		{"large.json", []byte(`{"a":"` + strings.Repeat("x", 1<<20) + "\"}\n{}\n"), 1, map[Reason]int64{ReasonTooLarge: 1}},
		{"nul.json", []byte("{\"a\x00\":1}\n{\"a\\u0000\":1}\n"), 1, map[Reason]int64{ReasonJSON: 1}},
		{"header255.heka", heka(long), 1, map[Reason]int64{ReasonHeader: 1}},
		{"claims.heka", heka([]byte{recordSeparator, 6, 8, 0xff, 0xff, 0xff, 0xff, 0x0f, unitSeparator}), 1, map[Reason]int64{ReasonTooLarge: 1, ReasonHeader: 1}},
		{"short.heka", heka([]byte{recordSeparator, 3, 8, 0xe8, 7, unitSeparator}), 1, map[Reason]int64{ReasonHeader: 1}},
		{"snappy.heka", heka(framed(lyingSnappy(1<<31)), framed(lyingSnappy(1000)), framed(lyingSnappy(100))), 1, map[Reason]int64{ReasonTooLarge: 1, ReasonMessage: 2}},
		{"nothing.heka", heka(framed(hekaMessage(""))), 1, map[Reason]int64{ReasonNoPing: 1}},
		{"field.heka", heka(framed(hekaMessage("{}", hekaField{"a.b", "{"}))), 1, map[Reason]int64{ReasonJSON: 1}},
		{"cut.json.gz", compressed[:len(compressed)-4], 20_000, map[Reason]int64{ReasonDamaged: 1}},
		{"noise.json.gz", []byte("\x1f\x8bnoise, no gzip"), 0, map[Reason]int64{ReasonDamaged: 1}},
		{"noise.json.zst", []byte("\x28\xb5\x2f\xfdnoise, no zstd"), 0, map[Reason]int64{ReasonDamaged: 1}},
		{"empty.json", nil, 0, nil},
	} {
		docs, rejects := read(t, Options{MaxDocument: 500_000}, file(t, c.name, c.data))
		assert.Len(t, docs, c.docs, c.name)
		if c.want == nil {
			c.want = map[Reason]int64{}
		}
		assert.Equal(t, c.want, reasons(rejects), c.name)
	}
}

func TestEach_WorkerRejectsAndFails(t *testing.T) {
	path := file(t, "a.json", []byte("{\"a\":1}\n{\"a\":2}\n"))
	paths := jsonwalk.Compile([]string{"a"})
	rejects := NewRejects(nil)
	each := func(use func(*Document) error) error {
		return Each(context.Background(), []string{path}, Options{Paths: paths, Rejects: rejects, Threads: 1},
			func() (func(*Document) error, error) { return use, nil })
	}
	require.NoError(t, each(func(d *Document) error {
		if n, _ := d.Values[0].Int(); n == 2 {
			return Reject("odd one", "it is 2")
		}
		return nil
	}))
	assert.Equal(t, map[Reason]int64{"odd one": 1}, reasons(rejects))
	assert.ErrorIs(t, each(func(*Document) error { return os.ErrClosed }), os.ErrClosed)
	assert.Error(t, Each(context.Background(), []string{"missing"}, Options{}, nil))
}

func TestRejects_LinesAndLimit(t *testing.T) {
	var out bytes.Buffer
	rejects := NewRejects(&out)
	for i := range 200 {
		require.NoError(t, rejects.add(Position{"f", int64(i), 0}, nil))
	}
	require.NoError(t, rejects.add(Position{"f", 9, 70}, &RejectError{ReasonJSON, "byte 3"}))
	var line map[string]any
	require.NoError(t, json.Unmarshal(out.Bytes(), &line))
	assert.Equal(t, map[string]any{"file": "f", "record": 9.0, "offset": 70.0, "reason": "malformed JSON", "detail": "byte 3"}, line)
	assert.NoError(t, rejects.Check(0.005))
	require.NoError(t, rejects.add(Position{"f", 10, 90}, &RejectError{ReasonTooLarge, ""}))
	assert.ErrorContains(t, rejects.Check(0.005), "2 of 202 documents were rejected, more than 0.5 % (--max-rejects): 2 rejected: 1 malformed JSON, 1 too large")
	require.NoError(t, rejects.add(Position{"f", 11, 90}, &RejectError{ReasonDamaged, ""}))
	assert.ErrorContains(t, rejects.Check(0.5), "f: the file is damaged")
	assert.NoError(t, rejects.Check(1))
}
