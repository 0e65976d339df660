// SPDX-License-Identifier: Apache-2.0

package udf

// Parameters that several functions share.
var (
	sketchParam    = Field{"sketch", HLL}
	precisionParam = Field{"precision", Bigint}
	bytesParam     = Field{"sketch", Varbinary}
)

const (
	refusesMalformed = "bytes that are not a sketch, saying which byte and what would have been right"
	refusesPrecision = "a precision outside 4..24"
	refusesMixed     = "sketches of two precisions; bring the larger down with hll_reduce"
	mergeOfNothing   = "NULLs are skipped; a group of nothing, or of NULLs only, gives NULL"
)

// Functions is the table: every signature that any engine is given.
var Functions = []Function{
	{
		Name: "cast", Role: Cast, Params: []Field{bytesParam}, Result: HLL, Symbol: "hc_hll_check",
		Doc:     "The sketch that the bytes are: the one door for foreign bytes.",
		Errors:  refusesMalformed + "; try_cast gives NULL",
		Example: "cardinality(cast(X'030c010005' AS HLL))", ExampleResult: "1",
		call: checkedBytes(HLL),
	},
	{
		Name: "cast", Role: Cast, Params: []Field{sketchParam}, Result: Varbinary, Symbol: "hc_hll_check",
		Doc:     "The bytes of the sketch, as spark-hyperloglog reads them.",
		Example: "to_hex(cast(hll_create('a', 12) AS varbinary))", ExampleResult: "030CC50202",
		call: checkedBytes(Varbinary),
	},
	{
		Name: "cardinality", Role: Scalar, Params: []Field{sketchParam}, Result: Bigint, Symbol: "hc_hll_cardinality",
		Doc:     "The number of distinct ids, exactly as spark-hyperloglog's hll_cardinality estimates it.",
		Example: "cardinality(empty_hll())", ExampleResult: "0",
		call: sketchToInt64(Cardinality),
	},
	{
		Name: "merge", Role: Aggregate, Params: []Field{sketchParam}, Result: HLL, Symbol: "hc_hll_state_merge",
		Doc:     "The union of a group's sketches.",
		Nulls:   mergeOfNothing,
		Errors:  refusesMixed,
		Example: "SELECT cardinality(merge(s)) FROM (VALUES hll_create('a'), hll_create('b'), NULL) AS t (s)", ExampleResult: "2",
		call: mergeIntoState,
	},
	{
		Name: "hll_create", Role: Scalar, Params: []Field{{"id", Varchar}}, Result: HLL, Symbol: "hc_hll_create",
		Doc:     "The sketch of one id at precision 12. The id is hashed by its UTF-8 bytes as they are.",
		Example: "to_hex(cast(hll_create('a') AS varbinary))", ExampleResult: "030CC50202",
		call: bytesInt64ToSketch(Create),
	},
	{
		Name: "hll_create", Role: Scalar, Params: []Field{{"id", Varchar}, precisionParam}, Result: HLL, Symbol: "hc_hll_create",
		Doc:     "The sketch of one id at a precision, 4 to 24.",
		Errors:  refusesPrecision,
		Example: "hll_precision(hll_create('a', 14))", ExampleResult: "14",
		call: bytesInt64ToSketch(Create),
	},
	{
		Name: "hll_agg", Role: Aggregate, Params: []Field{{"id", Varchar}}, Result: HLL, Symbol: "hc_hll_state_add",
		Doc:     "The sketch of a group's ids at precision 12, without a sketch for each.",
		Nulls:   mergeOfNothing,
		Example: "SELECT cardinality(hll_agg(id)) FROM (VALUES 'a', 'b', 'b', NULL) AS t (id)", ExampleResult: "2",
		call: addIntoState,
	},
	{
		Name: "hll_agg", Role: Aggregate, Params: []Field{{"id", Varchar}, precisionParam}, Result: HLL, Symbol: "hc_hll_state_add",
		Doc:   "The sketch of a group's ids at a precision, 4 to 24.",
		Nulls: mergeOfNothing, Errors: refusesPrecision + ", or one that varies within a group",
		Example: "SELECT hll_precision(hll_agg(id, 14)) FROM (VALUES 'a', 'b') AS t (id)", ExampleResult: "14",
		call: addIntoState,
	},
	{
		Name: "hll_agg", Role: Aggregate, Params: []Field{{"id", Varbinary}}, Result: HLL, Symbol: "hc_hll_state_add",
		Doc:     "The sketch of a group's ids, hashed by their bytes, at precision 12.",
		Nulls:   mergeOfNothing,
		Example: "SELECT cardinality(hll_agg(to_utf8(id))) FROM (VALUES 'a', 'b') AS t (id)", ExampleResult: "2",
		call: addIntoState,
	},
	{
		Name: "hll_agg", Role: Aggregate, Params: []Field{{"id", Varbinary}, precisionParam}, Result: HLL, Symbol: "hc_hll_state_add",
		Doc:   "The sketch of a group's ids, hashed by their bytes, at a precision, 4 to 24.",
		Nulls: mergeOfNothing, Errors: refusesPrecision + ", or one that varies within a group",
		Example: "SELECT hll_precision(hll_agg(to_utf8(id), 14)) FROM (VALUES 'a', 'b') AS t (id)", ExampleResult: "14",
		call: addIntoState,
	},
	{
		Name: "hll_agg", Role: Aggregate, Params: []Field{{"id", Bigint}}, Result: HLL, Symbol: "hc_hll_state_add_int64",
		Doc:     "The sketch of a group's ids, hashed by their decimal text, at precision 12.",
		Nulls:   mergeOfNothing,
		Example: "SELECT cardinality(hll_agg(id)) FROM (VALUES 1, 2, 2) AS t (id)", ExampleResult: "2",
		call: addIntoState,
	},
	{
		Name: "hll_agg", Role: Aggregate, Params: []Field{{"id", Bigint}, precisionParam}, Result: HLL, Symbol: "hc_hll_state_add_int64",
		Doc:   "The sketch of a group's ids, hashed by their decimal text, at a precision, 4 to 24.",
		Nulls: mergeOfNothing, Errors: refusesPrecision + ", or one that varies within a group",
		Example: "SELECT hll_precision(hll_agg(id, 14)) FROM (VALUES 1, 2, 2) AS t (id)", ExampleResult: "14",
		call: addIntoState,
	},
	{
		Name: "hll_union", Role: Scalar, Params: []Field{{"a", HLL}, {"b", HLL}}, Result: HLL, Symbol: "hc_hll_union",
		Doc:     "The union of two sketches.",
		Errors:  refusesMixed,
		Example: "cardinality(hll_union(hll_create('a'), hll_create('b')))", ExampleResult: "2",
		call: sketchesToSketch(Union),
	},
	{
		Name: "hll_union", Role: Scalar, Params: []Field{{"sketches", HLLArray}}, Result: HLL, Symbol: "hc_hll_state_merge",
		Doc:     "The union of the sketches in an array.",
		Nulls:   "NULL elements are skipped; an array of nothing, or of NULLs only, gives NULL",
		Errors:  refusesMixed,
		Example: "cardinality(hll_union(ARRAY[hll_create('a'), NULL, hll_create('b')]))", ExampleResult: "2",
		call: sketchArrayToSketch(),
	},
	{
		Name: "empty_hll", Role: Scalar, Params: nil, Result: HLL, Symbol: "hc_hll_empty",
		Doc:     "The sketch of no ids at precision 12.",
		Example: "to_hex(cast(empty_hll() AS varbinary))", ExampleResult: "030C",
		call: int64ToSketch(Empty),
	},
	{
		Name: "empty_hll", Role: Scalar, Params: []Field{precisionParam}, Result: HLL, Symbol: "hc_hll_empty",
		Doc:     "The sketch of no ids at a precision, 4 to 24.",
		Errors:  refusesPrecision,
		Example: "to_hex(cast(empty_hll(14) AS varbinary))", ExampleResult: "030E",
		call: int64ToSketch(Empty),
	},
	{
		Name: "hll_precision", Role: Scalar, Params: []Field{sketchParam}, Result: Bigint, Symbol: "hc_hll_precision",
		Doc:     "The sketch's precision, 4 to 24.",
		Example: "hll_precision(empty_hll())", ExampleResult: "12",
		call: sketchToInt64(Precision),
	},
	{
		Name: "hll_reduce", Role: Scalar, Params: []Field{sketchParam, precisionParam}, Result: HLL, Symbol: "hc_hll_reduce",
		Doc:     "The sketch at a smaller precision, exactly as if it had been made there.",
		Errors:  refusesPrecision + ", or above the sketch's own",
		Example: "hll_precision(hll_reduce(hll_create('a', 14), 12))", ExampleResult: "12",
		call: bytesInt64ToSketch(Reduce),
	},
	{
		Name: "hll_estimate", Role: Scalar, Params: []Field{sketchParam}, Result: Double, Symbol: "hc_hll_estimate",
		Doc:     "The number of distinct ids by Ertl's improved estimator, without cardinality's error between 2.5 and 5 ids a register.",
		Example: "round(hll_estimate(hll_create('a')), 3)", ExampleResult: "1.0",
		call: sketchToFloat64(Estimate),
	},
	{
		Name: "hll_bounds", Role: Scalar, Params: []Field{sketchParam, {"sigmas", Bigint}}, Result: BoundsRow, Symbol: "hc_hll_bounds",
		Doc:     "The bounds of hll_estimate at 1, 2 or 3 sigmas.",
		Errors:  "sigmas other than 1, 2 and 3",
		Example: "hll_bounds(empty_hll(), 2).lower", ExampleResult: "0.0",
		call: sketchInt64ToFloat64s(BoundsRow, Bounds),
	},
	{
		Name: "hll_intersection", Role: Scalar, Params: []Field{{"a", HLL}, {"b", HLL}}, Result: IntervalRow, Symbol: "hc_hll_intersection",
		Doc:     "How many ids two sketches share, by joint maximum likelihood, with bounds at 2 sigmas: lower is 0 where the overlap cannot be told from none.",
		Errors:  refusesMixed,
		Example: "hll_intersection(hll_create('a'), empty_hll()).estimate", ExampleResult: "0.0",
		call: sketchesToFloat64s(IntervalRow, Intersection),
	},
	{
		Name: "hll_jaccard", Role: Scalar, Params: []Field{{"a", HLL}, {"b", HLL}}, Result: Double, Symbol: "hc_hll_jaccard",
		Doc:     "The share of the ids of two sketches that both have, 0 to 1, from the estimate of hll_intersection.",
		Errors:  refusesMixed,
		Example: "hll_jaccard(hll_create('a'), empty_hll())", ExampleResult: "0.0",
		call: sketchesToFloat64s(Double, Jaccard),
	},
	{
		Name: "hll_merge", Role: Aggregate, Params: []Field{sketchParam}, Result: HLL, Symbol: "hc_hll_state_merge",
		Doc:   "Spark's name for merge.",
		Nulls: mergeOfNothing, Errors: refusesMixed,
		Example: "SELECT cardinality(hll_merge(s)) FROM (VALUES hll_create('a'), hll_create('b')) AS t (s)", ExampleResult: "2",
		call: mergeIntoState,
	},
	{
		Name: "hll_merge", Role: Aggregate, Params: []Field{bytesParam}, Result: Varbinary, Symbol: "hc_hll_state_merge",
		Doc:   "Spark's hll_merge: the union of a group's sketches, from bytes to bytes.",
		Nulls: mergeOfNothing, Errors: refusesMalformed + "; " + refusesMixed,
		Example: "SELECT to_hex(hll_merge(s)) FROM (VALUES X'030C010005', X'030C010007') AS t (s)", ExampleResult: "030C010007",
		call: mergeIntoState,
	},
	{
		Name: "hll_cardinality", Role: Scalar, Params: []Field{sketchParam}, Result: Bigint, Symbol: "hc_hll_cardinality",
		Doc:     "Spark's name for cardinality.",
		Example: "hll_cardinality(hll_create('a'))", ExampleResult: "1",
		call: sketchToInt64(Cardinality),
	},
	{
		Name: "hll_cardinality", Role: Scalar, Params: []Field{bytesParam}, Result: Bigint, Symbol: "hc_hll_cardinality",
		Doc:     "Spark's hll_cardinality: the cardinality of a sketch from its bytes.",
		Errors:  refusesMalformed,
		Example: "hll_cardinality(X'030C010005')", ExampleResult: "1",
		call: sketchToInt64(Cardinality),
	},
}
