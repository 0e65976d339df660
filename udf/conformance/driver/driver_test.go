// SPDX-License-Identifier: Apache-2.0

package driver

import (
	"errors"
	"github.com/headcount-hll/headcount/udf"
	"github.com/headcount-hll/headcount/udf/errs"
	"strings"
	"testing"
)

// echo returns its arguments, so that a test sees how a line was read.
type echo struct{}

func (echo) Scalar(f *udf.Function, args []udf.Column) (udf.Column, error) { return echoed(f, args, 1) }

func (echo) Aggregate(f *udf.Function, args []udf.Column, rows int) (udf.Column, error) {
	return echoed(f, args, rows)
}

func (echo) CompatibleEstimate(s []byte) (float64, error) { return float64(len(s)), nil }

// echoed returns, by the type of the result, the bytes and numbers of all arguments one after the other, or their number
// of bytes.
func echoed(f *udf.Function, args []udf.Column, rows int) (udf.Column, error) {
	all, null := []byte{}, rows > 0
	for i := range args {
		for row := range rows {
			switch {
			case args[i].Type.Kind == udf.KindBigint:
				all, null = append(all, byte(args[i].Int64[row])), false
			case !args[i].IsNull(row):
				all, null = append(append(all, 0xee), args[i].Bytes(row)...), false
			}
		}
	}
	n := len(all)
	switch {
	case string(all) == "\xff":
		return udf.Column{}, errs.AtRow(0, errs.New(errs.PrecisionRange, "precision below 0"))
	case string(all) == "\xfe":
		return udf.Column{}, &WireError{Code: "invalid_argument", Message: "precision -2"}
	case f.Role == udf.Cast && n == 1:
		return udf.Column{}, errors.New("out of order")
	case null:
		all = nil
	}
	switch f.Result.Kind {
	case udf.KindBigint:
		return udf.Int64Of(int64(-n)), nil
	case udf.KindDouble:
		return double(n), nil
	case udf.KindRow:
		row := udf.Column{Type: f.Result, Rows: 1}
		for i := range f.Result.Fields {
			row.Parts = append(row.Parts, double(n+i))
		}
		return row, nil
	}
	return udf.BytesOf(f.Result, all), nil
}

func double(n int) udf.Column {
	return udf.Column{Type: udf.Double, Rows: 1, Float64: []float64{float64(n)}}
}

func TestVerbs_AreFunctionsOfTheTable(t *testing.T) {
	for verb := range verbs {
		if _, err := find(verb); err != nil {
			t.Error(err)
		}
	}
}

func TestAnswer_ReadsAndWritesEveryRequest(t *testing.T) {
	for line, want := range map[string]string{
		"create 12 61":              "ok ee610c",
		"create 12 -":               "ok ee0c",
		"build 4 61 - 62":           "ok ee61eeee62040404",
		"build 4":                   "ok 04",
		"empty 200":                 "ok c8",
		"empty -2":                  "error unknown precision -2",
		"empty -1":                  "error precision_range precision below 0",
		"check 03":                  "ok",
		"check -":                   "error internal out of order",
		"precision 0304":            "ok -3",
		"cardinality 0304":          "ok -3",
		"estimate 03":               "ok 3ff0000000000000",
		"improved 03":               "ok 4000000000000000",
		"bounds 1 03":               "ok 4008000000000000 4010000000000000",
		"intersect 03 0304":         "ok 4014000000000000 4018000000000000 401c000000000000",
		"jaccard 0304 03":           "ok 4014000000000000",
		"union 01 02":               "ok ee01ee02",
		"reduce 4 0c":               "ok ee0c04",
		"merge 01 null 02":          "ok ee01ee02",
		"merge null - null":         "ok ee",
		"merge null null":           "ok null",
		"build 4 null":              `error unknown "null" is not bytes in hex`,
		"":                          `error unknown no request ""`,
		"frobnicate 1":              `error unknown no request "frobnicate"`,
		"create 12":                 "error unknown a field is missing",
		"create 12 61 62":           "error unknown 1 fields too many",
		"create x 61":               `error unknown "x" is not a number of 64 bits`,
		"create  12 61":             `error unknown "" is not a number of 64 bits`,
		"check 0":                   `error unknown "0" is not bytes in hex`,
		"check null":                `error unknown "null" is not bytes in hex`,
		"check ":                    "error unknown a field is missing",
		"union 01 ":                 `error unknown "" is not bytes in hex`,
		"check \u00e4":              `error unknown "\u00e4" is not bytes in hex`,
		"empty 9223372036854775808": `error unknown "9223372036854775808" is not a number of 64 bits`,
	} {
		if got := Answer(line, echo{}); got != want {
			t.Errorf("%q: %s, want %s", line, got, want)
		}
	}
}

func TestServe_AnswersLineByLine(t *testing.T) {
	var out strings.Builder
	in := "check 03\n\nprecision " + strings.Repeat("00", 1<<20) + "\ncheck 03"
	if err := Serve(strings.NewReader(in), &out, echo{}); err != nil {
		t.Fatal(err)
	}
	if want := "ok\nerror unknown no request \"\"\nok -1048577\nok\n"; out.String() != want {
		t.Errorf("%.200q", out.String())
	}
}
