// SPDX-License-Identifier: Apache-2.0

package idhash

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// BenchmarkBatch is a batch of 64 ids, from bytes or integers to entries of 12 bits.
func BenchmarkBatch(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 1))
	strings := map[string]func() string{
		"uuid-text": func() string { return fmt.Sprintf("%08x-0000-4000-8000-%012x", random.Uint32(), random.Uint32()) },
		"short":     func() string { return fmt.Sprint("u", random.IntN(6_000_000)) },
		"mixed":     func() string { return fmt.Sprintf("%0*x", 1+random.IntN(40), random.Uint32()) },
	}
	integers := map[string]func() int64{
		"bigint-small":  func() int64 { return 1 + random.Int64N(6_000_000) },
		"bigint-random": func() int64 { return int64(random.Uint64()) },
	}
	var entries [Batch]uint32
	for _, k := range implementations {
		for name, next := range strings {
			var data []byte
			starts, lengths := make([]int32, 64*Batch), make([]int32, 64*Batch)
			for i := range starts {
				id := next()
				starts[i], lengths[i] = int32(len(data)), int32(len(id))
				data = append(data, id...)
			}
			data = append(data, make([]byte, 16)...)
			b.Run(k.name+"/"+name, func(b *testing.B) {
				for i := 0; b.Loop(); i++ {
					var sums Sums
					at := i % 64 * Batch
					k.strings(&sums, data, starts[at:][:Batch], lengths[at:][:Batch])
					k.entries(&sums, entries[:], 12)
				}
			})
		}
		for name, next := range integers {
			values := make([]int64, 64*Batch)
			for i := range values {
				values[i] = next()
			}
			b.Run(k.name+"/"+name, func(b *testing.B) {
				for i := 0; b.Loop(); i++ {
					var sums Sums
					k.integers(&sums, values[i%64*Batch:][:Batch])
					k.entries(&sums, entries[:], 12)
				}
			})
		}
	}
}
