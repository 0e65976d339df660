// SPDX-License-Identifier: Apache-2.0

package hist

import (
	"encoding/binary"
	"fmt"

	"github.com/headcount-hll/headcount/udf/state"
)

// An encoded array is the elements of an array of int64, 8 bytes each in little-endian order, without a header.

// wordSize is the size of an element in an encoded array, in bytes.
const wordSize = 8

// vectorSize is the size of the elements that are added at once, in bytes.
const vectorSize = 4 * wordSize

// AppendArray appends the elements as an encoded array.
func AppendArray(dst []byte, elements ...int64) []byte {
	for _, v := range elements {
		dst = binary.LittleEndian.AppendUint64(dst, uint64(v))
	}
	return dst
}

// AppendElements appends the elements of an encoded array.
func AppendElements(dst []int64, array []byte) ([]int64, error) {
	if err := checkArray(array, 0); err != nil {
		return dst, err
	}
	for ; len(array) > 0; array = array[wordSize:] {
		dst = append(dst, word(array))
	}
	return dst, nil
}

// A State is a sum of arrays, in memory that the caller lends for the length of a call. It starts as zero bytes, of any
// length including 0. A call that needs more memory returns [state.NeedSpace].
//
//	bytes 0..7   number of elements
//	from 8       the elements, as an encoded array
type State []byte

const headerSize = wordSize

// Empty reports whether the sum has no elements: there was no input with elements.
func (s State) Empty() bool { return len(s) < headerSize || binary.LittleEndian.Uint64(s) == 0 }

// Array returns the sum as an encoded array. It shares the state's memory.
func (s State) Array() []byte {
	if s.Empty() {
		return nil
	}
	return s[headerSize:][:binary.LittleEndian.Uint64(s)*wordSize]
}

// Sum adds an encoded array, element by element, as [Sum] does. An array without elements changes nothing. An error leaves the state as it was.
func (s State) Sum(array []byte) (state.Step, error) { return s.add(array, 0) }

// SumHistograms adds an encoded histogram array, as [SumHistograms] does. An error leaves the state as it was.
func (s State) SumHistograms(array []byte) (state.Step, error) { return s.add(array, Trailer) }

// add adds an array whose last trailer elements are added to the last ones of the sum.
func (s State) add(array []byte, trailer int) (state.Step, error) {
	if sum := s.Array(); len(sum) == len(array) && len(sum) > 0 { // which the sum's length has been checked for
		addWords(sum, array)
		return state.Step{Status: state.Done}, nil
	}
	if err := checkArray(array, trailer); err != nil {
		return state.Step{}, err
	}
	size := max(len(array), len(s.Array()))
	if need := headerSize + size; len(s) < need {
		return state.Step{Status: state.NeedSpace, Need: need}, nil
	}
	if s.Empty() {
		copy(s[headerSize:], array)
		s.setSize(len(array))
		return state.Step{Status: state.Done}, nil
	}
	if size > len(s.Array()) {
		s.lengthen(size, trailer*wordSize)
	}
	end := len(array) - trailer*wordSize
	addWords(s.Array()[:end], array[:end])
	addWords(s.Array()[size-trailer*wordSize:], array[end:])
	return state.Step{Status: state.Done}, nil
}

func (s State) setSize(bytes int) { binary.LittleEndian.PutUint64(s, uint64(bytes/wordSize)) }

// lengthen inserts zeros before the last trailer bytes, so that the array has size bytes.
func (s State) lengthen(size, trailer int) {
	end := len(s.Array()) - trailer
	s.setSize(size)
	array := s.Array()
	copy(array[size-trailer:], array[end:end+trailer])
	clear(array[end:min(end+trailer, size-trailer)])
	clear(array[end+trailer : max(end+trailer, size-trailer)])
}

// addByVectors is addWords by way of addVectors.
func addByVectors(into, other []byte) {
	for len(into) >= vectorSize {
		done := addVectors(into, other)
		into, other = into[done:], other[done:]
		if len(into) >= vectorSize { // a sum of the next ones is outside int64
			addEach(into[:vectorSize], other[:vectorSize])
			into, other = into[vectorSize:], other[vectorSize:]
		}
	}
	addEach(into, other)
}

// genericAddVectors is addVectors in portable Go.
func genericAddVectors(into, other []byte) int {
	done := 0
	for ; len(into)-done >= vectorSize; done += vectorSize {
		if !addFour((*[vectorSize]byte)(into[done:]), (*[vectorSize]byte)(other[done:])) {
			break
		}
	}
	return done
}

// addFour adds four elements, or returns false if a sum is outside int64, and has then changed nothing.
func addFour(into, other *[vectorSize]byte) bool {
	a0, b0 := word(into[0:8]), word(other[0:8])
	a1, b1 := word(into[8:16]), word(other[8:16])
	a2, b2 := word(into[16:24]), word(other[16:24])
	a3, b3 := word(into[24:32]), word(other[24:32])
	s0, s1, s2, s3 := a0+b0, a1+b1, a2+b2, a3+b3
	if (a0^s0)&(b0^s0)|(a1^s1)&(b1^s1)|(a2^s2)&(b2^s2)|(a3^s3)&(b3^s3) < 0 {
		return false
	}
	setWord(into[0:8], s0)
	setWord(into[8:16], s1)
	setWord(into[16:24], s2)
	setWord(into[24:32], s3)
	return true
}

func addEach(into, other []byte) {
	for ; len(into) >= wordSize && len(other) >= wordSize; into, other = into[wordSize:], other[wordSize:] {
		setWord(into, Add(word(into), word(other)))
	}
}

func word(b []byte) int64 { return int64(binary.LittleEndian.Uint64(b)) }

func setWord(b []byte, v int64) { binary.LittleEndian.PutUint64(b, uint64(v)) }

// checkArray checks that an encoded array has whole elements, and at least least of them.
func checkArray(array []byte, least int) error {
	if len(array)%wordSize != 0 {
		return fmt.Errorf("hist: encoded array of %d bytes: must be a multiple of %d", len(array), wordSize)
	}
	if n := len(array) / wordSize; n < least {
		return noTrailer(n)
	}
	return nil
}
