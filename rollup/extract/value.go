package extract

import (
	"bytes"
	"math"

	"github.com/headcount-hll/headcount/internal/jsonwalk"
)

// A number is a JSON number or boolean.
type number struct {
	whole    int64
	fraction float64 // 0 <= fraction < 1; the number is whole + fraction
	negative bool    // below 0
	over     bool    // outside int64, to the side that negative tells
}

// saturated returns a whole number as an int64, or the nearest one.
func (n number) saturated() int64 {
	switch {
	case n.over && n.negative:
		return math.MinInt64
	case n.over:
		return math.MaxInt64
	}
	return n.whole
}

// wholeOf reads a whole number, as the original's language has it: 12 is one, 12.0 is none, true is 1.
func wholeOf(v jsonwalk.Value) (number, bool) {
	switch v.Kind() {
	case jsonwalk.Bool:
		if isTrue, _ := v.Bool(); isTrue {
			return number{whole: 1}, true
		}
		return number{}, true
	case jsonwalk.Number:
		return parseWhole(v)
	}
	return number{}, false
}

func parseWhole(text []byte) (number, bool) {
	if n, ok := parseShort(text); ok {
		return number{whole: n}, true
	}
	n := number{}
	digits, minus := bytes.CutPrefix(text, []byte("-"))
	if len(digits) == 0 {
		return number{}, false
	}
	for _, c := range digits {
		digit := int64(c - '0')
		if c < '0' || c > '9' {
			return number{}, false
		}
		if n.over || n.whole > (math.MaxInt64-digit)/10 {
			n.over = true
			continue
		}
		n.whole = n.whole*10 + digit
	}
	if minus {
		n.whole = -n.whole
		n.negative = n.over || n.whole < 0
	}
	return n, true
}

// maxShort is how many digits are within int64 whatever they are.
const maxShort = 18

// parseShort reads a number of digits alone, at most maxShort of them.
func parseShort(digits []byte) (n int64, ok bool) {
	if len(digits) == 0 || len(digits) > maxShort {
		return 0, false
	}
	for _, c := range digits {
		if c-'0' > 9 {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	return n, true
}

// numberOf reads a number or boolean. finite is false for one beyond float64.
func numberOf(v jsonwalk.Value) (n number, isNumber, finite bool) {
	if n, ok := wholeOf(v); ok {
		return n, true, true
	}
	if v.Kind() != jsonwalk.Number {
		return number{}, false, true
	}
	f, ok := v.Float()
	switch {
	case !ok:
		return number{}, true, false
	case f < 0:
		return number{negative: true}, true, true
	case f >= 1<<63:
		return number{over: true}, true, true
	}
	whole := math.Floor(f)
	return number{whole: int64(whole), fraction: f - whole}, true, true
}

// bucketOf reads a bucket's key: a whole number, with spaces around it or a sign.
func bucketOf(key []byte) (int64, bool) {
	if n, ok := parseShort(key); ok {
		return n, true
	}
	key = bytes.TrimSpace(key)
	if len(key) > 1 && key[0] == '+' && key[1] != '-' {
		key = key[1:]
	}
	n, ok := parseWhole(key)
	if n.over {
		return math.MaxInt64, ok // no layout has it
	}
	return n.whole, ok
}

// textOf returns a string, or a number or boolean as text; ok is false for anything else.
func textOf(v jsonwalk.Value) (text []byte, ok bool) {
	switch v.Kind() {
	case jsonwalk.String:
		return v.Text()
	case jsonwalk.Number, jsonwalk.Bool:
		return v, true
	}
	return nil, false
}
