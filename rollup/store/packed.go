package store

import (
	"encoding/binary"
	"fmt"

	"github.com/headcount-hll/headcount/udf/hist"
)

// Stores keep the numbers of a row as
//
//	sum, count                   varint
//	buckets                      uvarint
//	buckets that are not 0       uvarint, and for each of them: buckets of 0 before it (uvarint), its value (varint)
//
// in the integers of encoding/binary. What names the row comes before, as the store likes.

// Pack appends the numbers of a row. A histogram of more than [hist.MaxBuckets] buckets is an error.
func Pack(b []byte, histogram []int64, sum, count int64) ([]byte, error) {
	if len(histogram) > hist.MaxBuckets {
		return b, fmt.Errorf("a histogram of %d buckets; %d are the most", len(histogram), hist.MaxBuckets)
	}
	filled := 0
	for _, v := range histogram {
		if v != 0 {
			filled++
		}
	}
	b = binary.AppendVarint(binary.AppendVarint(b, sum), count)
	b = binary.AppendUvarint(binary.AppendUvarint(b, uint64(len(histogram))), uint64(filled))
	zeros := uint64(0)
	for _, v := range histogram {
		if v == 0 {
			zeros++
			continue
		}
		b = binary.AppendVarint(binary.AppendUvarint(b, zeros), v)
		zeros = 0
	}
	return b, nil
}

// A PackedReader reads packed rows. What is malformed ends it: it has no more, and Malformed is true.
type PackedReader struct {
	rest      []byte
	malformed bool
}

// ReadPacked returns a reader of packed rows.
func ReadPacked(rows []byte) PackedReader { return PackedReader{rest: rows} }

// More reports whether there is something left to read.
func (r *PackedReader) More() bool { return len(r.rest) > 0 }

// Malformed reports whether something could not be read.
func (r *PackedReader) Malformed() bool { return r.malformed }

func (r *PackedReader) fail() { r.rest, r.malformed = nil, true }

// Uvarint returns the next integer without a sign, 0 where there is none.
func (r *PackedReader) Uvarint() uint64 {
	v, n := binary.Uvarint(r.rest)
	r.skipBytes(n)
	return v
}

func (r *PackedReader) varint() int64 {
	v, n := binary.Varint(r.rest)
	r.skipBytes(n)
	return v
}

// skipBytes goes past an integer of n bytes. encoding/binary returns 0 and an n of 0 or less where there is none.
func (r *PackedReader) skipBytes(n int) {
	if n <= 0 {
		r.fail()
		return
	}
	r.rest = r.rest[n:]
}

// Text returns the next text, which has its length before it. It shares the memory of the rows.
func (r *PackedReader) Text() []byte {
	n := r.Uvarint()
	if n > uint64(len(r.rest)) {
		r.fail()
		return nil
	}
	text := r.rest[:n]
	r.rest = r.rest[n:]
	return text
}

// Add adds the numbers of a row to a sum; without a sum it passes over them.
func (r *PackedReader) Add(to *Sum) {
	sum, count := r.varint(), r.varint()
	buckets, filled := r.Uvarint(), r.Uvarint()
	if buckets > hist.MaxBuckets || filled > buckets {
		r.fail()
	}
	if r.malformed {
		return
	}
	if to == nil {
		r.skip(filled)
		return
	}
	to.Sum, to.Count = hist.Add(to.Sum, sum), hist.Add(to.Count, count)
	if missing := int(buckets) - len(to.Histogram); missing > 0 {
		to.Histogram = append(to.Histogram, make([]int64, missing)...)
	}
	r.addBuckets(to.Histogram[:buckets], filled)
}

func (r *PackedReader) skip(filled uint64) {
	for range filled {
		r.Uvarint()
		r.varint()
	}
}

// addBuckets adds the buckets that are not 0.
func (r *PackedReader) addBuckets(to []int64, filled uint64) {
	for range filled {
		zeros, v := r.Uvarint(), r.varint()
		if zeros >= uint64(len(to)) {
			r.fail()
			return
		}
		to[zeros] = hist.Add(to[zeros], v)
		to = to[zeros+1:]
	}
}
