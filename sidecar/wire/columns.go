package wire

import (
	"github.com/headcount-hll/headcount/sidecar/arrowcheck"
	"github.com/headcount-hll/headcount/udf"
)

// Columns returns a batch's columns as arguments of the types. They share the batch's body. The batch's schema is
// one that a function of these arguments takes.
func Columns(columns []arrowcheck.Column, types []udf.Type) ([]udf.Column, error) {
	args := make([]udf.Column, len(columns))
	for i := range columns {
		var refused *udf.Error
		if args[i], refused = column(&columns[i], types[i]); refused != nil {
			return nil, refused
		}
	}
	return args, nil
}

func column(c *arrowcheck.Column, t udf.Type) (udf.Column, *udf.Error) {
	var out udf.Column
	var refused *udf.Error
	switch {
	case t.IsBytes():
		out, refused = udf.NewBytes(t, c.Data, c.Starts, c.Lengths)
	case t.Kind == udf.KindArray:
		var elems udf.Column
		elems, refused = column(c.Elem, *t.Elem)
		out = udf.Column{Type: t, Rows: c.Rows, Elems: &elems, Ends: c.Ends}
	default:
		out = udf.Int64Of(c.Int64...)
	}
	out.Null = c.Null
	return out, refused
}
