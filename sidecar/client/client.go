// Package client calls a function server from Go, by arrow/go's own Flight client: what the tests and the conformance
// subject use, and an example for others.
package client

import (
	"context"
	"errors"
	"io"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/flight"
	"github.com/apache/arrow/go/v15/arrow/ipc"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
)

// maxMessage is the largest message of a server of default limits.
const maxMessage = 41 << 20

// A Client is a connection to a server.
type Client struct{ flight flight.Client }

// Dial returns a client of the server at a target of gRPC's, HOST:PORT or unix:PATH. Options come after its own, which
// are no TLS and messages as large as the server's.
func Dial(target string, options ...grpc.DialOption) (*Client, error) {
	options = append([]grpc.DialOption{
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxMessage), grpc.MaxCallSendMsgSize(maxMessage)),
	}, options...)
	f, err := flight.NewClientWithMiddleware(target, nil, nil, options...)
	if err != nil {
		return nil, err
	}
	return &Client{f}, nil
}

// Close closes the connection.
func (c *Client) Close() error { return c.flight.Close() }

// Flight is arrow/go's client itself.
func (c *Client) Flight() flight.Client { return c.flight }

// Exchange sends batches of a schema to a function and returns the batches of its answer. It sends all before
// it reads, so a scalar's batches should be few.
//
// The trailer says what is wrong with which row (headcount-code, headcount-row) where the error is about one.
func (c *Client) Exchange(ctx context.Context, function string, schema *arrow.Schema, batches ...arrow.Record) ([]arrow.Record, metadata.MD, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := c.flight.DoExchange(ctx)
	if err != nil {
		return nil, nil, err
	}
	if err := send(stream, function, schema, batches); err != nil && !errors.Is(err, io.EOF) {
		return nil, nil, err
	}
	// After io.EOF the stream has ended, and reading it says why.
	answers, err := receive(stream)
	return answers, stream.Trailer(), err
}

func send(stream flight.FlightService_DoExchangeClient, function string, schema *arrow.Schema, batches []arrow.Record) error {
	w := flight.NewRecordWriter(stream, ipc.WithSchema(schema))
	w.SetFlightDescriptor(&flight.FlightDescriptor{Type: flight.DescriptorPATH, Path: []string{function}})
	for _, b := range batches {
		if err := w.Write(b); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	return stream.CloseSend()
}

func receive(stream flight.FlightService_DoExchangeClient) (all []arrow.Record, err error) {
	r, err := flight.NewRecordReader(stream)
	if err != nil {
		return nil, err
	}
	defer r.Release()
	for r.Next() {
		record := r.Record()
		record.Retain()
		all = append(all, record)
	}
	if err := r.Err(); !errors.Is(err, io.EOF) {
		return all, err
	}
	return all, nil
}
