// SPDX-License-Identifier: Apache-2.0

package udf

// Parameters of several functions.
var (
	sketchParam    = Field{"sketch", HLL}
	precisionParam = Field{"precision", Bigint}
	bytesParam     = Field{"sketch", Varbinary}
)

const (
	malformed    = "bytes that are not a sketch; the message names the byte and what is expected there"
	outOfRange   = "a precision outside 4 to 24"
	mixed        = "sketches of different precisions, except empty ones; reduce the larger one with hll_reduce"
	distribution = "buckets that do not ascend, or another number of counts than of buckets"
	skipsNulls   = "NULLs are skipped; the result for a group without other values is NULL"
)

// Functions is the table of all signatures.
var Functions = withBytes([]Function{
	{
		Name: "cast", Role: Cast, Params: []Field{bytesParam}, Result: HLL, Symbol: "hc_hll_check",
		Doc:     "Checks that the bytes are a valid sketch and returns it as HLL.",
		Errors:  malformed + "; try_cast gives NULL",
		Example: "cardinality(cast(from_hex('030c010005') AS HLL))", ExampleResult: "1",
		call: checkedBytes(HLL),
	},
	{
		Name: "cast", Role: Cast, Params: []Field{sketchParam}, Result: Varbinary, Symbol: "hc_hll_check",
		Doc:     "The bytes of the sketch, in the format of spark-hyperloglog.",
		Example: "to_hex(cast(hll_create('a', 12) AS varbinary))", ExampleResult: "030CC50202",
		call: checkedBytes(Varbinary),
	},
	{
		Name: "to_hll", Role: Scalar, Params: []Field{bytesParam}, Result: HLL, Symbol: "hc_hll_check",
		Doc:     "Checks that the bytes are a valid sketch and returns it as HLL: the cast as a function, for tools that do not know the type.",
		Errors:  malformed,
		Example: "cardinality(to_hll(from_hex('030c010005')))", ExampleResult: "1",
		call: checkedBytes(HLL),
	},
	{
		Name: "cardinality", Role: Scalar, Params: []Field{sketchParam}, Result: Bigint, Symbol: "hc_hll_cardinality",
		Doc:     "The number of distinct ids, exactly as spark-hyperloglog's hll_cardinality returns it.",
		Example: "cardinality(empty_hll())", ExampleResult: "0",
		call: sketchToInt64(Cardinality),
	},
	{
		Name: "merge", Role: Aggregate, Params: []Field{sketchParam}, Result: HLL, Symbol: "hc_hll_state_merge",
		Doc:     "The union of a group's sketches.",
		Nulls:   skipsNulls,
		Errors:  mixed,
		Example: "SELECT cardinality(merge(s)) FROM (VALUES (hll_create('a')), (hll_create('b')), (NULL)) AS t (s)", ExampleResult: "2",
		call: mergeIntoState,
	},
	{
		Name: "hll_create", Role: Scalar, Params: []Field{{"id", Varchar}}, Result: HLL, Symbol: "hc_hll_create",
		Doc:     "The sketch of one id at precision 12. The id is hashed by its UTF-8 bytes, without trimming or normalization.",
		Example: "to_hex(cast(hll_create('a') AS varbinary))", ExampleResult: "030CC50202",
		Ids:  textIDs,
		call: bytesInt64ToSketch(Create),
	},
	{
		Name: "hll_create", Role: Scalar, Params: []Field{{"id", Varchar}, precisionParam}, Result: HLL, Symbol: "hc_hll_create",
		Doc:     "The sketch of one id at a precision, 4 to 24.",
		Errors:  outOfRange,
		Example: "hll_precision(hll_create('a', 14))", ExampleResult: "14",
		Ids:  textIDs,
		call: bytesInt64ToSketch(Create),
	},
	{
		Name: "hll_create", Role: Scalar, Params: []Field{{"id", Bigint}}, Result: HLL, Symbol: "hc_hll_create_int64",
		Doc:     "The sketch of one whole number at precision 12. It is hashed by its decimal text, as in hll_agg.",
		Example: "to_hex(cast(hll_create(7) AS varbinary)) = to_hex(cast(hll_create('7') AS varbinary))", ExampleResult: "true",
		Ids:  wholeIDs,
		call: int64Int64ToSketch(CreateInt64),
	},
	{
		Name: "hll_create", Role: Scalar, Params: []Field{{"id", Bigint}, precisionParam}, Result: HLL, Symbol: "hc_hll_create_int64",
		Doc:     "The sketch of one whole number at a precision, 4 to 24.",
		Errors:  outOfRange,
		Example: "hll_precision(hll_create(7, 14))", ExampleResult: "14",
		Ids:  wholeIDs,
		call: int64Int64ToSketch(CreateInt64),
	},
	{
		Name: "hll_agg", Role: Aggregate, Params: []Field{{"id", Varchar}}, Result: HLL, Symbol: "hc_hll_state_add",
		Doc:     "The sketch of a group's ids at precision 12. It is faster than merge(hll_create(id)).",
		Nulls:   skipsNulls,
		Example: "SELECT cardinality(hll_agg(id)) FROM (VALUES ('a'), ('b'), ('b'), (NULL)) AS t (id)", ExampleResult: "2",
		Ids:  textIDs[1:],
		call: addIntoState,
	},
	{
		Name: "hll_agg", Role: Aggregate, Params: []Field{{"id", Varchar}, precisionParam}, Result: HLL, Symbol: "hc_hll_state_add",
		Doc:   "The sketch of a group's ids at a precision, 4 to 24.",
		Nulls: skipsNulls, Errors: outOfRange + ", or different precisions in one group",
		Example: "SELECT hll_precision(hll_agg(id, 14)) FROM (VALUES ('a'), ('b')) AS t (id)", ExampleResult: "14",
		Ids:  textIDs[1:],
		call: addIntoState,
	},
	{
		Name: "hll_agg", Role: Aggregate, Params: []Field{{"id", Varbinary}}, Result: HLL, Symbol: "hc_hll_state_add",
		Doc:     "The sketch of a group's ids, hashed by their bytes, at precision 12.",
		Nulls:   skipsNulls,
		Example: "SELECT cardinality(hll_agg(to_utf8(id))) FROM (VALUES ('a'), ('b')) AS t (id)", ExampleResult: "2",
		call: addIntoState,
	},
	{
		Name: "hll_agg", Role: Aggregate, Params: []Field{{"id", Varbinary}, precisionParam}, Result: HLL, Symbol: "hc_hll_state_add",
		Doc:   "The sketch of a group's ids, hashed by their bytes, at a precision, 4 to 24.",
		Nulls: skipsNulls, Errors: outOfRange + ", or different precisions in one group",
		Example: "SELECT hll_precision(hll_agg(to_utf8(id), 14)) FROM (VALUES ('a'), ('b')) AS t (id)", ExampleResult: "14",
		call: addIntoState,
	},
	{
		Name: "hll_agg", Role: Aggregate, Params: []Field{{"id", Bigint}}, Result: HLL, Symbol: "hc_hll_state_add_int64",
		Doc:     "The sketch of a group's ids, hashed by their decimal text, at precision 12.",
		Nulls:   skipsNulls,
		Example: "SELECT cardinality(hll_agg(id)) FROM (VALUES (1), (2), (2)) AS t (id)", ExampleResult: "2",
		Ids:  wholeIDs,
		call: addIntoState,
	},
	{
		Name: "hll_agg", Role: Aggregate, Params: []Field{{"id", Bigint}, precisionParam}, Result: HLL, Symbol: "hc_hll_state_add_int64",
		Doc:   "The sketch of a group's ids, hashed by their decimal text, at a precision, 4 to 24.",
		Nulls: skipsNulls, Errors: outOfRange + ", or different precisions in one group",
		Example: "SELECT hll_precision(hll_agg(id, 14)) FROM (VALUES (1), (2), (2)) AS t (id)", ExampleResult: "14",
		Ids:  wholeIDs,
		call: addIntoState,
	},
	{
		Name: "hll_union", Role: Scalar, Params: []Field{{"a", HLL}, {"b", HLL}}, Result: HLL, Symbol: "hc_hll_union",
		Doc:     "The union of two sketches.",
		Errors:  mixed,
		Example: "cardinality(hll_union(hll_create('a'), hll_create('b')))", ExampleResult: "2",
		OverBytes: Example{"to_hex(hll_union(from_hex('030C010005'), from_hex('030C010007')))", "030C010007"},
		call:      sketchesToSketch(Union),
	},
	{
		Name: "hll_union", Role: Scalar, Params: []Field{{"sketches", HLLArray}}, Result: HLL, Symbol: "hc_hll_state_merge",
		Doc:     "The union of the sketches in an array.",
		Nulls:   "NULL elements are skipped; the result for an array without other elements is NULL",
		Errors:  mixed,
		Example: "cardinality(hll_union(ARRAY[hll_create('a'), NULL, hll_create('b')]))", ExampleResult: "2",
		OverBytes: Example{"to_hex(hll_union(ARRAY[from_hex('030C010005'), NULL, from_hex('030C010007')]))", "030C010007"},
		call:      sketchArrayToSketch(),
	},
	{
		Name: "hll_unite", Role: Scalar, Params: []Field{{"a", HLL}, {"b", HLL}}, Result: HLL, Symbol: "hc_hll_union",
		Doc:     "The union of two sketches: hll_union under the name that it has in every engine.",
		Errors:  mixed,
		Example: "cardinality(hll_unite(hll_create('a'), hll_create('b')))", ExampleResult: "2",
		OverBytes: Example{"to_hex(hll_unite(from_hex('030C010005'), from_hex('030C010007')))", "030C010007"},
		call:      sketchesToSketch(Union),
	},
	{
		Name: "empty_hll", Role: Scalar, Params: nil, Result: HLL, Symbol: "hc_hll_empty",
		Doc:     "The empty sketch at precision 12.",
		Example: "to_hex(cast(empty_hll() AS varbinary))", ExampleResult: "030C",
		call: int64ToSketch(Empty),
	},
	{
		Name: "empty_hll", Role: Scalar, Params: []Field{precisionParam}, Result: HLL, Symbol: "hc_hll_empty",
		Doc:     "The empty sketch at a precision, 4 to 24.",
		Errors:  outOfRange,
		Example: "to_hex(cast(empty_hll(14) AS varbinary))", ExampleResult: "030E",
		call: int64ToSketch(Empty),
	},
	{
		Name: "hll_precision", Role: Scalar, Params: []Field{sketchParam}, Result: Bigint, Symbol: "hc_hll_precision",
		Doc:     "The sketch's precision, 4 to 24.",
		Example: "hll_precision(empty_hll())", ExampleResult: "12",
		OverBytes: Example{"hll_precision(from_hex('030C010005'))", "12"},
		call:      sketchToInt64(Precision),
	},
	{
		Name: "hll_reduce", Role: Scalar, Params: []Field{sketchParam, precisionParam}, Result: HLL, Symbol: "hc_hll_reduce",
		Doc:     "The sketch at a lower precision, exactly as if it had been built at that precision.",
		Errors:  outOfRange + ", or above the precision of the sketch",
		Example: "hll_precision(hll_reduce(hll_create('a', 14), 12))", ExampleResult: "12",
		OverBytes: Example{"to_hex(hll_reduce(from_hex('030E010005'), 12))", "030C010007"},
		call:      bytesInt64ToSketch(Reduce),
	},
	{
		Name: "hll_estimate", Role: Scalar, Params: []Field{sketchParam}, Result: Double, Symbol: "hc_hll_estimate",
		Doc:     "The number of distinct ids by Ertl's improved estimator. It avoids the error of cardinality between 2.5 and 5 ids per register.",
		Example: "round(hll_estimate(hll_create('a')), 3)", ExampleResult: "1.0",
		OverBytes: Example{"round(hll_estimate(from_hex('030C010005')), 3)", "1.0"},
		call:      sketchToFloat64(Estimate),
	},
	{
		Name: "hll_bounds", Role: Scalar, Params: []Field{sketchParam, {"sigmas", Bigint}}, Result: BoundsRow, Symbol: "hc_hll_bounds",
		Doc:     "Lower and upper bound of the number of distinct ids at 1, 2 or 3 sigmas, around hll_estimate.",
		Errors:  "sigmas other than 1, 2 and 3",
		Example: "hll_bounds(empty_hll(), 2).lower", ExampleResult: "0.0",
		OverBytes: Example{"hll_bounds(from_hex('030C'), 2).lower", "0.0"},
		call:      sketchInt64ToFloat64s(BoundsRow, Bounds),
	},
	{
		Name: "hll_intersection", Role: Scalar, Params: []Field{{"a", HLL}, {"b", HLL}}, Result: IntervalRow, Symbol: "hc_hll_intersection",
		Doc:     "The number of ids that are in both sketches, by joint maximum likelihood, with bounds at 2 sigmas. The lower bound is 0 if the overlap is not significant.",
		Errors:  mixed,
		Example: "hll_intersection(hll_create('a'), empty_hll()).estimate", ExampleResult: "0.0",
		OverBytes: Example{"hll_intersection(from_hex('030C010005'), from_hex('030C')).estimate", "0.0"},
		call:      sketchesToFloat64s(IntervalRow, Intersection),
	},
	{
		Name: "hll_jaccard", Role: Scalar, Params: []Field{{"a", HLL}, {"b", HLL}}, Result: Double, Symbol: "hc_hll_jaccard",
		Doc:     "The Jaccard index of two sketches, 0 to 1: the size of the intersection divided by the size of the union, both estimated as in hll_intersection.",
		Errors:  mixed,
		Example: "hll_jaccard(hll_create('a'), empty_hll())", ExampleResult: "0.0",
		OverBytes: Example{"hll_jaccard(from_hex('030C010005'), from_hex('030C'))", "0.0"},
		call:      sketchesToFloat64s(Double, Jaccard),
	},
	{
		Name: "hll_merge", Role: Aggregate, Params: []Field{sketchParam}, Result: HLL, Symbol: "hc_hll_state_merge",
		Doc:   "Spark's name for merge.",
		Nulls: skipsNulls, Errors: mixed,
		Example: "SELECT cardinality(hll_merge(s)) FROM (VALUES (hll_create('a')), (hll_create('b'))) AS t (s)", ExampleResult: "2",
		OverBytes: Example{"SELECT to_hex(hll_merge(s)) FROM (VALUES (from_hex('030C010005')), (from_hex('030C010007'))) AS t (s)", "030C010007"},
		call:      mergeIntoState,
	},
	{
		Name: "hll_cardinality", Role: Scalar, Params: []Field{sketchParam}, Result: Bigint, Symbol: "hc_hll_cardinality",
		Doc:     "Spark's name for cardinality.",
		Example: "hll_cardinality(hll_create('a'))", ExampleResult: "1",
		OverBytes: Example{"hll_cardinality(from_hex('030C010005'))", "1"},
		call:      sketchToInt64(Cardinality),
	},
	{
		Name: "aggregate_histograms", Role: Aggregate, Params: []Field{{"histogram", BigintArray}}, Result: BigintArray,
		Symbol:  "hc_hist_state_aggregate",
		Doc:     "The sum of a group's histograms: arrays of counts, one for each bucket, that end with sum and count. Sum and count are added as themselves where arrays have different lengths. Sums stop at the limits of bigint.",
		Nulls:   skipsNulls + "; a NULL element is 0",
		Errors:  "an array of less than 2 elements",
		Example: "SELECT aggregate_histograms(h) FROM (VALUES (ARRAY[1, 2, 30, 3]), (ARRAY[5, 10, 1])) AS t (h)", ExampleResult: "[6, 2, 40, 4]",
		call: aggregateIntoState,
	},
	{
		Name: "histogram_sum", Role: Aggregate, Params: []Field{{"counts", BigintArray}}, Result: BigintArray,
		Symbol:  "hc_hist_state_sum",
		Doc:     "The sum of a group's arrays, element by element. A shorter array has zeros at its end. Sums stop at the limits of bigint.",
		Nulls:   "NULLs and empty arrays are skipped; the result for a group without others is NULL; a NULL element is 0",
		Example: "SELECT histogram_sum(c) FROM (VALUES (ARRAY[1, 2]), (ARRAY[5])) AS t (c)", ExampleResult: "[6, 2]",
		call: sumIntoState,
	},
	{
		Name: "histogram_buckets", Role: Scalar, Result: BigintArray, Symbol: "hc_hist_buckets",
		Params:  []Field{{"kind", Varchar}, {"low", Bigint}, {"high", Bigint}, {"n", Bigint}},
		Doc:     "The lower bounds of the buckets of a layout: exponential and linear with the bounds of the second and of the last of n buckets, enumerated with n values, categorical with n labels, boolean, flag and count. What a kind does not use is not read.",
		Errors:  "another kind, or sizes that the kind cannot have",
		Example: "histogram_buckets('exponential', 1, 100, 6)", ExampleResult: "[0, 1, 3, 10, 32, 100]",
		call: textInt64sToArray(),
	},
	{
		Name: "histogram_percentile", Role: Scalar, Result: Double, Symbol: "hc_hist_percentile",
		Params:  []Field{{"buckets", BigintArray}, {"counts", BigintArray}, {"percent", Double}},
		Doc:     "The value below which percent of the counts are, 0 to 100: linear within a bucket, the lower bound of the last bucket.",
		Nulls:   "the result without counts above 0 is NULL; a NULL element is 0",
		Errors:  distribution + ", or percent outside 0 to 100",
		Example: "histogram_percentile(ARRAY[0, 10, 20], ARRAY[1, 2, 1], 50)", ExampleResult: "15.0",
		call: arraysFloat64ToFloat64(),
	},
	{
		Name: "histogram_mean", Role: Scalar, Result: Double, Symbol: "hc_hist_mean",
		Params:  []Field{{"buckets", BigintArray}, {"counts", BigintArray}},
		Doc:     "The mean of the counts, each at the middle of its bucket; the last bucket at its lower bound.",
		Nulls:   "the result without counts above 0 is NULL; a NULL element is 0",
		Errors:  distribution,
		Example: "histogram_mean(ARRAY[0, 10, 20], ARRAY[1, 2, 1])", ExampleResult: "13.75",
		call: arraysToFloat64(),
	},
})
