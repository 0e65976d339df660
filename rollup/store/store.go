// Package store is what answers are made of: sums of roll-ups, wherever they are kept.
package store

import (
	"context"
	"slices"

	"github.com/headcount-hll/headcount/rollup/partial"
	"github.com/headcount-hll/headcount/udf/hist"
)

// Columns are the fixed dimensions by which rows can be chosen and grouped. A configuration can add more.
var Columns = []string{"application", "architecture", "os", "os_version", "label", "process"}

// A Query asks for sums of rows. Metrics are names as they are stored.
type Query struct {
	Kind    partial.Kind
	Channel string
	Version string
	Dates   []string // any of them
	Metrics []string // any of them
	Where   []Condition
	GroupBy []string // columns in addition to date and metric
}

// A Condition keeps the rows whose column has one of the values.
type Condition struct {
	Column string
	Values []string
}

// A Sum is the sum of the rows of a date, a metric and a value for each column of Query.GroupBy.
type Sum struct {
	Date, Metric string
	Key          []string
	Histogram    []int64
	Sum, Count   int64
}

// Add adds the numbers of a row.
func (s *Sum) Add(histogram []int64, sum, count int64) {
	s.Histogram = hist.Sum(s.Histogram, histogram)
	s.Sum, s.Count = hist.Add(s.Sum, sum), hist.Add(s.Count, count)
}

// Compare orders sums by date, metric and key.
func Compare(a, b *Sum) int {
	return slices.Compare(append([]string{a.Date, a.Metric}, a.Key...), append([]string{b.Date, b.Metric}, b.Key...))
}

// A VersionDate is a date of which there are rows.
type VersionDate struct {
	Version string `json:"version"`
	Date    string `json:"date"`
}

// Values are what the rows of a channel and version have in some columns, each in order.
type Values struct {
	Metrics, Applications, Architectures, Processes []string

	OS [][2]string // names with their versions
}

// A Store keeps roll-ups. Its methods may be called at the same time.
type Store interface {
	// Generation is a text that changes when the content does.
	Generation(ctx context.Context) (string, error)
	// Columns returns the columns that a query can use.
	Columns(ctx context.Context) ([]string, error)
	Channels(ctx context.Context, kind partial.Kind) ([]string, error)
	Dates(ctx context.Context, kind partial.Kind, channel string) ([]VersionDate, error)
	// Values returns what is known of a channel and version. The caller must not change it.
	Values(ctx context.Context, channel, version string) (*Values, error)
	// Sums returns the sums in the order of Compare.
	Sums(ctx context.Context, q *Query) ([]Sum, error)
}
