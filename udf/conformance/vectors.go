// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"bytes"
	"embed"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
)

// The vectors were produced by the original library and are never rewritten from our own output.
//
//go:embed vectors/hll/*.jsonl vectors/hll/SHA256SUMS
var vectorFiles embed.FS

// vector is one line of a file of vectors: the union of what the files hold. A field that a file does not have
// is at its zero value, and means nothing.
type vector struct {
	File string `json:"-"`
	Name string `json:"name"`

	// What was asked.
	Bits      int64  `json:"bits"`
	FromBits  int    `json:"from_bits"`
	RightBits int    `json:"right_bits"`
	IDs       idRule `json:"ids"`
	UTF8Hex   string `json:"utf8_hex"`
	InputHex  string `json:"input_hex"`
	LeftB64   string `json:"left_b64"`
	RightB64  string `json:"right_b64"`
	L0        string `json:"l0"`
	L1        string `json:"l1"`

	Op             string      `json:"op"`
	Partitions     [][]*string `json:"partitions"`
	Flags          [][]*bool   `json:"flags"`
	PartitionCount int         `json:"partition_count"`

	// What the original answered.
	Outcome         string         `json:"outcome"`
	FromBytes       string         `json:"fromBytes"`
	Hex             *string        `json:"hex"`
	B64             *string        `json:"b64"`
	ResultB64       string         `json:"result_b64"`
	ReencodedHex    string         `json:"reencoded_hex"`
	PlusZeroSparse  bool           `json:"plus_zero_sparse"`
	Sparse          bool           `json:"sparse"`
	SHA256          string         `json:"sha256"`
	DenseSHA256     string         `json:"dense_sha256"`
	Hash            string         `json:"hash16_hex"`
	J               int            `json:"j"`
	Rho             int            `json:"rho"`
	J12             int            `json:"j12"`
	Rho12           int            `json:"rho12"`
	Cardinality     *int64         `json:"cardinality"`
	EstimateBits    *string        `json:"estimate_bits"`
	DenseCard       *int64         `json:"dense_cardinality"`
	DenseEstimate   *string        `json:"dense_estimate_bits"`
	ZeroCount       *int           `json:"zero_count"`
	TruncatedSHA256 string         `json:"trunc_sha256"`
	AlphaBits       string         `json:"alpha_bits"`
	Samples         []linearSample `json:"samples_all_other_registers_1"`
}

type linearSample struct {
	ZeroCount    int    `json:"zero_count"`
	EstimateBits string `json:"estimate_bits"`
	Cardinality  int64  `json:"cardinality"`
}

// readVectors reads one file of vectors, by its name without ".jsonl".
func readVectors(file string) ([]vector, error) {
	text, err := vectorFiles.ReadFile("vectors/hll/" + file + ".jsonl")
	if err != nil {
		return nil, err
	}
	var out []vector
	for i, line := range bytes.Split(bytes.TrimRight(text, "\n"), []byte("\n")) {
		v := vector{File: file}
		if err := json.Unmarshal(line, &v); err != nil {
			return nil, fmt.Errorf("%s.jsonl line %d: %w", file, i+1, err)
		}
		out = append(out, v)
	}
	return out, nil
}

func (v *vector) precision() int { return int(v.Bits) }

// fromHex and fromB64 decode bytes that a vector states. A vector that does not parse is a broken checkout.
func fromHex(text string) ([]byte, error) { return hex.DecodeString(text) }
func fromB64(text string) ([]byte, error) { return base64.StdEncoding.DecodeString(text) }

// wantEstimate is the estimate that a vector states, in the tolerance that FORMAT.md gives: none, but one unit
// in the last place where it is the logarithm.
func wantEstimate(bitsHex string, zeros, p int) (Want, error) {
	expected, err := strconv.ParseUint(bitsHex, 16, 64)
	if err != nil {
		return nil, fmt.Errorf("estimate_bits: %w", err)
	}
	w := Bits{Expected: expected}
	if zeros > 0 && ulpsApart(expected, math.Float64bits(linearCount(zeros, p))) <= 2 {
		w.ULPs = 1
	}
	return w, nil
}

// linearCount is m * ln(m / zeros).
func linearCount(zeros, p int) float64 {
	m := float64(int(1) << p)
	return m * math.Log(m/float64(zeros))
}
