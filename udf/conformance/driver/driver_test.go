package driver

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

// echo answers with what it was given, so that a test sees how a line was read.
type echo struct{}

func (echo) Create(p int64, id []byte) ([]byte, error) { return append([]byte{byte(p)}, id...), nil }
func (echo) Build(p int64, ids [][]byte) ([]byte, error) {
	return append([]byte{byte(p)}, bytes.Join(ids, []byte{0xff})...), nil
}
func (echo) Empty(p int64) ([]byte, error) {
	switch {
	case p == -2:
		return nil, &Refusal{Code: "invalid_argument", Message: "precision -2"}
	case p < 0:
		return nil, &Refusal{Code: "precision_range", Message: "precision below 0"}
	}
	return []byte{byte(p)}, nil
}
func (echo) Check(s []byte) error {
	if len(s) == 0 {
		return errors.New("out of order")
	}
	return nil
}
func (echo) Precision(s []byte) (int64, error)            { return int64(len(s)), nil }
func (echo) Cardinality(s []byte) (int64, error)          { return -int64(len(s)), nil }
func (echo) CompatibleEstimate(s []byte) (float64, error) { return float64(len(s)), nil }
func (echo) Estimate(s []byte) (float64, error)           { return -float64(len(s)), nil }
func (echo) Union(a, b []byte) ([]byte, error)            { return append(append([]byte{}, a...), b...), nil }
func (echo) Reduce(p int64, s []byte) ([]byte, error)     { return append([]byte{byte(p)}, s...), nil }
func (echo) Jaccard(a, b []byte) (float64, error)         { return float64(len(a) - len(b)), nil }
func (echo) Bounds(n int64, s []byte) (l, u float64, e error) {
	return float64(n), float64(len(s)), nil
}
func (echo) Intersection(a, b []byte) (e, l, u float64, err error) {
	return float64(len(a)), float64(len(b)), 0, nil
}
func (echo) Merge(sketches [][]byte) ([]byte, error) {
	var out []byte
	for _, s := range sketches {
		if s != nil {
			out = append(append(out, 0xee), s...)
		}
	}
	return out, nil
}

func TestAnswer(t *testing.T) {
	for line, want := range map[string]string{
		"create 12 61":              "ok 0c61",
		"create 12 -":               "ok 0c",
		"build 4 61 - 62":           "ok 0461ffff62",
		"build 4":                   "ok 04",
		"empty 200":                 "ok c8",
		"empty -2":                  "error unknown precision -2",
		"empty -1":                  "error precision_range precision below 0",
		"check 03":                  "ok",
		"check -":                   "error internal out of order",
		"precision 0304":            "ok 2",
		"cardinality 0304":          "ok -2",
		"estimate 03":               "ok 3ff0000000000000",
		"improved 03":               "ok bff0000000000000",
		"bounds 1 0304":             "ok 3ff0000000000000 4000000000000000",
		"intersect 03 0304":         "ok 3ff0000000000000 4000000000000000 0000000000000000",
		"jaccard 0304 03":           "ok 3ff0000000000000",
		"union 01 02":               "ok 0102",
		"reduce 4 0c":               "ok 040c",
		"merge 01 null 02":          "ok ee01ee02",
		"merge null - null":         "ok ee",
		"merge null null":           "ok null",
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

func TestServeAnswersLineByLine(t *testing.T) {
	var out strings.Builder
	in := "check 03\n\nprecision " + strings.Repeat("00", 1<<20) + "\ncheck 03"
	if err := Serve(strings.NewReader(in), &out, echo{}); err != nil {
		t.Fatal(err)
	}
	if want := "ok\nerror unknown no request \"\"\nok 1048576\nok\n"; out.String() != want {
		t.Errorf("%.200q", out.String())
	}
}
