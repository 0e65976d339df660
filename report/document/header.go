// SPDX-License-Identifier: Apache-2.0

package document

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"time"

	"github.com/robfig/cron/v3"
	"go.yaml.in/yaml/v3"
)

// The names of the embedded sources. A block of Results reads the results of the blocks above it as tables.
const (
	Files   = "files" // Parquet and CSV files of the report's folder
	Results = "results"
)

// A Header is the YAML at the top of a report, or the metadata `headcount` of a notebook.
type Header struct {
	Title      string               `yaml:"title"`
	Owner      string               `yaml:"owner"`
	Schedule   string               `yaml:"schedule"` // five fields of cron; empty: run on request only
	TimeZone   string               `yaml:"timezone"` // an IANA name; UTC by default
	Parameters map[string]Parameter `yaml:"parameters"`
	Source     string               `yaml:"source"` // of the blocks that name no source; files by default
	Tables     map[string]string    `yaml:"tables"` // of the source files: name to path or pattern in the report's folder
	Timeout    Duration             `yaml:"timeout"`
	Retries    int                  `yaml:"retries"`
	RetryWait  Duration             `yaml:"retry_wait"` // before the first retry; doubled for each further one
	Overlap    string               `yaml:"overlap"`    // a due time while the report still runs: skip or queue
	CatchUp    string               `yaml:"catch_up"`   // due times of a downtime: last, all or none

	Incremental Incremental `yaml:"incremental"` // the days of incremental blocks
	Environment string      `yaml:"environment"` // of a notebook: the name of a Python environment; empty: the default one

	location *time.Location
	cron     cron.Schedule
}

// Incremental says which days the incremental blocks cover.
type Incremental struct {
	First string `yaml:"first"` // name of the date parameter of the first day
	Last  string `yaml:"last"`  // of the last day
	Late  int    `yaml:"late"`  // how many of the last days every run computes again: data may come late
}

// Days returns the first and last day of the incremental blocks.
func (h *Header) Days(values map[string]any) (first, last time.Time, err error) {
	from, _ := values[h.Incremental.First].(Date)
	to, _ := values[h.Incremental.Last].(Date)
	if first, err = time.Parse(time.DateOnly, string(from)); err != nil {
		return first, last, errors.New("header: incremental: first is not the name of a date parameter")
	}
	if last, err = time.Parse(time.DateOnly, string(to)); err != nil {
		return first, last, errors.New("header: incremental: last is not the name of a date parameter")
	}
	if days := last.Sub(first).Hours() / 24; days < 0 || days >= maxDays {
		return first, last, fmt.Errorf("the days from %s to %s are not between 1 and %d", from, to, maxDays)
	}
	return first, last, nil
}

// maxDays is the largest range of an incremental block.
const maxDays = 5000

// A Duration is written as Go writes it: 90s, 10m, 2h.
type Duration time.Duration

// UnmarshalYAML reads a duration.
func (d *Duration) UnmarshalYAML(node *yaml.Node) error {
	v, err := time.ParseDuration(node.Value)
	if err != nil || v <= 0 {
		return fmt.Errorf("line %d: %q is not a positive duration such as 90s, 10m or 2h", node.Line, node.Value)
	}
	*d = Duration(v)
	return nil
}

var (
	identifier = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,62}$`)
	cronFields = cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow)
)

func (h *Header) parse(text []byte) error {
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(h); err != nil {
		return err
	}
	h.fill()
	if h.Title == "" {
		return errors.New("title is missing")
	}
	var err error
	if h.location, err = time.LoadLocation(h.TimeZone); err != nil {
		return fmt.Errorf("timezone: %q is not a name of the IANA database such as Europe/Berlin", h.TimeZone)
	}
	if h.Schedule != "" {
		if h.cron, err = cronFields.Parse(h.Schedule); err != nil {
			return fmt.Errorf("schedule: %q: %w (write five fields: minute, hour, day of month, month, day of week)", h.Schedule, err)
		}
	}
	if h.Source == Results {
		return errors.New("source: results is a source of blocks, not of the whole report")
	}
	if h.Retries < 0 || h.Retries > 10 {
		return fmt.Errorf("retries: %d is not between 0 and 10", h.Retries)
	}
	if h.Overlap != "skip" && h.Overlap != "queue" {
		return fmt.Errorf("overlap: %q is not skip or queue", h.Overlap)
	}
	if h.CatchUp != "last" && h.CatchUp != "all" && h.CatchUp != "none" {
		return fmt.Errorf("catch_up: %q is not last, all or none", h.CatchUp)
	}
	for name := range h.Tables {
		if !identifier.MatchString(name) {
			return fmt.Errorf("tables: %q is not a name: use letters, digits and _", name)
		}
	}
	return h.checkParameters()
}

func (h *Header) fill() {
	if h.TimeZone == "" {
		h.TimeZone = "UTC"
	}
	if h.Source == "" {
		h.Source = Files
	}
	if h.Timeout == 0 {
		h.Timeout = Duration(10 * time.Minute)
	}
	if h.RetryWait == 0 {
		h.RetryWait = Duration(time.Minute)
	}
	if h.Overlap == "" {
		h.Overlap = "skip"
	}
	if h.CatchUp == "" {
		h.CatchUp = "last"
	}
}

// Scheduled tells whether the report has a schedule.
func (h *Header) Scheduled() bool { return h.cron != nil }

// Next returns the first due time after t, in UTC; the zero time if there is none within five years.
//
// Around a change to or from daylight saving time: a local time that does not exist is not due, a local time that exists
// twice is due once, at its first instance. A schedule whose hour field is * follows the elapsed time and is due in every
// real hour.
func (h *Header) Next(t time.Time) time.Time {
	if h.cron == nil {
		return time.Time{}
	}
	for {
		t = h.cron.Next(t.In(h.location))
		if t.IsZero() || h.everyHour() || !secondInstance(t) {
			return t.UTC()
		}
	}
}

func (h *Header) everyHour() bool {
	spec, ok := h.cron.(*cron.SpecSchedule)
	const all = 1<<24 - 1
	return ok && spec.Hour&all == all
}

// secondInstance tells whether the clock showed the local time of t already, before it was set back.
func secondInstance(t time.Time) bool {
	before := t.Add(-3 * time.Hour)
	_, now := t.Zone()
	_, then := before.Zone()
	if then <= now {
		return false
	}
	earlier := t.Add(-time.Duration(then-now) * time.Second)
	_, offset := earlier.Zone()
	return offset == then
}

// A Parameter is a declared parameter. Default may be nil: the parameter must then be given.
type Parameter struct {
	Type    string `yaml:"type"` // text, integer, number, boolean or date
	Default any    `yaml:"default"`
	Doc     string `yaml:"description"`
}

func (h *Header) checkParameters() error {
	for name, p := range h.Parameters {
		if !identifier.MatchString(name) {
			return fmt.Errorf("parameters: %q is not a name: use letters, digits and _", name)
		}
		if name == First || name == Last {
			return fmt.Errorf("parameters: %s is the name of an incremental block's day: choose another", name)
		}
		if p.Default == nil {
			if _, ok := parsers[p.Type]; !ok {
				return fmt.Errorf("parameters: %s: type %q is not text, integer, number, boolean or date", name, p.Type)
			}
			continue
		}
		text := fmt.Sprint(p.Default)
		if day, ok := p.Default.(time.Time); ok {
			text = day.Format(time.DateOnly)
		}
		if _, err := p.Parse(text); err != nil {
			return fmt.Errorf("parameters: %s: %w", name, err)
		}
		p.Default = text
		h.Parameters[name] = p
	}
	return nil
}

// A Date is a day of a parameter, as yyyy-mm-dd.
type Date string

var parsers = map[string]func(string) (any, error){
	"text":    func(s string) (any, error) { return s, nil },
	"integer": func(s string) (any, error) { return strconv.ParseInt(s, 10, 64) },
	"number":  func(s string) (any, error) { return strconv.ParseFloat(s, 64) },
	"boolean": func(s string) (any, error) { return strconv.ParseBool(s) },
	"date": func(s string) (any, error) {
		_, err := time.Parse(time.DateOnly, s)
		return Date(s), err
	},
}

// Parse returns the value of a text: a string, int64, float64, bool or Date.
func (p Parameter) Parse(text string) (any, error) {
	parse, ok := parsers[p.Type]
	if !ok {
		return nil, fmt.Errorf("type %q is not text, integer, number, boolean or date", p.Type)
	}
	v, err := parse(text)
	if err != nil || len(text) > 10_000 {
		return nil, fmt.Errorf("%.40q is not of type %s", text, p.Type)
	}
	return v, nil
}

// Values returns the value of every parameter: those given, and the defaults of the others.
func (h *Header) Values(given map[string]string) (map[string]any, error) {
	for name := range given {
		if _, ok := h.Parameters[name]; !ok {
			return nil, fmt.Errorf("parameter %s: the report has none of this name", name)
		}
	}
	values := map[string]any{}
	for name, p := range h.Parameters {
		text, ok := given[name]
		if !ok {
			if p.Default == nil {
				return nil, fmt.Errorf("parameter %s: it has no default: give a value", name)
			}
			text = fmt.Sprint(p.Default)
		}
		v, err := p.Parse(text)
		if err != nil {
			return nil, fmt.Errorf("parameter %s: %w", name, err)
		}
		values[name] = v
	}
	return values, nil
}
