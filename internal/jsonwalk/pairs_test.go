// SPDX-License-Identifier: Apache-2.0

package jsonwalk

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// pick returns one of the parts.
func pick(r *rand.Rand, parts ...string) string { return parts[r.IntN(len(parts))] }

// randomNumber returns a key or a number, most of them as pings have them.
func randomNumber(r *rand.Rand) string {
	if r.IntN(8) > 0 {
		return strconv.Itoa(r.IntN([]int{10, 1000, 10_000_000}[r.IntN(3)]))
	}
	return pick(r, "0", "12345678", "9999999", "123456789012345678", "12345678901234567890", "-1", "1.5", "2e3")
}

// randomPairs returns an object with n members, most of them pairs.
func randomPairs(r *rand.Rand, n int) string {
	var b strings.Builder
	b.WriteString("{" + pick(r, "", "", " "))
	comma, colon := pick(r, ",", ", "), pick(r, ":", ": ")
	for i := range n {
		if r.IntN(30) == 0 {
			comma, colon = pick(r, " ,", ",  ", ","), pick(r, " :", ":  ", ":")
		}
		if i > 0 {
			b.WriteString(comma)
		}
		value := randomNumber(r)
		if r.IntN(30) == 0 {
			value = pick(r, "true", "null", "[1]", `"1"`, `{"1":2}`)
		}
		fmt.Fprintf(&b, `"%s"%s%s`, pick(r, randomNumber(r), randomNumber(r), randomNumber(r), "007", "x", ""), colon, value)
	}
	return b.String() + pick(r, "", "", " ") + "}"
}

// A member is what TestPairs_AreTheMembers reads: a pair, or the text of a key and a value.
type member struct {
	pair       Pair
	key, value string
}

// asPair gives a member the form that it has where it is a pair.
func asPair(key, value string) member {
	k, err := strconv.ParseInt(key, 10, 64)
	n, also := strconv.ParseInt(value, 10, 64)
	if err == nil && also == nil && !strings.HasPrefix(key, "-") && !strings.HasPrefix(value, "-") {
		return member{pair: Pair{k, n}}
	}
	return member{key: key, value: value}
}

func TestPairs_AreTheMembers(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	fast := 0
	for range 4_000 {
		doc := randomPairs(r, r.IntN(200)) + strings.Repeat(" ", r.IntN(50))
		var want, got []member
		for key, value := range Value(doc).Members {
			want = append(want, asPair(string(key), string(value)))
		}
		require.NoError(t, parse(doc, func(p *Parser) {
			p.Object()
			for {
				pairs, left := p.Pairs(nil)
				fast += len(pairs)
				for _, pair := range pairs {
					got = append(got, member{pair: pair})
				}
				if left {
					return
				}
				key, ok := p.Key()
				if !ok {
					return
				}
				got = append(got, asPair(string(key), string(p.Value())))
			}
		}), doc)
		require.Equal(t, want, got, doc)
	}
	assert.Greater(t, fast, 50_000, "pairs are read together")
}

func TestPairs_OfMalformedDocumentsAreLeftToKey(t *testing.T) {
	behind := strings.Repeat(" ", 2*longestPair)
	for doc, want := range map[string]error{
		`{"1":2,}`: ErrSyntax, `{"1":02}`: ErrSyntax, `{"1":2 "3":4}`: ErrSyntax, `{"1":2,3:4}`: ErrSyntax, `{"1"2}`: ErrSyntax,
		`{"1":2]`: ErrSyntax, `{,"1":2}`: ErrSyntax, `{"1":}`: ErrSyntax, `{"1":2`: ErrTruncated, `{"1":2}}`: ErrTrailing,
	} {
		err := parse(doc+behind, func(p *Parser) {
			p.Object()
			for {
				if _, left := p.Pairs(nil); left {
					return
				}
				if _, ok := p.Key(); !ok {
					return
				}
				p.Skip()
			}
		})
		assert.ErrorIs(t, err, want, doc)
	}
}

func TestReadPairs_IsThePortableOne(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 30_000 {
		b := []byte(randomPairs(r, 1+r.IntN(20)) + `,"3": 4, "5": 6}`)
		b = b[strings.IndexByte(string(b), '"'):]
		for range r.IntN(3) {
			b[r.IntN(len(b))] = `0123456789",: }{[]-`[r.IntN(19)]
		}
		room := r.IntN(30)
		want, got := make([]Pair, room), make([]Pair, room)
		n, end := genericReadPairs(b, want)
		gotN, gotEnd := readPairs(b, got)
		require.Equal(t, []any{n, end, want[:n]}, []any{gotN, gotEnd, got[:gotN]}, string(b))
	}
}
