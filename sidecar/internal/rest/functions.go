// SPDX-License-Identifier: Apache-2.0

package rest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/headcount-hll/headcount/sidecar/internal/catalog"
	"github.com/headcount-hll/headcount/udf"
)

const (
	// schema is the SQL schema of the functions: catalog.default.hll_cardinality(...).
	schema = "default"
	// version is the version of every function. PrestoDB sends it back with each call.
	version = "1"
)

// A function is a scalar signature of the catalog with its types in PrestoDB.
type function struct {
	*catalog.Function
	arguments []string // types
}

// A metadata is the JSON object that describes a function to PrestoDB.
type metadata struct {
	DocString       string          `json:"docString"`
	FunctionKind    string          `json:"functionKind"`
	OutputType      string          `json:"outputType"`
	ParamTypes      []string        `json:"paramTypes"`
	Schema          string          `json:"schema"`
	VariableArity   bool            `json:"variableArity"`
	Characteristics characteristics `json:"routineCharacteristics"`
	FunctionID      string          `json:"functionId"`
	Version         string          `json:"version"`
}

type characteristics struct {
	Language       string `json:"language"`
	Determinism    string `json:"determinism"`
	NullCallClause string `json:"nullCallClause"`
}

// scalars returns the functions that PrestoDB can call: it does not support REST aggregates.
func scalars() (all []*function) {
	for _, f := range catalog.Functions {
		if f.Aggregate() {
			continue
		}
		known := &function{Function: f, arguments: []string{}}
		for _, t := range f.Args {
			known.arguments = append(known.arguments, typeOf(t))
		}
		all = append(all, known)
	}
	return all
}

// typeOf returns the name of a type in PrestoDB, where HLL is varbinary.
func typeOf(t udf.Type) string {
	return strings.ReplaceAll(t.String(), udf.HLL.String(), udf.Varbinary.String())
}

// argumentsOf returns the argument types in a function id: catalog.schema.name;type;type.
func argumentsOf(id string) []string {
	_, types, found := strings.Cut(id, ";")
	if !found {
		return []string{}
	}
	return strings.Split(strings.ToLower(strings.ReplaceAll(types, " ", "")), ";")
}

func (f *function) metadata() metadata {
	return metadata{
		DocString: f.Of.Doc, FunctionKind: "SCALAR",
		OutputType: typeOf(f.Of.Result), ParamTypes: f.arguments, Schema: schema,
		Characteristics: characteristics{"JAVA", "DETERMINISTIC", "RETURNS_NULL_ON_NULL_INPUT"},
		FunctionID:      strings.Join(append([]string{"headcount." + schema + "." + f.Name}, f.arguments...), ";"),
		Version:         version,
	}
}

// signature returns the name of the function in error messages.
func (f *function) signature() string { return f.Name + "(" + strings.Join(f.arguments, ", ") + ")" }

// A functionList holds the functions and their JSON documents.
type functionList struct {
	functions []*function
	all       document
	named     map[string]document
}

// A document is a constant response.
type document struct {
	text []byte
	etag string
}

func newDocument(value any) document {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err) // impossible: the values are strings and lists of strings
	}
	sum := sha256.Sum256(text)
	return document{text, `"` + hex.EncodeToString(sum[:8]) + `"`}
}

func newFunctionList() *functionList {
	c := &functionList{functions: scalars(), named: map[string]document{}}
	all := map[string][]metadata{}
	for _, f := range c.functions {
		all[f.Name] = append(all[f.Name], f.metadata())
	}
	c.all = newDocument(all)
	for name, signatures := range all {
		c.named[name] = newDocument(map[string][]metadata{name: signatures})
	}
	return c
}

// none is the response for an unknown schema or name. PrestoDB then reports an unknown function; after a status other
// than 200 it would report a failed server.
var none = newDocument(map[string][]metadata{})

func (d document) serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("ETag", d.etag)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(d.text))
}

func (c *functionList) serveAll(w http.ResponseWriter, r *http.Request) {
	if asked := r.PathValue("schema"); asked != "" && asked != schema {
		none.serve(w, r)
		return
	}
	c.all.serve(w, r)
}

func (c *functionList) serveNamed(w http.ResponseWriter, r *http.Request) {
	found, known := c.named[r.PathValue("function")]
	if !known || r.PathValue("schema") != schema {
		found = none
	}
	found.serve(w, r)
}

// find returns the function that the path of a call names, or nil. PrestoDB escapes the id twice: as a form value, and
// then as a part of the path.
func (c *functionList) find(r *http.Request) *function {
	id, err := url.QueryUnescape(r.PathValue("id"))
	if err != nil || r.PathValue("schema") != schema || r.PathValue("version") != version {
		return nil
	}
	wanted := strings.Join(argumentsOf(id), ";")
	for _, f := range c.functions {
		if f.Name == r.PathValue("function") && strings.Join(f.arguments, ";") == wanted {
			return f
		}
	}
	return nil
}
