// SPDX-License-Identifier: Apache-2.0

package pingselect

import (
	"bytes"
	"encoding/json"

	"github.com/headcount-hll/headcount/internal/jsonwalk"
)

// A kind is the type of a property's value.
type kind uint8

const (
	isMissing kind = iota // also null
	isBool
	isInt
	isFloat
	isText
	isHistogram
	isFloats // percentiles
	isJSON   // arrays and objects
	kinds
)

// batchBytes is when a batch is handed on.
const batchBytes = 1 << 20

// A batch is the properties of pings as JSON, one after the other. The cell of a property without a value is empty.
type batch struct {
	data  []byte
	ends  []int // of each cell, row by row
	kinds []kind
	width int // cells of a row
}

// An encoder makes batches. It belongs to one worker.
type encoder struct {
	request    *Request
	histograms histogramReader
	batch      *batch
}

// add appends a ping's properties.
func (e *encoder) add(doc []byte, properties []jsonwalk.Value) {
	if e.batch == nil {
		e.batch = &batch{width: max(len(properties), 1)}
	}
	b := e.batch
	if len(e.request.Properties) == 0 {
		b.data = append(b.data, doc...)
		b.ends, b.kinds = append(b.ends, len(b.data)), append(b.kinds, isJSON)
		return
	}
	for _, v := range properties {
		var k kind
		b.data, k = e.value(b.data, v)
		b.ends, b.kinds = append(b.ends, len(b.data)), append(b.kinds, k)
	}
}

// value appends a value.
func (e *encoder) value(to []byte, v jsonwalk.Value) ([]byte, kind) {
	var k kind
	switch v.Kind() {
	case jsonwalk.Missing, jsonwalk.Null:
		return to, isMissing
	case jsonwalk.Bool:
		k = isBool
	case jsonwalk.Number:
		k = isFloat
		if _, ok := v.Int(); ok {
			k = isInt
		}
	case jsonwalk.String:
		k = isText
	default:
		if h, ok := e.histograms.read(v); ok {
			return h.append(to, e.request)
		}
		k = isJSON
	}
	return append(to, v...), k
}

// take returns the batch if it is full, or if there is one and all is set.
func (e *encoder) take(all bool) *batch {
	b := e.batch
	if b == nil || !all && len(b.data) < batchBytes {
		return nil
	}
	e.batch = nil
	return b
}

// cells calls f for each cell, in order.
func (b *batch) cells(f func(row, column int, k kind, cell []byte)) {
	start := 0
	for i, end := range b.ends {
		f(i/b.width, i%b.width, b.kinds[i], b.data[start:end:end])
		start = end
	}
}

// appendJSON writes the batch as an array of objects, or of whole pings.
func (b *batch) appendJSON(to []byte, names [][]byte) []byte {
	to = append(to, '[')
	b.cells(func(row, column int, _ kind, cell []byte) {
		if column == 0 && row > 0 {
			to = append(to, ',')
		}
		if len(names) == 0 {
			to = append(to, cell...)
			return
		}
		to = append(to, "{,"[min(column, 1)])
		to = append(append(to, names[column]...), ':')
		if len(cell) == 0 {
			to = append(to, "null"...)
		}
		to = append(to, cell...)
		if column == len(names)-1 {
			to = append(to, '}')
		}
	})
	return append(to, ']')
}

// encodedNames returns the names of the properties as JSON.
func encodedNames(names []string) (encoded [][]byte) {
	for _, name := range names {
		text, _ := json.Marshal(name) // of a string there is no error
		encoded = append(encoded, text)
	}
	return encoded
}

func hasFraction(number []byte) bool { return bytes.ContainsAny(number, ".eE") }
