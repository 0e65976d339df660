// SPDX-License-Identifier: Apache-2.0

//go:build amd64 && !purego

package entryscan

import "github.com/headcount-hll/headcount/udf/internal/cpu"

func accelerated() bool { return cpu.AVX2 }

// scan scans blocks of entries, at least one. Of the entries as words, index and then rho, it returns the bitwise or, the smallest
// and the largest, and whether each index is smaller than the next, also of the last entry of the blocks.
//
//go:noescape
func scan(body *byte, blocks int) (union, smallest, largest uint32, ascending bool)
