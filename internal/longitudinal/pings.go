// SPDX-License-Identifier: Apache-2.0

package longitudinal

import (
	"context"
	"slices"

	"github.com/headcount-hll/headcount/internal/sortkey"
	"github.com/headcount-hll/headcount/internal/view"
)

// Pings are raw pings, of which a view says the columns.
type Pings struct {
	View    *view.Definition
	Options view.Options
	Counts  *view.Counts // after Each
}

// Columns returns the day of submission and the view's columns.
func (p *Pings) Columns() (columns []Column) {
	for i, key := range p.View.Keys() {
		c := Column{Column: key}
		if i > 0 {
			of := &p.View.Columns[i-1]
			if field, nested := of.Field(); nested {
				c.Nested = field
			}
			c.Histogram = of.Describe()
		}
		if !slices.Contains(clientColumns, c.Name) {
			columns = append(columns, c)
		}
	}
	return columns
}

// Each reads the pings.
func (p *Pings) Each(ctx context.Context, threads int, newWorker func() func([]byte, []sortkey.Value) error) (err error) {
	keys := p.View.Keys()
	client := slices.IndexFunc(keys, func(c sortkey.Column) bool { return slices.Contains(clientColumns, c.Name) })
	o := p.Options
	o.Threads = threads
	p.Counts, err = p.View.Each(ctx, o, func() func([]byte) error {
		use := newWorker()
		var all, values []sortkey.Value
		return func(row []byte) (err error) {
			if all, err = sortkey.Decode(all[:0], row, keys); err != nil {
				return err
			}
			values = values[:0]
			for i := range keys {
				if i != client {
					values = append(values, all[i])
				}
			}
			if client < 0 || all[client].Null {
				return use(nil, values)
			}
			return use(all[client].Text, values)
		}
	})
	return err
}
