// SPDX-License-Identifier: Apache-2.0

// Package view makes batch views of pings: tables of few columns, in Parquet, a folder for each day.
package view

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"go.yaml.in/yaml/v3"

	"github.com/headcount-hll/headcount/internal/jsonwalk"
	"github.com/headcount-hll/headcount/internal/sortkey"
)

//go:embed builtin/*.yaml
var builtin embed.FS

// A Definition says what a view is made of. docs/views.md describes the file.
type Definition struct {
	Name      string      `yaml:"name"`
	Partition Partition   `yaml:"partition"`
	Filter    []Condition `yaml:"filter"`
	Columns   []Column    `yaml:"columns"`
}

// A Partition is the day in whose folder a ping's row lies: text YYYYMMDD in the ping.
type Partition struct {
	Name string `yaml:"name"`
	Path string `yaml:"path"`
}

// A Condition lets a ping pass whose text at Path is one of In.
type Condition struct {
	Path string   `yaml:"path"`
	In   []string `yaml:"in"`
}

// A Column is a column and where its value comes from.
type Column struct {
	Name    string  `yaml:"name"`
	Type    Type    `yaml:"type"`
	Path    places  `yaml:"path"`
	As      string  `yaml:"as"`
	Default string  `yaml:"default"`
	Missing string  `yaml:"missing"`
	Other   string  `yaml:"other"`
	Unless  string  `yaml:"unless"`
	Within  *within `yaml:"within"`
	// Histogram is there instead of Type and As.
	Histogram *Histogram `yaml:"histogram"`

	convert converter
	key     sortkey.Column
	field   arrow.DataType // of the column in a file
	nested  bool           // whether a row has the value as package nested encodes it
}

// A within says how many days before and after the day of submission a date may be.
type within struct {
	Before int32 `yaml:"before"`
	After  int32 `yaml:"after"`
}

// places is one path or several. The first path with a value is used.
type places []string

func (p *places) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.ScalarNode {
		*p = places{node.Value}
		return nil
	}
	return node.Decode((*[]string)(p))
}

// A Type is the type of a column, by its name in SQL.
type Type string

const (
	Varchar  Type = "varchar"
	Boolean  Type = "boolean"
	Integer  Type = "integer"
	Bigint   Type = "bigint"
	Double   Type = "double"
	Date     Type = "date"
	Searches Type = "array(row(engine varchar, source varchar, count bigint))"
)

// stored is how a type is kept in a row's bytes. All others are text, as package nested encodes them.
var stored = map[Type]sortkey.Type{
	Varchar: sortkey.Varchar, Boolean: sortkey.Boolean, Integer: sortkey.Integer, Bigint: sortkey.Bigint, Date: sortkey.Date,
}

// What a column does with a ping that has no value, or one of another type.
const (
	keepNull = "null"
	leaveOut = "leave out" // the row
	reject   = "error"     // the ping
)

// Builtin returns the names of the views that come with the program.
func Builtin() (names []string) {
	entries, _ := builtin.ReadDir("builtin") // embedded
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".yaml"))
	}
	return names
}

// Field returns the type that a column has in a file, and whether Each gives its values as package nested encodes them.
func (c *Column) Field() (t arrow.DataType, nested bool) { return c.field, c.nested }

// Describe returns the value of HistogramKey for a column, or nothing.
func (c *Column) Describe() string {
	if c.Histogram == nil {
		return ""
	}
	return c.Histogram.describe()
}

// Load returns the view of a name that comes with the program, or else the one in a file.
func Load(nameOrFile string) (*Definition, error) {
	text, err := builtin.ReadFile(path.Join("builtin", nameOrFile+".yaml"))
	if err != nil {
		if text, err = os.ReadFile(nameOrFile); err != nil {
			return nil, fmt.Errorf("%w (views that come with headcount: %s)", err, strings.Join(Builtin(), ", "))
		}
	}
	d, err := Parse(text)
	if err != nil {
		return nil, fmt.Errorf("view %s: %w", nameOrFile, err)
	}
	return d, nil
}

// Parse reads and checks a definition.
func Parse(text []byte) (*Definition, error) {
	d := &Definition{}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(d); err != nil {
		return nil, err
	}
	if d.Partition.Name == "" || d.Partition.Path == "" {
		return nil, errors.New("partition: name and path are needed")
	}
	if len(d.Columns) == 0 {
		return nil, errors.New("columns: at least one is needed")
	}
	names := []string{d.Partition.Name}
	for i := range d.Columns {
		c := &d.Columns[i]
		if err := c.check(); err != nil {
			return nil, fmt.Errorf("column %d (%s): %w", i+1, c.Name, err)
		}
		if slices.Contains(names, c.Name) {
			return nil, fmt.Errorf("column %s is there twice", c.Name)
		}
		names = append(names, c.Name)
	}
	for _, p := range d.paths() {
		if _, err := jsonwalk.ParsePath(p); err != nil {
			return nil, err
		}
	}
	return d, nil
}

func (c *Column) check() error {
	if c.Name == "" || len(c.Path) == 0 {
		return errors.New("name and path are needed")
	}
	if c.As == "searches" && c.Type == "" {
		c.Type = Searches
	}
	if c.Histogram != nil {
		if c.Type != "" || c.As != "" {
			return errors.New("a histogram says the type itself: leave out type and as")
		}
		if err := c.Histogram.check(); err != nil {
			return err
		}
		c.Type, c.field = c.Histogram.types()
	} else if c.field = arrowType(c.Type); c.field == nil {
		return fmt.Errorf("type %q is none of varchar, boolean, integer, bigint, double, date", c.Type)
	}
	if c.Missing == "" {
		c.Missing = keepNull
	}
	if c.Other == "" {
		c.Other = c.Missing
	}
	for _, choice := range []string{c.Missing, c.Other} {
		if !slices.Contains([]string{keepNull, leaveOut, reject}, choice) {
			return fmt.Errorf("%q is none of %q, %q, %q", choice, keepNull, leaveOut, reject)
		}
	}
	if c.Within != nil && c.Type != Date || c.Default != "" && c.Type != Varchar {
		return errors.New("within is for dates, default for varchar")
	}
	kept, plain := stored[c.Type]
	if !plain {
		kept = sortkey.Varchar
	}
	c.key, c.nested = sortkey.Column{Name: c.Name, Type: kept}, !plain
	if c.Histogram != nil {
		c.convert = c.Histogram.converter()
		return nil
	}
	var ok bool
	if c.convert, ok = converters[conversion{c.As, c.Type}]; !ok {
		return fmt.Errorf("as: %q does not make %s", c.As, c.Type)
	}
	return nil
}

// paths returns all paths: the partition's, those of the filter, then of each column its own and the one it depends on.
func (d *Definition) paths() []string {
	all := []string{d.Partition.Path}
	for _, f := range d.Filter {
		all = append(all, f.Path)
	}
	for _, c := range d.Columns {
		all = append(all, c.Path...)
		if c.Unless != "" {
			all = append(all, c.Unless)
		}
	}
	return all
}

// Paths returns what a ping is searched for.
func (d *Definition) Paths() *jsonwalk.Paths {
	var all [][]string
	for _, text := range d.paths() {
		p, _ := jsonwalk.ParsePath(text) // checked by Parse
		all = append(all, p)
	}
	return jsonwalk.Compile(all...)
}
