// SPDX-License-Identifier: Apache-2.0

package flight

import (
	"errors"
	"fmt"
	"io"

	"github.com/headcount-hll/headcount/sidecar/internal/admission"
	"github.com/headcount-hll/headcount/sidecar/internal/arrowcheck"
	"github.com/headcount-hll/headcount/udf"
	"github.com/headcount-hll/headcount/udf/errs"
)

// maxAnswer is the size in bytes at which a batch of an aggregate's answer is sent.
const maxAnswer = 4 << 20

// groupOverhead is the approximate memory of a group besides its sketch, in bytes: its entries in the map of groups
// and in their order, and the header of its state.
const groupOverhead = 80

// An aggregation is the exchange of an aggregate function. Its groups are numbered from 0 in the order in which they
// first appear; the number is the index of the group's state.
type aggregation struct {
	*exchange
	numbers map[int64]uint32 // of each group
	groups  []int64          // by number
	states  *udf.Accumulator
	chunk   []uint32 // the number of each row of the current chunk
}

func (x *exchange) aggregate(f function) error {
	a := &aggregation{exchange: x, numbers: map[int64]uint32{}, states: f.Of.NewAccumulator()}
	a.states.Grant = x.account.Reserve
	if asked, given := x.schema.Metadata[keyAcknowledge]; given {
		return a.acknowledge(f, asked)
	}
	for {
		b, err := x.readBatch()
		if errors.Is(err, io.EOF) {
			if err := a.reserveAnswer(); err != nil {
				return err
			}
			return a.answer(f)
		}
		if err == nil {
			err = a.add(b, f)
		}
		if err != nil {
			return err
		}
	}
}

// add adds the rows of a batch to the states of their groups.
func (a *aggregation) add(b *arrowcheck.Batch, f function) error {
	groups := &b.Columns[0]
	if groups.Null != nil {
		return invalid("batch at row %d: column \"group\" has a NULL", a.rows)
	}
	a.args.set(b.Columns[1:], f.Args)
	err := a.eachChunk(b.Rows, func(from, to int, args []udf.Column) error {
		if err := a.number(groups.Int64[from:to]); err != nil {
			return err
		}
		return a.addError(a.states.Add(a.chunk, args), from)
	})
	if err != nil {
		return err
	}
	a.rows += b.Rows
	a.call.Rows = a.rows
	return nil
}

// addError returns the error of adding a chunk that starts at row from of the batch. The accumulator reports the limit
// that stopped Grant as the cause of its own error; a limit is not the fault of a row.
func (a *aggregation) addError(err error, from int) error {
	if err == nil {
		return nil
	}
	if limit := (*admission.LimitError)(nil); errors.As(err, &limit) {
		return limit
	}
	cause := errs.Of(err)
	return &rowError{cause, a.rows + from + cause.Row}
}

// number sets chunk to the numbers of the groups. A group that has no number gets the next one.
func (a *aggregation) number(groups []int64) error {
	a.chunk = a.chunk[:0]
	for _, group := range groups {
		number, known := a.numbers[group]
		if !known {
			if len(a.groups) >= a.Limits.Groups {
				return admission.Exceeded(fmt.Sprintf("more than %d groups", len(a.groups)), int64(a.Limits.Groups), "max-groups")
			}
			if err := a.account.Reserve(groupOverhead); err != nil {
				return err
			}
			number = uint32(len(a.groups))
			a.numbers[group] = number
			a.groups = append(a.groups, group)
		}
		a.chunk = append(a.chunk, number)
	}
	return nil
}

// fullAnswer is the size in bytes at which a batch of the answer is sent.
func (a *aggregation) fullAnswer() int64 { return int64(min(maxAnswer, a.Limits.Message/2)) }

// reserveAnswer reserves the memory of a batch of the answer.
func (a *aggregation) reserveAnswer() error { return a.account.Reserve(a.fullAnswer()) }

// answer sends the sketch of every group, in batches of about maxAnswer bytes, for which memory is reserved.
func (a *aggregation) answer(f function) error {
	a.states.Grow(len(a.groups))
	a.call.Groups = len(a.groups)
	schema := f.answerSchema(a.large, callErrors)
	sender, err := newSender(a, schema)
	if err != nil {
		return err
	}
	results := newResultBuilder(schema)
	full := a.fullAnswer()
	for i := range a.groups {
		sketch := a.states.ResultOf(i, i+1)
		results.appendGroups(a.groups[i:i+1], &sketch)
		if results.bytes < full && i < len(a.groups)-1 {
			continue
		}
		if err := a.ctx.Err(); err != nil {
			return err
		}
		record := results.record()
		err := sender.send(record)
		record.Release()
		if err != nil {
			return err
		}
	}
	return nil
}
