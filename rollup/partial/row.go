// Package partial reads and writes partial aggregates: Parquet files under FOLDER/KIND/submission_date=YYYYMMDD/, with
// a row for each combination of dimensions, metric, label and process.
package partial

import (
	"path/filepath"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"
)

// A Kind is what the date of a roll-up is. The zero value is invalid.
type Kind uint8

// The two kinds of roll-ups.
const (
	BuildID        Kind = iota + 1 // by build, and by the days on which pings of it came
	SubmissionDate                 // by the day on which pings came
)

// Kinds are both kinds.
var Kinds = []Kind{BuildID, SubmissionDate}

// String returns the name of the kind in folders and requests.
func (k Kind) String() string {
	if k == BuildID {
		return "build_id"
	}
	return "submission_date"
}

// ParseKind returns the kind of a name; ok is false where there is none.
func ParseKind(name string) (k Kind, ok bool) {
	for _, k := range Kinds {
		if k.String() == name {
			return k, true
		}
	}
	return 0, false
}

// A Row is a row of a partial aggregate. In a roll-up by submission date BuildID is empty, and NULL in the file.
type Row struct {
	Channel, Version, BuildID, Application, Architecture, OS, OSVersion string

	Extra                  []string // values of the dimensions that a configuration adds
	Metric, Label, Process string
	Histogram              []int64 // a count for each bucket of the metric's layout
	Sum, Count             int64
}

// text are the columns of text before those that a configuration adds, and after them.
var (
	textBefore = []string{"channel", "version", "build_id", "application", "architecture", "os", "os_version"}
	textAfter  = []string{"metric", "label", "process"}
)

// Fixed are the names that a configuration cannot give to a dimension: the columns of every file, the column that
// folders give, and names that requests use.
var Fixed = slices.Concat(textBefore, textAfter, []string{"histogram", "sum", "count", "submission_date", "date", "dates", "kind", "child"})

// columns returns pointers to the text of a row in the order of the columns.
func (r *Row) columns() []*string {
	all := []*string{&r.Channel, &r.Version, &r.BuildID, &r.Application, &r.Architecture, &r.OS, &r.OSVersion}
	for i := range r.Extra {
		all = append(all, &r.Extra[i])
	}
	return append(all, &r.Metric, &r.Label, &r.Process)
}

// schema returns the columns of a file with these added dimensions.
func schema(extra []string) *arrow.Schema {
	var fields []arrow.Field
	for _, name := range slices.Concat(textBefore, extra, textAfter) {
		fields = append(fields, arrow.Field{Name: name, Type: arrow.BinaryTypes.String, Nullable: true})
	}
	fields = append(fields,
		arrow.Field{Name: "histogram", Type: arrow.ListOfNonNullable(arrow.PrimitiveTypes.Int64), Nullable: true},
		arrow.Field{Name: "sum", Type: arrow.PrimitiveTypes.Int64, Nullable: true},
		arrow.Field{Name: "count", Type: arrow.PrimitiveTypes.Int64, Nullable: true})
	return arrow.NewSchema(fields, nil)
}

// Folder returns where the file of a kind and day is.
func Folder(root string, kind Kind, day string) string {
	return filepath.Join(root, kind.String(), "submission_date="+day)
}

// FileName is the name of the one file of a day.
const FileName = "rollup.parquet"
