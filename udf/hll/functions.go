package hll

import (
	"math/bits"

	"github.com/headcount-hll/headcount/udf/errs"
	"github.com/headcount-hll/headcount/udf/hll/internal/register"
)

// AppendEmpty appends the empty sketch of precision p.
func AppendEmpty(dst []byte, p Precision) []byte { return append(dst, sparseForm, p.bits) }

// AppendCreate appends the sketch of one id, of its bytes as they are.
func AppendCreate(dst []byte, p Precision, id []byte) []byte {
	h1, h2 := hash(id)
	list := [1]entry{entryOf(p, h1, h2)}
	return appendSparse(dst, p, list[:])
}

// AppendUnion appends the union of two sketches, or refuses two precisions. It is sparse while both are
// and entries*16 <= 2^p.
func AppendUnion(dst []byte, a, b Sketch) ([]byte, error) {
	p := a.precision
	if p != b.precision {
		return dst, mismatch(p, b.precision)
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
	// With more entries than a sparse sketch may have it is dense, unless many of them are in both.
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

// appendDenseUnion appends the union of two sparse sketches as registers, which is the faster way, and
// reports whether they are too many for a sparse one. If not, dst is as it was.
func appendDenseUnion(dst []byte, a, b Sketch) (dense []byte, ok bool) {
	p := a.precision
	dense = append(append(dst, denseForm, p.bits), make([]byte, p.Registers())...)
	registers := dense[len(dst)+headerSize:]
	a.unionInto(registers)
	b.unionInto(registers)
	return dense, p.Registers()-register.Sum(registers).Zeros > p.sparseLimit()
}

// mergeAscending writes the union of two ascending lists to out, of an index in both the larger rho, and
// returns its length. It has no branch on the data: of random indexes each would be a coin toss.
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

// appendForm appends ascending entries in the form that Algebird's sum gives them.
func appendForm(dst []byte, p Precision, list []entry) []byte {
	if len(list) <= p.sparseLimit() {
		return appendSparse(dst, p, list)
	}
	from := len(dst) + headerSize
	dst = append(append(dst, denseForm, p.bits), make([]byte, p.Registers())...)
	spread(dst[from:], list)
	return dst
}

// AppendReduced appends the sketch at a smaller precision q, exactly as if it had been built there, or
// refuses a q above the sketch's own. FORMAT.md, "Union".
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

// reduceEntry returns the entry at precision q of an id that gave e at precision p. The bits of the
// index that q does not use become the first bits of rho's run of zeros.
func reduceEntry(e entry, p, q Precision) entry {
	index := e.index() & (1<<q.bits - 1)
	rest := e.index() >> q.bits
	if rest == 0 {
		return entry(index<<8) | entry(e.rho()+p.bits-q.bits)
	}
	return entry(index<<8) | entry(1+bits.TrailingZeros32(rest))
}

// Kernel names the implementation of the register kernels that this process uses: avx2 or portable.
func Kernel() string { return register.Kernel() }
