// SPDX-License-Identifier: Apache-2.0

package register

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/headcount-hll/headcount/udf/hll/internal/register/baseline"
)

// The working sets: one sketch in the first-level cache, sketches that fill the last-level one, and more
// than any cache. Sources are laid out as in a column: each after a two-byte header, so unaligned.
var workingSets = []struct {
	name  string
	bytes int
}{
	{"cached", 1 << 12},
	{"4MB", 4 << 20},
	{"300MB", 300 << 20},
}

const benchmarkRegisters = 1 << 12

var sink int

// column returns sketches of benchmarkRegisters each, of a few thousand to a few hundred thousand ids.
func column(size int) [][]byte {
	const stride = benchmarkRegisters + 2
	random := rand.New(rand.NewPCG(3, 4))
	models := make([][]byte, 16)
	for i := range models {
		models[i] = make([]byte, benchmarkRegisters)
		sketch(0.5*float64(i+1)*float64(i+1))(random, models[i])
	}
	n := max(1, size/stride)
	whole := make([]byte, n*stride)
	sketches := make([][]byte, n)
	for i := range sketches {
		start := i*stride + 2
		sketches[i] = whole[start : start+benchmarkRegisters : start+benchmarkRegisters]
		copy(sketches[i], models[(i*7+8)%len(models)])
	}
	return sketches
}

// eachSketch runs f over sketches of every working set, in turn.
func eachSketch(b *testing.B, name string, f func(src []byte) int) {
	for _, set := range workingSets {
		b.Run(name+"/"+set.name, func(b *testing.B) {
			sketches := column(set.bytes)
			b.SetBytes(benchmarkRegisters)
			b.ReportAllocs()
			b.ResetTimer()
			for i, n := 0, 0; n < b.N; n++ {
				sink += f(sketches[i])
				if i++; i == len(sketches) {
					i = 0
				}
			}
		})
	}
}

func BenchmarkUnion(b *testing.B) {
	dst := make([]byte, benchmarkRegisters)
	eachSketch(b, "baseline", func(src []byte) int { baseline.Max(dst, src); return 0 })
	for _, k := range implementations {
		eachSketch(b, k.name, func(src []byte) int { return int(k.union(dst, src)) })
	}
}

// BenchmarkUnionAtAlignment has the destination at every kind of address.
func BenchmarkUnionAtAlignment(b *testing.B) {
	src := column(0)[0]
	whole := make([]byte, benchmarkRegisters+64)
	for _, offset := range []int{0, 1, 8, 16, 32} {
		dst := whole[offset : offset+benchmarkRegisters]
		b.Run(fmt.Sprint(offset), func(b *testing.B) {
			for range b.N {
				sink += int(Union(dst, src))
			}
		})
	}
}

// BenchmarkUnionOfPrecision shows what a call costs and what size does.
func BenchmarkUnionOfPrecision(b *testing.B) {
	for _, p := range []int{4, 5, 6, 8, 10, 12, 14, 16, 18, 20, 24} {
		dst, src := make([]byte, 1<<p), make([]byte, 1<<p)
		for _, k := range implementations {
			b.Run(fmt.Sprintf("%s/%d", k.name, p), func(b *testing.B) {
				b.SetBytes(1 << p)
				for range b.N {
					sink += int(k.union(dst, src))
				}
			})
		}
	}
}

func BenchmarkLargest(b *testing.B) {
	for _, k := range implementations {
		eachSketch(b, k.name, func(src []byte) int { return int(k.largest(src)) })
	}
}

func BenchmarkSum(b *testing.B) {
	for _, k := range implementations {
		eachSketch(b, k.name, func(src []byte) int { return int(k.sum(src).Sum) })
	}
}

func BenchmarkHistogram(b *testing.B) {
	var counts [128]uint32
	eachSketch(b, Kernel(), func(src []byte) int { Histogram(src, &counts); return 0 })
}
