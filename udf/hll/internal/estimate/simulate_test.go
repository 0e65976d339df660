// SPDX-License-Identifier: Apache-2.0

package estimate

import "math/bits"

// simulation draws registers as random ids would set them, by splitmix64 instead of the format's hash.
type simulation uint64

func (s *simulation) next() uint64 {
	*s += 0x9E3779B97F4A7C15
	z := uint64(*s)
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

// add puts n new ids into the registers of precision p.
func (s *simulation) add(registers []byte, p uint8, n int) {
	for range n {
		x := s.next()
		i := x & (1<<p - 1)
		if rho := byte(1 + bits.TrailingZeros64(x>>p|1<<63)); rho > registers[i] {
			registers[i] = rho
		}
	}
}

// pair returns the registers of two sets with numbers of ids only in the first, only in the second, and
// in both.
func (s *simulation) pair(p uint8, onlyA, onlyB, both int) (a, b []byte) {
	shared := make([]byte, 1<<p)
	s.add(shared, p, both)
	a, b = append([]byte(nil), shared...), append([]byte(nil), shared...)
	s.add(a, p, onlyA)
	s.add(b, p, onlyB)
	return a, b
}

func (s *simulation) joint(p uint8, onlyA, onlyB, both int) JointHistogram {
	return jointOf(s.pair(p, onlyA, onlyB, both))
}

func histogramOf(registers []byte) (h Histogram) {
	for _, k := range registers {
		h[k]++
	}
	return h
}

func jointOf(a, b []byte) (j JointHistogram) {
	for i := range a {
		j.count(a[i], b[i], 1)
	}
	return j
}

// count adds n pairs of registers that hold k1 and k2.
func (j *JointHistogram) count(k1, k2 byte, n uint32) {
	switch {
	case k1 < k2:
		j.aLess[k1] += n
		j.bMore[k2] += n
	case k1 > k2:
		j.aMore[k1] += n
		j.bLess[k2] += n
	default:
		j.equal[k1] += n
	}
}

// craftedJoint returns a pair of sketches that no ids would make: a few kinds of pairs of registers, each
// many times, often at the ends of the range.
func (s *simulation) craftedJoint(p uint8) (j JointHistogram) {
	value := func() byte {
		switch s.next() & 3 {
		case 0:
			return 0
		case 1:
			return 128 - p
		case 2:
			return byte(1 + s.next()%30)
		default:
			return byte(s.next() % uint64(129-p))
		}
	}
	for left := uint32(1) << p; left > 0; {
		n := min(left, 1+uint32(s.next()%(1<<p)))
		if s.next()&1 == 0 {
			n = min(left, 1+uint32(s.next()&3))
		}
		if s.next()&15 == 0 {
			n = left
		}
		j.count(value(), value(), n)
		left -= n
	}
	return j
}
