// SPDX-License-Identifier: Apache-2.0

package layers

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const javaRoot = "io.github.headcounthll."

// allowedJava is what the main classes of each Java package may import of java-shim, by package, in addition to the
// package itself. The first rule whose prefix fits a package holds; a package that none fits fails the test. The
// plugins of Trino and PrestoDB import no backend: backends are found at run time. Spark has the JNI one alone.
var allowedJava = []struct {
	layer   string
	imports []string
}{
	{"core.api", nil},
	{"core.", []string{"core.api"}},
	{"clib", []string{"core.api", "core.state", "core.startup"}},
	{"ffm", []string{"core.api", "core.state", "core.startup", "clib"}},
	{"jni", []string{"core.api", "core.state", "core.startup", "clib"}},
	{"sidecar", []string{"core.api", "core.state", "core.startup"}},
	{"conformance", []string{"core.api", "core.startup"}},
	{"trino", []string{"core.api", "core.eval", "core.startup", "core.state"}},
	{"presto", []string{"core.api", "core.eval", "core.startup", "core.state"}},
	{"spark.errors", []string{"core.api"}},
	{"spark.library", []string{"core.api", "core.startup", "clib", "jni", "spark.errors"}},
	{"spark.state", []string{"core.api", "core.state", "clib", "spark.errors", "spark.library"}},
	{"spark.functions", []string{"core.api", "spark.errors", "spark.library", "spark.state"}},
	{"spark.expressions", []string{"core.api", "spark.functions", "spark.state"}},
	{"spark.catalog", []string{"core.api", "spark.functions", "spark.state"}},
	{"spark.plans", []string{"core.api", "spark.functions", "spark.state", "spark.expressions", "spark.catalog"}},
	{"spark", []string{"core.api", "spark.errors", "spark.library", "spark.functions", "spark.expressions", "spark.catalog", "spark.plans"}},
}

var (
	javaPackage = regexp.MustCompile(`(?m)^package io\.github\.headcounthll\.([a-z0-9.]+);`)
	javaImport  = regexp.MustCompile(`(?m)^import (?:static )?io\.github\.headcounthll\.([a-z0-9.]+)\.[A-Z]`)
)

func TestJavaPackages_ImportOnlyAllowedLayers(t *testing.T) {
	checked := 0
	err := filepath.WalkDir("../../java-shim", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "target" || entry.Name() == "test"):
			return fs.SkipDir
		case filepath.Ext(path) != ".java":
			return nil
		}
		text, err := os.ReadFile(path)
		checkJava(t, path, string(text))
		checked++
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if checked < 50 {
		t.Fatalf("found %d Java files", checked)
	}
}

func checkJava(t *testing.T, file, text string) {
	t.Helper()
	name := javaPackage.FindStringSubmatch(text)
	if name == nil {
		t.Errorf("%s: no package below %s", file, javaRoot)
		return
	}
	for _, rule := range allowedJava {
		if !strings.HasPrefix(name[1], rule.layer) {
			continue
		}
		for _, imported := range javaImport.FindAllStringSubmatch(text, -1) {
			if imported[1] != name[1] && !slices.Contains(rule.imports, imported[1]) {
				t.Errorf("%s imports package %s: the layer %s may not depend on that one", file, imported[1], rule.layer)
			}
		}
		return
	}
	t.Errorf("%s: package %s belongs to no layer: give it one", file, name[1])
}
