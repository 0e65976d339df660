// SPDX-License-Identifier: Apache-2.0

package abi

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// eachDriver builds the C driver for this machine and for linux-arm64, whose program runs under qemu
// elsewhere, and runs a test over each.
func eachDriver(t *testing.T, test func(t *testing.T, path string)) {
	for _, c := range []struct{ name, arch, library string }{
		{"this machine", runtime.GOARCH, "libheadcount.so"},
		{"linux-arm64", "arm64", "arm64/libheadcount.so"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(scratch, c.name, "c")
			if _, err := os.Stat(path); err != nil {
				buildDriver(t, c.arch, built(t, c.library), path)
			}
			test(t, path)
		})
	}
}

// buildDriver builds the C driver, with more flags for the compiler.
func buildDriver(t *testing.T, arch, library, out string, flags ...string) {
	t.Helper()
	build := exec.Command(filepath.Join(root, "cgo", "conformance", "build.sh"), arch, library, out)
	build.Env = append(os.Environ(), "CFLAGS="+strings.Join(flags, " "))
	run(t, build)
}

func TestDriver_CallsEveryFunction(t *testing.T) {
	eachDriver(t, func(t *testing.T, path string) {
		var called []string
		for line := range strings.Lines(run(t, exec.Command(path, "--every"))) {
			name, status, _ := strings.Cut(strings.TrimSpace(line), " ")
			if status != "0" {
				t.Errorf("%s: status %s", name, status)
			}
			called = append(called, name)
		}
		want := declared(t)
		slices.Sort(called)
		slices.Sort(want)
		if !slices.Equal(called, want) {
			t.Errorf("called %v\nheadcount.h declares %v", called, want)
		}
	})
}

// The layout prints all values of the header.
func TestLayout_EqualsTheHeader(t *testing.T) {
	want := map[string]int{}
	for _, match := range regexp.MustCompile(`(?m)^\s*(?:#define )?(HC_\w+)(?: =)? (\d+)\b`).FindAllStringSubmatch(contract(t), -1) {
		value, err := strconv.Atoi(match[2])
		if err != nil {
			t.Fatal(err)
		}
		want[match[1]] = value
	}
	eachDriver(t, func(t *testing.T, path string) {
		got := map[string]int{}
		for line := range strings.Lines(run(t, exec.Command(path, "--layout"))) {
			var name string
			var value int
			if _, err := fmt.Sscanf(line, "%s %d\n", &name, &value); err != nil {
				t.Fatalf("%q: %v", line, err)
			}
			if strings.HasPrefix(name, "HC_") {
				got[name] = value
			}
		}
		if !maps.Equal(got, want) {
			t.Errorf("layout %v\nheader %v", got, want)
		}
	})
}

func TestDescription_HasVersionKernelAndArchitecture(t *testing.T) {
	shape := regexp.MustCompile(`^headcount \S+, kernel (avx2|neon|portable), go\S+, (amd64|arm64)\n$`)
	eachDriver(t, func(t *testing.T, path string) {
		if line := run(t, exec.Command(path, "--describe")); !shape.MatchString(line) {
			t.Errorf("%q", line)
		}
	})
}

// conversation is what the protocol says of lines that the vectors do not hold: an answer to each, ending in
// "..." where the rest is words or bytes of no concern here.
var conversation = []struct{ line, answer string }{
	{"empty 12", "ok 030c"},
	{"build 12", "ok 030c"},
	{"build 12 61", "ok 030cc50202"},
	{"build 12 61 61", "ok 030cc50202"},
	{"create 12 61", "ok 030cc50202"},
	{"create 12 -", "ok 030c..."},
	{"check 030cc50202", "ok"},
	{"check -", "error malformed ..."},
	{"precision 030c", "ok 12"},
	{"cardinality 030c", "ok 0"},
	{"estimate 030c", "ok 0000000000000000"},
	{"union 030c 030cc50202", "ok 030cc50202"},
	{"union 030cc50202 030d010005", "error precision_mismatch ..."},
	{"merge 030c null 030cc50202", "ok 030cc50202"},
	{"merge null null", "ok null"},
	{"merge", "ok null"},
	{"merge 030c", "ok 030c"},
	{"union 030c 030d010005", "ok 030d010005"},
	{"merge 030d 030c", "ok 030c"},
	{"merge 030cc50202 030d010005", "error precision_mismatch ..."},
	{"merge 030c 0f", "error malformed ..."},
	{"reduce 11 030cc50202", "ok 030b..."},
	{"reduce 13 030c", "error precision_range ..."},

	{"create 3 61", "error precision_range ..."},
	{"create 25 61", "error precision_range ..."},
	{"create -1 61", "error precision_range ..."},
	{"create 8589934592 61", "error precision_range ..."},
	{"create 4294967308 61", "error precision_range ..."}, // 12 in its low 32 bits
	{"create 9223372036854775807 61", "error precision_range ..."},
	{"create -9223372036854775808 61", "error precision_range ..."},
	{"create 9223372036854775808 61", "error unknown ..."},
	{"create 99999999999999999999999999999999 61", "error unknown ..."},
	{"build -99999999999999999999 61", "error unknown ..."},
	{"empty 18446744073709551628", "error unknown ..."}, // 12 in its low 64 bits
	{"bounds 0 030c", "error unknown ..."},
	{"bounds 99999999999999999999 030c", "error unknown ..."},

	{"", "error unknown ..."},
	{" ", "error unknown ..."},
	{"nonsense", "error unknown ..."},
	{"check", "error unknown ..."},
	{"check ", "error unknown ..."},
	{"check  030c", "error unknown ..."},
	{" check 030c", "error unknown ..."},
	{"check 030c ", "error unknown ..."},
	{"check 030c 030c", "error unknown ..."},
	{"check 030C", "error unknown ..."},
	{"check 03 0c", "error unknown ..."},
	{"check 3", "error unknown ..."},
	{"check 0x030c", "error unknown ..."},
	{"check null", "error unknown ..."},
	{"check 030c\r", "error unknown ..."},
	{"check 030c\x00", "error unknown ..."},
	{"Check 030c", "error unknown ..."},
	{"union 030c", "error unknown ..."},
	{"union 030c null", "error unknown ..."},
	{"merge null NULL", "error unknown ..."},
	{"create", "error unknown ..."},
	{"create 12", "error unknown ..."},
	{"create +12 61", "error unknown ..."},
	{"create 12.0 61", "error unknown ..."},
	{"create 0x0c 61", "error unknown ..."},
	{"create - 61", "error unknown ..."},
	{"create 1-2 61", "error unknown ..."},
	{"empty 12 61", "error unknown ..."},
}

// converse sends every line of the conversation and compares the answers; the last line has no newline.
func converse(t *testing.T, command *exec.Cmd) {
	t.Helper()
	var lines []string
	for _, turn := range conversation {
		lines = append(lines, turn.line)
	}
	command.Stdin = strings.NewReader(strings.Join(lines, "\n"))
	answers := strings.Split(strings.TrimSuffix(run(t, command), "\n"), "\n")
	if len(answers) != len(conversation) {
		t.Fatalf("%d answers to %d lines", len(answers), len(conversation))
	}
	for i, turn := range conversation {
		start, open := strings.CutSuffix(turn.answer, "...")
		if answers[i] != turn.answer && !(open && strings.HasPrefix(answers[i], start)) {
			t.Errorf("%q: %q, want %q", turn.line, answers[i], turn.answer)
		}
	}
}

func TestDriver_AnswersEveryLine(t *testing.T) {
	eachDriver(t, func(t *testing.T, path string) { converse(t, exec.Command(path)) })
}

// A line may be long, its sketches of the largest precision.
func TestDriver_TakesLongLines(t *testing.T) {
	eachDriver(t, func(t *testing.T, path string) {
		const registers = 1 << 24
		dense := "0218" + strings.Repeat("00", registers-1) + "01"
		ids := " " + strings.Repeat("61 ", 1<<20) + "61"
		command := exec.Command(path)
		command.Stdin = strings.NewReader("cardinality " + dense + "\nmerge " + dense + " null " + dense + "\nbuild 12" + ids + "\ncheck 030c\n")
		answers := strings.Split(run(t, command), "\n")
		for i, want := range []string{"ok 1", "ok " + dense, "ok 030cc50202", "ok", ""} {
			if i >= len(answers) || answers[i] != want {
				t.Fatalf("line %d of %d: not the answer wanted", i+1, len(answers))
			}
		}
	})
}

// The driver as the sanitizers see it: memory, undefined behaviour, leaks.
func TestDriver_IsCleanUnderSanitizers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c")
	buildDriver(t, runtime.GOARCH, built(t, "libheadcount.so"), path,
		"-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")
	converse(t, exec.Command(path))
	run(t, exec.Command(path, "--every"))
}
