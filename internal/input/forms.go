// SPDX-License-Identifier: Apache-2.0

package input

import (
	"fmt"
	"strings"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/schema"

	"github.com/headcount-hll/headcount/internal/sortkey"
)

// A form is how the values of a Parquet column become parts of keys, days, or values. The zero form is invalid.
type form uint8

const (
	formBool form = iota + 1
	formInt32
	formInt64
	formUint32
	formUint64
	formText    // the bytes
	formUUID    // 16 bytes as canonical lower-case text
	formDecimal // of scale 0, as decimal text or as a bigint
	formDate    // days since 1970-01-01
	formNumberedDay
	formInstant // a count of units since 1970-01-01
	formInt96   // nanoseconds of a day and a Julian day number
	formTextDay
)

// keyForm returns the type that the values of a column have in a key, and their form. It is false if no key holds
// such values.
func keyForm(c *schema.Column) (sortkey.Type, form, bool) {
	switch logical := c.LogicalType().(type) {
	case schema.StringLogicalType, schema.EnumLogicalType, schema.JSONLogicalType:
		return sortkey.Varchar, formText, true
	case schema.UUIDLogicalType:
		return sortkey.Varchar, formUUID, true
	case schema.DateLogicalType:
		return sortkey.Date, formDate, true
	case schema.DecimalLogicalType:
		return sortkey.Bigint, formDecimal, logical.Scale() == 0 && logical.Precision() <= 18
	case schema.IntLogicalType:
		return integerForm(c, logical.IsSigned(), logical.BitWidth())
	case nil, schema.NoLogicalType:
		return integerForm(c, true, 64)
	}
	return 0, 0, false
}

// integerForm returns the form of an integer of a number of bits, or of a column without a logical type.
func integerForm(c *schema.Column, signed bool, bits int8) (sortkey.Type, form, bool) {
	switch c.PhysicalType() {
	case parquet.Types.Boolean:
		return sortkey.Boolean, formBool, true
	case parquet.Types.ByteArray:
		return sortkey.Varchar, formText, true
	case parquet.Types.Int32:
		if !signed && bits == 32 {
			return sortkey.Bigint, formUint32, true
		}
		return sortkey.Integer, formInt32, true
	case parquet.Types.Int64:
		return sortkey.Bigint, formInt64, signed
	}
	return 0, 0, false
}

// dayForm returns the form of a column that holds days.
func dayForm(c *schema.Column) (form, bool) {
	switch logical := c.LogicalType().(type) {
	case schema.DateLogicalType:
		return formDate, true
	case schema.TimestampLogicalType:
		return formInstant, true
	case schema.StringLogicalType, schema.EnumLogicalType:
		return formTextDay, true
	case schema.IntLogicalType:
		switch {
		case c.PhysicalType() == parquet.Types.Int32 && !logical.IsSigned() && logical.BitWidth() <= 16:
			return formDate, true // the DATE of ClickHouse
		default:
			return formNumberedDay, true
		}
	case nil, schema.NoLogicalType:
		switch c.PhysicalType() {
		case parquet.Types.Int96:
			return formInt96, true
		case parquet.Types.ByteArray:
			return formTextDay, true
		case parquet.Types.Int32, parquet.Types.Int64:
			return formNumberedDay, true
		}
	}
	return 0, false
}

// valueForm returns the form of a column of values of a kind. as is the type that the user says the column has,
// "uuid" or "varbinary", or empty.
func valueForm(c *schema.Column, kind Kind, as string) (form, error) {
	isBytes := c.PhysicalType() == parquet.Types.ByteArray || c.PhysicalType() == parquet.Types.FixedLenByteArray
	_, isDecimal := c.LogicalType().(schema.DecimalLogicalType)
	switch {
	case kind == Sketch && isBytes && !isDecimal:
		return formText, nil
	case kind == Sketch:
		return 0, fmt.Errorf("column %s is %s, not sketches: they are VARBINARY", c.Name(), sourceType(c))
	case kind == Number:
		if t, f, ok := keyForm(c); ok && (t == sortkey.Integer || t == sortkey.Bigint) {
			return f, nil
		}
		return 0, fmt.Errorf("column %s is %s, which --sum cannot add: cast it to BIGINT when the file is written", c.Name(), sourceType(c))
	}
	return idForm(c, as)
}

// idForm returns the form of a column of ids.
func idForm(c *schema.Column, as string) (form, error) {
	switch logical := c.LogicalType().(type) {
	case schema.DecimalLogicalType:
		if logical.Scale() == 0 {
			return formDecimal, nil
		}
	case schema.UUIDLogicalType:
		return formUUID, nil
	case schema.IntLogicalType:
		if !logical.IsSigned() && c.PhysicalType() == parquet.Types.Int64 {
			return formUint64, nil
		}
		_, f, _ := integerForm(c, logical.IsSigned(), logical.BitWidth())
		return f, nil
	case schema.TimestampLogicalType, schema.TimeLogicalType, schema.IntervalLogicalType, schema.Float16LogicalType:
	default:
		switch c.PhysicalType() {
		case parquet.Types.FixedLenByteArray:
			return fixedForm(c, as)
		case parquet.Types.ByteArray, parquet.Types.Int32, parquet.Types.Int64:
			_, f, ok := keyForm(c)
			if !ok {
				f = formText
			}
			return f, nil
		}
	}
	return 0, fmt.Errorf("column %s is %s, which cannot be an id: cast it to VARCHAR or BIGINT when the file is written", c.Name(), sourceType(c))
}

// fixedForm returns the form of ids of a fixed number of bytes without a logical type.
func fixedForm(c *schema.Column, as string) (form, error) {
	switch {
	case as == "uuid" && c.TypeLength() == 16:
		return formUUID, nil
	case as == "varbinary" || c.TypeLength() != 16:
		return formText, nil
	}
	return 0, fmt.Errorf("column %s is %s: say what it holds, --id %s:uuid or --id %s:varbinary", c.Name(), sourceType(c), c.Name(), c.Name())
}

// sourceType returns the type of a column for messages.
func sourceType(c *schema.Column) string {
	switch logical := c.LogicalType().(type) {
	case schema.StringLogicalType:
		return "VARCHAR"
	case schema.DecimalLogicalType:
		return fmt.Sprintf("DECIMAL(%d,%d)", logical.Precision(), logical.Scale())
	case schema.TimestampLogicalType:
		return "TIMESTAMP"
	case schema.TimeLogicalType:
		return "TIME"
	case schema.IntLogicalType:
		if logical.IsSigned() {
			return fmt.Sprintf("INT_%d", logical.BitWidth())
		}
		return fmt.Sprintf("UINT_%d", logical.BitWidth())
	case nil, schema.NoLogicalType:
		switch c.PhysicalType() {
		case parquet.Types.ByteArray:
			return "BYTE_ARRAY without a logical type"
		case parquet.Types.FixedLenByteArray:
			return fmt.Sprintf("FIXED_LEN_BYTE_ARRAY(%d) without a logical type", c.TypeLength())
		case parquet.Types.Float:
			return "REAL"
		}
		return c.PhysicalType().String()
	default:
		return strings.ToUpper(logical.String())
	}
}
