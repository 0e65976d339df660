// SPDX-License-Identifier: Apache-2.0

package input

import "math"

// A Coding numbers the values of each column of a key, and so the combinations of them: a key need not be made for each row.
// Each worker has its own, for all parts that it reads.
type Coding struct {
	columns []codes
	suffix  []byte
	most    int    // combinations
	version uint64 // changes when combinations get other numbers
	full    bool   // the values had too many combinations
}

// codes numbers the values of a column.
type codes struct {
	numbers map[string]int32 // by the part of a key
	parts   []string         // by number
	last    int32            // the number that was asked for last
	bytes   int              // of parts
	room    int              // how many numbers combinations have room for
	stride  int32            // by how much combinations differ whose numbers differ by one
}

const (
	// mostCodes is the largest number of values of a column, and mostCodedBytes of their bytes. A column with more is hardly a
	// dimension.
	mostCodes      = 1 << 16
	mostCodedBytes = 1 << 20
)

func newCoding(sel *Selection) *Coding {
	k := &Coding{columns: make([]codes, len(sel.Keys)), suffix: sel.Suffix, most: sel.Combinations}
	k.reset()
	return k
}

// reset forgets all values.
func (k *Coding) reset() {
	k.version++
	for i := range k.columns {
		k.columns[i] = codes{numbers: map[string]int32{}}
	}
}

// Size returns a number above those of all combinations.
func (k *Coding) Size() int {
	size := 1
	for i := range k.columns {
		size *= k.columns[i].room
	}
	return size
}

// Version returns a number that changes when combinations get other numbers.
func (k *Coding) Version() uint64 { return k.version }

// AppendKey appends the key of a combination.
func (k *Coding) AppendKey(key []byte, combination int32) []byte {
	for i := range k.columns {
		c := &k.columns[i]
		key = append(key, c.parts[combination/c.stride%int32(c.room)]...)
	}
	return append(key, k.suffix...)
}

// code returns the number of a value, given as a part of a key. It is false if there are too many values.
func (c *codes) code(part []byte) (int32, bool) {
	if int(c.last) < len(c.parts) && c.parts[c.last] == string(part) {
		return c.last, true
	}
	number, known := c.numbers[string(part)]
	if !known {
		if len(c.parts) == mostCodes || c.bytes+len(part) > mostCodedBytes {
			return 0, false
		}
		number = int32(len(c.parts))
		text := string(part)
		c.parts = append(c.parts, text)
		c.numbers[text] = number
		c.bytes += len(part)
	}
	c.last = number
	return number, true
}

// arrange makes room for the values that there are. It is false if they have too many combinations.
func (k *Coding) arrange() bool {
	k.full = !k.fit()
	return !k.full
}

func (k *Coding) fit() bool {
	fits := true
	for i := range k.columns {
		fits = fits && len(k.columns[i].parts) <= k.columns[i].room
	}
	if fits {
		return true
	}
	rooms := make([]int, len(k.columns))
	for i := range k.columns { // a column that has grown may grow again
		c := &k.columns[i]
		if rooms[i] = c.room; len(c.parts) > c.room {
			rooms[i] = len(c.parts)
			if c.room > 0 {
				rooms[i] += len(c.parts)/2 + 1
			}
		}
	}
	if product(rooms) > k.most {
		for i := range k.columns {
			rooms[i] = max(1, len(k.columns[i].parts))
		}
	}
	if product(rooms) > k.most {
		return false
	}
	k.version++
	stride := int32(1)
	for i := len(rooms) - 1; i >= 0; i-- {
		k.columns[i].room, k.columns[i].stride = rooms[i], stride
		stride *= int32(rooms[i])
	}
	return true
}

// product returns a product of numbers above 0, or MaxInt32 if it is larger.
func product(numbers []int) int {
	all := 1
	for _, n := range numbers {
		if all *= n; all > math.MaxInt32 {
			return math.MaxInt32
		}
	}
	return all
}
