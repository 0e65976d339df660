package hll

import "fmt"

// A Code says which kind of refusal an [Error] is. The set is closed; each edge (C status, gRPC code,
// SQL error) translates it once.
type Code uint8

// The zero Code is no refusal.
const (
	Malformed         Code = iota + 1 // bytes that are not a sketch
	PrecisionRange                    // a precision outside 4..24, or above the sketch's own in a reduction
	PrecisionMismatch                 // sketches of two precisions in one union
	TooLarge                          // a result or an input beyond a limit
	Argument                          // any other argument that a function does not take
)

// String returns the code's word in the conformance protocol.
func (c Code) String() string {
	switch c {
	case Malformed:
		return "malformed"
	case PrecisionRange:
		return "precision_range"
	case PrecisionMismatch:
		return "precision_mismatch"
	case TooLarge:
		return "too_large"
	default:
		return "unknown"
	}
}

// An Error is a refusal: what was wrong, where, and what would have been right. It never holds an id or
// the contents of a sketch beyond the one byte it is about.
type Error struct {
	Code    Code
	Message string
}

func (e *Error) Error() string { return "hll: " + e.Message }

func refuse(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

func mismatch(a, b Precision) *Error {
	return refuse(PrecisionMismatch, "union of precision %d with %d: precisions differ; "+
		"bring the larger down with hll_reduce(sketch, %d)", a.bits, b.bits, min(a.bits, b.bits))
}
