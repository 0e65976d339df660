// SPDX-License-Identifier: Apache-2.0

package ping

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
)

// A Reason is why a document is rejected. Callers may add reasons of their own.
type Reason string

const (
	ReasonJSON      Reason = "malformed JSON"
	ReasonTruncated Reason = "truncated"
	ReasonDepth     Reason = "nested too deeply"
	ReasonNotObject Reason = "not a JSON object"
	ReasonTooLarge  Reason = "too large"
	ReasonHeader    Reason = "malformed Heka header"
	ReasonMessage   Reason = "malformed Heka message"
	ReasonNoPing    Reason = "Heka message without a document"
	ReasonDamaged   Reason = "damaged compression" // the rest of the file is lost
)

// A RejectError says why a document is rejected.
type RejectError struct {
	Reason Reason
	Detail string
}

func (e *RejectError) Error() string {
	if e.Detail == "" {
		return string(e.Reason)
	}
	return string(e.Reason) + ": " + e.Detail
}

// Reject returns the error with which a function of Each rejects a document.
func Reject(reason Reason, detail string) error { return &RejectError{reason, detail} }

// Rejects counts what was read and what was rejected, and writes a line for each reject. Its methods may be called
// at the same time.
type Rejects struct {
	mu       sync.Mutex
	out      *json.Encoder
	accepted int64
	rejected int64
	reasons  map[Reason]int64
	damaged  []string // files whose rest is lost
}

// NewRejects returns an empty count. Each reject is written to out, if there is one, as a line of JSON: file, record,
// offset, reason, detail.
func NewRejects(out io.Writer) *Rejects {
	r := &Rejects{reasons: map[Reason]int64{}}
	if out != nil {
		r.out = json.NewEncoder(out)
		r.out.SetEscapeHTML(false)
	}
	return r
}

// add counts a document, rejected if e is not nil. The error is that of writing.
func (r *Rejects) add(at Position, e *RejectError) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if e == nil {
		r.accepted++
		return nil
	}
	r.rejected++
	r.reasons[e.Reason]++
	if e.Reason == ReasonDamaged {
		r.damaged = append(r.damaged, at.File)
	}
	if r.out == nil {
		return nil
	}
	line := struct {
		File   string `json:"file"`
		Record int64  `json:"record"`
		Offset int64  `json:"offset"`
		Reason Reason `json:"reason"`
		Detail string `json:"detail,omitempty"`
	}{at.File, at.Record, at.Offset, e.Reason, e.Detail}
	if err := r.out.Encode(line); err != nil {
		return fmt.Errorf("writing rejects: %w", err)
	}
	return nil
}

// Accepted returns how many documents were read and not rejected.
func (r *Rejects) Accepted() int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.accepted
}

// Count returns how many documents were rejected, and by reason.
func (r *Rejects) Count() (int64, map[Reason]int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.rejected, maps.Clone(r.reasons)
}

// Summary says how many documents were rejected for which reasons, the most frequent first, as
// "3 rejected: 2 malformed JSON, 1 too large".
func (r *Rejects) Summary() string {
	n, reasons := r.Count()
	names := slices.SortedFunc(maps.Keys(reasons), func(a, b Reason) int {
		if d := reasons[b] - reasons[a]; d != 0 {
			return int(d)
		}
		return strings.Compare(string(a), string(b))
	})
	text := fmt.Sprintf("%d rejected", n)
	for i, name := range names {
		text += fmt.Sprintf("%s %d %s", [...]string{":", ","}[min(i, 1)], reasons[name], name)
	}
	return text
}

// Check returns an error if more than the given part of all documents were rejected, or if the rest of a file is lost: how
// many documents that were, nothing tells. A part of 1 allows both.
func (r *Rejects) Check(most float64) error {
	r.mu.Lock()
	all, rejected, damaged := r.accepted+r.rejected, r.rejected, slices.Sorted(slices.Values(r.damaged))
	r.mu.Unlock()
	if most >= 1 {
		return nil
	}
	if len(damaged) > 0 {
		return fmt.Errorf("%s: the file is damaged or cut short, and its rest is lost (%d such files); replace it, or allow it with --max-rejects 100%%",
			damaged[0], len(damaged))
	}
	if float64(rejected) > most*float64(all) {
		return fmt.Errorf("%d of %d documents were rejected, more than %g %% (--max-rejects): %s",
			rejected, all, most*100, r.Summary())
	}
	return nil
}
