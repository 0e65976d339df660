// SPDX-License-Identifier: Apache-2.0

// Package client calls the sidecar from Go, with arrow/go's Flight client. The tests use it, and it is an example for
// other clients.
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

// maxMessage is the maximum size of an answer with the sidecar's default limits, in bytes.
const maxMessage = 41 << 20

// A Client is a connection to a sidecar.
type Client struct{ flight flight.Client }

// Dial returns a client of the sidecar at a gRPC target: HOST:PORT or unix:PATH. It uses no TLS and allows messages as
// large as the sidecar's default limit; options override this.
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

// Flight returns the underlying Flight client.
func (c *Client) Flight() flight.Client { return c.flight }

// Exchange calls a function with batches of one schema, and returns the batches of the answer. It sends all batches
// before it reads, so those of a scalar must fit into the flow-control windows.
//
// If the error is about a row, the trailer holds its code and number (headcount-code, headcount-row).
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
	// io.EOF means that the stream has ended; reading it returns the cause.
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
