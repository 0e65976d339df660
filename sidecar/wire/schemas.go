package wire

import (
	"strconv"

	"github.com/apache/arrow/go/v15/arrow"

	"github.com/headcount-hll/headcount/udf"
)

// Version is the number of the protocol.
const Version = "1"

// Keys of a schema's metadata, and values of [KeyErrors].
const (
	KeyProtocol = "headcount.protocol"
	KeyErrors   = "headcount.errors"

	keyFunction   = "headcount.function"
	keyRole       = "headcount.role"
	keyDoc        = "headcount.doc"
	keyInputCount = "x-databend-udf-input-count"

	ErrorsRows = "rows"
	ErrorsCall = "call"
)

// Inputs are the fields of the function's request.
func (f *Function) inputs(large bool) []arrow.Field {
	var fields []arrow.Field
	if f.Aggregate() {
		fields = append(fields, groupField)
	}
	for i, t := range f.Args {
		fields = append(fields, nullable(f.Of.Params[i].Name, arrowType(t, large)))
	}
	return fields
}

var groupField = arrow.Field{Name: "group", Type: arrow.PrimitiveTypes.Int64}

// outputs are the fields of the function's answer.
func (f *Function) outputs(large bool) []arrow.Field {
	result := nullable("result", arrowType(f.Of.Result, large))
	if f.Aggregate() {
		return []arrow.Field{groupField, result}
	}
	return []arrow.Field{result}
}

// Describe returns what GetFlightInfo tells of the function: the schema of its arguments and then its results, and
// how many fields are arguments.
func (f *Function) Describe(large bool) (*arrow.Schema, int) {
	role := udf.Scalar
	if f.Aggregate() {
		role = udf.Aggregate
	}
	return described(f.inputs(large), f.outputs(large), map[string]string{
		keyFunction: f.Spelling(),
		keyRole:     role.String(),
		keyDoc:      f.Of.Doc,
	})
}

func described(inputs, outputs []arrow.Field, metadata map[string]string) (*arrow.Schema, int) {
	metadata[KeyProtocol] = Version
	metadata[keyInputCount] = strconv.Itoa(len(inputs))
	all := arrow.MetadataFrom(metadata)
	return arrow.NewSchema(append(inputs, outputs...), &all), len(inputs)
}

// AnswerSchema is the schema of what a stream is answered with, with columns for each row's error if it asked.
func (f *Function) AnswerSchema(large, errors bool) *arrow.Schema {
	fields := f.outputs(large)
	if errors {
		fields = append(fields, nullable("error_code", arrow.BinaryTypes.String), nullable("error_message", arrow.BinaryTypes.String))
	}
	return answered(fields)
}

func answered(fields []arrow.Field) *arrow.Schema {
	metadata := arrow.MetadataFrom(map[string]string{KeyProtocol: Version})
	return arrow.NewSchema(fields, &metadata)
}
