package server

import (
	"fmt"

	"github.com/apache/arrow/go/v15/arrow"

	"github.com/headcount-hll/headcount/sidecar/arrowcheck"
	"github.com/headcount-hll/headcount/sidecar/limits"
	"github.com/headcount-hll/headcount/sidecar/pieces"
	"github.com/headcount-hll/headcount/sidecar/wire"
	"github.com/headcount-hll/headcount/udf"
)

// A scalar is a scalar's exchange.
type scalar struct {
	*exchange
	function *wire.Function
	perRow   bool // refused rows come back beside the others
	answer   *wire.Answer
	charged  int64 // what the account was charged for the answer
}

func (s *scalar) evaluate(b *arrowcheck.Batch) (arrow.Record, error) {
	s.args.Set(b.Columns, s.function.Args)
	err := s.eachPiece(b.Rows, func(from, to int, args []udf.Column) error {
		if err := s.piece(args, to-from, s.rows+from); err != nil {
			return err
		}
		return s.charge()
	})
	if err != nil {
		return nil, err
	}
	return s.answer.Record(), nil
}

// charge takes the memory that the answer has grown by, if it may still be sent.
func (s *scalar) charge() error {
	size := s.answer.Size()
	if size > int64(s.limits.Message) {
		return limits.Exceeded(fmt.Sprintf("an answer of %d bytes or more: send smaller batches", size), int64(s.limits.Message), "max-message")
	}
	if size > s.charged {
		if err := s.account.Take(size - s.charged); err != nil {
			return err
		}
		s.charged = size
	}
	return nil
}

// piece evaluates rows, the first of which is row first of the exchange. Those between refused ones are looked at twice
// at most.
func (s *scalar) piece(args []udf.Column, rows, first int) error {
	for from := 0; from < rows; {
		result, refused := s.eval(args, from, rows)
		if refused == nil {
			s.answer.Result(&result)
			return nil
		}
		row := from + refused.Row
		if !s.perRow || refused.Row < 0 {
			return &rowError{refused, first + row}
		}
		if row > from {
			before, unexpected := s.eval(args, from, row)
			if unexpected != nil {
				return unexpected
			}
			s.answer.Result(&before)
		}
		s.answer.Refuse(refused.Code.String(), refused.Message)
		from = row + 1
	}
	return nil
}

func (s *scalar) eval(args []udf.Column, from, to int) (udf.Column, *udf.Error) {
	return s.function.Of.Eval(to-from, pieces.Slice(args, from, to)...)
}
