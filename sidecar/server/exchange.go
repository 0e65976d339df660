package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime/debug"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/flight"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/headcount-hll/headcount/sidecar/arrowcheck"
	"github.com/headcount-hll/headcount/sidecar/limits"
	"github.com/headcount-hll/headcount/sidecar/metrics"
	"github.com/headcount-hll/headcount/sidecar/pieces"
	"github.com/headcount-hll/headcount/sidecar/wire"
)

// An exchange is one DoExchange while it runs.
type exchange struct {
	*Server
	stream  flight.FlightService_DoExchangeServer
	ctx     context.Context
	account *limits.Account
	call    *metrics.Call
	large   bool

	in      wire.Message
	schema  *arrowcheck.Schema
	args    wire.Arguments
	cutter  pieces.Cutter
	charged int64 // what the account was charged for copies of arguments
	rows    int   // of the batches before
}

// A batchFunction answers each batch by one.
type batchFunction func(*arrowcheck.Batch) (arrow.Record, error)

// DoExchange evaluates a function over the client's stream.
func (s *Server) DoExchange(stream flight.FlightService_DoExchangeServer) (err error) {
	x := &exchange{Server: s, stream: stream, ctx: stream.Context(), call: s.metrics.Begin()}
	x.account, x.large = limits.Of(x.ctx), wantsLarge(x.ctx)
	defer func() { err = x.end(recover(), err) }()
	name, err := x.open()
	if err != nil {
		return err
	}
	return x.run(name)
}

// end translates what the exchange ended by, counts it and logs it.
func (x *exchange) end(panicked any, err error) error {
	if panicked != nil {
		x.log.Error("a call panicked", "function", x.call.Function, "panic", fmt.Sprint(panicked), "stack", string(debug.Stack()))
		err = errors.New("panic")
	}
	x.in.Free()
	result := statusOf(x.stream, err)
	x.call.Code = result.Code().String()
	took := x.metrics.End(x.call)
	level := slog.LevelDebug
	if result.Code() == codes.Internal {
		level = slog.LevelError
	}
	x.log.Log(x.ctx, level, "exchange", "function", x.call.Function, "code", x.call.Code, "rows", x.call.Rows,
		"groups", x.call.Groups, "bytes_in", x.call.In, "bytes_out", x.call.Out, "seconds", took.Seconds())
	return result.Err()
}

// receive reads the next message; io.EOF is the client's half-close.
func (x *exchange) receive() error {
	if err := x.stream.RecvMsg(&x.in); err != nil {
		return err
	}
	x.call.In += x.in.Size
	if x.in.Err != nil {
		return invalid("%v", x.in.Err)
	}
	return nil
}

// SendMsg sends a message and counts it. It makes the exchange a wire.Stream.
func (x *exchange) SendMsg(m any) error {
	size := m.(interface{ Size() int }).Size() // before gRPC frees it
	if err := x.stream.SendMsg(m); err != nil {
		return err
	}
	x.call.Out += size
	return nil
}

// open reads up to the schema and returns the name of the function.
func (x *exchange) open() (string, error) {
	var path []string
	for {
		if err := x.receive(); errors.Is(err, io.EOF) {
			return "", invalid("the stream ended before its schema")
		} else if err != nil {
			return "", err
		}
		if path == nil {
			path = x.in.Path
		}
		if len(x.in.Header) > 0 {
			break
		}
		if x.in.Path == nil {
			return "", invalid("a message without descriptor or schema before the schema")
		}
	}
	name, err := functionName(path)
	if err != nil {
		return "", err
	}
	if x.schema, err = arrowcheck.ReadSchema(x.in.Header); err != nil {
		return "", invalid("%v", err)
	}
	if v, given := x.schema.Metadata[wire.KeyProtocol]; given && v != wire.Version {
		return "", status.Errorf(codes.FailedPrecondition, "the client speaks version %.20q of the protocol, this server %s", v, wire.Version)
	}
	return name, nil
}

func (x *exchange) run(name string) error {
	if b, ok := wire.Builtin(name); ok {
		if !b.Takes(x.schema) {
			return invalid("%s does not take (%s)", name, x.schema)
		}
		x.call.Function = b.Name()
		return x.eachBatch(b.AnswerSchema(), func(batch *arrowcheck.Batch) (arrow.Record, error) { return b.Answer(batch), nil })
	}
	f, err := x.choose(name)
	if err != nil {
		return err
	}
	x.call.Function = f.Spelling()
	perRow, err := x.wantsErrors()
	if err != nil {
		return err
	}
	if f.Aggregate() {
		if perRow {
			return invalid("%s=%s: not for an aggregate, of which a refused row ends the call", wire.KeyErrors, wire.ErrorsRows)
		}
		return x.aggregate(f)
	}
	schema := f.AnswerSchema(x.large, perRow)
	s := &scalar{exchange: x, function: f, perRow: perRow, answer: wire.NewAnswer(schema)}
	return x.eachBatch(schema, s.evaluate)
}

// choose returns the signature of a name that the schema fits.
func (x *exchange) choose(name string) (*wire.Function, error) {
	named := wire.Named(name)
	if len(named) == 0 {
		return nil, unknown(name)
	}
	signatures := ""
	for _, f := range named {
		if f.Takes(x.schema) {
			return f, nil
		}
		signatures += " " + f.Spelling()
	}
	hint := ""
	if named[0].Aggregate() {
		hint = ", after a first column of groups, int64"
	}
	return nil, invalid("no %s takes a schema of (%s); there is%s%s", name, x.schema, signatures, hint)
}

// wantsErrors reports whether refused rows are to come back beside the others.
func (x *exchange) wantsErrors() (bool, error) {
	switch v := x.schema.Metadata[wire.KeyErrors]; v {
	case wire.ErrorsRows:
		return true, nil
	case "", wire.ErrorsCall:
		return false, nil
	default:
		return false, invalid("%s=%.20q: must be %s or %s", wire.KeyErrors, v, wire.ErrorsRows, wire.ErrorsCall)
	}
}

// batch reads the next batch; io.EOF is the client's half-close.
func (x *exchange) batch() (*arrowcheck.Batch, error) {
	for {
		if err := x.receive(); err != nil {
			return nil, err
		}
		if len(x.in.Header) > 0 {
			break
		}
	}
	b, err := arrowcheck.ReadBatch(x.schema, x.in.Header, x.in.Body)
	if err != nil {
		return nil, invalid("batch after row %d: %v", x.rows, err)
	}
	if b.Rows > x.limits.Rows {
		return nil, limits.Exceeded(fmt.Sprintf("a batch of %d rows", b.Rows), int64(x.limits.Rows), "max-rows")
	}
	return b, nil
}

// eachBatch answers every batch by f's.
func (x *exchange) eachBatch(schema *arrow.Schema, f batchFunction) error {
	sender, err := wire.NewSender(x, schema)
	if err != nil {
		return err
	}
	for {
		b, err := x.batch()
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		answer, err := f(b)
		if err != nil {
			return err
		}
		err = sender.Send(answer)
		answer.Release()
		if err != nil {
			return err
		}
		x.rows += b.Rows
		x.call.Rows = x.rows
	}
}
