package wire

import (
	"strings"

	"github.com/headcount-hll/headcount/sidecar/arrowcheck"
	"github.com/headcount-hll/headcount/udf"
)

// A Function is a signature as the wire has it: HLL and varbinary are one, and a cast is a function.
type Function struct {
	Name string // as in SQL, or [CheckName]
	Of   *udf.Function
	// Args are the types of the arguments; of HLL and varbinary, the one that the function takes.
	Args []udf.Type
}

// CheckName is the cast of varbinary to HLL. The cast back does the same.
const CheckName = "hll_check"

// Functions are those of udf's table, in its order.
var Functions = list()

func list() (all []*Function) {
	known := map[string]bool{}
	for i := range udf.Functions {
		of := &udf.Functions[i]
		f := &Function{Name: of.Name, Of: of}
		if of.Role == udf.Cast {
			f.Name = CheckName
		}
		for _, p := range of.Params {
			f.Args = append(f.Args, p.Type)
		}
		if s := f.Spelling(); !known[s] {
			known[s] = true
			all = append(all, f)
		}
	}
	return all
}

// Spelling returns the function as the wire calls it: hll_create(utf8,int64).
func (f *Function) Spelling() string {
	types := make([]string, len(f.Args))
	for i, t := range f.Args {
		types[i] = typeName(t)
	}
	return f.Name + "(" + strings.Join(types, ",") + ")"
}

// Aggregate reports whether rows come with a group.
func (f *Function) Aggregate() bool { return f.Of.Role == udf.Aggregate }

// Named returns the signatures that a descriptor names: those of a bare name, or the one spelled out.
func Named(name string) (all []*Function) {
	for _, f := range Functions {
		if f.Name == name || f.Spelling() == name {
			all = append(all, f)
		}
	}
	return all
}

// Takes reports whether a stream's schema fits the function.
func (f *Function) Takes(s *arrowcheck.Schema) bool {
	fields := s.Fields
	if f.Aggregate() {
		if len(fields) == 0 || fields[0].Kind != arrowcheck.Int64 {
			return false
		}
		fields = fields[1:]
	}
	if len(fields) != len(f.Args) {
		return false
	}
	for i := range fields {
		if !accepts(f.Args[i], &fields[i]) {
			return false
		}
	}
	return true
}
