// SPDX-License-Identifier: Apache-2.0

package ping

import (
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"
)

// A framed record is, in bytes: separator, length of the header, header, unit separator, message. The header is protobuf with the
// message's length in field 1.
const (
	recordSeparator = 0x1e
	unitSeparator   = 0x1f
	headerLength    = 1 // the field
	// What a message may have more than its document: its other fields.
	messageExtra = 1 << 20
)

// readRecords frames Heka records. Bytes between two records that belong to neither are one reject, unless they are a newline.
// Reading goes on at the next separator.
func readRecords(w *window, f *filler) error {
	most := f.options.MaxDocument + messageExtra
	garbage := int64(-1) // where bytes began that belong to no record
	endGarbage := func() error {
		if garbage < 0 {
			return nil
		}
		at := garbage
		garbage = -1
		return f.reject(at, ReasonHeader, fmt.Sprintf("%d bytes that are no record", w.passed-at))
	}
	for w.need(1) {
		if garbage < 0 && w.ahead()[0] == '\n' {
			w.pass(1)
			continue
		}
		size, length := header(w)
		if length > most {
			if err := f.reject(w.passed, ReasonTooLarge, fmt.Sprintf("a message of %d bytes, more than %d", length, most)); err != nil {
				return err
			}
		}
		if size == 0 || length > most || !w.need(size+length) {
			if garbage < 0 {
				garbage = w.passed
			}
			w.pass(1)
			passToSeparator(w)
			continue
		}
		if err := endGarbage(); err != nil {
			return err
		}
		if err := f.add(w.ahead()[size:size+length], w.passed); err != nil {
			return err
		}
		w.pass(size + length)
	}
	return endGarbage()
}

// header reads what frames the record that begins ahead: the bytes before its message, and how long the message is. A size
// of 0 says that no record begins there.
func header(w *window) (size, length int) {
	if w.ahead()[0] != recordSeparator || !w.need(2) {
		return 0, 0
	}
	n := int(w.ahead()[1])
	if !w.need(2+n+1) || w.ahead()[2+n] != unitSeparator {
		return 0, 0
	}
	found := -1
	for b := w.ahead()[2 : 2+n]; len(b) > 0; {
		field, kind, tag := protowire.ConsumeTag(b)
		if tag < 0 {
			return 0, 0
		}
		value := protowire.ConsumeFieldValue(field, kind, b[tag:])
		if value < 0 {
			return 0, 0
		}
		if field == headerLength && kind == protowire.VarintType {
			v, _ := protowire.ConsumeVarint(b[tag:])
			found = int(min(v, 1<<40))
		}
		b = b[tag+value:]
	}
	if found < 0 {
		return 0, 0
	}
	return 2 + n + 1, found
}

// passToSeparator passes what is ahead up to the next separator.
func passToSeparator(w *window) {
	for w.need(1) {
		for i, c := range w.ahead() {
			if c == recordSeparator {
				w.pass(i)
				return
			}
		}
		w.pass(len(w.ahead()))
	}
}
