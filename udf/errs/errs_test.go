// SPDX-License-Identifier: Apache-2.0

package errs

import (
	"errors"
	"fmt"
	"testing"
)

func TestCodes_HaveDistinctWords(t *testing.T) {
	seen := map[string]Code{}
	for c := Malformed; c <= Internal; c++ {
		if other, twice := seen[c.String()]; twice || c.String() == Code(0).String() {
			t.Errorf("code %d has the word %q, like code %d", c, c, other)
		}
		seen[c.String()] = c
	}
	if Code(0).String() != Code(200).String() {
		t.Errorf("codes 0 and 200 print %q and %q", Code(0), Code(200))
	}
}

func TestAtRow_KeepsCodeMessageAndCause(t *testing.T) {
	cause := New(TooLarge, "%d bytes", 5)
	e := Of(fmt.Errorf("reading: %w", AtRow(3, cause)))
	if e.Code != TooLarge || e.Row != 3 || e.Message != "5 bytes" || !errors.Is(e, cause) {
		t.Errorf("got %+v", e)
	}
	if AtRow(3, nil) != nil || Of(nil) != nil {
		t.Error("nil becomes an error")
	}
}

func TestOf_MakesForeignErrorsInternal(t *testing.T) {
	foreign := errors.New("no memory")
	for _, e := range []*Error{Of(foreign), Of(AtRow(NoRow, foreign))} {
		if e.Code != Internal || e.Row != NoRow || e.Message != "no memory" || !errors.Is(e, foreign) {
			t.Errorf("got %+v", e)
		}
	}
}
