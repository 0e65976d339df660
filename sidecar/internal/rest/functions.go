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
	// schema is the one that the functions are in: catalog.default.hll_cardinality(...).
	schema = "default"
	// version is every function's. PrestoDB sends it back.
	version = "1"
)

// A function is a scalar of the table with PrestoDB's types.
type function struct {
	*catalog.Function
	arguments []string // PrestoDB's types
}

// A metadata is what PrestoDB reads of a function.
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

// scalars are the functions that PrestoDB can call: it refuses aggregates of this kind.
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

// typeOf spells a type for PrestoDB, which does not know HLL.
func typeOf(t udf.Type) string {
	return strings.ReplaceAll(t.String(), udf.HLL.String(), udf.Varbinary.String())
}

// arguments are the types of a function id's arguments: catalog.schema.name;type;type.
func argumentsOf(id string) []string {
	_, types, some := strings.Cut(id, ";")
	if !some {
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

// signature is how messages name a function.
func (f *function) signature() string { return f.Name + "(" + strings.Join(f.arguments, ", ") + ")" }

// A catalogue is the function table as PrestoDB asks for it, written once.
type catalogue struct {
	functions []*function
	all       document
	named     map[string]document
}

// A document is an answer that never changes.
type document struct {
	text []byte
	etag string
}

func newDocument(value any) document {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err) // strings and lists of strings
	}
	sum := sha256.Sum256(text)
	return document{text, `"` + hex.EncodeToString(sum[:8]) + `"`}
}

func newCatalogue() *catalogue {
	c := &catalogue{functions: scalars(), named: map[string]document{}}
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

// nothing answers for what there is not: PrestoDB then tells the person that there is no such function, where it
// would tell of a failed server after another status.
var nothing = newDocument(map[string][]metadata{})

func (d document) serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("ETag", d.etag)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(d.text))
}

func (c *catalogue) serveAll(w http.ResponseWriter, r *http.Request) {
	if asked := r.PathValue("schema"); asked != "" && asked != schema {
		nothing.serve(w, r)
		return
	}
	c.all.serve(w, r)
}

func (c *catalogue) serveNamed(w http.ResponseWriter, r *http.Request) {
	found, known := c.named[r.PathValue("function")]
	if !known || r.PathValue("schema") != schema {
		found = nothing
	}
	found.serve(w, r)
}

// find returns the function that a call's path names. Its id has been escaped by a form's rules before the path was.
func (c *catalogue) find(r *http.Request) *function {
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
