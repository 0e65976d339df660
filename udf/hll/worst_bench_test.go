// SPDX-License-Identifier: Apache-2.0

package hll

import (
	"encoding/binary"
	"testing"
)

// BenchmarkWorst is the largest precision with crafted registers: dense, 16 MiB, and as many bytes of entries in
// descending order. Run it with -benchtime 1x.
func BenchmarkWorst(b *testing.B) {
	const p = 24
	crafted := func(factor int) Sketch {
		bytes := append([]byte{denseForm, p}, make([]byte, 1<<p)...)
		for i := range 1 << p {
			bytes[headerSize+i] = byte(i*factor>>7) % (128 - p)
		}
		s, err := Decode(bytes)
		if err != nil {
			b.Fatal(err)
		}
		return s
	}
	entries := []byte{sparseForm, p}
	for i := 1 << 22; i > 0; i-- {
		entries = binary.LittleEndian.AppendUint32(entries, uint32(i*7)&(1<<p-1)|uint32(1+i%(128-p))<<24)
	}
	x, y := crafted(2654435761), crafted(40503)
	sparse, err := Decode(entries)
	if err != nil {
		b.Fatal(err)
	}
	for name, f := range map[string]func(){
		"decode-dense":       func() { Decode(x.Bytes()) },
		"decode-sparse":      func() { Decode(entries) },
		"union-dense":        func() { AppendUnion(nil, x, y) },
		"union-sparse":       func() { AppendUnion(nil, sparse, sparse) },
		"cardinality-dense":  func() { x.Cardinality() },
		"cardinality-sparse": func() { sparse.Cardinality() },
		"estimate-dense":     func() { x.Estimate() },
		"reduce-dense":       func() { AppendReduced(nil, x, Precision{MinPrecision}) },
		"intersection":       func() { Intersection(x, y) },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				f()
			}
		})
	}
}
