// SPDX-License-Identifier: Apache-2.0

// Package driver answers the conformance protocol: it reads a request per line, calls a [Library], and writes an answer per
// line. The requests that call a function of the table are read and answered by its signature (verbs.go).
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

	"github.com/headcount-hll/headcount/udf"
	"github.com/headcount-hll/headcount/udf/errs"
)

// A Library calls the functions of the table, by whatever interface it tests. Sketches are not checked, and numbers may
// have any value. An error's code is that of an [errs.Error], or of a [WireError]; any other error is "internal", which
// no test expects.
type Library interface {
	// Scalar calls a scalar or a cast. The arguments have one row, which is not NULL, and so does the result.
	Scalar(f *udf.Function, args []udf.Column) (udf.Column, error)
	// Aggregate returns the result of one group with the given number of rows.
	Aggregate(f *udf.Function, args []udf.Column, rows int) (udf.Column, error)
	// CompatibleEstimate is not an SQL function.
	CompatibleEstimate(sketch []byte) (float64, error)
}

// A WireError is an error whose code came as a word.
type WireError struct{ Code, Message string }

func (e *WireError) Error() string { return e.Message }

// Serve answers requests until the input ends. The length of a line is not limited.
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

// Answer answers one request. Neither has a newline.
func Answer(line string, library Library) string {
	verb, rest, _ := strings.Cut(line, " ")
	r := &request{}
	if rest != "" {
		r.fields = strings.Split(rest, " ")
	}
	result, err := r.answer(verb, library)
	if err != nil {
		return "error " + codeOf(err) + " " + err.Error()
	}
	return strings.TrimSuffix("ok "+result, " ")
}

func codeOf(err error) string {
	code := errs.Of(err).Code.String()
	if wire := (*WireError)(nil); errors.As(err, &wire) {
		code = wire.Code
	}
	if code == errs.InvalidArgument.String() { // the protocol has one word for it and for a request that cannot be read
		return "unknown"
	}
	return code
}

// A request takes its fields one by one, and keeps the error of the first that is invalid.
type request struct {
	fields []string
	err    error
}

func (r *request) answer(verb string, library Library) (string, error) {
	if verb == "estimate" {
		sketch := r.bytes()
		if err := r.end(); err != nil {
			return "", err
		}
		x, err := library.CompatibleEstimate(sketch)
		return bits(x), err
	}
	if verb == "build" && len(r.fields) == 1 { // the set of no ids is empty, where an aggregate of no rows is NULL
		verb = "empty"
	}
	f, err := find(verb)
	if err != nil {
		return "", err
	}
	args, rows := r.arguments(f)
	if err := r.end(); err != nil {
		return "", err
	}
	call := library.Scalar
	if f.Role == udf.Aggregate {
		call = func(f *udf.Function, args []udf.Column) (udf.Column, error) { return library.Aggregate(f, args, rows) }
	}
	result, err := call(f, args)
	if err != nil || f.Role == udf.Cast {
		return "", err
	}
	return text(&result), nil
}

func unknown(format string, args ...any) error {
	return errs.New(errs.InvalidArgument, format, args...)
}

func (r *request) fail(format string, args ...any) {
	if r.err == nil {
		r.err = unknown(format, args...)
	}
}

// next takes the next field; there must be one.
func (r *request) next() string {
	if len(r.fields) == 0 {
		r.fail("a field is missing")
		return ""
	}
	field := r.fields[0]
	r.fields = r.fields[1:]
	return field
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

// rest takes all remaining fields. If null is allowed, its value is nil.
func (r *request) rest(null bool) [][]byte {
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

// end returns the error of the first invalid field, or of a field that was not taken.
func (r *request) end() error {
	if len(r.fields) > 0 {
		r.fail("%d fields too many", len(r.fields))
	}
	return r.err
}

func bits(x float64) string { return fmt.Sprintf("%016x", math.Float64bits(x)) }

// text returns the value of a column's one row as the protocol writes it.
func text(c *udf.Column) string {
	switch {
	case c.IsNull(0):
		return "null"
	case c.Type.IsBytes():
		return hex.EncodeToString(c.Bytes(0))
	case c.Type.Kind == udf.KindBigint:
		return strconv.FormatInt(c.Int64[0], 10)
	case c.Type.Kind == udf.KindDouble:
		return bits(c.Float64[0])
	case c.Type.Kind == udf.KindArray:
		return arrayText(c.Array(0))
	}
	parts := make([]string, len(c.Parts))
	for i := range c.Parts {
		parts[i] = text(&c.Parts[i])
	}
	return strings.Join(parts, " ")
}
