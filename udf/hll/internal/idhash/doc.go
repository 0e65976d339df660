// SPDX-License-Identifier: Apache-2.0

// Package idhash hashes ids, by their bytes or by the decimal text of integers, and makes the entries of registers from the
// hashes. With AVX-512 eight ids are hashed at a time. All kernels give the same bits.
package idhash
