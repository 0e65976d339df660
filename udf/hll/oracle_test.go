// SPDX-License-Identifier: Apache-2.0

package hll

import (
	"bytes"
	"encoding/binary"
	"math/big"
	"math/bits"
	"testing"
)

// naive is a sketch as the format describes it, with nothing to make it fast: the oracle of the tests.
type naive struct {
	p     int
	dense bool // something dense came in, or the entries grew too many
	rho   map[int]int
}

func newNaive(p int) *naive { return &naive{p: p, rho: map[int]int{}} }

// readNaive reads a sketch byte by byte; nil means invalid.
func readNaive(b []byte) *naive {
	if len(b) < 2 || b[1] < 4 || b[1] > 24 {
		return nil
	}
	n := newNaive(int(b[1]))
	switch b[0] {
	case 2:
		n.dense = true
		if len(b) != 2+1<<n.p {
			return nil
		}
		for i, r := range b[2:] {
			if int(r) > 128-n.p {
				return nil
			}
			if r > 0 {
				n.rho[i] = int(r)
			}
		}
	case 3:
		width := (n.p + 7) / 8
		for body := b[2:]; len(body) > 0; body = body[width+1:] {
			if len(body) < width+1 {
				return nil
			}
			index := 0
			for i := range width {
				index |= int(body[i]) << (8 * i)
			}
			if rho := int(body[width]); index >= 1<<n.p || rho < 1 || rho > 128-n.p {
				return nil
			} else {
				n.rho[index] = rho // the last wins
			}
		}
	default:
		return nil
	}
	return n
}

func (n *naive) union(o *naive) {
	for i, r := range o.rho {
		n.rho[i] = max(n.rho[i], r)
	}
	n.dense = n.dense || o.dense || len(n.rho)*16 > 1<<n.p
}

// add puts an id's hash in, the index and rho read off the hash bit by bit.
func (n *naive) add(h1, h2 uint64) {
	hash := new(big.Int).SetUint64(bits.Reverse64(h2))
	hash.Lsh(hash, 64).Or(hash, new(big.Int).SetUint64(bits.Reverse64(h1)))
	index, rho := 0, 1
	for i := range n.p {
		index |= int(hash.Bit(i)) << i
	}
	for n.p+rho-1 < 127 && hash.Bit(n.p+rho-1) == 0 {
		rho++
	}
	n.rho[index] = max(n.rho[index], rho)
	n.dense = n.dense || len(n.rho)*16 > 1<<n.p
}

// bytes returns the encoding that this package should write.
func (n *naive) bytes() []byte {
	if n.dense {
		return append([]byte{2, byte(n.p)}, n.registers()...)
	}
	out := []byte{3, byte(n.p)}
	for i := range 1 << n.p {
		if r := n.rho[i]; r > 0 {
			index := binary.LittleEndian.AppendUint32(nil, uint32(i))
			out = append(append(out, index[:(n.p+7)/8]...), byte(r))
		}
	}
	return out
}

func (n *naive) registers() []byte {
	out := make([]byte, 1<<n.p)
	for i, r := range n.rho {
		out[i] = byte(r)
	}
	return out
}

// requireSketch fails unless got is exactly the encoding of want.
func requireSketch(t *testing.T, what string, got []byte, want *naive) {
	t.Helper()
	if !bytes.Equal(got, want.bytes()) {
		t.Fatalf("%s: got %x, want %x", what, head(got), head(want.bytes()))
	}
}

func head(b []byte) []byte { return b[:min(len(b), 64)] }
