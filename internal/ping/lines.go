// SPDX-License-Identifier: Apache-2.0

package ping

import (
	"bytes"
	"fmt"
	"unicode"
)

// readLines frames JSON documents: a document a line, or, if the first line is an opening brace alone, one document that is the
// whole file. Empty lines are passed over.
func readLines(w *window, f *filler) error {
	most := f.options.MaxDocument
	if whole(w, most) {
		return readWhole(w, f)
	}
	if err := f.lend(w); err != nil {
		return err
	}
	for {
		line, ended, err := nextLine(w, most)
		if err != nil {
			return err
		}
		if line < 0 {
			if err := f.reject(w.passed, ReasonTooLarge, fmt.Sprintf("more than %d bytes", most)); err != nil {
				return err
			}
			if !passLine(w) {
				return nil
			}
			continue
		}
		text := bytes.TrimRightFunc(w.ahead()[:line], unicode.IsSpace)
		if from := len(text) - len(bytes.TrimLeftFunc(text, unicode.IsSpace)); from < len(text) {
			f.place(w.at+from, w.at+len(text), w.passed)
		}
		if !ended {
			w.pass(line)
			return nil
		}
		w.pass(line + 1)
	}
}

// nextLine returns how long the next line is, without its end, or -1 if it is longer than most, and whether a newline ends it.
func nextLine(w *window, most int) (length int, ended bool, err error) {
	for seen := 0; ; {
		if i := bytes.IndexByte(w.ahead()[seen:], '\n'); i >= 0 {
			if seen+i > most {
				return -1, true, nil
			}
			return seen + i, true, nil
		}
		if seen = len(w.ahead()); seen > most {
			return -1, false, nil
		}
		if !w.more() {
			// Of a damaged file, the part of a line that was read is no document.
			if w.failed() != nil {
				return 0, false, w.failed()
			}
			return seen, false, nil
		}
	}
}

// passLine passes the rest of a line, and reports whether a newline ended it.
func passLine(w *window) bool {
	for {
		if i := bytes.IndexByte(w.ahead(), '\n'); i >= 0 {
			w.pass(i + 1)
			return true
		}
		w.pass(len(w.ahead()))
		if !w.more() {
			return false
		}
	}
}

// whole reports whether the file is one document over several lines.
func whole(w *window, most int) bool {
	line, ended, err := nextLine(w, min(most, readBytes))
	return err == nil && line > 0 && ended && string(bytes.TrimSpace(w.ahead()[:line])) == "{"
}

func readWhole(w *window, f *filler) error {
	most := f.options.MaxDocument
	for w.more() {
		if len(w.ahead()) > most {
			return f.reject(0, ReasonTooLarge, fmt.Sprintf("one document over several lines, of more than %d bytes", most))
		}
	}
	if w.failed() != nil {
		return w.failed()
	}
	return f.add(w.ahead(), 0)
}
