// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"regexp"
	"strings"
)

// A cFunction is a function that headcount.h declares. All return int32_t.
type cFunction struct {
	Symbol string
	Params []cParam
	Doc    string // the comment above the declaration, on one line
}

// A cParam is a parameter as it is declared: Type is "int64_t" or "const uint8_t *".
type cParam struct{ Type, Name string }

// IsPointer reports whether the parameter is an address.
func (p cParam) IsPointer() bool { return strings.HasSuffix(p.Type, "*") }

// Ctype returns the parameter's type in Python's ctypes.
func (p cParam) Ctype() string {
	if p.IsPointer() {
		return "c_void_p"
	}
	return "c_" + strings.TrimSuffix(p.Type, "_t")
}

var (
	declaration = regexp.MustCompile(`(?m)^int32_t (hc_[a-z0-9_]+)\(([^)]*)\);`)
	abiVersion  = regexp.MustCompile(`(?m)^#define HC_ABI_VERSION ([0-9]+)$`)
	docComment  = regexp.MustCompile(`(?s)/\*((?:[^*]|\*+[^*/])*)\*/\s*$`)
	spaces      = regexp.MustCompile(`[\s*]*\n[\s*]*|\s+`)
)

// abiVersionOf returns HC_ABI_VERSION, "" if the header does not define it.
func abiVersionOf(header string) string {
	if m := abiVersion.FindStringSubmatch(header); m != nil {
		return m[1]
	}
	return ""
}

// parseHeader returns the functions of a header in their order.
func parseHeader(text string) ([]cFunction, error) {
	var all []cFunction
	end := 0
	for _, m := range declaration.FindAllStringSubmatchIndex(text, -1) {
		f := cFunction{Symbol: text[m[2]:m[3]]}
		if comment := docComment.FindStringSubmatch(text[end:m[0]]); comment != nil {
			f.Doc = strings.TrimSpace(spaces.ReplaceAllString(comment[1], " "))
		}
		end = m[1]
		params, err := parseParams(spaces.ReplaceAllString(text[m[4]:m[5]], " "))
		if err != nil {
			return nil, fmt.Errorf("headcount.h: %s: %w", f.Symbol, err)
		}
		f.Params = params
		all = append(all, f)
	}
	return all, nil
}

func parseParams(list string) ([]cParam, error) {
	if list == "void" {
		return nil, nil
	}
	var params []cParam
	for part := range strings.SplitSeq(list, ",") {
		part = strings.TrimSpace(part)
		at := strings.LastIndexAny(part, " *")
		if at < 0 {
			return nil, fmt.Errorf("parameter %q has no type and name", part)
		}
		p := cParam{Type: strings.TrimSpace(part[:at+1]), Name: part[at+1:]}
		if _, known := cTypes[p.Type]; !known {
			return nil, fmt.Errorf("parameter %q has a type that the generator does not know", part)
		}
		params = append(params, p)
	}
	return params, nil
}

// cTypes maps each type of headcount.h to the macro of headcount_jni.c that reads it from a word of a call.
var cTypes = map[string]string{
	"int32_t": "N32", "int64_t": "N64",
	"char *": "TEXT", "uint8_t *": "U8", "const uint8_t *": "U8",
	"int32_t *": "I32", "const int32_t *": "I32", "int64_t *": "I64", "const int64_t *": "I64",
	"double *": "F64", "const double *": "F64", "hc_progress *": "PROGRESS", "hc_error *": "ERROR",
}

// Declaration returns the declaration on one line, without its semicolon.
func (f cFunction) Declaration() string {
	if len(f.Params) == 0 {
		return "int32_t " + f.Symbol + "(void)"
	}
	params := make([]string, len(f.Params))
	for i, p := range f.Params {
		space := " "
		if p.IsPointer() {
			space = ""
		}
		params[i] = p.Type + space + p.Name
	}
	return "int32_t " + f.Symbol + "(" + strings.Join(params, ", ") + ")"
}

// Short returns the symbol without the prefix of the library and of the first family: check, hist_sum.
func (f cFunction) Short() string {
	return strings.TrimPrefix(strings.TrimPrefix(f.Symbol, "hc_"), "hll_")
}

// Constant returns the name of the function's Java constant.
func (f cFunction) Constant() string { return strings.ToUpper(f.Short()) }

// Words returns the arguments of a call as headcount_jni.c reads them: U8(0), N64(1), ...
func (f cFunction) Words() string {
	words := make([]string, len(f.Params))
	for i, p := range f.Params {
		words[i] = fmt.Sprintf("%s(%d)", cTypes[p.Type], i)
	}
	return strings.Join(words, ", ")
}

// Kinds returns what each parameter is to a call from Java, preceded by commas: , POINTER, INT64.
func (f cFunction) Kinds() string {
	var out strings.Builder
	for _, p := range f.Params {
		switch {
		case p.IsPointer():
			out.WriteString(", POINTER")
		case p.Type == "int32_t":
			out.WriteString(", INT32")
		default:
			out.WriteString(", INT64")
		}
	}
	return out.String()
}
