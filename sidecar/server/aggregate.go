package server

import (
	"errors"
	"fmt"
	"io"

	"github.com/headcount-hll/headcount/sidecar/arrowcheck"
	"github.com/headcount-hll/headcount/sidecar/limits"
	"github.com/headcount-hll/headcount/sidecar/wire"
	"github.com/headcount-hll/headcount/udf"
)

// answerBytes is when a batch of an aggregate's answer is full.
const answerBytes = 4 << 20

// groupBytes is about what a group takes beside its state: its number in a map, its place in the answer's order, and
// the state's header.
const groupBytes = 80

// groups are the states of an aggregate's stream.
type groups struct {
	*exchange
	numbers map[int64]uint32 // of each group, in the order in which they came
	order   []int64
	states  *udf.Accumulator
	piece   []uint32
}

func (x *exchange) aggregate(f *wire.Function) error {
	g := &groups{exchange: x, numbers: map[int64]uint32{}, states: f.Of.NewAccumulator()}
	g.states.Grant = x.account.Take
	for {
		b, err := x.batch()
		if errors.Is(err, io.EOF) {
			return g.answer(f)
		}
		if err == nil {
			err = g.add(b, f)
		}
		if err != nil {
			return err
		}
		x.rows += b.Rows
		x.call.Rows = x.rows
	}
}

func (g *groups) add(b *arrowcheck.Batch, f *wire.Function) error {
	of := &b.Columns[0]
	if of.Null != nil {
		return invalid("batch after row %d: a group that is NULL", g.rows)
	}
	g.args.Set(b.Columns[1:], f.Args)
	return g.eachPiece(b.Rows, func(from, to int, args []udf.Column) error {
		if err := g.number(of.Int64[from:to]); err != nil {
			return err
		}
		refused := g.states.Add(g.piece, args)
		switch limit := (*limits.Error)(nil); {
		case refused == nil:
			return nil
		case errors.As(refused, &limit):
			return limit
		default:
			return &rowError{refused, g.rows + from + refused.Row}
		}
	})
}

// number sets piece to the numbers of the groups, and gives new ones theirs.
func (g *groups) number(names []int64) error {
	g.piece = g.piece[:0]
	for _, name := range names {
		number, known := g.numbers[name]
		if !known {
			if len(g.order) >= g.limits.Groups {
				return limits.Exceeded(fmt.Sprintf("more than %d groups on one stream", len(g.order)), int64(g.limits.Groups), "max-groups")
			}
			if err := g.account.Take(groupBytes); err != nil {
				return err
			}
			number = uint32(len(g.order))
			g.numbers[name] = number
			g.order = append(g.order, name)
		}
		g.piece = append(g.piece, number)
	}
	return nil
}

// answer sends the sketch of every group.
func (g *groups) answer(f *wire.Function) error {
	g.states.Grow(len(g.order))
	g.call.Groups = len(g.order)
	schema := f.AnswerSchema(g.large, false)
	sender, err := wire.NewSender(g, schema)
	if err != nil {
		return err
	}
	batch := wire.NewAnswer(schema)
	full := int64(min(answerBytes, g.limits.Message/2))
	if err := g.account.Take(full); err != nil {
		return err
	}
	for i := range g.order {
		sketch := g.states.ResultOf(i, i+1)
		batch.Groups(g.order[i:i+1], &sketch)
		if batch.Size() < full && i < len(g.order)-1 {
			continue
		}
		if err := g.ctx.Err(); err != nil {
			return err
		}
		record := batch.Record()
		err := sender.Send(record)
		record.Release()
		if err != nil {
			return err
		}
	}
	return nil
}
