// SPDX-License-Identifier: Apache-2.0

package hll

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"testing"
)

// TestReferenceSets_HaveTheirSketches builds the reference sets and holds bytes, cardinality and estimate to what the
// original library gave. The conformance suite does so with every vector; this is the quick one.
func TestReferenceSets_HaveTheirSketches(t *testing.T) {
	file, err := os.Open("../conformance/vectors/hll/sets.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<24)
	n := 0
	for lines.Scan() {
		var v struct {
			Name string
			Bits int64
			IDs  struct {
				Rule, Format string
				Start, Step  int
				N            int
			}
			Sparse      bool
			Len         int
			B64         *string
			Cardinality int64
		}
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		if v.IDs.Rule != "printf" || v.IDs.N > 20000 {
			continue
		}
		p, err := NewPrecision(v.Bits)
		if err != nil {
			t.Fatal(err)
		}
		b := NewBuilder(p)
		for i := range v.IDs.N {
			b.Add(fmt.Appendf(nil, v.IDs.Format, v.IDs.Start+v.IDs.Step*i))
		}
		encoded := b.Append(nil)
		s, err := Decode(encoded)
		if err != nil {
			t.Fatalf("%s: %v", v.Name, err)
		}
		if len(encoded) != v.Len || s.Dense() == v.Sparse {
			t.Errorf("%s: %d bytes, dense %v; want %d, %v", v.Name, len(encoded), s.Dense(), v.Len, !v.Sparse)
		}
		if got := s.Cardinality(); got != v.Cardinality {
			t.Errorf("%s: cardinality %d, want %d", v.Name, got, v.Cardinality)
		}
		if v.B64 != nil {
			want, _ := base64.StdEncoding.DecodeString(*v.B64)
			ref, err := Decode(want)
			if err != nil {
				t.Fatal(err)
			}
			if string(ref.Registers()) != string(s.Registers()) {
				t.Errorf("%s: registers differ", v.Name)
			}
		}
		n++
	}
	if n < 200 {
		t.Errorf("only %d sets read", n)
	}
}
