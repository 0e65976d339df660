// SPDX-License-Identifier: Apache-2.0

// Package inputs makes the ids and sketches that all contestants use, and shares them through files: Go writes
// and the JVM reads them. Libraries with other formats build their own sketches from the same ids.
package inputs

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/headcount-hll/headcount/udf/hll"
)

// The sizes. The JVM side derives them from the files' lengths and the first two constants, which
// Inputs.java repeats.
const (
	Precision = 12
	IDLength  = 36 // a UUID as text

	DenseSketches = 16
	DenseIDs      = 20_000 // in each
	// SparseSketches is large enough that a branch predictor cannot learn the inputs.
	SparseSketches = 4096
	SparseIDs      = 200

	// ColumnSketches copies of the dense sketches take 256 MiB, more than a cache holds.
	ColumnSketches = 1 << 16
)

// A Set holds sets of ids of one size, each with its Headcount sketch. The sets are disjoint.
type Set struct {
	Size     int
	IDs      [][][]byte // by sketch
	Sketches [][]byte
}

// Inputs holds all inputs of the benchmark.
type Inputs struct{ Dense, Sparse Set }

// Write writes the files into a folder: per Set one file of ids and one of sketches. Each sketch follows
// its length in four bytes, big-endian.
func Write(folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	ids := uuids(1)
	for _, set := range []struct {
		name        string
		count, size int
	}{{"dense", DenseSketches, DenseIDs}, {"sparse", SparseSketches, SparseIDs}} {
		var allIDs, allSketches []byte
		for range set.count {
			from := len(allIDs)
			for range set.size {
				allIDs = ids.append(allIDs)
			}
			sketch, err := sketchOf(allIDs[from:])
			if err != nil {
				return err
			}
			allSketches = binary.BigEndian.AppendUint32(allSketches, uint32(len(sketch)))
			allSketches = append(allSketches, sketch...)
		}
		err := errors.Join(
			os.WriteFile(filepath.Join(folder, set.name+".ids"), allIDs, 0o644),
			os.WriteFile(filepath.Join(folder, set.name+".sketches"), allSketches, 0o644))
		if err != nil {
			return err
		}
	}
	return nil
}

func sketchOf(ids []byte) ([]byte, error) {
	p, err := hll.NewPrecision(Precision)
	if err != nil {
		return nil, err
	}
	b := hll.NewBuilder(p)
	for ; len(ids) > 0; ids = ids[IDLength:] {
		b.Add(ids[:IDLength])
	}
	return b.Append(nil), nil
}

// Read reads the files of Write.
func Read(folder string) (*Inputs, error) {
	dense, err := readSet(folder, "dense", DenseIDs)
	if err != nil {
		return nil, err
	}
	sparse, err := readSet(folder, "sparse", SparseIDs)
	if err != nil {
		return nil, err
	}
	return &Inputs{dense, sparse}, nil
}

func readSet(folder, name string, size int) (Set, error) {
	set := Set{Size: size}
	ids, err := os.ReadFile(filepath.Join(folder, name+".ids"))
	if err != nil {
		return set, err
	}
	for len(ids) >= size*IDLength {
		list := make([][]byte, size)
		for i := range list {
			list[i], ids = ids[:IDLength:IDLength], ids[IDLength:]
		}
		set.IDs = append(set.IDs, list)
	}
	sketches, err := os.ReadFile(filepath.Join(folder, name+".sketches"))
	if err != nil {
		return set, err
	}
	for len(sketches) >= 4 {
		end := 4 + int(binary.BigEndian.Uint32(sketches))
		if end > len(sketches) {
			break
		}
		set.Sketches = append(set.Sketches, sketches[4:end:end])
		sketches = sketches[end:]
	}
	if len(set.Sketches) != len(set.IDs) || len(ids)+len(sketches) > 0 {
		return set, fmt.Errorf("inputs: %s.* in %s are not whole: remove the folder", name, folder)
	}
	return set, nil
}

// IDs returns the first n ids of a sequence that is the same on every machine, each of IDLength bytes.
func IDs(n int) [][]byte {
	ids := uuids(2)
	list := make([][]byte, n)
	for i := range list {
		list[i] = ids.append(nil)
	}
	return list
}

// uuids generates version 4 UUIDs from splitmix64.
type uuids uint64

func (u *uuids) next() uint64 {
	*u += 0x9E3779B97F4A7C15
	z := uint64(*u)
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

func (u *uuids) append(dst []byte) []byte {
	hi, lo := u.next(), u.next()
	return fmt.Appendf(dst, "%08x-%04x-4%03x-%04x-%012x", hi>>32, hi>>16&0xffff, hi&0xfff, 0x8000|lo>>48&0x3fff, lo&(1<<48-1))
}
