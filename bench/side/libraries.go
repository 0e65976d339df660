// SPDX-License-Identifier: Apache-2.0

package main

import (
	"regexp"
	"runtime/debug"
	"strings"

	"github.com/axiomhq/hyperloglog"
	"github.com/retailnext/hllpp"

	"github.com/headcount-hll/headcount/bench/inputs"
)

// A library adapts a third-party Go library. S is its sketch type.
type library[S any] struct {
	module string
	fresh  func() S
	add    func(s S, id []byte)
	encode func(S) []byte
	decode func([]byte) S
	merge  func(to, from S)
	count  func(S) float64
}

func init() {
	enterLibrary(library[*hyperloglog.Sketch]{
		module: "github.com/axiomhq/hyperloglog",
		fresh: func() *hyperloglog.Sketch {
			s, err := hyperloglog.NewSketch(inputs.Precision, true)
			must(err)
			return s
		},
		add: func(s *hyperloglog.Sketch, id []byte) { s.Insert(id) },
		encode: func(s *hyperloglog.Sketch) []byte {
			s.Estimate() // normalizes its sparse form, which is its best case for storage
			b, err := s.MarshalBinary()
			must(err)
			return b
		},
		decode: func(b []byte) *hyperloglog.Sketch {
			s := new(hyperloglog.Sketch)
			must(s.UnmarshalBinary(b))
			return s
		},
		merge: func(to, from *hyperloglog.Sketch) { must(to.Merge(from)) },
		count: func(s *hyperloglog.Sketch) float64 { return float64(s.Estimate()) },
	})
	enterLibrary(library[*hllpp.HLLPP]{
		module: "github.com/retailnext/hllpp",
		fresh: func() *hllpp.HLLPP {
			s, err := hllpp.NewWithConfig(hllpp.Config{Precision: inputs.Precision, SparsePrecision: 20})
			must(err)
			return s
		},
		add:    func(s *hllpp.HLLPP, id []byte) { s.Add(id) },
		encode: func(s *hllpp.HLLPP) []byte { return s.Marshal() },
		decode: func(b []byte) *hllpp.HLLPP {
			s, err := hllpp.Unmarshal(b)
			must(err)
			return s
		},
		merge: func(to, from *hllpp.HLLPP) { must(to.Merge(from)) },
		count: func(s *hllpp.HLLPP) float64 { return float64(s.Count()) },
	})
}

// nameOf returns a module's short name and linked version; for an untagged version, its date.
func nameOf(module string) string {
	name := strings.TrimPrefix(module, "github.com/")
	info, _ := debug.ReadBuildInfo()
	if info == nil {
		return name
	}
	for _, m := range info.Deps {
		if m.Path != module {
			continue
		}
		if parts := untagged.FindStringSubmatch(m.Version); parts != nil {
			return name + " of " + parts[1][:4] + "-" + parts[1][4:6] + "-" + parts[1][6:]
		}
		return name + " " + strings.TrimPrefix(m.Version, "v")
	}
	return name
}

var untagged = regexp.MustCompile(`[-.](\d{8})\d{6}-`)

// enterLibrary adds a library to every shared task.
func enterLibrary[S any](l library[S]) {
	name := nameOf(l.module)
	enter("unionDense", name, func(in *inputs.Inputs) work {
		rows := l.encoded(in.Dense)
		return l.into(l.fresh(), rows, inputs.DenseSketches*inputs.DenseIDs)
	})
	enter("unionSparseIntoDense", name, func(in *inputs.Inputs) work {
		to := l.decode(l.encoded(inputs.Set{IDs: in.Dense.IDs[:1]})[0])
		return l.into(to, l.encoded(in.Sparse), inputs.DenseIDs+inputs.SparseSketches*inputs.SparseIDs)
	})
	enter("unionSparse", name, func(in *inputs.Inputs) work {
		rows := l.encoded(in.Sparse)
		i, last := cycle{of: len(rows)}, l.fresh()
		return work{
			run: func(n int) {
				for range n {
					at := i.next()
					last = l.decode(rows[at])
					l.merge(last, l.decode(rows[partner(at)]))
				}
			},
			estimate: func() float64 { return l.count(last) }, want: 2 * inputs.SparseIDs, all: len(rows),
		}
	})
	enter("cardinality", name, func(in *inputs.Inputs) work {
		rows := l.encoded(in.Dense)
		i, last := cycle{of: len(rows)}, 0.0
		return work{
			run: func(n int) {
				for range n {
					last = l.count(l.decode(rows[i.next()]))
				}
			},
			estimate: func() float64 { return last }, want: inputs.DenseIDs, all: len(rows),
		}
	})
	enter("add", name, func(in *inputs.Inputs) work {
		to := l.decode(l.encoded(inputs.Set{IDs: in.Dense.IDs[:1]})[0])
		return adding(in, func(id []byte) { l.add(to, id) }, func() float64 { return l.count(to) })
	})
}

// encoded returns the library's own sketches of the sets of ids.
func (l library[S]) encoded(set inputs.Set) [][]byte {
	rows := make([][]byte, len(set.IDs))
	for i, ids := range set.IDs {
		s := l.fresh()
		for _, id := range ids {
			l.add(s, id)
		}
		rows[i] = l.encode(s)
	}
	return rows
}

// into unites rows one at a time into a sketch.
func (l library[S]) into(to S, rows [][]byte, want int) work {
	i := cycle{of: len(rows)}
	return work{
		run: func(n int) {
			for range n {
				l.merge(to, l.decode(rows[i.next()]))
			}
		},
		estimate: func() float64 { return l.count(to) }, want: want, all: len(rows),
	}
}
