// SPDX-License-Identifier: Apache-2.0

// Package udf has the functions that Headcount offers to SQL engines, over columns of values. [Functions] is the table of
// all of them; the SQL reference, the Java classes and the conformance drivers are generated from it or driven by it.
//
// The package knows no C, no gRPC and no engine. An adapter makes a [Column] from its engine's data, calls a function's
// Eval (or feeds an [Accumulator]), and translates the code of an [errs.Error] once. The kernels behind Eval
// ([Cardinality], [Union], [MergeSlots], ...) are exported for adapters that must not allocate, such as the C library.
//
// To make and read sketches in Go without SQL, see package hll.
package udf
