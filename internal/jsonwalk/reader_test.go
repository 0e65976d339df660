// SPDX-License-Identifier: Apache-2.0

package jsonwalk

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// readOnce decodes the value at a reader's place by Reader alone.
func readOnce(r *Reader) any {
	switch r.Kind() {
	case Object:
		all := map[string]any{}
		r.Object()
		for key, ok := r.Key(); ok; key, ok = r.Key() {
			name := string(key)
			all[name] = readOnce(r)
		}
		return all
	case Array:
		all := []any{}
		r.Array()
		for r.Element() {
			all = append(all, readOnce(r))
		}
		return all
	}
	return decoded(r.Value())
}

func TestReader_SkipsWhatIsNotEntered(t *testing.T) {
	doc := []byte(` { "a" : [ 1 , {"x":"]}"} ] , "long key, 12345678" : "v\"" , "\u00e9" : {} , "b" : [ ] } `)
	require.NoError(t, Check(doc))
	found, err := Compile(nil).Find(doc, nil)
	require.NoError(t, err)
	r := found[0].Reader()
	require.True(t, r.Object())
	var keys []string
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		keys = append(keys, string(key))
		if string(key) == "a" {
			assert.False(t, r.Object(), "an array is not an object")
			continue
		}
		r.Skip()
	}
	assert.Equal(t, []string{"a", "long key, 12345678", "é", "b"}, keys)
}

func TestReader_OfMissingValueEntersNothing(t *testing.T) {
	r := Value(nil).Reader()
	assert.Equal(t, Missing, r.Kind())
	assert.False(t, r.Object())
	assert.False(t, r.Array())
	assert.Nil(t, r.Value())
}

func TestReader_AllocatesNothing(t *testing.T) {
	found, err := Compile(nil).Find([]byte(`{"histograms":{"A_B_C":{"values":{"0":1,"12":34},"sum":408}}}`), nil)
	require.NoError(t, err)
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		r := found[0].Reader()
		for enters := r.Object(); enters; enters = r.Kind() == Object && r.Object() {
			r.Key()
		}
	}))
}
