package udf

import "github.com/headcount-hll/headcount/udf/hll"

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
}

// evalCheck returns the evaluation of a cast: the same bytes as another type, once they are checked.
func evalCheck(result Type) func([]Column, int) (Column, *Error) {
	return func(args []Column, _ int) (Column, *Error) {
		if refused := Check(&args[0]); refused != nil {
			return Column{}, refused
		}
		out := args[0]
		out.Type = result
		return out, nil
	}
}

func evalInt64(kernel func([]int64, *Column) *Error) func([]Column, int) (Column, *Error) {
	return func(args []Column, rows int) (Column, *Error) {
		out := newColumn(Bigint, rows)
		out.Null = nullsOf(args)
		return out, kernel(out.Int64, &args[0])
	}
}

// defaultPrecision stands for a precision argument that was left out.
var defaultPrecision = Int64Of(hll.DefaultPrecision)

// optionalPrecision returns the precision among the arguments, which is the last if it is there.
func optionalPrecision(args []Column, before int) *Column {
	if len(args) > before {
		return &args[before]
	}
	return &defaultPrecision
}

// evalSketches returns the evaluation of a kernel that makes a sketch of each row.
func evalSketches(args []Column, rows int, kernel func(*Sketches) *Error) (Column, *Error) {
	out := Sketches{Ends: make([]int32, rows)}
	refused := kernel(&out)
	return out.column(nullsOf(args)), refused
}

func evalCreate(args []Column, rows int) (Column, *Error) {
	return evalSketches(args, rows, func(out *Sketches) *Error {
		return Create(out, &args[0], optionalPrecision(args, 1))
	})
}

// An updateFunc takes row row of an aggregate's arguments, none of them NULL, into a state. at is as in
// [hll.State.Merge].
type updateFunc func(s hll.State, args []Column, row, at int) (hll.Step, error)

func updateMerge(s hll.State, args []Column, row, at int) (hll.Step, error) {
	return s.Merge(args[0].Bytes(row), at, true)
}
