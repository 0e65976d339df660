// SPDX-License-Identifier: Apache-2.0

package view

import (
	"context"
	"errors"
	"strings"
	"sync"

	"github.com/headcount-hll/headcount/internal/ping"
)

// An Explained column is what a column is made of, and what the first documents have there.
type Explained struct {
	Column, Type, Path, Example string
}

// Documents that Explain looks at for examples.
const exampleDocuments = 100

// most of an example's characters.
const exampleLength = 40

// Explain returns the partition and the columns, each with an example from the first documents of inputs.
func (d *Definition) Explain(ctx context.Context, inputs []string) ([]Explained, error) {
	all := []Explained{{Column: d.Partition.Name, Type: "partition, YYYYMMDD", Path: d.Partition.Path}}
	first := []int{0} // of each column, the place of its first path among d.paths
	at := 1 + len(d.Filter)
	for _, c := range d.Columns {
		all = append(all, Explained{Column: c.Name, Type: string(c.Type), Path: strings.Join(c.Path, ", ")})
		first = append(first, at)
		if at += len(c.Path); c.Unless != "" {
			at++
		}
	}
	if len(inputs) == 0 {
		return all, nil
	}
	enough := errors.New("enough")
	var mu sync.Mutex
	n := 0
	err := ping.Each(ctx, inputs, ping.Options{Paths: d.Paths(), Threads: 1, Rejects: ping.NewRejects(nil)}, func() (func(*ping.Document) error, error) {
		return func(doc *ping.Document) error {
			mu.Lock()
			defer mu.Unlock()
			for i := range all {
				if all[i].Example == "" {
					all[i].Example = example(string(doc.Values[first[i]]))
				}
			}
			if n++; n == exampleDocuments {
				return enough
			}
			return nil
		}, nil
	})
	if errors.Is(err, enough) {
		err = nil
	}
	return all, err
}

func example(text string) string {
	if r := []rune(text); len(r) > exampleLength {
		return string(r[:exampleLength]) + "..."
	}
	return text
}
