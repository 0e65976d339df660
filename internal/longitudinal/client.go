// SPDX-License-Identifier: Apache-2.0

package longitudinal

import (
	"bytes"
	"context"

	"github.com/headcount-hll/headcount/internal/extsort"
	"github.com/headcount-hll/headcount/internal/sortkey"
)

// A history is the pings of one client, in the order of time.
type history struct {
	layout    *layout
	client    []byte // sample id and client id as they are sorted
	clientID  [1]sortkey.Value
	pings     [][]sortkey.Value
	documents map[string]struct{}
	arena     []byte
	spare     [][]sortkey.Value
	most      int             // how many pings of a client are kept: the newest
	retained  bool            // pings of earlier clients stay valid
	slab      []sortkey.Value // memory of retained pings
	known     map[string][]sortkey.Value
}

// mostKnown is how many different pings a history knows by their bytes. Pings without a document's id are few different ones a day.
const mostKnown = 1 << 12

func newHistory(l *layout) *history {
	return &history{layout: l, documents: map[string]struct{}{}, most: MostPings}
}

// newRetainedHistory returns the history of clients that an earlier table may have. So many pings are kept that MostPings are left without the
// documents that the table has, and those of earlier clients stay valid.
func newRetainedHistory(l *layout) *history {
	h := newHistory(l)
	h.retained, h.most = true, 2*MostPings
	return h
}

var clientColumn = []sortkey.Column{{Name: clientColumns[0], Type: sortkey.Varchar}}

const (
	arenaBytes  = 1 << 20
	slabOfPings = 1 << 10
)

// begin empties the history for another client.
func (h *history) begin(client []byte) {
	h.client = append(h.client[:0], client...)
	if h.retained {
		h.pings = nil
	} else {
		h.spare, h.pings = append(h.spare, h.pings...), h.pings[:0]
		h.arena = h.arena[:0]
	}
	clear(h.documents)
}

// sample returns the client's sample id.
func (h *history) sample() uint8 { return h.client[0] }

// id returns the client's id, which is valid until the next client.
func (h *history) id() ([]byte, error) {
	id, err := sortkey.Decode(h.clientID[:0], h.client[1:], clientColumn)
	if err != nil {
		return nil, err
	}
	return id[0].Text, nil
}

// row returns memory for a ping's values.
func (h *history) row() (values []sortkey.Value) {
	n := len(h.layout.columns)
	if h.retained {
		if len(h.slab) < n {
			h.slab = make([]sortkey.Value, slabOfPings*n)
		}
		values, h.slab = h.slab[:0:n], h.slab[n:]
		return values
	}
	if last := len(h.spare) - 1; last >= 0 {
		values, h.spare = h.spare[last][:0], h.spare[:last]
	}
	return values
}

// decode returns a ping's values. Those of retained pings with the same bytes are the same.
func (h *history) decode(row []byte) (values []sortkey.Value, err error) {
	know := h.retained && h.layout.document < 0
	if know {
		if values, ok := h.known[string(row)]; ok {
			return values, nil
		}
		if know = len(h.known) < mostKnown; know && h.known == nil {
			h.known = map[string][]sortkey.Value{}
		}
	}
	if h.retained && cap(h.arena)-len(h.arena) < len(row) {
		h.arena = make([]byte, 0, max(arenaBytes, len(row)))
	}
	from := len(h.arena)
	h.arena = append(h.arena, row...)
	if values, err = sortkey.Decode(h.row(), h.arena[from:], h.layout.keys); err == nil && know {
		h.known[string(row)] = values
	}
	return values, err
}

// add adds the next ping. It reports whether its document is there already, and how many older pings gave way.
func (h *history) add(row []byte) (duplicate bool, older int, err error) {
	values, err := h.decode(row)
	if err != nil {
		return false, 0, err
	}
	if h.layout.document >= 0 && !values[h.layout.document].Null {
		id := values[h.layout.document].Text
		if _, duplicate = h.documents[string(id)]; duplicate {
			h.arena = h.arena[:len(h.arena)-len(row)]
			if !h.retained { // its memory is one with that of other pings
				h.spare = append(h.spare, values)
			}
			return true, 0, nil
		}
		h.documents[string(id)] = struct{}{}
	}
	if h.pings = append(h.pings, values); len(h.pings) == 2*h.most {
		older = h.keepNewest(h.most)
	}
	return false, older, nil
}

// keepNewest lets go of all but some of the newest pings and returns how many these were. Their bytes stay until the next client.
func (h *history) keepNewest(most int) (older int) {
	if older = len(h.pings) - most; older <= 0 {
		return 0
	}
	h.pings = append(h.pings[:0:0], h.pings[older:]...)
	return older
}

// each gives the history of each client that is sorted. Unless it is retained, it is valid until the function returns.
func (h *history) each(ctx context.Context, sorter *extsort.Sorter, counts *Counts, use func(*history) error) error {
	some := false
	end := func() error {
		if !some {
			return nil
		}
		counts.Older.Add(int64(h.keepNewest(h.most)))
		return use(h)
	}
	err := sorter.Each(ctx, func(row, _ []byte) error {
		if !some || !bytes.HasPrefix(row, h.client) {
			if err := end(); err != nil {
				return err
			}
			client, _, err := sortkey.Cut(row[1:], clientColumn, 1)
			if err != nil {
				return err
			}
			h.begin(row[:1+len(client)])
			some = true
		}
		duplicate, older, err := h.add(row[len(h.client):])
		if duplicate {
			counts.Duplicates.Add(1)
		}
		counts.Older.Add(int64(older))
		return err
	})
	if err != nil {
		return err
	}
	return end()
}
