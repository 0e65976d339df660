// SPDX-License-Identifier: Apache-2.0

package flight

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime/debug"
	"strings"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/flight"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/headcount-hll/headcount/sidecar/internal/admission"
	"github.com/headcount-hll/headcount/sidecar/internal/arrowcheck"
	"github.com/headcount-hll/headcount/sidecar/internal/metrics"
	"github.com/headcount-hll/headcount/sidecar/internal/schedule"
	"github.com/headcount-hll/headcount/udf"
)

// An exchange is one running DoExchange.
type exchange struct {
	*service
	stream  flight.FlightService_DoExchangeServer
	ctx     context.Context
	account *admission.Account
	call    *metrics.Call
	large   bool // answer with 64-bit offsets

	in        message
	early     *early // what may end the exchange before its client; nil: nothing
	shared    sharedBodies
	schema    *arrowcheck.Schema
	batches   arrowcheck.Reader
	args      arguments
	scheduler schedule.Scheduler
	reserved  int64 // memory reserved for copied rows
	rows      int   // rows of the batches before the current one
}

// DoExchange evaluates a function over the client's stream.
func (s *service) DoExchange(stream flight.FlightService_DoExchangeServer) (err error) {
	x := &exchange{service: s, stream: stream, ctx: stream.Context(), call: s.metrics.Begin()}
	x.account, x.large = admission.FromContext(x.ctx), wantsLarge(x.ctx)
	defer func() { err = x.end(recover(), err) }()
	if err := x.shared.open(s, x.sharedHeader()); err != nil {
		return err
	}
	name, err := x.readSchema()
	if err != nil {
		return err
	}
	return x.run(name)
}

// end frees the last message, translates the exchange's error, and counts and logs the call.
func (x *exchange) end(panicked any, err error) error {
	if panicked != nil {
		x.log.Error("a call panicked", "function", x.call.Function, "panic", fmt.Sprint(panicked), "stack", string(debug.Stack()))
		err = errors.New("panic")
	}
	x.in.free()
	if failed := x.shared.close(); failed != nil {
		x.log.Error("shared memory was not closed", "error", failed.Error())
	}
	result := statusOf(x.stream, err)
	x.call.Code = result.Code().String()
	took := x.metrics.End(x.call)
	level := slog.LevelDebug
	if result.Code() == codes.Internal {
		level = slog.LevelError
	}
	x.log.Log(x.ctx, level, "exchange", "function", x.call.Function, "code", x.call.Code, "rows", x.call.Rows,
		"groups", x.call.Groups, "bytes_in", x.call.In, "bytes_kept", x.call.Kept, "bytes_out", x.call.Out, "seconds", took.Seconds())
	return result.Err()
}

// receive reads the next message. io.EOF means that the client has half-closed the stream.
func (x *exchange) receive() error {
	x.shared.free()
	if err := x.receiveMessage(); err != nil {
		return err
	}
	x.call.In += x.in.size
	if x.in.err != nil {
		return invalid("%v", x.in.err)
	}
	return nil
}

func (x *exchange) receiveMessage() error {
	if x.early != nil {
		return x.early.receive(x.stream, &x.in)
	}
	return x.stream.RecvMsg(&x.in)
}

// SendMsg sends a payload and counts the bytes of its body. It makes the exchange a messageStream.
func (x *exchange) SendMsg(m any) error {
	size := m.(*payload).body.Len() // before gRPC frees it
	if err := x.stream.SendMsg(m); err != nil {
		return err
	}
	x.call.Out += size
	return nil
}

// readSchema reads the messages up to the schema and returns the name of the function.
func (x *exchange) readSchema() (string, error) {
	var path []string
	for {
		if err := x.receive(); errors.Is(err, io.EOF) {
			return "", invalid("the stream ended before its schema")
		} else if err != nil {
			return "", err
		}
		if path == nil {
			path = x.in.path
		}
		if len(x.in.header) > 0 {
			break
		}
		if x.in.path == nil {
			return "", invalid("a message without descriptor or schema before the schema")
		}
	}
	name, err := functionName(path)
	if err != nil {
		return "", err
	}
	if x.schema, err = arrowcheck.ReadSchema(x.in.header); err != nil {
		return "", invalid("%v", err)
	}
	if v, given := x.schema.Metadata[keyProtocol]; given && v != version {
		return "", status.Errorf(codes.FailedPrecondition, "protocol version %.20q is not supported: this sidecar supports version %s", v, version)
	}
	x.batches = arrowcheck.Reader{Schema: x.schema, MaxBody: int64(x.Limits.Message), Reserve: x.account.Reserve}
	return name, nil
}

func (x *exchange) run(name string) error {
	if b, ok := findBuiltin(name); ok {
		if !b.takes(x.schema) {
			return invalid("%s does not take (%s)", name, x.schema)
		}
		x.call.Function = b.name
		return x.eachBatch(b.answerSchema(), func(batch *arrowcheck.Batch) (arrow.Record, error) { return b.answer(batch), nil })
	}
	bare, byName := strings.CutPrefix(name, rowsPrefix)
	f, err := x.choose(bare)
	if err != nil {
		return err
	}
	x.call.Function = f.Spelling()
	mode, err := x.errorMode(byName)
	if err != nil {
		return err
	}
	if f.Aggregate() {
		if mode != callErrors {
			return invalid("the errors of rows are for scalars only: the first row with an error ends an aggregate's call")
		}
		return x.aggregate(f)
	}
	if x.schema.Metadata[keyAcknowledge] != "" {
		return invalid("%s: %s is no aggregate", keyAcknowledge, f.Spelling())
	}
	schema := f.answerSchema(x.large, mode)
	s := &scalar{exchange: x, function: f, errors: mode, results: newResultBuilder(schema)}
	if mode == textErrors {
		return s.answerAtEnd()
	}
	return x.eachBatch(schema, s.evaluate)
}

// choose returns the signature of a name that matches the schema.
func (x *exchange) choose(name string) (function, error) {
	signatures := named(name)
	if len(signatures) == 0 {
		return function{}, unknownFunction(name)
	}
	var spellings []string
	for _, f := range signatures {
		if f.takes(x.schema) {
			return f, nil
		}
		spellings = append(spellings, f.Spelling())
	}
	hint := ""
	if signatures[0].Aggregate() {
		hint = ", after a first column of groups, int64"
	}
	return function{}, invalid("%s does not take (%s): its signatures are %s%s", name, x.schema, strings.Join(spellings, ", "), hint)
}

// errorMode returns how the client asked for errors: by the prefix of the name, or by the schema's metadata.
func (x *exchange) errorMode(byName bool) (errorMode, error) {
	switch v := x.schema.Metadata[keyErrors]; {
	case v != "" && v != errorsRows && v != errorsCall:
		return 0, invalid("%s=%.20q: must be %s or %s", keyErrors, v, errorsRows, errorsCall)
	case byName:
		return textErrors, nil
	case v == errorsRows:
		return codedErrors, nil
	default:
		return callErrors, nil
	}
}

// readBatch reads the next batch. io.EOF means that the client has half-closed the stream.
func (x *exchange) readBatch() (*arrowcheck.Batch, error) {
	for {
		if err := x.receive(); err != nil {
			return nil, err
		}
		if len(x.in.header) == 0 {
			continue
		}
		if err := x.readShared(); err != nil {
			return nil, err
		}
		b, err := x.batches.Read(x.in.header, x.in.body)
		if err != nil {
			return nil, x.batchError(err)
		}
		if b == nil {
			continue // a dictionary
		}
		if b.Rows > x.Limits.Rows {
			return nil, admission.Exceeded(fmt.Sprintf("a batch of %d rows", b.Rows), int64(x.Limits.Rows), "max-rows")
		}
		return b, nil
	}
}

// batchError returns the error of reading a batch: a limit, or a request that is wrong.
func (x *exchange) batchError(err error) error {
	var limit *admission.LimitError
	var size *arrowcheck.TooLargeError
	switch {
	case errors.As(err, &limit):
		return limit
	case errors.As(err, &size):
		what := fmt.Sprintf("a batch of at least %d bytes after decompression: send smaller batches", size.Size)
		return admission.Exceeded(what, int64(x.Limits.Message), "max-message")
	default:
		return invalid("batch at row %d: %v", x.rows, err)
	}
}

// eachBatch answers every batch with the result of f.
func (x *exchange) eachBatch(schema *arrow.Schema, f func(*arrowcheck.Batch) (arrow.Record, error)) error {
	sender, err := newSender(x, schema)
	if err != nil {
		return err
	}
	for {
		b, err := x.readBatch()
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		answer, err := f(b)
		if err != nil {
			return err
		}
		err = sender.send(answer)
		answer.Release()
		if err != nil {
			return err
		}
		x.rows += b.Rows
		x.call.Rows = x.rows
	}
}

// eachChunk calls f for one chunk of the arguments' rows after the other, until the call is cancelled.
func (x *exchange) eachChunk(rows int, f func(from, to int, args []udf.Column) error) error {
	return x.scheduler.Run(x.ctx, rows, x.args.chunk, func(from, to int) error {
		args, err := x.args.rows(from, to)
		if err != nil {
			return err
		}
		if err := x.reserveScratch(); err != nil {
			return err
		}
		return f(from, to, args)
	})
}

// reserveScratch reserves the memory by which the copies of rows have grown.
func (x *exchange) reserveScratch() error {
	more := int64(x.args.scratchBytes()) - x.reserved
	if more == 0 {
		return nil
	}
	x.reserved += more
	return x.account.Reserve(more)
}
