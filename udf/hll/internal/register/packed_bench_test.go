// SPDX-License-Identifier: Apache-2.0

package register

import "testing"

func BenchmarkUnionPacked(b *testing.B) {
	// Most sources have registers below the base, and a few have some that do not fit a nibble over it.
	const base = 3
	packed := make([]byte, benchmarkRegisters/2)
	for _, k := range packedImplementations {
		eachSketch(b, k.name, func(src []byte) int { return int(k.union(packed, base, src)) })
	}
}

func BenchmarkSmallestPacked(b *testing.B) {
	packed := make([]byte, benchmarkRegisters/2)
	for _, k := range packedImplementations {
		b.Run(k.name, func(b *testing.B) {
			for range b.N {
				sink += int(k.smallest(packed))
			}
		})
	}
}

func BenchmarkPack(b *testing.B) {
	packed := make([]byte, benchmarkRegisters/2)
	eachSketch(b, Kernel(), func(src []byte) int { return Pack(packed, src, 0) })
}

func BenchmarkUnpack(b *testing.B) {
	packed, dst := make([]byte, benchmarkRegisters/2), make([]byte, benchmarkRegisters)
	for range b.N {
		Unpack(dst, packed, 3)
	}
}

func BenchmarkRaise(b *testing.B) {
	packed := make([]byte, benchmarkRegisters/2)
	for range b.N {
		Raise(packed, 1)
	}
}
