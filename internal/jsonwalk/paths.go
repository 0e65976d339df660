// SPDX-License-Identifier: Apache-2.0

package jsonwalk

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Paths are places in a document, found together in one pass. They may be used by several goroutines.
type Paths struct {
	root *node
	n    int
}

// A node is a place on the way to what is asked for.
type node struct {
	slots []int // what is asked for here
	below []int // all slots below
	names map[string]*node
}

// Compile prepares paths, each a list of keys. The empty path is the document itself.
func Compile(paths ...[]string) *Paths {
	p := &Paths{root: &node{}, n: len(paths)}
	for slot, path := range paths {
		at := p.root
		for _, name := range path {
			at.below = append(at.below, slot)
			next := at.names[name]
			if next == nil {
				if at.names == nil {
					at.names = map[string]*node{}
				}
				next = &node{}
				at.names[name] = next
			}
			at = next
		}
		at.slots = append(at.slots, slot)
	}
	return p
}

// ParsePath reads a path as environment.system.os.name. A key with a dot in it is written in double quotes, as in
// payload.processes.parent.scalars."browser.engagement.total_uri_count".
func ParsePath(text string) (path []string, err error) {
	fail := func(why string) ([]string, error) { return nil, fmt.Errorf("path %s: %w", text, errors.New(why)) }
	for rest := text; ; {
		var key string
		var more bool
		if quoted, ok := strings.CutPrefix(rest, `"`); ok {
			if key, rest, ok = strings.Cut(quoted, `"`); !ok {
				return fail("a quote is missing")
			}
			if rest, more = strings.CutPrefix(rest, "."); !more && rest != "" {
				return fail("a dot is missing after a quote")
			}
		} else if key, rest, more = strings.Cut(rest, "."); key == "" {
			return fail("a key is missing")
		}
		path = append(path, key)
		if !more {
			return path, nil
		}
	}
}

// Find checks a document and finds the values, one for each path in the order of Compile, nil where there is none. They are
// appended to found[:0]. The error is an *Error.
func (p *Paths) Find(doc []byte, found []Value) ([]Value, error) {
	return p.Read(doc, found, -1, nil)
}

// Read does what Find does, and gives the value of one of the paths to a function, which reads exactly this value. It is called
// again if the value's key occurs again, and what it has read does not count if Read returns an error.
func (p *Paths) Read(doc []byte, found []Value, slot int, read func(*Parser)) ([]Value, error) {
	found = found[:0]
	for range p.n {
		found = append(found, nil)
	}
	f := finder{scanner: scanner{b: doc}, found: found, slot: slot, read: read}
	end, err := f.value(p.root, f.space(0), 0)
	if err != nil {
		return found, err
	}
	return found, f.end(end)
}

type finder struct {
	scanner
	found []Value
	slot  int // whose value read reads, or -1
	read  func(*Parser)
}

// value finds what is asked for in the value that begins at i, and returns where it ends.
func (f *finder) value(n *node, i, depth int) (end int, err error) {
	read := f.slot >= 0 && slices.Contains(n.slots, f.slot)
	if len(n.names) > 0 && i < len(f.b) && f.b[i] == '{' {
		end, err = f.object(n, i, depth)
	} else if !read {
		end, err = f.skip(i, depth)
	}
	if read && err == nil {
		end, err = f.parse(i, depth)
	}
	if err == nil {
		for _, slot := range n.slots {
			f.found[slot] = f.b[i:end:end]
		}
	}
	return end, err
}

// parse gives the value that begins at i to the function that reads it.
func (f *finder) parse(i, depth int) (end int, err error) {
	p := Parser{s: &f.scanner, i: i, ended: i, depth: depth}
	f.read(&p)
	return p.ended, p.err
}

func (f *finder) object(n *node, i, depth int) (int, error) {
	if depth == MaxDepth {
		return f.fail(i, ErrDepth)
	}
	if i = f.space(i + 1); i < len(f.b) && f.b[i] == '}' {
		return i + 1, nil
	}
	for {
		next, i0, err := f.member(n, i)
		if err != nil {
			return i0, err
		}
		if next != nil {
			for _, slot := range next.below { // a key that occurs again: the last one counts
				f.found[slot] = nil
			}
			i, err = f.value(next, i0, depth+1)
		} else {
			i, err = f.skip(i0, depth+1)
		}
		if err != nil {
			return i, err
		}
		if i = f.space(i); i >= len(f.b) {
			return f.fail(i, nil)
		}
		switch f.b[i] {
		case ',':
			i = f.space(i + 1)
		case '}':
			return i + 1, nil
		default:
			return f.fail(i, ErrSyntax)
		}
	}
}

// member checks the key at i and returns its node, if any, and where the value begins.
func (f *finder) member(n *node, i int) (*node, int, error) {
	if i >= len(f.b) || f.b[i] != '"' {
		i, err := f.fail(i, ErrSyntax)
		return nil, i, err
	}
	end, err := f.text(i)
	if err != nil {
		return nil, end, err
	}
	next := n.names[string(decode(f.b[i+1:end-1]))]
	i, err = f.colon(end)
	return next, i, err
}
