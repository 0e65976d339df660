// SPDX-License-Identifier: Apache-2.0

package driver

import (
	"encoding/binary"
	"encoding/hex"
	"math"

	"github.com/headcount-hll/headcount/udf"
	"github.com/headcount-hll/headcount/udf/hist"
)

// In the protocol an array of bigint is bytes: its elements, 8 bytes each in little-endian order. A double is its 8 bytes
// as a result has them, the most significant first.

func arrayText(elements []int64) string {
	if len(elements) == 0 {
		return "-"
	}
	return hex.EncodeToString(hist.AppendArray(nil, elements...))
}

// arrays returns a column of arrays. A nil array is NULL.
func (r *request) arrays(encoded ...[]byte) udf.Column {
	all := make([][]int64, len(encoded))
	for i, bytes := range encoded {
		if bytes == nil {
			continue
		}
		elements, err := hist.AppendElements([]int64{}, bytes)
		if err != nil {
			r.fail("%s", err)
		}
		all[i] = elements
	}
	return udf.ArraysOf(all...)
}

func (r *request) float() float64 {
	bits := r.bytes()
	if len(bits) != 8 {
		r.fail("%d bytes are not a double", len(bits))
		return 0
	}
	return math.Float64frombits(binary.BigEndian.Uint64(bits))
}
