// SPDX-License-Identifier: Apache-2.0

package flight

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/apache/arrow/go/v15/arrow/flight"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"

	"github.com/headcount-hll/headcount/sidecar/internal/admission"
	"github.com/headcount-hll/headcount/sidecar/internal/sharedmem"
)

// The actions, and the version of arrow-udf's protocol that is served here.
const (
	protocolVersion = "protocol_version" // arrow-udf's clients ask for the version
	sharedMemory    = "headcount.shared-memory"
	// What a client may ask for in the action's body, and is told in its answer.
	keptBodies     = "kept"
	acknowledgment = "acknowledge"
	arrowUDF       = 2
)

var actions = []*flight.ActionType{
	{Type: protocolVersion, Description: "the version of the arrow-udf protocol, one byte"},
	{Type: sharedMemory, Description: "shared memory for the batches of later calls, as long as this call lasts"},
}

// ListActions lists the actions.
func (s *service) ListActions(_ *flight.Empty, to flight.FlightService_ListActionsServer) error {
	for _, action := range actions {
		if err := to.Send(action); err != nil {
			return err
		}
	}
	return nil
}

// DoAction answers arrow-udf's request for the protocol version, or lends shared memory.
func (s *service) DoAction(action *flight.Action, to flight.FlightService_DoActionServer) error {
	switch action.Type {
	case protocolVersion:
		return to.Send(&flight.Result{Body: []byte{arrowUDF}})
	case sharedMemory:
		return s.lend(string(action.Body), to)
	default:
		return status.Errorf(codes.Unimplemented, "unknown action %.40q: the actions are %s and %s", action.Type, protocolVersion, sharedMemory)
	}
}

// lend creates shared memory, tells the client where it is, and removes it when the call ends, the sidecar stops or the
// client does not use it for longer than a call may be idle. A client asks for what it can use, and is told what of it this
// sidecar has.
func (s *service) lend(asked string, to flight.FlightService_DoActionServer) (err error) {
	if s.Regions == nil || !overUnixSocket(to.Context()) {
		return status.Error(codes.FailedPrecondition, "no shared memory is offered: send the batches in messages")
	}
	// For the copies. The size of a message, which every call has reserved, is that of the region itself.
	if err := admission.FromContext(to.Context()).Reserve(sharedmem.Size); err != nil {
		return status.Error(codes.ResourceExhausted, err.Error()+": send the batches in messages")
	}
	region, err := s.Regions.Create()
	if errors.Is(err, sharedmem.ErrTooMany) {
		return status.Error(codes.ResourceExhausted, err.Error()+": a quarter of --max-calls: send the batches in messages")
	} else if err != nil {
		s.log.Warn("no shared memory", "error", err.Error())
		return status.Error(codes.ResourceExhausted, "shared memory cannot be allocated: see the sidecar's log")
	}
	defer func() { err = s.reclaim(region, err) }()
	answer := fmt.Appendf(nil, "%s %s %d", region.Name, region.Token, sharedmem.Size)
	for word := range strings.FieldsSeq(asked) {
		if word == keptBodies || word == acknowledgment {
			answer = append(answer, " "+word...)
		}
	}
	if err := to.Send(&flight.Result{Body: answer}); err != nil {
		return err
	}
	s.Regions.Wait(region, to.Context().Done())
	return to.Context().Err()
}

func (s *service) reclaim(region *sharedmem.Region, err error) error {
	if failed := s.Regions.Remove(region); failed != nil {
		s.log.Error("shared memory was not removed", "error", failed.Error())
		return status.Error(codes.Internal, "internal error: see the sidecar's log")
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return status.FromContextError(err).Err()
	}
	return err
}

// overUnixSocket reports whether the caller is on the same machine.
func overUnixSocket(ctx context.Context) bool {
	p, known := peer.FromContext(ctx)
	return known && p.Addr.Network() == "unix"
}
