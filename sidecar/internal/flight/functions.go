// SPDX-License-Identifier: Apache-2.0

package flight

import (
	"strconv"

	"github.com/apache/arrow/go/v15/arrow"

	"github.com/headcount-hll/headcount/sidecar/internal/arrowcheck"
	"github.com/headcount-hll/headcount/sidecar/internal/catalog"
	"github.com/headcount-hll/headcount/udf"
)

// version is the protocol version.
const version = "1"

// Keys of schema metadata, and the values of keyErrors and keyAcknowledge.
const (
	keyProtocol = "headcount.protocol"
	keyErrors   = "headcount.errors"

	keyFunction   = "headcount.function"
	keyRole       = "headcount.role"
	keyDoc        = "headcount.doc"
	keyInputCount = "x-databend-udf-input-count"

	errorsRows = "rows"
	errorsCall = "call"

	keyAcknowledge     = "headcount.acknowledge"
	acknowledgeBatches = "batches"
)

// rowsPrefix before the name of a scalar asks for the error of each row in one column, as arrow-udf's clients expect it.
// These clients set no metadata of the schema.
const rowsPrefix = errorsRows + ":"

// An errorMode says how the error of a row is reported.
type errorMode uint8

const (
	callErrors  errorMode = iota // the first row with an error ends the call
	codedErrors                  // columns error_code and error_message
	textErrors                   // column error
)

// A function is a signature of the catalog with its Arrow schemas. In these, large selects 64-bit offsets for byte
// strings.
type function struct{ *catalog.Function }

// named returns the signatures that a descriptor names.
func named(name string) (all []function) {
	for _, f := range catalog.Named(name) {
		all = append(all, function{f})
	}
	return all
}

// takes reports whether the schema of a request matches the function's arguments.
func (f function) takes(s *arrowcheck.Schema) bool {
	fields := s.Fields
	if f.Aggregate() {
		if len(fields) == 0 || fields[0].Kind != arrowcheck.Int64 {
			return false
		}
		fields = fields[1:]
	}
	if len(fields) != len(f.Args) {
		return false
	}
	for i := range fields {
		if !accepts(f.Args[i], &fields[i]) {
			return false
		}
	}
	return true
}

var groupField = arrow.Field{Name: "group", Type: arrow.PrimitiveTypes.Int64}

// inputs returns the fields of a request.
func (f function) inputs(large bool) []arrow.Field {
	var fields []arrow.Field
	if f.Aggregate() {
		fields = append(fields, groupField)
	}
	for i, t := range f.Args {
		fields = append(fields, nullable(f.Of.Params[i].Name, arrowType(t, large)))
	}
	return fields
}

// outputs returns the fields of an answer.
func (f function) outputs(large bool) []arrow.Field {
	result := nullable("result", arrowType(f.Of.Result, large))
	if f.Aggregate() {
		return []arrow.Field{groupField, result}
	}
	return []arrow.Field{result}
}

// describe returns the schema of GetFlightInfo, the inputs followed by the outputs, and the number of inputs.
func (f function) describe(large bool) (schema *arrow.Schema, inputs int) {
	role := udf.Scalar
	if f.Aggregate() {
		role = udf.Aggregate
	}
	return infoSchema(f.inputs(large), f.outputs(large), map[string]string{
		keyFunction: f.Spelling(),
		keyRole:     role.String(),
		keyDoc:      f.Of.Doc,
	})
}

func infoSchema(inputs, outputs []arrow.Field, metadata map[string]string) (*arrow.Schema, int) {
	metadata[keyProtocol] = version
	metadata[keyInputCount] = strconv.Itoa(len(inputs))
	all := arrow.MetadataFrom(metadata)
	return arrow.NewSchema(append(inputs, outputs...), &all), len(inputs)
}

// answerSchema returns the schema of an answer.
func (f function) answerSchema(large bool, errors errorMode) *arrow.Schema {
	fields := f.outputs(large)
	switch errors {
	case codedErrors:
		fields = append(fields, nullable("error_code", arrow.BinaryTypes.String), nullable("error_message", arrow.BinaryTypes.String))
	case textErrors:
		fields = append(fields, nullable("error", arrow.BinaryTypes.String))
	}
	return versioned(fields)
}

// versioned returns a schema that carries the protocol version.
func versioned(fields []arrow.Field) *arrow.Schema {
	metadata := arrow.MetadataFrom(map[string]string{keyProtocol: version})
	return arrow.NewSchema(fields, &metadata)
}
