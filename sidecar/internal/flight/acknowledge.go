// SPDX-License-Identifier: Apache-2.0

package flight

import (
	"encoding/binary"
	"errors"
	"io"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/headcount-hll/headcount/sidecar/internal/admission"
	"github.com/headcount-hll/headcount/udf"
)

// acknowledge is the exchange of an aggregate that stays open while its rows come: it acknowledges each batch, and answers
// before the client half-closes if it has to end. A union may have the same rows twice, so that the client sends what was not
// acknowledged to another exchange.
func (a *aggregation) acknowledge(f function, asked string) error {
	if asked != acknowledgeBatches {
		return invalid("%s=%.20q: must be %s", keyAcknowledge, asked, acknowledgeBatches)
	}
	if f.Of.Result.Kind != udf.KindHLL && f.Of.Result.Kind != udf.KindVarbinary {
		return invalid("%s: %s counts a row twice that is sent twice", keyAcknowledge, f.Spelling())
	}
	defer a.open.Add(-1)
	if a.open.Add(1) > int64(a.MaxOpen) || a.reserveAnswer() != nil {
		return a.answer(f) // of no batch
	}
	a.early = &early{waits: a.Waits, stopping: a.Stopping}
	a.shared.regions, a.shared.mayName = a.Regions, true
	added := uint64(0)
	for {
		b, err := a.readBatch()
		if err == nil {
			if err = a.add(b, f); err == nil {
				added++
			}
		}
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, errEnds), errors.As(err, new(*admission.LimitError)):
			return a.answer(f)
		case status.Code(err) == codes.FailedPrecondition: // shared memory that is not there
		case err != nil:
			return err
		}
		a.shared.free() // a client that does not read may let the next line wait
		if err := a.SendMsg(a.acknowledgement(added)); err != nil {
			return err
		}
	}
}

// acknowledgement is a message without data. Its app_metadata are the number of batches that were added and the bytes of
// all states, uint64, little-endian.
func (a *aggregation) acknowledgement(added uint64) *payload {
	bytes := uint64(a.states.Size()) + groupOverhead*uint64(len(a.groups))
	return &payload{metadata: binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(nil, added), bytes)}
}

// errEnds is the error of waiting for a message when the exchange has to end.
var errEnds = errors.New("the exchange ends before its client has half-closed it")

// early ends the wait for a message when a time has passed or the sidecar stops.
type early struct {
	waits    time.Duration
	stopping <-chan struct{}
}

type received struct {
	message  message
	err      error
	panicked any
}

// receive reads the next message. After errEnds, the stream is still read until its handler returns.
func (e *early) receive(stream grpc.ServerStream, in *message) error {
	in.free() // the next message may take long
	got := make(chan *received, 1)
	go func() { got <- receiveOne(stream) }()
	timer := time.NewTimer(e.waits)
	defer timer.Stop()
	select {
	case r := <-got:
		if r.panicked != nil {
			panic(r.panicked)
		}
		*in = r.message
		return r.err
	case <-timer.C:
	case <-e.stopping:
	}
	go func() { (<-got).message.free() }()
	return errEnds
}

func receiveOne(stream grpc.ServerStream) (r *received) {
	r = &received{}
	defer func() { r.panicked = recover() }()
	r.err = stream.RecvMsg(&r.message)
	return r
}
