// SPDX-License-Identifier: Apache-2.0

package udf

import (
	"github.com/headcount-hll/headcount/udf/errs"
	"github.com/headcount-hll/headcount/udf/hll"
	"github.com/headcount-hll/headcount/udf/state"
)

// The aggregates' ways to take a row into a state.
var (
	mergeIntoState = call{update: updateMerge, results: sketchResults}
	addIntoState   = call{update: updateAdd, results: sketchResults}
)

func updateMerge(s []byte, args []Column, row, at int, flags state.Flags) (state.Step, error) {
	return hll.State(s).Merge(args[0].Bytes(row), at, flags)
}

func updateAdd(s []byte, args []Column, row, _ int, flags state.Flags) (state.Step, error) {
	p, err := hll.NewPrecision(optionalPrecision(args, 1).value(row))
	if err != nil {
		return state.Step{}, err
	}
	var entries [1]hll.Entry
	entriesOf(entries[:], p, &args[0], row)
	_, step, err := hll.State(s).AddEntries(p, entries[:], flags)
	return step, err
}

// value returns row i of a bigint column; a column of one row is for all rows.
func (c *Column) value(i int) int64 { return c.Int64[min(i, c.Rows-1)] }

func evalUnionArray(args []Column, rows int) (Column, error) {
	in := &args[0]
	groups := Accumulator{call: mergeIntoState, result: HLL}
	groups.Grow(rows)
	from := int32(0)
	for i, end := range in.Ends {
		for ; from < end; from++ {
			if in.IsNull(i) {
				continue
			}
			if err := groups.addRow(&groups.states[i], []Column{*in.Elems}, int(from)); err != nil {
				return Column{}, errs.AtRow(i, err)
			}
		}
	}
	return groups.Result(), nil
}
