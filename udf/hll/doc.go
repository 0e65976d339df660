// Package hll is the HyperLogLog sketch of Algebird 0.12, to the byte: its hash, its two encodings, its
// union and its cardinality. FORMAT.md in this folder is the specification.
//
// Two types carry everything:
//
//   - [Sketch] is an encoded sketch that has been checked. [Decode] is the only way to make one from
//     bytes, it copies nothing, and every function of one sketch is a method of it.
//   - [State] is a sketch being made, in memory that the caller lends: sketches are united into it, ids
//     added. It starts as a few entries and grows to the registers. [Builder] is a State that owns its memory.
//
// A precision p means 2^p registers of one byte. Register j holds the largest rho of the ids whose hash
// selects it, 0 if there was none, at most 128-p.
//
// The package imports the standard library alone, gives the same bits on every machine, and keeps no
// state of its own: everything may be called from any goroutine.
package hll
