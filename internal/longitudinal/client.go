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
	pings     [][]sortkey.Value
	documents map[string]struct{}
	arena     []byte
	spare     [][]sortkey.Value
}

func newHistory(l *layout) *history { return &history{layout: l, documents: map[string]struct{}{}} }

var clientColumn = []sortkey.Column{{Name: clientColumns[0], Type: sortkey.Varchar}}

// begin empties the history for another client.
func (h *history) begin(client []byte) {
	h.client = append(h.client[:0], client...)
	h.spare, h.pings = append(h.spare, h.pings...), h.pings[:0]
	h.arena = h.arena[:0]
	clear(h.documents)
}

// add adds the next ping. It reports whether its document is there already, and how many older pings gave way.
func (h *history) add(row []byte) (duplicate bool, older int, err error) {
	from := len(h.arena)
	h.arena = append(h.arena, row...)
	var values []sortkey.Value
	if n := len(h.spare); n > 0 {
		values, h.spare = h.spare[n-1][:0], h.spare[:n-1]
	}
	if values, err = sortkey.Decode(values, h.arena[from:], h.layout.columns); err != nil {
		return false, 0, err
	}
	if h.layout.document >= 0 && !values[h.layout.document].Null {
		id := values[h.layout.document].Text
		if _, duplicate = h.documents[string(id)]; duplicate {
			h.arena = h.arena[:from]
			h.spare = append(h.spare, values)
			return true, 0, nil
		}
		h.documents[string(id)] = struct{}{}
	}
	if h.pings = append(h.pings, values); len(h.pings) == 2*MostPings {
		older = h.keepNewest()
	}
	return false, older, nil
}

// keepNewest lets go of all but the newest pings and returns how many these were. Their bytes stay until the next client.
func (h *history) keepNewest() (older int) {
	if older = len(h.pings) - MostPings; older <= 0 {
		return 0
	}
	h.pings = append(h.pings[:0:0], h.pings[older:]...)
	return older
}

// clients gives the history of each client that is sorted. It is valid until the function returns.
func (l *layout) clients(ctx context.Context, sorter *extsort.Sorter, counts *Counts, use func(*history) error) error {
	h := newHistory(l)
	end := func() error {
		if h.client == nil {
			return nil
		}
		counts.Older += int64(h.keepNewest())
		return use(h)
	}
	err := sorter.Each(ctx, func(row, _ []byte) error {
		if h.client == nil || !bytes.HasPrefix(row, h.client) {
			if err := end(); err != nil {
				return err
			}
			client, _, err := sortkey.Cut(row[1:], clientColumn, 1)
			if err != nil {
				return err
			}
			h.begin(row[:1+len(client)])
		}
		duplicate, older, err := h.add(row[len(h.client):])
		if duplicate {
			counts.Duplicates++
		}
		counts.Older += int64(older)
		return err
	})
	if err != nil {
		return err
	}
	return end()
}
