// SPDX-License-Identifier: Apache-2.0

package jsonwalk

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// parsed decodes the value at a parser's place by Parser alone, with the methods that guess before those that do not.
func parsed(p *Parser) any {
	switch p.Kind() {
	case Object:
		all := map[string]any{}
		for p.Object(); ; {
			name := "a"
			if !p.KeyLike(`"a":`) && !p.KeyLike(`,"a":`) {
				key, ok := p.Key()
				if !ok {
					return all
				}
				name = string(key)
			}
			all[name] = parsed(p)
		}
	case Array:
		all := []any{}
		p.Array()
		for p.Element() {
			all = append(all, parsed(p))
		}
		return all
	}
	if n, ok := p.Whole(); ok {
		return float64(n)
	}
	return decoded(p.Value())
}

// parse reads a whole document by a Parser.
func parse(doc string, read func(*Parser)) error {
	_, err := Compile(nil).Read([]byte(doc), nil, 0, read)
	return err
}

func TestParser_SkipsWhatIsNotEntered(t *testing.T) {
	doc := ` { "a" : [ 1 , {"x":"]}"} ] , "long key, 12345678" : "v\"" , "\u00e9" : {} , "b" : [ ] } `
	var keys []string
	require.NoError(t, parse(doc, func(p *Parser) {
		require.True(t, p.Object())
		for key, ok := p.Key(); ok; key, ok = p.Key() {
			keys = append(keys, string(key))
			if string(key) == "a" {
				assert.False(t, p.Object(), "an array is not an object")
				continue
			}
			p.Skip()
		}
	}))
	assert.Equal(t, []string{"a", "long key, 12345678", "é", "b"}, keys)
}

func TestParser_ReadsWholeNumbers(t *testing.T) {
	doc := `{"sum": 12 ,"x":-1,"y":1.0,"n":123456789012345678,"z":01}`
	err := parse(doc, func(p *Parser) {
		require.True(t, p.Object())
		p.Key()
		_, ok := p.Whole()
		assert.False(t, ok, "white space is left to Value")
		assert.Equal(t, Value("12"), p.Value())
		for _, want := range []string{"-1", "1.0"} {
			p.Key()
			_, ok = p.Whole()
			assert.False(t, ok)
			assert.Equal(t, want, string(p.Value()))
		}
		p.Key()
		n, ok := p.Whole()
		assert.True(t, ok)
		assert.Equal(t, int64(123456789012345678), n)
		p.Key()
		_, ok = p.Whole()
		assert.False(t, ok)
		p.Skip()
		_, ok = p.Key()
		assert.False(t, ok)
	})
	assert.ErrorIs(t, err, ErrSyntax, "01 is no number")
}

func TestParser_EndsLoopsOfMalformedDocuments(t *testing.T) {
	for doc, want := range map[string]error{
		`{"a":1,}`: ErrSyntax, `{,}`: ErrSyntax, `{"a" 1}`: ErrSyntax, `{"a":1 "b":2}`: ErrSyntax, `[1,]`: ErrSyntax, `[1 2]`: ErrSyntax, `{"a":tru}`: ErrSyntax,
		`{"a":{"b":[`: ErrTruncated, `{"a`: ErrTruncated, `{"a":1`: ErrTruncated, ``: ErrTruncated, `{} {}`: ErrTrailing,
		strings.Repeat("[", MaxDepth+1): ErrDepth,
	} {
		assert.ErrorIs(t, parse(doc, func(p *Parser) { parsed(p) }), want, doc)
	}
}

func TestRead_GivesTheValueAgainWhereItsKeyOccursAgain(t *testing.T) {
	var seen []any
	found, err := Compile([]string{"a"}, []string{"b"}).Read([]byte(`{"a":1,"b":{"a":2},"a":[3]}`), nil, 0, func(p *Parser) { seen = append(seen, parsed(p)) })
	require.NoError(t, err)
	assert.Equal(t, []any{1.0, []any{3.0}}, seen)
	assert.Equal(t, []Value{Value("[3]"), Value(`{"a":2}`)}, found)
}

func TestRead_FindsPathsBelowTheValue(t *testing.T) {
	var seen any
	found, err := Compile([]string{"a"}, []string{"a", "b"}).Read([]byte(`{"a":{"b":1}}`), nil, 0, func(p *Parser) { seen = parsed(p) })
	require.NoError(t, err)
	assert.Equal(t, map[string]any{"b": 1.0}, seen)
	assert.Equal(t, []Value{Value(`{"b":1}`), Value("1")}, found)
}

func TestParser_AllocatesNothingForAMember(t *testing.T) {
	allocations := func(members int) float64 {
		doc := []byte(`{` + strings.Repeat(`"A_B_C":{"values":{"0":1,"12":34},"sum":408},`, members) + `"last":0}`)
		paths, found := Compile(nil), []Value(nil)
		return testing.AllocsPerRun(100, func() {
			found, _ = paths.Read(doc, found, 0, func(p *Parser) {
				p.Object()
				for _, ok := p.Key(); ok; _, ok = p.Key() {
					p.Skip()
				}
			})
		})
	}
	assert.Equal(t, allocations(1), allocations(100))
}

func TestParser_EnterLikeGoesBehindTextThatRepeats(t *testing.T) {
	deep := strings.Repeat("[", MaxDepth-2) + strings.Repeat("]", MaxDepth-2)
	doc := `[{"r":[1, 2],"v":{"0":1},"s":3}, {"r":[1, 2],"v":4}, {"r":[1, 3],"v":5}, {"r":` + deep + `,"v":6}, [{"r":` + deep + `,"v":7}]]`
	var values []string
	var text string
	err := parse(doc, func(p *Parser) {
		p.Array()
		for p.Element() {
			nested := p.Kind() == Array
			if nested {
				p.Array()
				p.Element()
			}
			place := p.Place()
			if text == "" || !p.EnterLike(text) {
				p.Object()
				p.Key()
				p.Skip()
				p.Key()
				text = string(p.From(place))
			}
			values = append(values, string(p.Value()))
			for _, ok := p.Key(); ok; _, ok = p.Key() {
				p.Skip()
			}
			if nested {
				p.Element()
			}
		}
	})
	assert.ErrorIs(t, err, ErrDepth, "the last object is nested too deep")
	assert.Equal(t, []string{`{"0":1}`, "4", "5", "6", ""}, values)
}

func TestParser_KeyLikeAndLeaveLikeFollowText(t *testing.T) {
	doc := `[{"a": 1, "b": 2, "c": [3], "d": {}}, {"a": 4, "b": 5, "c": [3], "d": {}}, {"a": 4, "b": 5, "c": [4], "d": {}}, {"b": 6 }, {, "b": 7}]`
	var values []string
	var key, rest string
	var left int
	err := parse(doc, func(p *Parser) {
		p.Array()
		for p.Element() {
			p.Object()
			for {
				place := p.Place()
				if key == "" || !p.KeyLike(key) {
					name, ok := p.Key()
					if !ok {
						break
					}
					if string(name) != "b" {
						p.Skip()
						continue
					}
					if key == "" {
						key = string(p.From(place))
					}
				}
				values = append(values, string(p.Value()))
				if rest != "" && p.LeaveLike(rest) {
					left++
					break
				}
				place = p.Place()
				for _, ok := p.Key(); ok; _, ok = p.Key() {
					p.Skip()
				}
				if rest == "" {
					rest = string(p.Since(place))
				}
				break
			}
		}
	})
	assert.ErrorIs(t, err, ErrSyntax, "the last object begins with a comma")
	assert.Equal(t, `, "b": `, key)
	assert.Equal(t, `, "c": [3], "d": {}}`, rest)
	assert.Equal(t, []string{"2", "5", "5", "6"}, values)
	assert.Equal(t, 1, left, "the second object ends as the first")
}

func TestParser_MemberLikeGoesIntoTheNextMember(t *testing.T) {
	doc := `[{"a": 1, "b": {"r": [1, 2], "v": 3, "s": 4}, "c": 0}, {"a": 5, "b": {"r": [1, 2], "v": {"0": 1}}, "c": 0}, ` +
		`{"a": 6, "b": {"r": [1, 3], "v": 7}, "c": 0}, {"a": 6, "b": [8], "c": 0}, {"b": {"r": [1, 2], "v": 9}, "c": 0}, {, "b": {"r": [1, 2], "v": 10}}]`
	var values []string
	var text string
	var entered int
	err := parse(doc, func(p *Parser) {
		p.Array()
		for p.Element() {
			p.Object()
			place := p.Place()
			for name, ok := p.Key(); ok; name, ok = p.Key() {
				if string(name) == "b" && p.Object() {
					p.Key()
					p.Skip()
					p.Key()
					if text == "" {
						text = string(p.From(place))
					}
					values = append(values, string(p.Value()))
					for _, ok := p.Key(); ok; _, ok = p.Key() {
						p.Skip()
					}
					continue
				}
				if string(name) != "b" {
					p.Skip()
				}
				if place = p.Place(); text != "" && p.MemberLike(text) {
					entered++
					values = append(values, string(p.Value()))
					for _, ok := p.Key(); ok; _, ok = p.Key() {
						p.Skip()
					}
				}
			}
		}
	})
	assert.ErrorIs(t, err, ErrSyntax, "the last object begins with a comma")
	assert.Equal(t, `, "b": {"r": [1, 2], "v": `, text)
	assert.Equal(t, []string{"3", `{"0": 1}`, "7", "9"}, values)
	assert.Equal(t, 1, entered, "the second object has the text, the others begin with other text or without the member before")
}
