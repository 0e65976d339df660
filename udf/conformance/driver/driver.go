// Package driver is the conformance protocol's other side: it reads a request a line, asks a library, and writes
// an answer a line. What library it is, and what lies between it and the caller, is the Library's business.
package driver

import (
	"bufio"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// Library is what a driver is asked. Sketches are encoded bytes that nobody has checked. A precision may be any
// number. An error that is a *Refusal carries its code; of any other, the code is "internal", which no test wants.
type Library interface {
	Create(precision int64, id []byte) ([]byte, error)
	Build(precision int64, ids [][]byte) ([]byte, error)
	Empty(precision int64) ([]byte, error)
	Check(sketch []byte) error
	Precision(sketch []byte) (int64, error)
	Cardinality(sketch []byte) (int64, error)
	CompatibleEstimate(sketch []byte) (float64, error)
	Estimate(sketch []byte) (float64, error)
	Bounds(sigmas int64, sketch []byte) (lower, upper float64, err error)
	Union(a, b []byte) ([]byte, error)
	// Merge is the aggregate: a nil sketch is NULL, and so is a nil result.
	Merge(sketches [][]byte) ([]byte, error)
	Reduce(precision int64, sketch []byte) ([]byte, error)
	Intersection(a, b []byte) (estimate, lower, upper float64, err error)
	Jaccard(a, b []byte) (float64, error)
}

// Refusal is an error with a code of the protocol: malformed, precision_range, precision_mismatch, unknown or
// too_large.
type Refusal struct {
	Code    string
	Message string
}

func (r *Refusal) Error() string { return r.Message }

// Serve answers requests until the input ends. A line may be as long as memory allows.
func Serve(in io.Reader, out io.Writer, library Library) error {
	lines := bufio.NewReaderSize(in, 1<<16)
	answers := bufio.NewWriterSize(out, 1<<16)
	for {
		line, err := lines.ReadString('\n')
		if err == io.EOF && line == "" {
			return answers.Flush()
		}
		if err != nil && err != io.EOF {
			return err
		}
		if _, err := answers.WriteString(Answer(strings.TrimSuffix(line, "\n"), library) + "\n"); err != nil {
			return err
		}
		if lines.Buffered() == 0 {
			if err := answers.Flush(); err != nil {
				return err
			}
		}
	}
}

// Answer answers one request, without the ends of the lines.
func Answer(line string, library Library) string {
	verb, rest, _ := strings.Cut(line, " ")
	r := &request{}
	if rest != "" {
		r.fields = strings.Split(rest, " ")
	}
	result, err := r.answer(verb, library)
	if err == nil {
		return strings.TrimSuffix("ok "+result, " ")
	}
	code := "internal"
	if refusal := (*Refusal)(nil); errors.As(err, &refusal) {
		code = refusal.Code
	}
	if code == "invalid_argument" { // the protocol has one word for it and for a request that cannot be read
		code = "unknown"
	}
	return "error " + code + " " + err.Error()
}

// request takes its fields one by one, and remembers the first that cannot be read.
type request struct {
	fields []string
	err    error
}

func (r *request) answer(verb string, library Library) (string, error) {
	switch verb {
	case "create":
		p, id := r.number(), r.bytes()
		return r.sketch(func() ([]byte, error) { return library.Create(p, id) })
	case "build":
		p, ids := r.number(), r.manyBytes(false)
		return r.sketch(func() ([]byte, error) { return library.Build(p, ids) })
	case "empty":
		p := r.number()
		return r.sketch(func() ([]byte, error) { return library.Empty(p) })
	case "reduce":
		p, s := r.number(), r.bytes()
		return r.sketch(func() ([]byte, error) { return library.Reduce(p, s) })
	case "union":
		a, b := r.bytes(), r.bytes()
		return r.sketch(func() ([]byte, error) { return library.Union(a, b) })
	case "merge":
		sketches := r.manyBytes(true)
		return r.sketch(func() ([]byte, error) { return library.Merge(sketches) })
	case "check":
		s := r.bytes()
		return r.doubles(func() ([]float64, error) { return nil, library.Check(s) })
	case "precision":
		s := r.bytes()
		return r.integer(func() (int64, error) { return library.Precision(s) })
	case "cardinality":
		s := r.bytes()
		return r.integer(func() (int64, error) { return library.Cardinality(s) })
	}
	return r.answerDoubles(verb, library)
}

func (r *request) answerDoubles(verb string, library Library) (string, error) {
	switch verb {
	case "estimate":
		s := r.bytes()
		return r.doubles(func() ([]float64, error) { return one(library.CompatibleEstimate(s)) })
	case "improved":
		s := r.bytes()
		return r.doubles(func() ([]float64, error) { return one(library.Estimate(s)) })
	case "bounds":
		sigmas, s := r.number(), r.bytes()
		return r.doubles(func() ([]float64, error) {
			lower, upper, err := library.Bounds(sigmas, s)
			return []float64{lower, upper}, err
		})
	case "intersect":
		a, b := r.bytes(), r.bytes()
		return r.doubles(func() ([]float64, error) {
			estimate, lower, upper, err := library.Intersection(a, b)
			return []float64{estimate, lower, upper}, err
		})
	case "jaccard":
		a, b := r.bytes(), r.bytes()
		return r.doubles(func() ([]float64, error) { return one(library.Jaccard(a, b)) })
	}
	return "", unknown("no request %+.20q", verb)
}

func one(x float64, err error) ([]float64, error) { return []float64{x}, err }

func unknown(format string, args ...any) error {
	return &Refusal{Code: "unknown", Message: fmt.Sprintf(format, args...)}
}

// next is the next field; there must be one.
func (r *request) next() string {
	if len(r.fields) == 0 {
		r.fail("a field is missing")
		return ""
	}
	field := r.fields[0]
	r.fields = r.fields[1:]
	return field
}

func (r *request) fail(format string, args ...any) {
	if r.err == nil {
		r.err = unknown(format, args...)
	}
}

func (r *request) number() int64 {
	field := r.next()
	n, err := strconv.ParseInt(field, 10, 64)
	if err != nil {
		r.fail("%+.20q is not a number of 64 bits", field)
	}
	return n
}

func (r *request) bytes() []byte {
	field := r.next()
	if field == "-" {
		return []byte{}
	}
	b, err := hex.DecodeString(field)
	if err != nil || field == "" {
		r.fail("%+.20q is not bytes in hex", field)
	}
	return b
}

// manyBytes takes every field that is left; where NULL may stand among them, it is nil.
func (r *request) manyBytes(null bool) [][]byte {
	all := make([][]byte, len(r.fields))
	for i := range all {
		if null && r.fields[0] == "null" {
			r.fields = r.fields[1:]
			continue
		}
		all[i] = r.bytes()
	}
	return all
}

// done says whether every field was taken and could be read.
func (r *request) done() error {
	if len(r.fields) > 0 {
		r.fail("%d fields too many", len(r.fields))
	}
	return r.err
}

func (r *request) sketch(call func() ([]byte, error)) (string, error) {
	if err := r.done(); err != nil {
		return "", err
	}
	sketch, err := call()
	if err != nil {
		return "", err
	}
	if sketch == nil {
		return "null", nil
	}
	return hex.EncodeToString(sketch), nil
}

func (r *request) integer(call func() (int64, error)) (string, error) {
	if err := r.done(); err != nil {
		return "", err
	}
	n, err := call()
	return strconv.FormatInt(n, 10), err
}

func (r *request) doubles(call func() ([]float64, error)) (string, error) {
	if err := r.done(); err != nil {
		return "", err
	}
	xs, err := call()
	fields := make([]string, len(xs))
	for i, x := range xs {
		fields[i] = fmt.Sprintf("%016x", math.Float64bits(x))
	}
	return strings.Join(fields, " "), err
}
