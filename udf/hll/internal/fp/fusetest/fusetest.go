// SPDX-License-Identifier: Apache-2.0

// Package fusetest holds source files to the rule that keeps floating-point results the same on
// every architecture: a product of floats stands directly inside an explicit conversion.
package fusetest

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"testing"
)

// Check reports each product of non-constant floats in the named files of the package in dir that
// the compiler may fuse with an addition: x*y that is not the argument of float64(...), and x *= y.
func Check(t testing.TB, dir string, files ...string) {
	t.Helper()
	checked := make(map[string]bool)
	for _, f := range files {
		checked[f] = true
	}
	fset := token.NewFileSet()
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var all []*ast.File
	for _, path := range paths {
		if match, _ := filepath.Match("*_test.go", filepath.Base(path)); match {
			continue
		}
		f, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, f)
	}
	// A package of this module is not found by the source importer's rules everywhere, and files of
	// other build tags clash: errors are tolerated, but each product must have a known type.
	config := types.Config{Importer: importer.ForCompiler(fset, "source", nil), Error: func(error) {}}
	info := types.Info{Types: make(map[ast.Expr]types.TypeAndValue)}
	config.Check("checked", fset, all, &info) //nolint:errcheck // see above
	for _, f := range all {
		name := filepath.Base(fset.Position(f.Pos()).Filename)
		if checked[name] {
			delete(checked, name)
			checkFile(t, fset, f, &info)
		}
	}
	for name := range checked {
		t.Errorf("%s: no such file in %s", name, dir)
	}
}

func checkFile(t testing.TB, fset *token.FileSet, f *ast.File, info *types.Info) {
	t.Helper()
	rounded := make(map[ast.Expr]bool) // arguments of a conversion to float64
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if id, ok := n.Fun.(*ast.Ident); ok && id.Name == "float64" && len(n.Args) == 1 {
				rounded[n.Args[0]] = true
			}
		case *ast.BinaryExpr:
			if n.Op == token.MUL && !rounded[n] && mayBeFused(info, n) {
				t.Errorf("%s: a product of floats outside float64(...) may be fused into an addition", fset.Position(n.OpPos))
			}
		case *ast.AssignStmt:
			if n.Tok == token.MUL_ASSIGN && mayBeFused(info, n.Lhs[0]) {
				t.Errorf("%s: x *= y on floats may be fused into an addition", fset.Position(n.TokPos))
			}
		}
		return true
	})
}

// mayBeFused reports whether e is a float that is not constant, or has no known type.
func mayBeFused(info *types.Info, e ast.Expr) bool {
	tv, ok := info.Types[e]
	if !ok || tv.Type == nil {
		return true
	}
	if tv.Value != nil {
		return false
	}
	basic, ok := tv.Type.Underlying().(*types.Basic)
	return !ok || basic.Kind() == types.Invalid || basic.Info()&types.IsFloat != 0
}
