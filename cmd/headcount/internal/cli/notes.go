// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"fmt"
	"io"
	"sync"
)

// notes writes what a command assumes to standard error, each sentence once.
type notes struct {
	out io.Writer

	mu   sync.Mutex
	said map[string]bool
}

func newNotes(out io.Writer) *notes { return &notes{out: out, said: map[string]bool{}} }

func (n *notes) say(text string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if !n.said[text] {
		n.said[text] = true
		_, _ = fmt.Fprintln(n.out, "note:", text)
	}
}
