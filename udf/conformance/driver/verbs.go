// SPDX-License-Identifier: Apache-2.0

package driver

import (
	"fmt"
	"slices"

	"github.com/headcount-hll/headcount/udf"
)

// A signature selects a function of the table.
type signature struct {
	name   string
	params []udf.Type
}

func sql(name string, params ...udf.Type) signature { return signature{name, params} }

// verbs are the requests of the protocol that call a function of the table. The fields of a request are the function's
// numbers, the last of them first, then its byte strings; those of an aggregate are as many as the line has. So a
// precision comes before the id.
var verbs = map[string]signature{
	"create":       sql("hll_create", udf.Varchar, udf.Bigint),
	"create_int64": sql("hll_create", udf.Bigint, udf.Bigint),
	"build":        sql("hll_agg", udf.Varbinary, udf.Bigint),
	"empty":        sql("empty_hll", udf.Bigint),
	"check":        sql("cast", udf.Varbinary),
	"precision":    sql("hll_precision", udf.HLL),
	"cardinality":  sql("cardinality", udf.HLL),
	"improved":     sql("hll_estimate", udf.HLL),
	"bounds":       sql("hll_bounds", udf.HLL, udf.Bigint),
	"union":        sql("hll_union", udf.HLL, udf.HLL),
	"merge":        sql("merge", udf.HLL),
	"reduce":       sql("hll_reduce", udf.HLL, udf.Bigint),
	"intersect":    sql("hll_intersection", udf.HLL, udf.HLL),
	"jaccard":      sql("hll_jaccard", udf.HLL, udf.HLL),

	"histogram_aggregate":  sql("aggregate_histograms", udf.BigintArray),
	"histogram_buckets":    sql("histogram_buckets", udf.Varchar, udf.Bigint, udf.Bigint, udf.Bigint),
	"histogram_mean":       sql("histogram_mean", udf.BigintArray, udf.BigintArray),
	"histogram_percentile": sql("histogram_percentile", udf.BigintArray, udf.BigintArray, udf.Double),
	"histogram_sum":        sql("histogram_sum", udf.BigintArray),
}

func find(verb string) (*udf.Function, error) {
	s, known := verbs[verb]
	if !known {
		return nil, unknown("no request %+.20q", verb)
	}
	f, found := udf.Find(s.name, s.params...)
	if !found {
		return nil, fmt.Errorf("the function table has no %s of %v", s.name, s.params)
	}
	return f, nil
}

// arguments takes the arguments of a call, and returns them with their number of rows.
func (r *request) arguments(f *udf.Function) (args []udf.Column, rows int) {
	args, rows = make([]udf.Column, len(f.Params)), 1
	for i, p := range slices.Backward(f.Params) {
		switch p.Type.Kind {
		case udf.KindBigint:
			args[i] = udf.Int64Of(r.number())
		case udf.KindDouble:
			args[i] = udf.Column{Type: udf.Double, Rows: 1, Float64: []float64{r.float()}}
		}
	}
	for i, p := range f.Params {
		switch {
		case p.Type.Kind == udf.KindBigint || p.Type.Kind == udf.KindDouble:
		case p.Type.Kind == udf.KindArray && f.Role == udf.Aggregate:
			args[i] = r.arrays(r.rest(true)...)
			rows = args[i].Rows
		case p.Type.Kind == udf.KindArray:
			args[i] = r.arrays(r.bytes())
		case f.Role == udf.Aggregate:
			args[i] = udf.BytesOf(p.Type, r.rest(p.Type.Kind == udf.KindHLL)...)
			rows = args[i].Rows
		default:
			args[i] = udf.BytesOf(p.Type, r.bytes())
		}
	}
	for i, p := range f.Params {
		if p.Type.Kind == udf.KindBigint {
			args[i] = udf.Int64Of(slices.Repeat(args[i].Int64, rows)...)
		}
	}
	return args, rows
}
