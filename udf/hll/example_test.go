// SPDX-License-Identifier: Apache-2.0

package hll_test

import (
	"fmt"
	"log"

	"github.com/headcount-hll/headcount/udf/hll"
)

// Count the distinct ids of a stream, and read the sketch that a table would hold.
func Example() {
	p, err := hll.NewPrecision(hll.DefaultPrecision)
	if err != nil {
		log.Fatal(err)
	}
	b := hll.NewBuilder(p)
	for _, id := range []string{"anna", "bert", "anna"} {
		b.Add([]byte(id))
	}
	encoded := b.Append(nil)

	sketch, err := hll.Decode(encoded)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(encoded), "bytes,", sketch.Cardinality(), "ids")
	// Output: 8 bytes, 2 ids
}

// Unite the sketches of two days.
func ExampleBuilder_Merge() {
	p, _ := hll.NewPrecision(12)
	monday := hll.AppendCreate(nil, p, []byte("anna"))
	tuesday := hll.AppendCreate(nil, p, []byte("bert"))

	b := hll.NewBuilder(p)
	for _, day := range [][]byte{monday, tuesday, monday} {
		if err := b.Merge(day); err != nil {
			log.Fatal(err)
		}
	}
	week, _ := hll.Decode(b.Append(nil))
	fmt.Println(week.Cardinality())
	// Output: 2
}

// Estimate how many ids two sketches share.
func ExampleIntersection() {
	p, _ := hll.NewPrecision(14)
	a, b := hll.NewBuilder(p), hll.NewBuilder(p)
	for i := range 30_000 {
		id := fmt.Append(nil, i)
		if i < 20_000 {
			a.Add(id)
		}
		if i >= 10_000 {
			b.Add(id)
		}
	}
	first, _ := hll.Decode(a.Append(nil))
	second, _ := hll.Decode(b.Append(nil))
	shared, err := hll.Intersection(first, second)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(shared.Lower < 10_000 && 10_000 < shared.Upper)
	// Output: true
}

// Bytes that are not a sketch are an error that names the wrong byte.
func ExampleDecode() {
	_, err := hll.Decode([]byte{2, 40})
	fmt.Println(err)
	// Output: hll: byte 1: precision 40, must be 4 to 24
}
