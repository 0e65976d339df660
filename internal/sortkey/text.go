// SPDX-License-Identifier: Apache-2.0

package sortkey

import (
	"fmt"
	"strconv"
	"time"
)

const day = 24 * time.Hour

// ParseDate returns the days since 1970-01-01 of a date written YYYY-MM-DD.
func ParseDate(text string) (int32, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return 0, fmt.Errorf("%q is not a date: write it YYYY-MM-DD", text)
	}
	return int32(t.Unix() / int64(day/time.Second)), nil
}

// FormatDate writes days since 1970-01-01 as YYYY-MM-DD.
func FormatDate(days int32) string {
	return time.Unix(0, 0).UTC().AddDate(0, 0, int(days)).Format(time.DateOnly)
}

// AppendText parses text as a value of type t and appends it to a key.
func AppendText(key []byte, t Type, text string) ([]byte, error) {
	switch t {
	case Varchar:
		return AppendString(key, []byte(text)), nil
	case Boolean:
		v, err := strconv.ParseBool(text)
		if err != nil {
			return key, fmt.Errorf("%q is not a boolean: write true or false", text)
		}
		return AppendBool(key, v), nil
	case Integer:
		v, err := strconv.ParseInt(text, 10, 32)
		if err != nil {
			return key, fmt.Errorf("%q is not an integer", text)
		}
		return AppendInt32(key, int32(v)), nil
	case Bigint:
		v, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return key, fmt.Errorf("%q is not a bigint", text)
		}
		return AppendInt64(key, v), nil
	default:
		v, err := ParseDate(text)
		if err != nil {
			return key, err
		}
		return AppendInt32(key, v), nil
	}
}

// Format writes a value of type t as SQL clients show it; NULL is null.
func (v Value) Format(t Type, null string) string {
	switch {
	case v.Null:
		return null
	case t == Varchar:
		return string(v.Text)
	case t == Boolean:
		return strconv.FormatBool(v.Int != 0)
	case t == Date:
		return FormatDate(int32(v.Int))
	default:
		return strconv.FormatInt(v.Int, 10)
	}
}

// Any returns a value of type t as nil, a bool, an int64 or a string. A date is a string.
func (v Value) Any(t Type) any {
	switch {
	case v.Null:
		return nil
	case t == Boolean:
		return v.Int != 0
	case t == Varchar || t == Date:
		return v.Format(t, "")
	default:
		return v.Int
	}
}
