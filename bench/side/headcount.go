// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"

	"github.com/headcount-hll/headcount/bench/inputs"
	"github.com/headcount-hll/headcount/udf/hll"
	"github.com/headcount-hll/headcount/udf/state"
)

func init() {
	ours("unionDense", "Headcount", func(in *inputs.Inputs) work {
		return intoState(&group{}, in.Dense.Sketches, inputs.DenseSketches*inputs.DenseIDs)
	})
	ours("unionDense", "Headcount, Decode and AppendUnion", func(in *inputs.Inputs) work {
		rows := in.Dense.Sketches
		i, to := cycle{of: len(rows)}, [2][]byte{bytes.Clone(rows[0]), nil}
		return work{
			run: func(n int) {
				for range n {
					to[0], to[1] = appendUnion(to[1][:0], to[0], rows[i.next()]), to[0]
				}
			},
			estimate: func() float64 { return decode(to[0]).Estimate() },
			want:     inputs.DenseSketches * inputs.DenseIDs, all: len(rows),
		}
	})
	ours("unionDenseMemory", "Headcount", func(in *inputs.Inputs) work {
		return intoState(&group{}, column(in.Dense.Sketches), inputs.DenseSketches*inputs.DenseIDs)
	})
	ours("unionSparse", "Headcount", func(in *inputs.Inputs) work {
		rows := in.Sparse.Sketches
		var dst []byte
		i := cycle{of: len(rows)}
		return work{
			run: func(n int) {
				for range n {
					at := i.next()
					dst = appendUnion(dst[:0], rows[at], rows[partner(at)])
				}
			},
			estimate: func() float64 { return decode(dst).Estimate() },
			want:     2 * inputs.SparseIDs, all: len(rows),
		}
	})
	ours("unionSparse", "Headcount, as the state of a group, encoded", func(in *inputs.Inputs) work {
		rows := in.Sparse.Sketches
		g, dst := group{state: make(hll.State, 4096)}, []byte(nil)
		i := cycle{of: len(rows)}
		return work{
			run: func(n int) {
				for range n {
					at := i.next()
					clear(g.state[:16])
					g.merge(rows[at])
					g.merge(rows[partner(at)])
					dst = g.state.Append(dst[:0])
				}
			},
			estimate: g.estimate, want: 2 * inputs.SparseIDs, all: len(rows),
		}
	})
	ours("unionSparseIntoDense", "Headcount", func(in *inputs.Inputs) work {
		g := &group{}
		g.merge(in.Dense.Sketches[0])
		return intoState(g, in.Sparse.Sketches, inputs.DenseIDs+inputs.SparseSketches*inputs.SparseIDs)
	})
	ours("cardinality", "Headcount", func(in *inputs.Inputs) work {
		rows := in.Dense.Sketches
		i, last := cycle{of: len(rows)}, int64(0)
		return work{
			run: func(n int) {
				for range n {
					last = decode(rows[i.next()]).Cardinality()
				}
			},
			estimate: func() float64 { return float64(last) }, want: inputs.DenseIDs, all: len(rows),
		}
	})
	ours("cardinality", "Headcount, hll_estimate", func(in *inputs.Inputs) work {
		rows := in.Dense.Sketches
		i, last := cycle{of: len(rows)}, 0.0
		return work{
			run: func(n int) {
				for range n {
					last = decode(rows[i.next()]).Estimate()
				}
			},
			estimate: func() float64 { return last }, want: inputs.DenseIDs, all: len(rows),
		}
	})
	ours("add", "Headcount", func(in *inputs.Inputs) work {
		g := &group{}
		g.merge(in.Dense.Sketches[0])
		return adding(in, g.add, g.estimate)
	})
	ours("intersection", "Headcount, hll_jaccard (the estimate)", func(in *inputs.Inputs) work {
		return joint(in, func(a, b hll.Sketch) error { _, err := hll.Jaccard(a, b); return err })
	})
	ours("intersection", "Headcount, hll_intersection (with its interval)", func(in *inputs.Inputs) work {
		return joint(in, func(a, b hll.Sketch) error { _, err := hll.Intersection(a, b); return err })
	})
}

func ours(task, name string, set func(*inputs.Inputs) work) {
	enter(task, name, set)
	entered := tasks[task]
	entered[len(entered)-1].isOurs = true
}

// must panics on an error: the inputs are valid.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

func decode(sketch []byte) hll.Sketch {
	s, err := hll.Decode(sketch)
	must(err)
	return s
}

func appendUnion(dst, a, b []byte) []byte {
	dst, err := hll.AppendUnion(dst, decode(a), decode(b))
	must(err)
	return dst
}

// A group is a state as an engine keeps it. It grows on request.
type group struct{ state hll.State }

func (g *group) grow(step state.Step) {
	if step.Status != state.NeedSpace {
		panic("a step that a small sketch never needs")
	}
	larger := make(hll.State, step.Need)
	copy(larger, g.state)
	g.state = larger
}

func (g *group) merge(sketch []byte) {
	for {
		step, err := g.state.Merge(sketch, 0, 0)
		must(err)
		if step.Status == state.Done {
			return
		}
		g.grow(step)
	}
}

var precision, _ = hll.NewPrecision(inputs.Precision)

func (g *group) add(id []byte) {
	for {
		step, err := g.state.Add(precision, id, 0)
		must(err)
		if step.Status == state.Done {
			return
		}
		g.grow(step)
	}
}

func (g *group) estimate() float64 { return decode(g.state.Append(nil)).Estimate() }

// intoState unites rows one at a time into the state of a group.
func intoState(g *group, rows [][]byte, want int) work {
	i := cycle{of: len(rows)}
	return work{
		run: func(n int) {
			for range n {
				g.merge(rows[i.next()])
			}
		},
		estimate: g.estimate, want: want, all: len(rows),
	}
}

// adding adds ids one at a time to a sketch that contains DenseIDs other ids.
func adding(in *inputs.Inputs, add func(id []byte), estimate func() float64) work {
	ids := in.Dense.IDs[1][:4096]
	i := cycle{of: len(ids)}
	return work{
		run: func(n int) {
			for range n {
				add(ids[i.next()])
			}
		},
		estimate: estimate, want: inputs.DenseIDs + len(ids), all: len(ids),
	}
}

// joint evaluates a function of two sketches that share a tenth of their ids.
func joint(in *inputs.Inputs, f func(a, b hll.Sketch) error) work {
	var pairs [inputs.DenseSketches][2]hll.Sketch
	for i := range pairs {
		tenth := hll.NewBuilder(precision)
		must(tenth.Merge(in.Dense.Sketches[(i+1)%len(pairs)]))
		for _, id := range in.Dense.IDs[i][:inputs.DenseIDs/9] {
			tenth.Add(id)
		}
		pairs[i] = [2]hll.Sketch{decode(in.Dense.Sketches[i]), decode(tenth.Append(nil))}
	}
	i := cycle{of: len(pairs)}
	return work{
		run: func(n int) {
			for range n {
				pair := &pairs[i.next()]
				must(f(pair[0], pair[1]))
			}
		},
		estimate: func() float64 {
			shared, err := hll.Intersection(pairs[0][0], pairs[0][1])
			must(err)
			if shared.Lower > inputs.DenseIDs/9 || shared.Upper < inputs.DenseIDs/9 {
				return shared.Estimate
			}
			return inputs.DenseIDs / 9
		},
		want: inputs.DenseIDs / 9, all: len(pairs),
	}
}
