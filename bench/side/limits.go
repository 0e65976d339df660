// SPDX-License-Identifier: Apache-2.0

package main

import (
	"github.com/headcount-hll/headcount/bench/inputs"
	"github.com/headcount-hll/headcount/bench/limit"
)

// The limits: loops over registers without checks. They are contestants so that their samples alternate with
// the others.
func init() {
	for task, rows := range map[string]func(*inputs.Inputs) [][]byte{
		"unionDense":       func(in *inputs.Inputs) [][]byte { return in.Dense.Sketches },
		"unionDenseMemory": func(in *inputs.Inputs) [][]byte { return column(in.Dense.Sketches) },
	} {
		enter(task, "limit: plain maximum, no check", func(in *inputs.Inputs) work {
			dst := make([]byte, 1<<inputs.Precision)
			w := loop(rows(in), func(registers []byte) { limit.Max(dst, registers) })
			w.want = inputs.DenseSketches * inputs.DenseIDs
			w.estimate = func() float64 { return decode(append([]byte{2, inputs.Precision}, dst...)).Estimate() }
			return w
		})
		enter(task, "limit: copying the bytes", func(in *inputs.Inputs) work {
			dst := make([]byte, 1<<inputs.Precision)
			return loop(rows(in), func(registers []byte) { copy(dst, registers) })
		})
		enter(task, "limit: reading the bytes", func(in *inputs.Inputs) work {
			var all byte
			return loop(rows(in), func(registers []byte) { all ^= limit.Read(registers) })
		})
	}
}

func loop(rows [][]byte, f func(registers []byte)) work {
	i := cycle{of: len(rows)}
	return work{
		run: func(n int) {
			for range n {
				f(rows[i.next()][2:])
			}
		},
		estimate: func() float64 { return 0 }, want: 0, all: len(rows),
	}
}
