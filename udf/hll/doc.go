// SPDX-License-Identifier: Apache-2.0

// Package hll is the HyperLogLog sketch of Algebird 0.12, to the byte: its hash, its two encodings, its union and its
// cardinality. FORMAT.md in this folder is the specification.
//
// It has three types:
//
//   - [Sketch] is a valid encoded sketch. [Decode] is the only way to make one from bytes. It copies nothing. The functions
//     of one sketch are its methods.
//   - [Builder] makes a sketch in Go: it adds ids and unites sketches.
//   - [State] is a sketch under construction in memory that the caller lends, for callers with many groups. It starts as a
//     few entries and grows to the registers. [state.Run] drives it.
//
// A precision p means 2^p registers of one byte. Register j holds the largest rho of the ids whose hash selects it, or 0.
// A rho is at most 128-p.
//
// The package imports the standard library and its sibling packages alone, returns the same bits on every machine, and has
// no state of its own: all functions may be called from any goroutine.
package hll
