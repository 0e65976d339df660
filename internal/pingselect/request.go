// SPDX-License-Identifier: Apache-2.0

// Package pingselect reads chosen properties of chosen pings: filters, a sample, values by path, histograms as arrays.
//
// Filters and the sample are applied while files are read, so that only what was asked for takes memory. Pings come in no order.
package pingselect

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/headcount-hll/headcount/internal/jsonwalk"
	"github.com/headcount-hll/headcount/internal/ping"
)

// What a sample is taken of.
const (
	ByClients = "clients" // all pings of a part of the clients
	ByPings   = "pings"   // a part of all pings, which heavy users have more of
)

// A Request says which pings are read, and what of each.
type Request struct {
	Inputs      []string   `json:"inputs"`       // files and folders
	Filters     []Filter   `json:"filters"`      // a ping passes all of them
	Fraction    float64    `json:"fraction"`     // above 0, at most 1; of clients a multiple of 0.01
	Sample      string     `json:"sample"`       // ByClients or ByPings
	Properties  [][]string `json:"properties"`   // paths; none stands for the whole ping
	Names       []string   `json:"names"`        // what each property is called
	Percentiles []float64  `json:"percentiles"`  // 0 to 100: what a histogram becomes instead of arrays
	OnlyMedian  bool       `json:"only_median"`  // a histogram becomes its median, a number
	MaxRejects  float64    `json:"max_rejects"`  // the part of documents that may be unreadable, 0 to 1
	MaxBytes    int64      `json:"max_bytes"`    // of the properties of a table
	MaxDocument int        `json:"max_document"` // bytes of a document; 0 for the default
	Threads     int        `json:"threads"`      // 0 for the default
	Table       bool       `json:"table"`        // Arrow rather than JSON
}

// A Filter lets a ping pass by the text at the first of Paths that has a value: one of In, or from From to To, both included. A text
// is compared with as many characters as To has, so that a build id of 20161107120000 is in the range to 20161107.
type Filter struct {
	Paths [][]string `json:"paths"`
	In    []string   `json:"in"`
	From  string     `json:"from"`
	To    string     `json:"to"`
}

// ParseRequest reads a request from JSON, and checks it. A key that it does not know is an error.
func ParseRequest(text []byte) (*Request, error) {
	r := &Request{}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(r); err != nil {
		return nil, fmt.Errorf("pings: request: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("pings: request: more than one JSON value")
	}
	return r, r.check()
}

func (r *Request) check() error {
	switch {
	case len(r.Inputs) == 0:
		return errors.New("pings: no files: give at least one file or folder")
	case r.Sample != ByClients && r.Sample != ByPings:
		return fmt.Errorf("pings: sample %q: must be %q or %q", r.Sample, ByClients, ByPings)
	case !(r.Fraction > 0 && r.Fraction <= 1): // also NaN
		return fmt.Errorf("pings: fraction %v: must be above 0 and at most 1", r.Fraction)
	case r.Sample == ByClients && math.Abs(r.Fraction*100-math.Round(r.Fraction*100)) > 1e-9:
		return fmt.Errorf("pings: fraction %v: a sample of clients is in steps of 0.01, because sample_id is 0 to 99", r.Fraction)
	case !(r.MaxRejects >= 0 && r.MaxRejects <= 1):
		return fmt.Errorf("pings: max_rejects %v: must be 0 to 1", r.MaxRejects)
	case len(r.Names) != len(r.Properties):
		return fmt.Errorf("pings: %d names of %d properties", len(r.Names), len(r.Properties))
	case r.Table && len(r.Properties) == 0:
		return errors.New("pings: a table needs properties: name the paths that are its columns")
	}
	for _, p := range r.Percentiles {
		if !(p >= 0 && p <= 100) {
			return fmt.Errorf("pings: percentile %v: must be 0 to 100", p)
		}
	}
	for _, f := range r.Filters {
		if len(f.Paths) == 0 || len(f.In) == 0 && (f.From == "" || f.To == "") {
			return errors.New("pings: a filter needs paths, and values or a range")
		}
	}
	return nil
}

// Where a ping has its ids. The first with a value counts.
var (
	clientPaths   = [][]string{{"clientId"}, {"meta", "clientId"}}
	documentPaths = [][]string{{"meta", "documentId"}, {"id"}}
)

// paths returns what a ping is searched for: those of each filter, of the ids, and the properties.
func (r *Request) paths() *jsonwalk.Paths {
	var all [][]string
	for _, f := range r.Filters {
		all = append(all, f.Paths...)
	}
	all = append(append(all, clientPaths...), documentPaths...)
	return jsonwalk.Compile(append(all, r.Properties...)...)
}

func (r *Request) options(rejects *ping.Rejects) ping.Options {
	return ping.Options{Paths: r.paths(), Threads: r.Threads, MaxDocument: r.MaxDocument, Rejects: rejects}
}
