// SPDX-License-Identifier: Apache-2.0

// The Go driver: the conformance protocol over the functions of package udf, with nothing in between.
package main

import (
	"fmt"
	"os"

	"github.com/headcount-hll/headcount/udf"
	"github.com/headcount-hll/headcount/udf/conformance/driver"
)

func main() {
	if err := driver.Serve(os.Stdin, os.Stdout, library{}); err != nil {
		fmt.Fprintln(os.Stderr, "conformance driver:", err)
		os.Exit(1)
	}
}

type library struct{}

func (library) Scalar(f *udf.Function, args []udf.Column) (udf.Column, error) {
	return f.Eval(1, args...)
}

func (library) Aggregate(f *udf.Function, args []udf.Column, rows int) (udf.Column, error) {
	states := f.NewAccumulator()
	states.Grow(1)
	err := states.Add(make([]uint32, rows), args)
	return states.Result(), err
}

func (library) CompatibleEstimate(sketch []byte) (float64, error) {
	in, out := udf.BytesOf(udf.HLL, sketch), make([]float64, 1)
	err := udf.CompatibleEstimate(out, &in)
	return out[0], err
}
