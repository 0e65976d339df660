// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"runtime"
	"sync"

	"github.com/headcount-hll/headcount/internal/pingselect"
)

// A handle is a reader with the memory that it has lent to C.
type handle struct {
	*pingselect.Reader
	pinner runtime.Pinner
}

// readers are the open ones by their number.
var readers = struct {
	sync.Mutex
	byNumber map[int64]*handle
	last     int64
}{byNumber: map[int64]*handle{}}

func open(request []byte) (int64, error) {
	r, err := pingselect.ParseRequest(request)
	if err != nil {
		return 0, err
	}
	readers.Lock()
	defer readers.Unlock()
	readers.last++
	readers.byNumber[readers.last] = &handle{Reader: pingselect.Open(r)}
	return readers.last, nil
}

var errNoReader = errors.New("pings: there is no such reader, or it is closed")

func find(number int64) (*handle, error) {
	readers.Lock()
	defer readers.Unlock()
	h := readers.byNumber[number]
	if h == nil {
		return nil, errNoReader
	}
	return h, nil
}

func remove(number int64) error {
	h, err := find(number)
	if err != nil {
		return err
	}
	readers.Lock()
	delete(readers.byNumber, number)
	readers.Unlock()
	h.pinner.Unpin()
	h.Close()
	return nil
}

// lend pins memory until the next call with the reader.
func (h *handle) lend(memory []byte) *byte {
	if len(memory) == 0 {
		return nil
	}
	h.pinner.Pin(&memory[0])
	return &memory[0]
}
