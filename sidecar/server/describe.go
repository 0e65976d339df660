package server

import (
	"context"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/flight"
	"github.com/apache/arrow/go/v15/arrow/memory"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/headcount-hll/headcount/sidecar/wire"
)

// protocolVersion is what arrow-udf's clients ask for by the action of this name, and what they are answered.
const (
	protocolVersion = "protocol_version"
	arrowUDF        = 2
)

// wantsLarge reports whether the caller is Databend, whose strings have offsets of 64 bits.
func wantsLarge(ctx context.Context) bool {
	headers, _ := metadata.FromIncomingContext(ctx)
	return len(headers["x-databend-tenant"]) > 0 || len(headers["x-databend-query-id"]) > 0
}

// ListFlights describes every signature, by its spelling.
func (s *Server) ListFlights(_ *flight.Criteria, to flight.FlightService_ListFlightsServer) error {
	large := wantsLarge(to.Context())
	for _, f := range wire.Functions {
		schema, inputs := f.Describe(large)
		if err := to.Send(info(f.Spelling(), schema, inputs)); err != nil {
			return err
		}
	}
	return nil
}

// GetFlightInfo describes one signature.
func (s *Server) GetFlightInfo(ctx context.Context, of *flight.FlightDescriptor) (*flight.FlightInfo, error) {
	schema, inputs, err := describe(ctx, of)
	if err != nil {
		return nil, err
	}
	return info(of.Path[0], schema, inputs), nil
}

// GetSchema gives the same schema as GetFlightInfo.
func (s *Server) GetSchema(ctx context.Context, of *flight.FlightDescriptor) (*flight.SchemaResult, error) {
	schema, _, err := describe(ctx, of)
	if err != nil {
		return nil, err
	}
	return &flight.SchemaResult{Schema: flight.SerializeSchema(schema, memory.DefaultAllocator)}, nil
}

// DoAction answers arrow-udf's question for a version.
func (s *Server) DoAction(action *flight.Action, to flight.FlightService_DoActionServer) error {
	if action.Type != protocolVersion {
		return status.Errorf(codes.Unimplemented, "no action %.40q: there is %s", action.Type, protocolVersion)
	}
	return to.Send(&flight.Result{Body: []byte{arrowUDF}})
}

// ListActions lists that one action.
func (s *Server) ListActions(_ *flight.Empty, to flight.FlightService_ListActionsServer) error {
	return to.Send(&flight.ActionType{Type: protocolVersion, Description: "the version of the arrow-udf protocol, one byte"})
}

func describe(ctx context.Context, of *flight.FlightDescriptor) (*arrow.Schema, int, error) {
	name, err := functionName(of.GetPath())
	if err != nil {
		return nil, 0, err
	}
	if b, ok := wire.Builtin(name); ok {
		schema, inputs := b.Describe()
		return schema, inputs, nil
	}
	named := wire.Named(name)
	if len(named) == 0 {
		return nil, 0, unknown(name)
	}
	schema, inputs := named[0].Describe(wantsLarge(ctx))
	return schema, inputs, nil
}

// functionName is what a descriptor's path names.
func functionName(path []string) (string, error) {
	if len(path) != 1 {
		return "", status.Errorf(codes.InvalidArgument, "a descriptor of kind PATH with one element has to name the function; it has %d", len(path))
	}
	return path[0], nil
}

func unknown(name string) error {
	return status.Errorf(codes.NotFound, "no function %.80q: ListFlights lists those there are", name)
}

func info(path string, schema *arrow.Schema, inputs int) *flight.FlightInfo {
	return &flight.FlightInfo{
		Schema:           flight.SerializeSchema(schema, memory.DefaultAllocator),
		FlightDescriptor: &flight.FlightDescriptor{Type: flight.DescriptorPATH, Path: []string{path}},
		TotalRecords:     int64(inputs),
		TotalBytes:       -1,
	}
}
