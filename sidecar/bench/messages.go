// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/flight"
	"github.com/apache/arrow/go/v15/arrow/ipc"
	"github.com/apache/arrow/go/v15/arrow/memory"
	"google.golang.org/protobuf/proto"

	"github.com/headcount-hll/headcount/udf"
)

const (
	rows   = 1024
	groups = 10
	ids    = 20_000 // per sketch; enough to make it dense
)

// messages returns the stream's first message and a batch, encoded.
func messages() (first, batch []byte, err error) {
	schema := arrow.NewSchema([]arrow.Field{{Name: "group", Type: arrow.PrimitiveTypes.Int64}, {Name: "sketch", Type: arrow.BinaryTypes.Binary}}, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	for row := range rows {
		sketch, err := dense(row)
		if err != nil {
			return nil, nil, err
		}
		b.Field(0).(*array.Int64Builder).Append(int64(row % groups))
		b.Field(1).(*array.BinaryBuilder).Append(sketch)
	}
	var sent encoded
	w := flight.NewRecordWriter(&sent, ipc.WithSchema(schema))
	w.SetFlightDescriptor(&flight.FlightDescriptor{Type: flight.DescriptorPATH, Path: []string{"merge"}})
	if err := w.Write(b.NewRecord()); err != nil {
		return nil, nil, err
	}
	if len(sent) != 2 {
		return nil, nil, fmt.Errorf("%d messages: expected a schema and a batch", len(sent))
	}
	return sent[0], sent[1], nil
}

// dense returns a dense sketch. Each row has different ids.
func dense(row int) ([]byte, error) {
	f, _ := udf.Find("hll_agg", udf.Bigint)
	states := f.NewAccumulator()
	values := make([]int64, ids)
	for i := range values {
		values[i] = int64(row*ids + i)
	}
	if err := states.Add(make([]uint32, ids), []udf.Column{udf.Int64Of(values...)}); err != nil {
		return nil, err
	}
	result := states.Result()
	if n := len(result.Bytes(0)); n != 4098 {
		return nil, fmt.Errorf("a sketch of %d bytes: expected a dense one", n)
	}
	return result.Bytes(0), nil
}

// encoded collects messages as gRPC sends them.
type encoded [][]byte

func (e *encoded) Send(m *flight.FlightData) error {
	b, err := proto.Marshal(m)
	*e = append(*e, b)
	return err
}
