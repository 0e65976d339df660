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

// Columns returns the view's columns of types that have lists, in front the day of submission.
func (p *Pings) Columns() (columns []sortkey.Column) {
	for i, c := range p.View.Keys() {
		if p.wanted(i, c) {
			columns = append(columns, c)
		}
	}
	return columns
}

// wanted reports whether column i of a row has a list.
func (p *Pings) wanted(i int, c sortkey.Column) bool {
	if slices.Contains(clientColumns, c.Name) {
		return false
	}
	return i == 0 || p.View.Columns[i-1].Type != view.Double && p.View.Columns[i-1].Type != view.Searches
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
			for i, c := range keys {
				if p.wanted(i, c) {
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
