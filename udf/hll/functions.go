// SPDX-License-Identifier: Apache-2.0

package hll

import (
	"math/bits"

	"github.com/headcount-hll/headcount/udf/errs"
	"github.com/headcount-hll/headcount/udf/hll/internal/idhash"
	"github.com/headcount-hll/headcount/udf/hll/internal/register"
)

// AppendEmpty appends the empty sketch of precision p.
func AppendEmpty(dst []byte, p Precision) []byte { return append(dst, sparseForm, p.bits) }

// AppendCreate appends the sketch of one id, hashed by its bytes.
func AppendCreate(dst []byte, p Precision, id []byte) []byte {
	h1, h2 := idhash.Of(id)
	list := [1]entry{entryOf(p, h1, h2)}
	return appendSparse(dst, p, list[:])
}

// AppendCreateInt64 appends the sketch of one whole number, hashed by its decimal text.
func AppendCreateInt64(dst []byte, p Precision, v int64) []byte {
	h1, h2 := idhash.OfInteger(v)
	list := [1]entry{entryOf(p, h1, h2)}
	return appendSparse(dst, p, list[:])
}

// AppendUnion appends the union of two sketches, which have the same precision unless one is empty. The union is sparse if
// both are and entries*16 <= 2^p.
func AppendUnion(dst []byte, a, b Sketch) ([]byte, error) {
	a, b, err := aligned(a, b)
	if err != nil {
		return dst, err
	}
	if a.form == sparseForm && b.form == sparseForm {
		return appendSparseUnion(dst, a, b), nil
	}
	if a.form == sparseForm {
		a, b = b, a
	}
	from := len(dst)
	dst = append(dst, a.bytes...)
	registers := dst[from+headerSize:]
	if b.form == denseForm {
		register.Union(registers, b.body)
	} else {
		b.unionInto(registers)
	}
	return dst, nil
}

func appendSparseUnion(dst []byte, a, b Sketch) []byte {
	// With more entries than a sparse sketch may have, the union is dense unless the two share many.
	if limit := a.precision.sparseLimit() * a.precision.entryWidth(); len(a.body)+len(b.body) > limit {
		if dense, ok := appendDenseUnion(dst, a, b); ok {
			return dense
		}
	}
	var near, nearA, nearB [2 * smallEntries]entry
	listA, listB := a.ascending(nearA[:0]), b.ascending(nearB[:0])
	list := near[:]
	if n := len(listA) + len(listB); n > len(list) {
		list = make([]entry, n)
	}
	return appendForm(dst, a.precision, list[:mergeAscending(list, listA, listB)])
}

// appendDenseUnion appends the union of two sparse sketches as registers, which is faster. It returns false, and leaves
// dst, if the union has to be sparse.
func appendDenseUnion(dst []byte, a, b Sketch) (dense []byte, ok bool) {
	p := a.precision
	dense = append(append(dst, denseForm, p.bits), make([]byte, p.Registers())...)
	registers := dense[len(dst)+headerSize:]
	a.unionInto(registers)
	b.unionInto(registers)
	return dense, p.Registers()-register.Sum(registers).Zeros > p.sparseLimit()
}

// mergeAscending writes the union of two ascending lists to out and returns its length. Of an index in both it takes the
// larger rho. It has no branch on the data, because a branch on random indexes is mispredicted half the time.
func mergeAscending(out, a, b []entry) int {
	n, i, j := 0, 0, 0
	for i < len(a) && j < len(b) {
		x, y := a[i], b[j]
		stepA, stepB := 0, 0
		if x.index() <= y.index() {
			stepA = 1
		}
		if y.index() <= x.index() {
			stepB = 1
		}
		e := min(x, y)
		if stepA == stepB {
			e = max(x, y)
		}
		out[n] = e
		n++
		i += stepA
		j += stepB
	}
	n += copy(out[n:], a[i:])
	return n + copy(out[n:], b[j:])
}

// appendForm appends ascending entries in the form of Algebird's sum.
func appendForm(dst []byte, p Precision, list []entry) []byte {
	if len(list) <= p.sparseLimit() {
		return appendSparse(dst, p, list)
	}
	from := len(dst) + headerSize
	dst = append(append(dst, denseForm, p.bits), make([]byte, p.Registers())...)
	spread(dst[from:], list)
	return dst
}

// AppendReduced appends the sketch at a precision q, exactly as if it had been built at q. A q above the sketch's own is a
// [errs.PrecisionRange] error. FORMAT.md, "Union".
func AppendReduced(dst []byte, s Sketch, q Precision) ([]byte, error) {
	p := s.precision
	if q.bits > p.bits {
		return dst, invalid(errs.PrecisionRange, "reduction of precision %d to %d: must be %d to %d", p.bits, q.bits, MinPrecision, p.bits)
	}
	if q == p {
		return append(dst, s.bytes...), nil
	}
	if s.form == sparseForm {
		list := s.entries()
		for i, e := range list {
			list[i] = reduceEntry(e, p, q)
		}
		return appendForm(dst, q, largestOfEach(list)), nil
	}
	from := len(dst) + headerSize
	dst = append(append(dst, denseForm, q.bits), make([]byte, q.Registers())...)
	registers := dst[from:]
	for i, r := range s.body {
		if r != 0 {
			e := reduceEntry(entry(i<<8)|entry(r), p, q)
			registers[e.index()] = max(registers[e.index()], e.rho())
		}
	}
	return dst, nil
}

// reduceEntry returns the entry at precision q of an id whose entry at precision p is e. The bits of the index that q does
// not use become the first bits in which rho counts zeros.
func reduceEntry(e entry, p, q Precision) entry {
	index := e.index() & (1<<q.bits - 1)
	rest := e.index() >> q.bits
	if rest == 0 {
		return entry(index<<8) | entry(e.rho()+p.bits-q.bits)
	}
	return entry(index<<8) | entry(1+bits.TrailingZeros32(rest))
}

// Kernel returns which implementation of the register kernels this process uses: "avx2", "neon" or "portable".
func Kernel() string { return register.Kernel() }
