// SPDX-License-Identifier: Apache-2.0

package groupby

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
)

// A run is a file of groups in the order of their keys: for each, the lengths of key and sketch as varints, then both. The
// file has no name, so the system removes it when the process ends, in whatever way.
type run struct {
	file *os.File
}

const (
	runBuffer = 1 << 16
	// memoryOfRun is the memory for reading a run while runs are merged: its buffer and several blocks.
	memoryOfRun = 8 * blockBytes
	leastRuns   = 8
)

func newRun(dir string) (*run, error) {
	f, err := os.CreateTemp(dir, ".headcount-spill-*")
	if err != nil {
		return nil, fmt.Errorf("spilling to --spill-dir: %w", err)
	}
	if err := os.Remove(f.Name()); err != nil {
		return nil, errors.Join(fmt.Errorf("spilling to --spill-dir: %w", err), f.Close())
	}
	return &run{f}, nil
}

func (r *run) close() error { return r.file.Close() }

// write writes all groups of the sources.
func (r *run) write(ctx context.Context, sources []source) error {
	out := bufio.NewWriterSize(r.file, runBuffer)
	var head []byte
	err := mergeSources(ctx, sources, func(key, sketch []byte) error {
		head = binary.AppendUvarint(binary.AppendUvarint(head[:0], uint64(len(key))), uint64(len(sketch)))
		for _, part := range [][]byte{head, key, sketch} {
			if _, err := out.Write(part); err != nil {
				return fmt.Errorf("spilling to --spill-dir: %w", err)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("spilling to --spill-dir: %w", err)
	}
	return nil
}

// source sends the run's groups.
func (r *run) source(ctx context.Context, out chan<- *block) error {
	if _, err := r.file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("reading spilled data: %w", err)
	}
	in := bufio.NewReaderSize(r.file, runBuffer)
	b := &block{}
	for {
		e, err := b.read(in)
		if errors.Is(err, io.EOF) {
			return send(ctx, out, b)
		} else if err != nil {
			return fmt.Errorf("reading spilled data: %w", err)
		}
		b.entries = append(b.entries, e)
		if b.full() {
			if err := send(ctx, out, b); err != nil {
				return err
			}
			b = &block{}
		}
	}
}

// read reads one group. It returns io.EOF at the end of the run.
func (b *block) read(in *bufio.Reader) (entry, error) {
	keyLen, err := binary.ReadUvarint(in)
	if err != nil {
		return entry{}, err
	}
	sketchLen, err := binary.ReadUvarint(in)
	if err != nil {
		return entry{}, fmt.Errorf("truncated: %w", io.ErrUnexpectedEOF)
	}
	from := len(b.data)
	need := int(keyLen + sketchLen)
	if from+need > cap(b.data) { // entries share the memory of the block
		b.data, from = make([]byte, 0, max(blockBytes, need)), 0
	}
	b.data = b.data[:from+need]
	if _, err := io.ReadFull(in, b.data[from:]); err != nil {
		return entry{}, fmt.Errorf("truncated: %w", io.ErrUnexpectedEOF)
	}
	middle := from + int(keyLen)
	return entry{b.data[from:middle:middle], b.data[middle : from+need]}, nil
}

// spill writes all groups to a run and removes them from memory. Adders wait for it.
func (t *Table) spill(ctx context.Context) error {
	t.filling.Lock()
	defer t.filling.Unlock()
	if t.used.Load() <= t.options.Memory { // another adder has spilled them
		return nil
	}
	return t.spillAll(ctx)
}

func (t *Table) spillAll(ctx context.Context) error {
	if err := t.addRun(ctx, t.shardSources()); err != nil {
		return err
	}
	for i := range t.shards {
		t.shards[i] = shard{}
	}
	t.used.Store(0)
	t.spills++
	if most := max(leastRuns, int(t.options.Memory/memoryOfRun)); len(t.runs) < most {
		return nil
	}
	merged := t.runs
	t.runs = nil
	err := t.addRun(ctx, runSources(merged))
	for _, r := range merged {
		err = errors.Join(err, r.close())
	}
	return err
}

func (t *Table) addRun(ctx context.Context, sources []source) error {
	r, err := newRun(t.options.SpillDir)
	if err != nil {
		return err
	}
	t.runs = append(t.runs, r)
	return r.write(ctx, sources)
}

func (t *Table) shardSources() []source {
	var all []source
	for i := range t.shards {
		all = append(all, t.shards[i].source)
	}
	return all
}

func runSources(runs []*run) []source {
	var all []source
	for _, r := range runs {
		all = append(all, r.source)
	}
	return all
}

// Each calls f for each group in the order of the keys. The slices are valid during the call. No rows may be added
// afterwards.
func (t *Table) Each(ctx context.Context, f func(key, sketch []byte) error) error {
	if len(t.runs) == 0 {
		return mergeSources(ctx, t.shardSources(), f)
	}
	if t.used.Load() > 0 {
		if err := t.spillAll(ctx); err != nil {
			return err
		}
	}
	return mergeSources(ctx, runSources(t.runs), f)
}
