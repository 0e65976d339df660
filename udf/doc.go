// Package udf is the functions that Headcount gives to SQL engines, over columns of values: [Functions]
// is the table of them all, and everything that names a function elsewhere is held to it.
//
// Nothing here knows C, gRPC or an engine. An adapter makes a [Column] of what its engine hands it, calls
// a function's Eval (or feeds an [Accumulator]), and translates an [Error] once. The kernels behind Eval
// ([Cardinality], [Union], [MergeSlots], ...) are exported for adapters that have no memory of their own
// to make a column in, as the C library.
package udf
