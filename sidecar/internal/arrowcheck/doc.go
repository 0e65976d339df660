// SPDX-License-Identifier: Apache-2.0

// Package arrowcheck reads Arrow IPC messages from untrusted clients: the schema of a stream and its record batches,
// in the types that functions take.
//
// arrow/go trusts the offsets and lengths in a message: it panics, or allocates, if they are wrong. So no message is
// passed to arrow/go. This package checks every table, vector and buffer against the bytes of the message before it
// reads it, and returns a batch as slices inside the message's body. No input panics.
//
// Memory is allocated only for values that the message contains: at most twice the size of a column's offsets, for its
// starts and lengths. What may take more than that is first reserved by [Reader.Reserve]: decompressed buffers,
// dictionaries, the rows of dictionaries, of list views and of narrow integers, and the copy of a view's buffers. A
// compressed buffer is decompressed only if its bytes could hold the length that it declares, and the lengths of a message
// must not exceed [Reader.MaxBody] together. A value of a dictionary or of a view is not copied for each row that refers
// to it.
//
// It rejects types other than those of [Kind], buffers that overlap or are out of order, offsets that decrease, indexes
// outside their dictionary, views outside their buffer, and null bitmaps that are too short or do not have the declared
// number of nulls. The names of tables and fields are those of Arrow's Message.fbs and Schema.fbs.
package arrowcheck

import "fmt"

// errorf returns an error of this package.
func errorf(format string, args ...any) error {
	return fmt.Errorf("arrow: "+format, args...)
}
