// SPDX-License-Identifier: Apache-2.0

package flight

import (
	"github.com/apache/arrow/go/v15/arrow"

	"github.com/headcount-hll/headcount/sidecar/internal/arrowcheck"
	"github.com/headcount-hll/headcount/udf"
)

// arrowType returns the type of a value in a schema that the sidecar writes. large selects 64-bit offsets for byte
// strings and lists.
func arrowType(t udf.Type, large bool) arrow.DataType {
	switch t.Kind {
	case udf.KindVarchar:
		if large {
			return arrow.BinaryTypes.LargeString
		}
		return arrow.BinaryTypes.String
	case udf.KindVarbinary, udf.KindHLL:
		if large {
			return arrow.BinaryTypes.LargeBinary
		}
		return arrow.BinaryTypes.Binary
	case udf.KindBigint:
		return arrow.PrimitiveTypes.Int64
	case udf.KindDouble:
		return arrow.PrimitiveTypes.Float64
	case udf.KindArray:
		if large {
			return arrow.LargeListOf(arrowType(*t.Elem, large))
		}
		return arrow.ListOf(arrowType(*t.Elem, large))
	default:
		fields := make([]arrow.Field, len(t.Fields))
		for i, f := range t.Fields {
			fields[i] = nullable(f.Name, arrowType(f.Type, large))
		}
		return arrow.StructOf(fields...)
	}
}

func nullable(name string, t arrow.DataType) arrow.Field {
	return arrow.Field{Name: name, Type: t, Nullable: true}
}

// accepts reports whether a field of a request can hold arguments of type t.
func accepts(t udf.Type, f *arrowcheck.Field) bool {
	switch t.Kind {
	case udf.KindVarchar:
		return f.Kind.IsText()
	case udf.KindVarbinary, udf.KindHLL:
		return f.Kind.IsBinary()
	case udf.KindBigint:
		return f.Kind == arrowcheck.Int64
	case udf.KindDouble:
		return f.Kind == arrowcheck.Float64
	case udf.KindArray:
		return f.Kind.IsList() && accepts(*t.Elem, f.Elem)
	default:
		return false
	}
}
