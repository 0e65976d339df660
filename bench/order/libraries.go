// SPDX-License-Identifier: Apache-2.0

package main

import (
	"crypto/sha256"
	"encoding/csv"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/axiomhq/hyperloglog"

	"github.com/headcount-hll/headcount/bench/inputs"
)

// A library is what the Go side measures. The sides in Python and Java have the same three functions.
type library interface {
	build(set int, ids [][]byte, precision int) ([]byte, error)
	unite(sketches [][]byte) ([]byte, error)
	count(sketch []byte) (float64, error)
}

// axiomhq is github.com/axiomhq/hyperloglog, with its sparse form.
type axiomhq struct{}

func (axiomhq) build(_ int, ids [][]byte, precision int) ([]byte, error) {
	s, err := hyperloglog.NewSketch(uint8(precision), true)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		s.Insert(id)
	}
	return s.MarshalBinary()
}

func (a axiomhq) unite(sketches [][]byte) ([]byte, error) {
	united, err := a.decode(sketches[0])
	if err != nil {
		return nil, err
	}
	for _, b := range sketches[1:] {
		s, err := a.decode(b)
		if err != nil {
			return nil, err
		}
		if err := united.Merge(s); err != nil {
			return nil, err
		}
	}
	return united.MarshalBinary()
}

func (a axiomhq) count(sketch []byte) (float64, error) {
	s, err := a.decode(sketch)
	if err != nil {
		return 0, err
	}
	return float64(s.Estimate()), nil
}

func (axiomhq) decode(b []byte) (*hyperloglog.Sketch, error) {
	s := new(hyperloglog.Sketch)
	return s, s.UnmarshalBinary(b)
}

// command is headcount build and headcount merge. Its sketches are Parquet files of one row: the bytes are the file's path.
type command struct {
	program, folder string
	files           *int
}

func (c command) run(arguments ...string) ([]byte, error) {
	run := exec.Command(c.program, arguments...)
	var failure strings.Builder
	run.Stderr = &failure
	out, err := run.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %s", c.program, strings.TrimSpace(failure.String()))
	}
	return out, nil
}

func (c command) file() string {
	*c.files++
	return filepath.Join(c.folder, strconv.Itoa(*c.files)+".parquet")
}

func (c command) build(set int, _ [][]byte, precision int) ([]byte, error) {
	file := c.file()
	_, err := c.run("build", "--precision", strconv.Itoa(precision), "-o", file, filepath.Join(c.folder, strconv.Itoa(set)+".csv"))
	return []byte(file), err
}

func (c command) unite(files [][]byte) ([]byte, error) {
	out := c.file()
	arguments := []string{"merge", "-o", out}
	for _, f := range files {
		arguments = append(arguments, string(f))
	}
	_, err := c.run(arguments...)
	return []byte(out), err
}

func (c command) count(file []byte) (float64, error) {
	out, err := c.run("engagement", "--total", "--format", "csv", string(file))
	if err != nil {
		return 0, err
	}
	lines, err := csv.NewReader(strings.NewReader(string(out))).ReadAll()
	if err != nil {
		return 0, err
	}
	if len(lines) != 2 {
		return 0, fmt.Errorf("%s engagement printed %d lines, not 2", c.program, len(lines))
	}
	return strconv.ParseFloat(lines[1][0], 64)
}

// evaluate computes the results of plans. An equal part of two plans is computed once.
func evaluate(l library, s scenario, plans []plan, digest func([]byte) ([]byte, error)) ([]result, error) {
	ids := inputs.IDs(s.distinct())
	done := map[string][]byte{}
	for i, set := range s.sets {
		sketch, err := l.build(i, ids[set.from:set.to], set.precision)
		if err != nil {
			return nil, err
		}
		done[plan{leaf: i}.String()] = sketch
	}
	results := make([]result, len(plans))
	for i, p := range plans {
		sketch, err := united(l, p, done)
		if err != nil {
			results[i].err = err.Error()
			continue
		}
		bytes, err := digest(sketch)
		if err != nil {
			return nil, err
		}
		results[i].digest = fmt.Sprintf("%x", sha256.Sum256(bytes))
		if results[i].number, err = l.count(sketch); err != nil {
			return nil, err
		}
	}
	return results, nil
}

func united(l library, p plan, done map[string][]byte) ([]byte, error) {
	name := p.String()
	if sketch, ok := done[name]; ok {
		return sketch, nil
	}
	var parts [][]byte
	for _, part := range p.parts {
		sketch, err := united(l, part, done)
		if err != nil {
			return nil, err
		}
		parts = append(parts, sketch)
	}
	sketch, err := l.unite(parts)
	if err == nil {
		done[name] = sketch
	}
	return sketch, err
}

func itself(b []byte) ([]byte, error) { return b, nil }

func fileOf(path []byte) ([]byte, error) { return os.ReadFile(string(path)) }
