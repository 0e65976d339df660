// SPDX-License-Identifier: Apache-2.0

package abi

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

// root is the repository, seen from this package.
const root = "../.."

// scratch is a folder that lasts as long as the tests.
var scratch string

func TestMain(m *testing.M) {
	var err error
	if scratch, err = os.MkdirTemp("", "headcount-abi-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	os.RemoveAll(scratch)
	os.Exit(code)
}

// built gives the absolute path of a library that the Makefile has built, by its name under build.
func built(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join(root, "build", name))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("%v: run make build/%s", err, name)
	}
	return path
}

// contract gives headcount.h without its comments.
func contract(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "cgo", "headcount.h"))
	if err != nil {
		t.Fatal(err)
	}
	return regexp.MustCompile(`(?s)/\*.*?\*/`).ReplaceAllString(string(text), "")
}

// declared gives the names of the functions that headcount.h declares, in its order.
func declared(t *testing.T) []string {
	t.Helper()
	var names []string
	for _, match := range regexp.MustCompile(`\bint32_t (hc_\w+)\(`).FindAllStringSubmatch(contract(t), -1) {
		names = append(names, match[1])
	}
	if len(names) == 0 {
		t.Fatal("no function found in headcount.h")
	}
	return names
}

// run runs a command to its end and gives its output; a failure ends the test with all it printed.
func run(t *testing.T, command *exec.Cmd) string {
	t.Helper()
	var errors bytes.Buffer
	if command.Stderr == nil {
		command.Stderr = &errors
	}
	output, err := command.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s%s", strings.Join(command.Args, " "), err, output, errors.Bytes())
	}
	return string(output)
}

// program compiles testdata/name.c with the loops of the C driver, linked against a library, and gives the
// path of the program. Without a library the program loads one itself.
func program(t *testing.T, name, library string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), name)
	driver := filepath.Join(root, "cgo", "conformance")
	arguments := []string{"-std=gnu11", "-Wall", "-Wextra", "-Werror", "-O2", "-pthread",
		"-I", filepath.Join(root, "cgo"), "-I", driver, "-o", out, filepath.Join("testdata", name+".c")}
	if library != "" {
		for _, part := range []string{"aggregate.c", "columns.c", "memory.c"} {
			arguments = append(arguments, filepath.Join(driver, part))
		}
		arguments = append(arguments, library, "-Wl,-rpath,"+filepath.Dir(library))
	}
	run(t, exec.Command("gcc", arguments...))
	return out
}

// buildLibrary builds a library of this machine's architecture with build tags, and gives its path.
func buildLibrary(t *testing.T, tags string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "libheadcount.so")
	rebuildLibrary(t, path, tags)
	return path
}

func rebuildLibrary(t *testing.T, path, tags string) {
	t.Helper()
	run(t, exec.Command(filepath.Join(root, "cgo", "build.sh"), runtime.GOARCH, path, tags))
}
