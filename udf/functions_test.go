// SPDX-License-Identifier: Apache-2.0

package udf

import (
	"slices"
	"strings"
	"testing"

	"github.com/headcount-hll/headcount/udf/errs"
	"github.com/headcount-hll/headcount/udf/hll"
)

func TestTable_RowsAreComplete(t *testing.T) {
	roles, seen := map[string]Role{}, map[string]bool{}
	for i := range Functions {
		f := &Functions[i]
		t.Run(f.Signature(), func(t *testing.T) {
			if seen[f.Signature()] {
				t.Error("stands twice")
			}
			seen[f.Signature()] = true
			if role, known := roles[f.Name]; known && role != f.Role {
				t.Errorf("%s is both %s and %s", f.Name, role, f.Role)
			}
			roles[f.Name] = f.Role
			if f.Doc == "" || !strings.HasSuffix(f.Doc, ".") || strings.Contains(f.Doc, "\n") {
				t.Errorf("doc %q is not one sentence", f.Doc)
			}
			if f.Example == "" || f.ExampleResult == "" {
				t.Error("has no example")
			}
			if (f.Role == Aggregate) != (f.update != nil) || (f.Role == Aggregate) == (f.eval != nil) {
				t.Error("an aggregate has an update, everything else an eval")
			}
			if (f.Role == Aggregate) != (f.Shape() == 0) || !strings.HasPrefix(f.Symbol, "hc_") {
				t.Errorf("shape %v, symbol %q", f.Shape(), f.Symbol)
			}
			if f.Role == Aggregate && f.Nulls == "" {
				t.Error("does not say what NULLs and empty input give")
			}
			if found, ok := Find(f.Name, typesOf(f.Params)...); !ok || found != f {
				t.Error("Find does not find it")
			}
		})
	}
}

// arguments returns a valid row for each parameter: sketches of one id, small numbers.
func arguments(f *Function, null bool) (args []Column) {
	for _, p := range f.Params {
		var c Column
		switch p.Type.Kind {
		case KindHLL:
			c = BytesOf(HLL, []byte{3, 12, 1, 0, 5})
		case KindVarbinary, KindVarchar:
			c = BytesOf(p.Type, []byte{3, 12, 1, 0, 5})
			if p.Name == "kind" {
				c = BytesOf(Varchar, []byte("categorical"))
			}
		case KindBigint:
			c = Int64Of(12)
			if p.Name == "sigmas" {
				c = Int64Of(2)
			}
		case KindDouble:
			c = Column{Type: Double, Rows: 1, Float64: []float64{50}}
		case KindArray:
			if p.Type.Elem.Kind == KindBigint {
				c = ArraysOf([]int64{5, 7, 9})
				break
			}
			elems := BytesOf(HLL, []byte{3, 12, 1, 0, 5}, nil, []byte{3, 12, 2, 0, 5})
			c = Column{Type: HLLArray, Rows: 1, Elems: &elems, Ends: []int32{3}}
		}
		if null {
			c.setNull(0)
		}
		args = append(args, c)
	}
	return args
}

func TestScalars_ReturnTheirTypeAndNullForNull(t *testing.T) {
	for i := range Functions {
		f := &Functions[i]
		if f.Role == Aggregate {
			continue
		}
		t.Run(f.Signature(), func(t *testing.T) {
			got, err := f.Eval(1, arguments(f, false)...)
			if err != nil {
				t.Fatal(err)
			}
			if got.Rows != 1 || got.Type.String() != f.Result.String() || got.IsNull(0) {
				t.Errorf("got %+v", got)
			}
			if len(f.Params) == 0 {
				return
			}
			got, err = f.Eval(1, arguments(f, true)...)
			if err != nil || !got.IsNull(0) {
				t.Errorf("of NULL: %+v, %v", got, err)
			}
		})
	}
}

func TestAggregates_SkipNullsAndReturnNullWithoutInput(t *testing.T) {
	for i := range Functions {
		f := &Functions[i]
		if f.Role != Aggregate {
			continue
		}
		t.Run(f.Signature(), func(t *testing.T) {
			groups := f.NewAccumulator()
			groups.Grow(3)
			if err := groups.Add([]uint32{0}, arguments(f, false)); err != nil {
				t.Fatal(err)
			}
			for _, group := range []uint32{0, 1} {
				if err := groups.Add([]uint32{group}, arguments(f, true)); err != nil {
					t.Fatal(err)
				}
			}
			got := groups.Result()
			if got.Type.String() != f.Result.String() || got.IsNull(0) || !got.IsNull(1) || !got.IsNull(2) {
				t.Errorf("got %+v", got)
			}
			if got.Type.Kind == KindArray {
				if want := []int64{5, 7, 9}; !slices.Equal(got.Array(0), want) {
					t.Errorf("got %v, want %v", got.Array(0), want)
				}
			} else if _, err := hll.Decode(got.Bytes(0)); err != nil {
				t.Error(err)
			}
			if groups.Size() <= 0 || groups.Groups() != 3 {
				t.Errorf("%d bytes in %d groups", groups.Size(), groups.Groups())
			}
		})
	}
}

func TestErrors_NameTheirRow(t *testing.T) {
	good, bad := []byte{3, 12, 1, 0, 5}, []byte{9, 12}
	other := []byte{3, 14, 1, 0, 5}
	for _, c := range []struct {
		name, call string
		types      []Type
		args       []Column
		code       errs.Code
		row        int
	}{
		{"malformed", "cardinality", []Type{HLL}, []Column{BytesOf(HLL, good, nil, bad)}, errs.Malformed, 2},
		{"precision 25", "hll_create", []Type{Varchar, Bigint}, []Column{BytesOf(Varchar, good, good), Int64Of(24, 25)}, errs.PrecisionRange, 1},
		{"precision 2^33", "empty_hll", []Type{Bigint}, []Column{Int64Of(1 << 33)}, errs.PrecisionRange, 0},
		{"two precisions", "hll_union", []Type{HLL, HLL}, []Column{BytesOf(HLL, good, good), BytesOf(HLL, good, other)}, errs.PrecisionMismatch, 1},
		{"reduced upwards", "hll_reduce", []Type{HLL, Bigint}, []Column{BytesOf(HLL, good), Int64Of(13)}, errs.PrecisionRange, 0},
		{"percentile 101", "histogram_percentile", []Type{BigintArray, BigintArray, Double},
			[]Column{ArraysOf([]int64{0}, []int64{0}), ArraysOf([]int64{1}, []int64{1}), {Type: Double, Rows: 2, Float64: []float64{100, 101}}}, errs.InvalidArgument, 1},
		{"another number of counts", "histogram_mean", []Type{BigintArray, BigintArray},
			[]Column{ArraysOf([]int64{0}, []int64{0, 1}), ArraysOf([]int64{1}, []int64{1})}, errs.InvalidArgument, 1},
		{"no kind", "histogram_buckets", []Type{Varchar, Bigint, Bigint, Bigint},
			[]Column{BytesOf(Varchar, []byte("flag"), []byte("Flag")), Int64Of(0, 0), Int64Of(0, 0), Int64Of(0, 0)}, errs.InvalidArgument, 1},
		{"four sigmas", "hll_bounds", []Type{HLL, Bigint}, []Column{BytesOf(HLL, good), Int64Of(4)}, errs.InvalidArgument, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, _ := Find(c.call, c.types...)
			_, err := f.Eval(c.args[0].Rows, c.args...)
			if e := errs.Of(err); e == nil || e.Code != c.code || e.Row != c.row || e.Message == "" {
				t.Errorf("got %+v, want %v in row %d", e, c.code, c.row)
			}
		})
	}
}

func TestNewBytes_RejectsRowsOutsideData(t *testing.T) {
	data := make([]byte, 10)
	for _, c := range []struct{ start, length int32 }{{-1, 2}, {0, -1}, {0, 11}, {10, 1}, {2147483647, 2147483647}} {
		if _, err := NewBytes(HLL, data, []int32{0, c.start}, []int32{10, c.length}); errs.Of(err) == nil || errs.Of(err).Row != 1 {
			t.Errorf("%d bytes at %d were taken (%v)", c.length, c.start, err)
		}
	}
}

// Every function over ids has the same overloads: one name takes an id of any type.
func TestSignatures_TakeIDsOfEveryType(t *testing.T) {
	found := map[string]int{}
	for _, f := range Signatures() {
		if len(f.Params) > 0 && f.Params[0].Name == "id" {
			found[f.Signature()]++
		}
	}
	for _, name := range []string{"hll_create", "hll_agg"} {
		for _, id := range []string{"varchar", "varbinary", "char(x)", "uuid", "date", "decimal(p,0)", "tinyint", "smallint", "integer", "bigint", "double"} {
			for _, more := range []string{"", ", bigint"} {
				if signature := name + "(" + id + more + ")"; found[signature] != 1 {
					t.Errorf("%s stands %d times", signature, found[signature])
				}
			}
		}
	}
	if len(found) != 2*11*2 {
		t.Errorf("%d signatures over ids: %v", len(found), found)
	}
}
