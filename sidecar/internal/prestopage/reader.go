// SPDX-License-Identifier: Apache-2.0

package prestopage

import (
	"encoding/binary"
	"fmt"
)

// A reader reads a page's body from its start.
type reader struct {
	body   []byte
	at     int
	values int // how many more rows and elements expand may return
}

// take returns the next n bytes; n is not negative.
func (r *reader) take(n int, what string) ([]byte, error) {
	if left := len(r.body) - r.at; n > left {
		return nil, fmt.Errorf("%s of %d bytes at byte %d: the page has %d more bytes", what, n, r.at, left)
	}
	taken := r.body[r.at : r.at+n : r.at+n]
	r.at += n
	return taken, nil
}

// count reads a number that must not be negative.
func (r *reader) count(what string) (int, error) {
	at := r.at
	raw, err := r.take(4, what)
	if err != nil {
		return 0, err
	}
	n := int32(binary.LittleEndian.Uint32(raw))
	if n < 0 {
		return 0, fmt.Errorf("%s at byte %d is %d", what, at, n)
	}
	return int(n), nil
}

// ints reads n numbers. It allocates after it has checked that the page has them.
func (r *reader) ints(n int, what string) ([]int32, error) {
	raw, err := r.take(4*n, what)
	if err != nil {
		return nil, err
	}
	values := make([]int32, n)
	for i := range values {
		values[i] = int32(binary.LittleEndian.Uint32(raw[4*i:]))
	}
	return values, nil
}

// nulls reads the null flags of n rows, nil if no row is NULL, and returns the number of rows that are not NULL.
func (r *reader) nulls(n int) (null []bool, present int, err error) {
	flag, err := r.take(1, "null flag")
	if err != nil || flag[0] == 0 {
		return nil, n, err
	}
	bits, err := r.take((n+7)/8, "null bits")
	if err != nil {
		return nil, 0, err
	}
	if err := r.spend(n); err != nil {
		return nil, 0, err
	}
	null = make([]bool, n)
	for i := range null {
		if null[i] = bits[i/8]&(0x80>>(i%8)) != 0; !null[i] {
			present++
		}
	}
	return null, present, nil
}

// spend counts n values against the limit given to Decode. It is called before memory is allocated for values that
// take less space in the page than in memory: expanded rows, and null flags.
func (r *reader) spend(n int) error {
	if n > r.values {
		return fmt.Errorf("%d more values at byte %d: at most %d more are allowed", n, r.at, r.values)
	}
	r.values -= n
	return nil
}
