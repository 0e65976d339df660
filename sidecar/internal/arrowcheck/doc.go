// Package arrowcheck reads Arrow IPC messages of strangers: the schema of a stream and its record batches,
// in the few types that functions take.
//
// arrow/go trusts the offsets and lengths in a message and panics, or allocates, on those that lie. Nothing
// is handed to it here: every table, vector and buffer is checked against the bytes that are there before it
// is looked at, and a batch comes out as slices that are known to be inside its body. No byte string panics,
// and memory is taken only for values that are there: a column's starts and lengths, twice the size of its
// offsets at most.
//
// Refused are compressed bodies, dictionaries, types other than those of [Kind], buffers that overlap or are
// out of order, offsets that decrease, and null bitmaps that are too short or do not have as many nulls as is
// said. The names of tables and fields are those of Arrow's Message.fbs and Schema.fbs.
package arrowcheck

import "fmt"

func refuse(format string, args ...any) error {
	return fmt.Errorf("arrow: "+format, args...)
}
