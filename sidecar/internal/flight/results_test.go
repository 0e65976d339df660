// SPDX-License-Identifier: Apache-2.0

package flight

import (
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/stretchr/testify/assert"

	"github.com/headcount-hll/headcount/udf"
)

// Groups come one by one. Memory that grew for each of them would copy all groups before it each time.
func TestResults_OfManyGroupsGrowSeldom(t *testing.T) {
	const groups, size = 1000, 4098
	sketch := udf.Column{Rows: 1, Data: make([]byte, size), Starts: []int32{0}, Lengths: []int32{size}}
	results := newResultBuilder(arrow.NewSchema([]arrow.Field{
		{Name: "group", Type: arrow.PrimitiveTypes.Int64}, {Name: "result", Type: arrow.BinaryTypes.Binary},
	}, nil))
	to := results.builder.Field(1).(*array.BinaryBuilder)
	grown, room := 0, 0
	for group := range int64(groups) {
		results.appendGroups([]int64{group}, &sketch)
		if to.DataCap() != room {
			grown, room = grown+1, to.DataCap()
		}
	}
	assert.LessOrEqual(t, grown, 12)
	assert.LessOrEqual(t, room, 2*groups*size)
	record := results.record()
	defer record.Release()
	assert.EqualValues(t, groups, record.NumRows())
}
