// SPDX-License-Identifier: Apache-2.0

package flight

import (
	"errors"
	"fmt"
	"io"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"

	"github.com/headcount-hll/headcount/sidecar/internal/admission"
	"github.com/headcount-hll/headcount/sidecar/internal/arrowcheck"
	"github.com/headcount-hll/headcount/sidecar/internal/schedule"
	"github.com/headcount-hll/headcount/udf"
	"github.com/headcount-hll/headcount/udf/errs"
)

// A scalar is the exchange of a scalar function.
type scalar struct {
	*exchange
	function function
	errors   errorMode
	results  *resultBuilder
	reserved int64 // memory reserved for results
	failed   int   // rows with an error
}

// evaluate returns the results of a batch.
func (s *scalar) evaluate(b *arrowcheck.Batch) (arrow.Record, error) {
	if err := s.add(b); err != nil {
		return nil, err
	}
	return s.results.record(), nil
}

// add appends the results of a batch to the results that wait to be sent.
func (s *scalar) add(b *arrowcheck.Batch) error {
	s.args.set(b.Columns, s.function.Args)
	return s.eachChunk(b.Rows, func(from, to int, args []udf.Column) error {
		if err := s.chunk(args, to-from, s.rows+from); err != nil {
			return err
		}
		return s.reserveResults()
	})
}

// answerAtEnd answers all batches with one, once the client has half-closed the stream. The column error is left out if no
// row has an error: RisingWave takes the column as a sign that there is one.
func (s *scalar) answerAtEnd() error {
	for {
		b, err := s.readBatch()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = s.add(b)
		}
		if err != nil {
			return err
		}
		s.rows += b.Rows
		s.call.Rows = s.rows
	}
	answer := s.results.record()
	defer func() { answer.Release() }()
	if s.failed == 0 {
		answer = array.NewRecord(s.function.answerSchema(s.large, callErrors), answer.Columns()[:1], answer.NumRows())
	}
	sender, err := newSender(s.exchange, answer.Schema())
	if err != nil {
		return err
	}
	return sender.send(answer)
}

// reserveResults checks the size of the answer and reserves the memory by which it has grown.
func (s *scalar) reserveResults() error {
	size := s.results.bytes
	if size > int64(s.Limits.Message) {
		return admission.Exceeded(fmt.Sprintf("an answer of at least %d bytes: send smaller batches", size), int64(s.Limits.Message), "max-message")
	}
	if size > s.reserved {
		if err := s.account.Reserve(size - s.reserved); err != nil {
			return err
		}
		s.reserved = size
	}
	return nil
}

// chunk evaluates some rows; first is the number of the first one in the exchange. After a row with an error it
// evaluates the rows before it again, so that each row is evaluated at most twice.
func (s *scalar) chunk(args []udf.Column, rows, first int) error {
	for from := 0; from < rows; {
		result, err := s.eval(args, from, rows)
		if err == nil {
			s.results.appendRows(&result)
			return nil
		}
		cause := errs.Of(err)
		row := from + cause.Row
		if s.errors == callErrors || cause.Row < 0 {
			return &rowError{cause, first + row}
		}
		if row > from {
			before, unexpected := s.eval(args, from, row)
			if unexpected != nil {
				return unexpected
			}
			s.results.appendRows(&before)
		}
		s.appendError(cause)
		from = row + 1
	}
	return nil
}

func (s *scalar) appendError(cause *errs.Error) {
	s.failed++
	if s.errors == textErrors {
		s.results.appendError(cause.Message)
	} else {
		s.results.appendError(cause.Code.String(), cause.Message)
	}
}

func (s *scalar) eval(args []udf.Column, from, to int) (udf.Column, error) {
	return s.function.Of.Eval(to-from, schedule.Slice(args, from, to)...)
}
