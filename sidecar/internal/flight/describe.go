// SPDX-License-Identifier: Apache-2.0

package flight

import (
	"context"
	"strings"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/flight"
	"github.com/apache/arrow/go/v15/arrow/memory"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/headcount-hll/headcount/sidecar/internal/catalog"
)

// wantsLarge reports whether the caller is Databend, which needs 64-bit offsets for byte strings.
func wantsLarge(ctx context.Context) bool {
	headers, _ := metadata.FromIncomingContext(ctx)
	return len(headers["x-databend-tenant"]) > 0 || len(headers["x-databend-query-id"]) > 0
}

// ListFlights describes every signature, by its spelling.
func (s *service) ListFlights(_ *flight.Criteria, to flight.FlightService_ListFlightsServer) error {
	large := wantsLarge(to.Context())
	for _, of := range catalog.Functions {
		f := function{of}
		schema, inputs := f.describe(large)
		if err := to.Send(info(f.Spelling(), schema, inputs)); err != nil {
			return err
		}
	}
	return nil
}

// GetFlightInfo describes one signature.
func (s *service) GetFlightInfo(ctx context.Context, of *flight.FlightDescriptor) (*flight.FlightInfo, error) {
	schema, inputs, err := describe(ctx, of)
	if err != nil {
		return nil, err
	}
	return info(of.Path[0], schema, inputs), nil
}

// GetSchema returns the schema of GetFlightInfo alone.
func (s *service) GetSchema(ctx context.Context, of *flight.FlightDescriptor) (*flight.SchemaResult, error) {
	schema, _, err := describe(ctx, of)
	if err != nil {
		return nil, err
	}
	return &flight.SchemaResult{Schema: flight.SerializeSchema(schema, memory.DefaultAllocator)}, nil
}

func describe(ctx context.Context, of *flight.FlightDescriptor) (*arrow.Schema, int, error) {
	name, err := functionName(of.GetPath())
	if err != nil {
		return nil, 0, err
	}
	if b, ok := findBuiltin(name); ok {
		schema, inputs := b.describe()
		return schema, inputs, nil
	}
	signatures := named(strings.TrimPrefix(name, rowsPrefix))
	if len(signatures) == 0 {
		return nil, 0, unknownFunction(name)
	}
	schema, inputs := signatures[0].describe(wantsLarge(ctx))
	return schema, inputs, nil
}

// functionName returns the function that a descriptor's path names.
func functionName(path []string) (string, error) {
	if len(path) != 1 {
		return "", status.Errorf(codes.InvalidArgument,
			"a path of %d elements: the descriptor must be of kind PATH, with the function name as its only element", len(path))
	}
	return path[0], nil
}

func unknownFunction(name string) error {
	return status.Errorf(codes.NotFound, "unknown function %.80q: ListFlights lists the functions", name)
}

func info(path string, schema *arrow.Schema, inputs int) *flight.FlightInfo {
	return &flight.FlightInfo{
		Schema:           flight.SerializeSchema(schema, memory.DefaultAllocator),
		FlightDescriptor: &flight.FlightDescriptor{Type: flight.DescriptorPATH, Path: []string{path}},
		TotalRecords:     int64(inputs),
		TotalBytes:       -1,
	}
}
