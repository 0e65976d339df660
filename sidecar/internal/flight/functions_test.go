// SPDX-License-Identifier: Apache-2.0

package flight

import (
	"strings"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"

	"github.com/headcount-hll/headcount/sidecar/internal/catalog"
)

// typeName returns a type's name in a spelling. arrow/go's name of a list leaves out its element.
func typeName(t arrow.DataType) string {
	if l, isList := t.(*arrow.ListType); isList {
		return "list<" + typeName(l.Elem()) + ">"
	}
	return t.Name()
}

func TestSpelling_HasTheTypesOfTheSchema(t *testing.T) {
	for _, of := range catalog.Functions {
		f := function{of}
		var types []string
		for _, arg := range f.Args {
			types = append(types, typeName(arrowType(arg, false)))
		}
		if want := f.Name + "(" + strings.Join(types, ",") + ")"; f.Spelling() != want {
			t.Errorf("%s, want %s", f.Spelling(), want)
		}
		if found := named(f.Spelling()); len(found) != 1 || found[0].Function != of {
			t.Errorf("%s names %d signatures", f.Spelling(), len(found))
		}
	}
}
