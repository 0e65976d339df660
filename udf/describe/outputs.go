// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"embed"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/template"

	"github.com/headcount-hll/headcount/udf"
)

const (
	headerFile = "cgo/headcount.h"
	reference  = "sql/FUNCTIONS.md"
)

// A module is a Maven module of java-shim whose generated classes are in one package.
type module struct{ folder, pkg string }

// modules maps the name of a module in templates to the module. api is what engines and backends share.
var modules = map[string]module{
	"api":         {"core", "core.api"},
	"clib":        {"clib", "clib"},
	"conformance": {"conformance", "conformance"},
	"ffm":         {"ffm", "ffm"},
	"presto":      {"presto", "presto"},
	"eval":        {"core", "core.eval"},
	"jni":         {"jni", "jni"},
	"spi483":      {"trino/src/spi483", "trino.spi483"},
	"startup":     {"core", "core.startup"},
	"state":       {"core", "core.state"},
	"trino":       {"trino", "trino"},
}

// javaPackage returns the package of a module's classes.
func javaPackage(name string) string { return "io.github.headcounthll." + modules[name].pkg }

// class returns the path of a generated class.
func class(moduleName, name string) string {
	folder := strings.ReplaceAll(javaPackage(moduleName), ".", "/")
	return "java-shim/" + modules[moduleName].folder + "/src/generated/java/" + folder + "/" + name + ".java"
}

// outputs maps each generated file to its template. The reference, which has none, is not among them.
var outputs = map[string]string{
	class("api", "ArraySum"):                 "ArraySum.java.tmpl",
	class("api", "ErrorCode"):                "ErrorCode.java.tmpl",
	class("api", "Functions"):                "Functions.java.tmpl",
	class("api", "Scalar"):                   "Scalar.java.tmpl",
	class("api", "SqlFunctions"):             "SqlFunctions.java.tmpl",
	class("clib", "CFunction"):               "CFunction.java.tmpl",
	class("clib", "CopiedStates"):            "CopiedStates.java.tmpl",
	class("conformance", "ScalarRequests"):   "ScalarRequests.java.tmpl",
	class("ffm", "Calls"):                    "Calls.java.tmpl",
	class("ffm", "NativeBackendProvider"):    "NativeProvider.java.tmpl",
	class("ffm", "NativeFunctions"):          "NativeFunctions.java.tmpl",
	class("ffm", "NativeStates"):             "NativeStates.java.tmpl",
	class("state", "States"):                 "States.java.tmpl",
	class("jni", "JniBackendProvider"):       "NativeProvider.java.tmpl",
	class("presto", "Aggregations"):          "PrestoAggregations.java.tmpl",
	class("presto", "Casts"):                 "PrestoCasts.java.tmpl",
	class("presto", "FunctionClasses"):       "FunctionClasses.java.tmpl",
	class("presto", "Scalars"):               "PrestoScalars.java.tmpl",
	class("trino", "Aggregations"):           "TrinoAggregations.java.tmpl",
	class("trino", "Casts"):                  "TrinoCasts.java.tmpl",
	class("trino", "FunctionClasses"):        "FunctionClasses.java.tmpl",
	class("trino", "Scalars"):                "TrinoScalars.java.tmpl",
	class("presto", "Backends"):              "Backends.java.tmpl",
	class("presto", "Errors"):                "Errors.java.tmpl",
	class("presto", "HeadcountPlugin"):       "HeadcountPlugin.java.tmpl",
	class("presto", "HeapSketchState"):       "HeapSketchState.java.tmpl",
	class("presto", "package-info"):          "PackageInfo.java.tmpl",
	class("presto", "SketchStateFactory"):    "StateFactory.java.tmpl",
	class("presto", "SliceBlocks"):           "SliceBlocks.java.tmpl",
	class("presto", "SketchState"):           "SketchState.java.tmpl",
	class("presto", "SketchStateSerializer"): "SketchStateSerializer.java.tmpl",
	class("trino", "Backends"):               "Backends.java.tmpl",
	class("trino", "Errors"):                 "Errors.java.tmpl",
	class("trino", "HeadcountPlugin"):        "HeadcountPlugin.java.tmpl",
	class("trino", "HeapSketchState"):        "HeapSketchState.java.tmpl",
	class("trino", "package-info"):           "PackageInfo.java.tmpl",
	class("trino", "SketchStateFactory"):     "StateFactory.java.tmpl",
	class("trino", "SliceBlocks"):            "SliceBlocks.java.tmpl",
	class("trino", "SketchState"):            "SketchState.java.tmpl",
	class("trino", "SketchStateSerializer"):  "SketchStateSerializer.java.tmpl",
	class("presto", "HllType"):               "HllType.java.tmpl",
	class("trino", "HllBlockBuilder"):        "HllBlockBuilder.java.tmpl",
	class("trino", "HllType"):                "HllType.java.tmpl",
	class("presto", "ArrayBlocks"):           "ArrayBlocks.java.tmpl",
	class("trino", "ArrayBlocks"):            "ArrayBlocks.java.tmpl",
	class("presto", "ArrayState"):            "ArrayState.java.tmpl",
	class("presto", "ArrayStateFactory"):     "StateFactory.java.tmpl",
	class("presto", "ArrayStateSerializer"):  "ArrayStateSerializer.java.tmpl",
	class("presto", "HeapArrayState"):        "HeapArrayState.java.tmpl",
	class("presto", "HistogramState"):        "HistogramState.java.tmpl",
	class("presto", "HistogramStateFactory"): "StateFactory.java.tmpl",
	class("trino", "ArrayState"):             "ArrayState.java.tmpl",
	class("trino", "ArrayStateFactory"):      "StateFactory.java.tmpl",
	class("trino", "ArrayStateSerializer"):   "ArrayStateSerializer.java.tmpl",
	class("trino", "HeapArrayState"):         "HeapArrayState.java.tmpl",
	class("trino", "HistogramState"):         "HistogramState.java.tmpl",
	class("trino", "HistogramStateFactory"):  "StateFactory.java.tmpl",
	class("spi483", "HllBlockBuilder"):       "HllBlockBuilder.java.tmpl",
	class("spi483", "HllType"):               "HllType.java.tmpl",

	"java-shim/jni/src/generated/c/headcount_jni_functions.h": "headcount_jni_functions.h.tmpl",
	"python/headcount/headcount/_functions.py":                "functions.py.tmpl",
}

//go:embed templates/*.tmpl
var templateFiles embed.FS

var templates = template.Must(template.New("").Funcs(template.FuncMap{
	"generated": generated,
	"package":   javaPackage,
	"string":    javaString,
	"prose":     prose,
	"list":      listOf,
	"sqlType":   sqlType,
	"javaType":  javaType,
}).ParseFS(templateFiles, "templates/*.tmpl"))

// generated returns the first lines of a Java or C file.
func generated(from string) string {
	return "// SPDX-License-Identifier: Apache-2.0\n" +
		"// Generated by `make generate` from " + from + "; do not edit."
}

// render returns the contents of every generated file by its path below the root.
func render(root string) (map[string]string, error) {
	header, err := os.ReadFile(filepath.Join(root, headerFile))
	if err != nil {
		return nil, err
	}
	m, err := newModel(udf.Signatures(), string(header))
	if err != nil {
		return nil, err
	}
	files := map[string]string{reference: markdown(udf.Functions)}
	for path, name := range outputs {
		var out bytes.Buffer
		m.Path = path
		if err := templates.ExecuteTemplate(&out, name, m); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		files[path] = out.String()
	}
	return files, nil
}

func writeAll(root string) error {
	files, err := render(root)
	if err != nil {
		return err
	}
	for path, text := range files {
		path = filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// lineWidth is how long a line of generated Java may be.
const lineWidth = 120

// javaString returns a Java string literal, broken into several after indent columns of a line.
func javaString(indent int, text string) string {
	quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text)
	var lines []string
	width := lineWidth - indent - len(`+ ""`)
	for len(quoted) > width {
		at := strings.LastIndex(quoted[:width], " ")
		if at <= 0 {
			break
		}
		lines, quoted = append(lines, quoted[:at]), quoted[at:]
	}
	lines = append(lines, quoted)
	return `"` + strings.Join(lines, "\"\n"+strings.Repeat(" ", indent)+`+ "`) + `"`
}

// prose returns text for a Javadoc comment.
func prose(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "@", "&#64;", "*/", "*&#47;").Replace(text)
}
