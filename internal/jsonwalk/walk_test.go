// SPDX-License-Identifier: Apache-2.0

package jsonwalk

import (
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The cases are the ones that RFC 8259 specifies, and the behaviour that the package comment documents for the rest.
func TestCheck_MalformedDocuments(t *testing.T) {
	for doc, reason := range map[string]error{
		"":                             ErrTruncated,
		"{":                            ErrTruncated,
		`{"a"`:                         ErrTruncated,
		`{"a":1`:                       ErrTruncated,
		`{"a":"b`:                      ErrTruncated,
		`["\`:                          ErrTruncated,
		`["\u12`:                       ErrTruncated,
		`tru`:                          ErrTruncated,
		`-`:                            ErrTruncated,
		`{"a":1,}`:                     ErrSyntax,
		`[1,]`:                         ErrSyntax,
		`[1 2]`:                        ErrSyntax,
		`{"a" 1}`:                      ErrSyntax,
		`{1:1}`:                        ErrSyntax,
		`[1}`:                          ErrSyntax,
		`{"a":1]`:                      ErrSyntax,
		`[01]`:                         ErrSyntax,
		`[1.]`:                         ErrSyntax,
		`[.5]`:                         ErrSyntax,
		`[1e]`:                         ErrSyntax,
		`[+1]`:                         ErrSyntax,
		`[NaN]`:                        ErrSyntax,
		`["\x"]`:                       ErrSyntax,
		`["\u12g4"]`:                   ErrSyntax,
		"[\"a\x00b\"]":                 ErrSyntax,
		"[\"12345678\x1f\"]":           ErrSyntax,
		`{} {}`:                        ErrTrailing,
		`1 x`:                          ErrTrailing,
		strings.Repeat("[", 1<<20):     ErrDepth,
		strings.Repeat(`{"a":`, 1<<20): ErrDepth,
	} {
		short := doc[:min(len(doc), 20)]
		assert.ErrorIs(t, Check([]byte(doc)), reason, "%q", short)
		_, err := Compile([]string{"a", "a"}).Find([]byte(doc), nil)
		assert.ErrorIs(t, err, reason, "%q", short)
	}
}

func TestCheck_DepthLimit(t *testing.T) {
	nested := func(n int) []byte { return []byte(strings.Repeat("[", n) + strings.Repeat("]", n)) }
	assert.NoError(t, Check(nested(MaxDepth)))
	assert.ErrorIs(t, Check(nested(MaxDepth+1)), ErrDepth)
}

func TestFind_ValuesByPath(t *testing.T) {
	doc := []byte(` {"a" : {"b":{"c":-12.5e1 , "x":[{"a":1}]}, "t":"A\u0041\n\"é\ud83d\ude00\ud800"},
		"\u0061b":true, "nul\u0000":1, "big":9007199254740993, "huge":92233720368547758080, "e":{}, "n":null}`)
	paths := Compile([]string{"a", "b", "c"}, []string{"a", "t"}, []string{"ab"}, []string{"nul\x00"}, []string{"big"},
		[]string{"huge"}, []string{"e"}, []string{"n"}, []string{"none"}, []string{"a", "b"}, nil)
	v, err := paths.Find(doc, nil)
	require.NoError(t, err)
	f, ok := v[0].Float()
	assert.True(t, ok)
	assert.Equal(t, -125.0, f)
	_, ok = v[0].Int()
	assert.False(t, ok)
	text, ok := v[1].Text()
	assert.True(t, ok)
	assert.Equal(t, "AA\n\"é😀�", string(text))
	b, ok := v[2].Bool()
	assert.True(t, b && ok)
	assert.Equal(t, "1", string(v[3]))
	n, ok := v[4].Int()
	assert.True(t, ok)
	assert.Equal(t, int64(1<<53+1), n)
	_, ok = v[5].Int()
	assert.False(t, ok)
	f, ok = v[5].Float()
	assert.True(t, ok)
	assert.Equal(t, 92233720368547758080.0, f)
	assert.Equal(t, []Kind{Object, Null, Missing, Object}, []Kind{v[6].Kind(), v[7].Kind(), v[8].Kind(), v[9].Kind()})
	assert.Equal(t, 2, v[9].Len())
	assert.Equal(t, "1", string(v[10].Get("nul\x00")))
}

func TestFind_LastOfDuplicateKeysCounts(t *testing.T) {
	paths := Compile([]string{"a", "b"}, []string{"a", "c"}, []string{"a"})
	v, err := paths.Find([]byte(`{"a":{"b":1,"b":2,"c":3},"a":{"b":4}}`), nil)
	require.NoError(t, err)
	assert.Equal(t, []Value{Value("4"), nil, Value(`{"b":4}`)}, v)
	v, err = paths.Find([]byte(`{"a":{"b":1},"a":5}`), v)
	require.NoError(t, err)
	assert.Equal(t, []Value{nil, nil, Value("5")}, v)
}

func TestText_InvalidUTF8BecomesReplacement(t *testing.T) {
	v, err := Compile([]string{"a"}).Find([]byte("{\"a\":\"x\xffy\xe2\x82\"}"), nil)
	require.NoError(t, err)
	text, _ := v[0].Text()
	assert.Equal(t, "x�y��", string(text)) // encoding/json: one for each byte
}

func TestParsePath_Quotes(t *testing.T) {
	path, err := ParsePath(`payload.processes."a.b".c."d"`)
	require.NoError(t, err)
	assert.Equal(t, []string{"payload", "processes", "a.b", "c", "d"}, path)
	for _, bad := range []string{"", ".", "a.", ".a", `"a`, `"a"b`, "a..b"} {
		_, err := ParsePath(bad)
		assert.Error(t, err, bad)
	}
}

// decoded builds what encoding/json would, by Members and Elements.
func decoded(v Value) any {
	switch v.Kind() {
	case Null:
		return nil
	case Bool:
		b, _ := v.Bool()
		return b
	case Number:
		f, _ := v.Float()
		return f
	case String:
		s, _ := v.Text()
		return string(s)
	case Array:
		all := []any{}
		for e := range v.Elements {
			all = append(all, decoded(e))
		}
		return all
	}
	all := map[string]any{}
	for key, value := range v.Members {
		all[string(key)] = decoded(value)
	}
	return all
}

// FuzzFind holds the walker to encoding/json: both take the same documents and see the same in them.
func FuzzFind(f *testing.F) {
	for _, seed := range []string{`{"a":{"b":[1,"x",null,true,{"c":1e5}]}}`, `{"a":1,"a":{"b":2}}`, "[\"\xff\\ud800\\u0000\"]", `{"\u0061":-0.0}`, "[[[[[]]]]]", `"12345678\""`} {
		f.Add([]byte(seed))
	}
	paths := Compile(nil, []string{"a"}, []string{"a", "b"})
	f.Fuzz(func(t *testing.T, doc []byte) {
		v, err := paths.Find(doc, nil)
		if valid := json.Valid(doc); valid != (err == nil) && !errors.Is(err, ErrDepth) {
			t.Fatalf("encoding/json says %v, we say %v", valid, err)
		}
		if (Check(doc) == nil) != (err == nil) {
			t.Fatal("Check and Find disagree")
		}
		var read any
		if _, failed := paths.Read(doc, nil, 0, func(p *Parser) { read = parsed(p) }); (failed == nil) != (err == nil) {
			t.Fatalf("a Parser says %v, Find says %v", failed, err)
		}
		var want any
		if err != nil || json.Unmarshal(doc, &want) != nil { // it fails on numbers beyond float64
			return
		}
		if got := decoded(v[0]); !reflect.DeepEqual(normal(want), normal(got)) {
			t.Fatalf("got %#v, want %#v", got, want)
		}
		if !reflect.DeepEqual(normal(want), normal(read)) {
			t.Fatalf("a Parser got %#v, want %#v", read, want)
		}
		if m, ok := want.(map[string]any); ok {
			a, there := m["a"]
			if there != (v[1] != nil) || there && !reflect.DeepEqual(normal(a), normal(decoded(v[1]))) {
				t.Fatalf("a is %q", v[1])
			}
		}
	})
}

// normal makes -0 and 0 the same.
func normal(v any) any {
	if f, ok := v.(float64); ok {
		return math.Abs(f) * float64(1-2*boolInt(f < 0))
	}
	return v
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
