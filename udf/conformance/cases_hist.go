// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"bufio"
	"bytes"
	_ "embed"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// The vectors of the histogram functions, which vectors.py writes.
//
//go:embed vectors/hist/hist.jsonl
var histVectors []byte

// HistFile is the first word of the names of the cases of these vectors.
const HistFile = "hist"

// A histVector is one line of the file.
type histVector struct {
	Function     string `json:"function"`
	Kind         string `json:"kind"`
	Low, High, N int64
	Arrays       [][]int64       `json:"arrays"`
	Buckets      []int64         `json:"buckets"`
	Counts       []int64         `json:"counts"`
	P            float64         `json:"p"`
	Result       json.RawMessage `json:"result"`
}

// EachHistCase calls yield with a case for each vector, and with what the functions have to reject.
func EachHistCase(yield func(Case) error) error {
	lines := bufio.NewScanner(bytes.NewReader(histVectors))
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		var v histVector
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			return fmt.Errorf("hist.jsonl: line %d: %w", n, err)
		}
		a := &asker{prefix: fmt.Sprintf("%s/%d/", HistFile, n), yield: yield}
		if err := v.ask(a); err != nil {
			return fmt.Errorf("hist.jsonl: line %d: %w", n, err)
		}
	}
	if err := lines.Err(); err != nil {
		return err
	}
	a := &asker{prefix: HistFile + "/", yield: yield}
	askHistRejected(a)
	return a.err
}

func (v *histVector) ask(a *asker) error {
	switch v.Function {
	case "histogram_buckets":
		want, err := v.wantArray()
		a.ask(want, v.Function, strconv.FormatInt(v.N, 10), strconv.FormatInt(v.High, 10), strconv.FormatInt(v.Low, 10), field([]byte(v.Kind)))
		return firstError(err, a.err)
	case "histogram_sum":
		want, err := v.wantArray()
		a.ask(want, v.Function, arrayFields(v.Arrays)...)
		a.ask(want, v.Function, append(arrayFields(v.Arrays), "null", "-")...)
		return firstError(err, a.err)
	case "aggregate_histograms":
		want, err := v.wantArray()
		a.ask(want, "histogram_aggregate", arrayFields(v.Arrays)...)
		return firstError(err, a.err)
	case "histogram_mean":
		want, err := v.wantNumber()
		a.ask(want, v.Function, arrayField(v.Buckets), arrayField(v.Counts))
		return firstError(err, a.err)
	case "histogram_percentile":
		want, err := v.wantNumber()
		a.ask(want, v.Function, doubleField(v.P), arrayField(v.Buckets), arrayField(v.Counts))
		return firstError(err, a.err)
	default:
		return fmt.Errorf("function %q is not known", v.Function)
	}
}

func firstError(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

func askHistRejected(a *asker) {
	unknown := Rejected{Unknown}
	bounds, counts := arrayField([]int64{0, 1, 2}), arrayField([]int64{1, 1, 1})
	a.ask(unknown, "histogram_aggregate", "-")
	a.ask(unknown, "histogram_aggregate", arrayField([]int64{1}))
	a.ask(unknown, "histogram_aggregate", counts, arrayField([]int64{1}))
	a.ask(unknown, "histogram_sum", "00")
	a.ask(unknown, "histogram_mean", bounds, arrayField([]int64{1, 1}))
	a.ask(unknown, "histogram_mean", arrayField([]int64{0, 2, 1}), counts)
	for _, p := range []float64{-1, 100.5, math.NaN(), math.Inf(1)} {
		a.ask(unknown, "histogram_percentile", doubleField(p), bounds, counts)
	}
	a.ask(unknown, "histogram_buckets", "10", "100", "1", field([]byte("Linear")))
	for _, sizes := range [][]string{{"2", "100", "1"}, {"10", "1", "1"}, {"10", "100", "0"}, {"4294967306", "100", "1"}, {"10", "4294967297", "1"}} {
		a.ask(unknown, "histogram_buckets", append(sizes, field([]byte("exponential")))...)
	}
	a.ask(Exactly("ok null"), "histogram_aggregate", "null")
	a.ask(Exactly("ok null"), "histogram_sum", "-", "null")
}

// wantArray wants the result as an encoded array. An empty sum is NULL.
func (v *histVector) wantArray() (Want, error) {
	var elements []int64
	if err := json.Unmarshal(v.Result, &elements); err != nil {
		return nil, err
	}
	if len(elements) == 0 {
		return Exactly("ok null"), nil
	}
	return Exactly("ok " + arrayField(elements)), nil
}

func (v *histVector) wantNumber() (Want, error) {
	var number *float64
	if err := json.Unmarshal(v.Result, &number); err != nil || number == nil {
		return Exactly("ok null"), err
	}
	return Near{*number}, nil
}

// Near wants "ok BITS": a double whose difference from the expected one is at most 1e-11 of it.
type Near struct{ Expected float64 }

func (w Near) String() string { return fmt.Sprintf("ok and the bits of about %v", w.Expected) }

// Check returns an error if the answer is another.
func (w Near) Check(answer string) error {
	text, _ := strings.CutPrefix(answer, "ok ")
	bits, err := strconv.ParseUint(text, 16, 64)
	if err != nil || len(text) != 16 {
		return fmt.Errorf("not ok and 16 hex digits")
	}
	if got := math.Float64frombits(bits); !(math.Abs(got-w.Expected) <= 1e-11*math.Abs(w.Expected)) {
		return fmt.Errorf("%v is another number", got)
	}
	return nil
}

func arrayFields(arrays [][]int64) []string {
	fields := make([]string, len(arrays))
	for i, elements := range arrays {
		fields[i] = arrayField(elements)
	}
	return fields
}

// arrayField returns an array as the protocol has it: 8 bytes an element, the least significant first.
func arrayField(elements []int64) string {
	var encoded []byte
	for _, v := range elements {
		encoded = binary.LittleEndian.AppendUint64(encoded, uint64(v))
	}
	return field(encoded)
}

func doubleField(v float64) string {
	return hex.EncodeToString(binary.BigEndian.AppendUint64(nil, math.Float64bits(v)))
}
