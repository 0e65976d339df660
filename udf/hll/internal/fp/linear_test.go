// SPDX-License-Identifier: Apache-2.0

package fp

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math"
	"os"
	"strconv"
	"testing"
)

// Linear counting, m*ln(m/z), is where the compatible estimate needs a logarithm: for every number of
// zero registers the truncated value must be the original library's, and the double may differ by an
// ulp at most (the original's own depends on its machine by as much).
func TestLinearCounting_TruncatesAsTheOriginal(t *testing.T) {
	file, err := os.Open("../../../conformance/vectors/hll/linear.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	checked := 0
	for lines.Scan() {
		var v struct {
			Name        string
			Bits        int
			TruncSHA256 string `json:"trunc_sha256"`
			Samples     []struct {
				ZeroCount int     `json:"zero_count"`
				Estimate  float64 `json:"estimate"`
			} `json:"samples_all_other_registers_1"`
		}
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		m := float64(int(1) << v.Bits)
		linear := func(z int) float64 { return m * Log(m/float64(z)) }
		h := sha256.New()
		for z := 1; z <= 1<<v.Bits; z++ {
			h.Write(strconv.AppendInt(nil, int64(linear(z)), 10))
			h.Write([]byte("\n"))
		}
		if got := hex.EncodeToString(h.Sum(nil)); got != v.TruncSHA256 {
			t.Errorf("%s: digest of the truncated values is %s, want %s", v.Name, got, v.TruncSHA256)
		}
		for _, s := range v.Samples {
			got := linear(s.ZeroCount)
			if d := int64(math.Float64bits(got) - math.Float64bits(s.Estimate)); d < -1 || d > 1 {
				t.Errorf("%s: %d zero registers: %v, more than an ulp from %v", v.Name, s.ZeroCount, got, s.Estimate)
			}
		}
		checked++
	}
	if err := lines.Err(); err != nil || checked != 13 {
		t.Errorf("read %d vectors, want 13 (error: %v)", checked, err)
	}
}
