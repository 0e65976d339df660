package server

import "github.com/headcount-hll/headcount/udf"

// eachPiece calls f for one piece of the arguments' rows after the other, as long as the client still waits.
func (x *exchange) eachPiece(rows int, f func(from, to int, args []udf.Column) error) error {
	return x.cutter.Each(x.ctx, rows, x.args.Piece, func(from, to int) error {
		args, err := x.args.Rows(from, to)
		if err != nil {
			return err
		}
		if err := x.chargeCopies(); err != nil {
			return err
		}
		return f(from, to, args)
	})
}

// chargeCopies takes the memory that copies of arguments have grown by.
func (x *exchange) chargeCopies() error {
	more := int64(x.args.Scratch()) - x.charged
	if more == 0 {
		return nil
	}
	x.charged += more
	return x.account.Take(more)
}
