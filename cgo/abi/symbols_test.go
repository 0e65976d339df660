// SPDX-License-Identifier: Apache-2.0

package abi

import (
	"bytes"
	"debug/elf"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	// newestGlibc is the oldest C library that the libraries load on. Amazon Linux 2 has 2.26, RHEL 8 2.28, Debian 11 2.31.
	newestGlibc = "2.17"
	mostBytes   = 3_000_000
)

// host is this machine.
func host() elf.Machine {
	if runtime.GOARCH == "arm64" {
		return elf.EM_AARCH64
	}
	return elf.EM_X86_64
}

// libraries are this machine's, with both kinds of kernel, and that of linux-arm64: name under build, and
// machine.
func libraries() map[string]elf.Machine {
	return map[string]elf.Machine{
		"libheadcount.so":        host(),
		"purego/libheadcount.so": host(),
		"arm64/libheadcount.so":  elf.EM_AARCH64,
	}
}

// jniLibraries are the libraries that Java 17 opens libheadcount with.
func jniLibraries() map[string]elf.Machine {
	return map[string]elf.Machine{
		"libheadcount-jni.so":       host(),
		"arm64/libheadcount-jni.so": elf.EM_AARCH64,
	}
}

// eachLibrary runs a test over every built library.
func eachLibrary(t *testing.T, test func(t *testing.T, path string, file *elf.File)) {
	each(t, libraries(), test)
}

// eachFile runs a test over every built library and every JNI library.
func eachFile(t *testing.T, test func(t *testing.T, path string, file *elf.File)) {
	each(t, libraries(), test)
	each(t, jniLibraries(), test)
}

func each(t *testing.T, files map[string]elf.Machine, test func(t *testing.T, path string, file *elf.File)) {
	for name, machine := range files {
		t.Run(name, func(t *testing.T) {
			path := built(t, name)
			file, err := elf.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			defer file.Close()
			if file.Machine != machine {
				t.Fatalf("built for %v, want %v", file.Machine, machine)
			}
			test(t, path, file)
		})
	}
}

func TestLibrary_ExportsExactlyTheContract(t *testing.T) {
	eachLibrary(t, func(t *testing.T, _ string, file *elf.File) {
		want := declared(t)
		slices.Sort(want)
		if got := exported(t, file); !slices.Equal(got, want) {
			t.Errorf("exported %v\nheadcount.h declares %v", got, want)
		}
	})
}

// A JNI library does not link libheadcount, and its names cannot clash with others.
func TestJNILibrary_ExportsOnlyOnLoad(t *testing.T) {
	each(t, jniLibraries(), func(t *testing.T, _ string, file *elf.File) {
		if got := exported(t, file); !slices.Equal(got, []string{"JNI_OnLoad"}) {
			t.Errorf("exported %v", got)
		}
	})
}

// exported gives the names that a library exports, in order.
func exported(t *testing.T, file *elf.File) []string {
	t.Helper()
	symbols, err := file.DynamicSymbols()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, s := range symbols {
		if s.Section != elf.SHN_UNDEF && elf.ST_BIND(s.Info) != elf.STB_LOCAL {
			names = append(names, s.Name)
		}
	}
	slices.Sort(names)
	return names
}

func TestLibrary_NeedsNoNewerGlibc(t *testing.T) {
	eachFile(t, func(t *testing.T, _ string, file *elf.File) {
		symbols, err := file.ImportedSymbols()
		if err != nil {
			t.Fatal(err)
		}
		versions := 0
		for _, s := range symbols {
			version, ok := strings.CutPrefix(s.Version, "GLIBC_")
			if !ok {
				if s.Version != "" {
					t.Errorf("%s needs %s of %s", s.Name, s.Version, s.Library)
				}
				continue
			}
			versions++
			if newer(version, newestGlibc) {
				t.Errorf("%s needs glibc %s, the limit is %s", s.Name, version, newestGlibc)
			}
		}
		if versions == 0 {
			t.Error("no symbol names a version of glibc: nothing was checked")
		}
	})
}

// newer compares versions of numbers with dots between them.
func newer(a, b string) bool {
	numbers := func(version string) []int {
		var parts []int
		for part := range strings.SplitSeq(version, ".") {
			n, err := strconv.Atoi(part)
			if err != nil { // GLIBC_PRIVATE and the like: names of one version of glibc
				n = 1 << 30
			}
			parts = append(parts, n)
		}
		return parts
	}
	return slices.Compare(numbers(a), numbers(b)) > 0
}

func TestNewer_ComparesNumbers(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"2.34", "2.34", false},
		{"2.2.5", "2.34", false},
		{"2.4", "2.34", false},
		{"2.35", "2.34", true},
		{"2.34.1", "2.34", true},
		{"PRIVATE", "2.34", true},
	} {
		if got := newer(c.a, c.b); got != c.want {
			t.Errorf("newer(%q, %q) = %v", c.a, c.b, got)
		}
	}
}

func TestLibrary_NeedsOnlyTheCLibrary(t *testing.T) {
	// Before 2.34 glibc had its threads and its loader's functions in libraries of their own.
	allowed := []string{"libc.so.6", "libpthread.so.0", "libdl.so.2"}
	eachFile(t, func(t *testing.T, _ string, file *elf.File) {
		needed, err := file.ImportedLibraries()
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range needed {
			if !slices.Contains(allowed, name) {
				t.Errorf("needs %s", name)
			}
		}
	})
}

func TestLibrary_IsSmallAndNamed(t *testing.T) {
	eachLibrary(t, func(t *testing.T, path string, file *elf.File) {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if info.Size() > mostBytes {
			t.Errorf("%d bytes, the limit is %d", info.Size(), mostBytes)
		}
		if file.Section(".symtab") != nil || file.Section(".debug_info") != nil {
			t.Error("not stripped")
		}
		names, err := file.DynString(elf.DT_SONAME)
		if err != nil || !slices.Equal(names, []string{"libheadcount.so"}) {
			t.Errorf("soname %v, %v", names, err)
		}
		folder, err := filepath.Abs(root)
		if err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(text, []byte(folder+"/")) {
			t.Errorf("holds the path %s of the machine it was built on", folder)
		}
	})
}

// A hardened loader accepts the library: no executable stack, no writable code.
func TestLibrary_HasNoExecutableStackOrWritableCode(t *testing.T) {
	eachFile(t, func(t *testing.T, _ string, file *elf.File) {
		for _, segment := range file.Progs {
			if segment.Type == elf.PT_GNU_STACK && segment.Flags&elf.PF_X != 0 {
				t.Error("the stack is executable")
			}
			if segment.Type == elf.PT_LOAD && segment.Flags&elf.PF_X != 0 && segment.Flags&elf.PF_W != 0 {
				t.Error("a segment is both written and executed")
			}
		}
		if relocations, err := file.DynValue(elf.DT_TEXTREL); err != nil || len(relocations) != 0 {
			t.Errorf("relocations in code: %v, %v", relocations, err)
		}
	})
}
