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
		Name: "cast", Role: Cast, Params: []Field{bytesParam}, Result: HLL,
		Doc:     "The sketch that the bytes are: the one door for foreign bytes.",
		Errors:  refusesMalformed + "; try_cast gives NULL",
		Example: "cardinality(cast(X'030c010005' AS HLL))", ExampleResult: "1",
		eval: evalCheck(HLL),
	},
	{
		Name: "cast", Role: Cast, Params: []Field{sketchParam}, Result: Varbinary,
		Doc:     "The bytes of the sketch, as spark-hyperloglog reads them.",
		Example: "to_hex(cast(hll_create('a', 12) AS varbinary))", ExampleResult: "030CC50202",
		eval: evalCheck(Varbinary),
	},
	{
		Name: "cardinality", Role: Scalar, Params: []Field{sketchParam}, Result: Bigint,
		Doc:     "The number of distinct ids, exactly as spark-hyperloglog's hll_cardinality estimates it.",
		Example: "cardinality(empty_hll())", ExampleResult: "0",
		eval: evalInt64(Cardinality),
	},
	{
		Name: "merge", Role: Aggregate, Params: []Field{sketchParam}, Result: HLL,
		Doc:     "The union of a group's sketches.",
		Nulls:   mergeOfNothing,
		Errors:  refusesMixed,
		Example: "SELECT cardinality(merge(s)) FROM (VALUES hll_create('a'), hll_create('b'), NULL) AS t (s)", ExampleResult: "2",
		update: updateMerge,
	},
	{
		Name: "hll_create", Role: Scalar, Params: []Field{{"id", Varchar}}, Result: HLL,
		Doc:     "The sketch of one id at precision 12. The id is hashed by its UTF-8 bytes as they are.",
		Example: "to_hex(cast(hll_create('a') AS varbinary))", ExampleResult: "030CC50202",
		eval: evalCreate,
	},
	{
		Name: "hll_create", Role: Scalar, Params: []Field{{"id", Varchar}, precisionParam}, Result: HLL,
		Doc:     "The sketch of one id at a precision, 4 to 24.",
		Errors:  refusesPrecision,
		Example: "hll_precision(hll_create('a', 14))", ExampleResult: "14",
		eval: evalCreate,
	},
	{
		Name: "hll_agg", Role: Aggregate, Params: []Field{{"id", Varchar}}, Result: HLL,
		Doc:     "The sketch of a group's ids at precision 12, without a sketch for each.",
		Nulls:   mergeOfNothing,
		Example: "SELECT cardinality(hll_agg(id)) FROM (VALUES 'a', 'b', 'b', NULL) AS t (id)", ExampleResult: "2",
		update: updateAdd,
	},
	{
		Name: "hll_agg", Role: Aggregate, Params: []Field{{"id", Varchar}, precisionParam}, Result: HLL,
		Doc:   "The sketch of a group's ids at a precision, 4 to 24.",
		Nulls: mergeOfNothing, Errors: refusesPrecision + ", or one that varies within a group",
		Example: "SELECT hll_precision(hll_agg(id, 14)) FROM (VALUES 'a', 'b') AS t (id)", ExampleResult: "14",
		update: updateAdd,
	},
	{
		Name: "hll_agg", Role: Aggregate, Params: []Field{{"id", Varbinary}}, Result: HLL,
		Doc:     "The sketch of a group's ids, hashed by their bytes, at precision 12.",
		Nulls:   mergeOfNothing,
		Example: "SELECT cardinality(hll_agg(to_utf8(id))) FROM (VALUES 'a', 'b') AS t (id)", ExampleResult: "2",
		update: updateAdd,
	},
	{
		Name: "hll_agg", Role: Aggregate, Params: []Field{{"id", Varbinary}, precisionParam}, Result: HLL,
		Doc:   "The sketch of a group's ids, hashed by their bytes, at a precision, 4 to 24.",
		Nulls: mergeOfNothing, Errors: refusesPrecision + ", or one that varies within a group",
		Example: "SELECT hll_precision(hll_agg(to_utf8(id), 14)) FROM (VALUES 'a', 'b') AS t (id)", ExampleResult: "14",
		update: updateAdd,
	},
	{
		Name: "hll_agg", Role: Aggregate, Params: []Field{{"id", Bigint}}, Result: HLL,
		Doc:     "The sketch of a group's ids, hashed by their decimal text, at precision 12.",
		Nulls:   mergeOfNothing,
		Example: "SELECT cardinality(hll_agg(id)) FROM (VALUES 1, 2, 2) AS t (id)", ExampleResult: "2",
		update: updateAdd,
	},
	{
		Name: "hll_agg", Role: Aggregate, Params: []Field{{"id", Bigint}, precisionParam}, Result: HLL,
		Doc:   "The sketch of a group's ids, hashed by their decimal text, at a precision, 4 to 24.",
		Nulls: mergeOfNothing, Errors: refusesPrecision + ", or one that varies within a group",
		Example: "SELECT hll_precision(hll_agg(id, 14)) FROM (VALUES 1, 2, 2) AS t (id)", ExampleResult: "14",
		update: updateAdd,
	},
	{
		Name: "hll_union", Role: Scalar, Params: []Field{{"a", HLL}, {"b", HLL}}, Result: HLL,
		Doc:     "The union of two sketches.",
		Errors:  refusesMixed,
		Example: "cardinality(hll_union(hll_create('a'), hll_create('b')))", ExampleResult: "2",
		eval: evalUnion,
	},
	{
		Name: "hll_union", Role: Scalar, Params: []Field{{"sketches", HLLArray}}, Result: HLL,
		Doc:     "The union of the sketches in an array.",
		Nulls:   "NULL elements are skipped; an array of nothing, or of NULLs only, gives NULL",
		Errors:  refusesMixed,
		Example: "cardinality(hll_union(ARRAY[hll_create('a'), NULL, hll_create('b')]))", ExampleResult: "2",
		eval: evalUnionArray,
	},
	{
		Name: "empty_hll", Role: Scalar, Params: nil, Result: HLL,
		Doc:     "The sketch of no ids at precision 12.",
		Example: "to_hex(cast(empty_hll() AS varbinary))", ExampleResult: "030C",
		eval: evalEmpty,
	},
	{
		Name: "empty_hll", Role: Scalar, Params: []Field{precisionParam}, Result: HLL,
		Doc:     "The sketch of no ids at a precision, 4 to 24.",
		Errors:  refusesPrecision,
		Example: "to_hex(cast(empty_hll(14) AS varbinary))", ExampleResult: "030E",
		eval: evalEmpty,
	},
	{
		Name: "hll_precision", Role: Scalar, Params: []Field{sketchParam}, Result: Bigint,
		Doc:     "The sketch's precision, 4 to 24.",
		Example: "hll_precision(empty_hll())", ExampleResult: "12",
		eval: evalInt64(Precision),
	},
	{
		Name: "hll_reduce", Role: Scalar, Params: []Field{sketchParam, precisionParam}, Result: HLL,
		Doc:     "The sketch at a smaller precision, exactly as if it had been made there.",
		Errors:  refusesPrecision + ", or above the sketch's own",
		Example: "hll_precision(hll_reduce(hll_create('a', 14), 12))", ExampleResult: "12",
		eval: evalReduce,
	},
	{
		Name: "hll_estimate", Role: Scalar, Params: []Field{sketchParam}, Result: Double,
		Doc:     "The number of distinct ids by Ertl's improved estimator, without cardinality's error between 2.5 and 5 ids a register.",
		Example: "round(hll_estimate(hll_create('a')), 3)", ExampleResult: "1.0",
		eval: evalFloat64(Estimate),
	},
	{
		Name: "hll_bounds", Role: Scalar, Params: []Field{sketchParam, {"sigmas", Bigint}}, Result: BoundsRow,
		Doc:     "The bounds of hll_estimate at 1, 2 or 3 sigmas.",
		Errors:  "sigmas other than 1, 2 and 3",
		Example: "hll_bounds(empty_hll(), 2).lower", ExampleResult: "0.0",
		eval: evalRow(BoundsRow, func(out []float64, args []Column) *Error { return Bounds(out, &args[0], &args[1]) }),
	},
	{
		Name: "hll_intersection", Role: Scalar, Params: []Field{{"a", HLL}, {"b", HLL}}, Result: IntervalRow,
		Doc:     "How many ids two sketches share, by joint maximum likelihood, with bounds at 2 sigmas: lower is 0 where the overlap cannot be told from none.",
		Errors:  refusesMixed,
		Example: "hll_intersection(hll_create('a'), empty_hll()).estimate", ExampleResult: "0.0",
		eval: evalRow(IntervalRow, func(out []float64, args []Column) *Error { return Intersection(out, &args[0], &args[1]) }),
	},
	{
		Name: "hll_jaccard", Role: Scalar, Params: []Field{{"a", HLL}, {"b", HLL}}, Result: Double,
		Doc:     "The share of the ids of two sketches that both have, 0 to 1, from the estimate of hll_intersection.",
		Errors:  refusesMixed,
		Example: "hll_jaccard(hll_create('a'), empty_hll())", ExampleResult: "0.0",
		eval: evalJaccard,
	},
	{
		Name: "hll_merge", Role: Aggregate, Params: []Field{sketchParam}, Result: HLL,
		Doc:   "Spark's name for merge.",
		Nulls: mergeOfNothing, Errors: refusesMixed,
		Example: "SELECT cardinality(hll_merge(s)) FROM (VALUES hll_create('a'), hll_create('b')) AS t (s)", ExampleResult: "2",
		update: updateMerge,
	},
	{
		Name: "hll_merge", Role: Aggregate, Params: []Field{bytesParam}, Result: Varbinary,
		Doc:   "Spark's hll_merge: the union of a group's sketches, from bytes to bytes.",
		Nulls: mergeOfNothing, Errors: refusesMalformed + "; " + refusesMixed,
		Example: "SELECT to_hex(hll_merge(s)) FROM (VALUES X'030C010005', X'030C010007') AS t (s)", ExampleResult: "030C010007",
		update: updateMerge,
	},
	{
		Name: "hll_cardinality", Role: Scalar, Params: []Field{sketchParam}, Result: Bigint,
		Doc:     "Spark's name for cardinality.",
		Example: "hll_cardinality(hll_create('a'))", ExampleResult: "1",
		eval: evalInt64(Cardinality),
	},
	{
		Name: "hll_cardinality", Role: Scalar, Params: []Field{bytesParam}, Result: Bigint,
		Doc:     "Spark's hll_cardinality: the cardinality of a sketch from its bytes.",
		Errors:  refusesMalformed,
		Example: "hll_cardinality(X'030C010005')", ExampleResult: "1",
		eval: evalInt64(Cardinality),
	},
}
