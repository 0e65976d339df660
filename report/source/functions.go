// SPDX-License-Identifier: Apache-2.0

package source

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/headcount-hll/headcount/udf"
	"github.com/headcount-hll/headcount/udf/hll"
)

// A function is one of Headcount's functions over bytes, for DuckDB. NULL arguments give NULL before it is called.
type function struct {
	params []duckdb.TypeInfo
	result duckdb.TypeInfo
	call   duckdb.RowExecutorFn
}

// Config returns the types.
func (f *function) Config() duckdb.ScalarFuncConfig {
	return duckdb.ScalarFuncConfig{InputTypeInfos: f.params, ResultTypeInfo: f.result}
}

// Executor returns the call.
func (f *function) Executor() duckdb.ScalarFuncExecutor {
	return duckdb.ScalarFuncExecutor{RowExecutor: f.call}
}

// macros are the functions that DuckDB's Go library cannot take: aggregates. list() holds a group's sketches in memory.
var macros = []string{
	"CREATE MACRO hll_merge(sketch) AS hll_merge_list(list(sketch) FILTER (WHERE sketch IS NOT NULL))",
}

// register adds the functions to a connection.
func register(conn *sql.Conn) error {
	var wrong error
	typeOf := func(info duckdb.TypeInfo, err error) duckdb.TypeInfo {
		wrong = errors.Join(wrong, err)
		return info
	}
	blob, bigint := typeOf(duckdb.NewTypeInfo(duckdb.TYPE_BLOB)), typeOf(duckdb.NewTypeInfo(duckdb.TYPE_BIGINT))
	double := typeOf(duckdb.NewTypeInfo(duckdb.TYPE_DOUBLE))
	if wrong != nil {
		return wrong
	}
	blobs, doubles := typeOf(duckdb.NewListInfo(blob)), typeOf(duckdb.NewListInfo(double))
	for name, f := range map[string]*function{
		"hll_merge_list":   {[]duckdb.TypeInfo{blobs}, blob, merge},
		"hll_cardinality":  {[]duckdb.TypeInfo{blob}, bigint, cardinality},
		"hll_estimate":     {[]duckdb.TypeInfo{blob}, double, estimate},
		"hll_bounds":       {[]duckdb.TypeInfo{blob, bigint}, doubles, bounds},
		"hll_intersection": {[]duckdb.TypeInfo{blob, blob}, doubles, intersection},
	} {
		if wrong == nil {
			if err := duckdb.RegisterScalarUDF(conn, name, f); err != nil {
				wrong = fmt.Errorf("function %s: %w", name, err)
			}
		}
	}
	return wrong
}

func sketch(v driver.Value) udf.Column { return udf.BytesOf(udf.Varbinary, v.([]byte)) }

func cardinality(args []driver.Value) (any, error) {
	in, out := sketch(args[0]), make([]int64, 1)
	err := udf.Cardinality(out, &in)
	return out[0], err
}

func estimate(args []driver.Value) (any, error) {
	in, out := sketch(args[0]), make([]float64, 1)
	err := udf.Estimate(out, &in)
	return out[0], err
}

func bounds(args []driver.Value) (any, error) {
	in, sigmas, out := sketch(args[0]), udf.Int64Of(args[1].(int64)), make([]float64, 2)
	err := udf.Bounds(out, &in, &sigmas)
	return out, err
}

func intersection(args []driver.Value) (any, error) {
	a, b, out := sketch(args[0]), sketch(args[1]), make([]float64, 3)
	err := udf.Intersection(out, &a, &b)
	return out, err
}

// merge returns the union of a list of sketches; NULL for an empty list.
func merge(args []driver.Value) (any, error) {
	var union *hll.Builder
	for _, v := range args[0].([]any) {
		if union == nil {
			first, err := hll.Decode(v.([]byte))
			if err != nil {
				return nil, err
			}
			union = hll.NewBuilder(first.Precision())
		}
		if err := union.Merge(v.([]byte)); err != nil {
			return nil, err
		}
	}
	if union == nil {
		return nil, nil
	}
	return union.Append(nil), nil
}
