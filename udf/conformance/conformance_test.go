// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// built is where make conformance-subjects puts the drivers.
const built = "../../build/conformance"

// drivers are the programs that have to exist: each interface with the AVX2 and with the portable kernels, and the C library
// built for another architecture, which an emulator runs.
var drivers = []string{
	"go", "go-purego", "c", "c-purego", "c-arm64", "java", "java-purego", "java-jni", "sidecar", "presto",
}

// sqlOnly are the drivers that have only the SQL functions, and so no compatible estimate; by the first word of their names.
var sqlOnly = []string{"sidecar", "presto", "spark"}

// withoutHistograms are the drivers of engines that have no functions over histograms.
var withoutHistograms = []string{"spark"}

// offers reports whether a driver has the function of a request.
func offers(driver, line string) bool {
	engine, _, _ := strings.Cut(driver, "-")
	if strings.HasPrefix(line, "histogram_") {
		return !slices.Contains(withoutHistograms, engine)
	}
	return !slices.Contains(sqlOnly, engine) || !strings.HasPrefix(line, "estimate ")
}

// chosen returns the drivers to run: all, or the comma-separated names in HEADCOUNT_SUBJECTS.
func chosen() []string {
	if names := os.Getenv("HEADCOUNT_SUBJECTS"); names != "" {
		return strings.Split(names, ",")
	}
	return drivers
}

func driverPath(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join(built, name))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("there is no driver %s (%v): run make conformance-subjects", name, err)
	}
	return path
}

func TestDrivers_AnswerEveryVector(t *testing.T) {
	for _, name := range chosen() {
		t.Run(name, func(t *testing.T) { run(t, driverPath(t, name), chosenCases()) })
	}
}

// shortLine is the longest request, in bytes, that a driver is asked with HEADCOUNT_VECTORS=short: a union of two dense
// sketches of 14 bits is below it.
const shortLine = 72 << 10

// chosenCases returns the cases to ask: all, or the short ones if HEADCOUNT_VECTORS is "short".
func chosenCases() Generator {
	if os.Getenv("HEADCOUNT_VECTORS") != "short" {
		return everyCase
	}
	return func(yield func(Case) error) error {
		return everyCase(func(c Case) error {
			if len(c.Line) > shortLine {
				return nil
			}
			return yield(c)
		})
	}
}

// everyCase generates the cases of all vectors, of the functions that no vector asks, and of the protocol.
func everyCase(yield func(Case) error) error {
	for _, file := range Files {
		if _, err := EachCase(file, yield); err != nil {
			return err
		}
	}
	if err := EachBeyondCase(yield); err != nil {
		return err
	}
	if err := EachHistCase(yield); err != nil {
		return err
	}
	return Generate(ProtocolCases())(yield)
}

// run asks a driver and reports the first wrong answers to the cases of each file.
func run(t *testing.T, path string, generate Generator) {
	t.Helper()
	const mostShown = 6
	judged, left, wrong := map[string]int{}, 0, map[string]int{}
	err := Run(patience(t), path, generate, func(c Case, answer string) {
		if !offers(filepath.Base(path), c.Line) {
			left++
			return
		}
		file, _, _ := strings.Cut(c.Name, "/")
		judged[file]++
		why := c.Want.Check(answer)
		if why == nil {
			return
		}
		if wrong[file]++; wrong[file] <= mostShown {
			t.Error(Failure{Case: c, Answer: answer, Why: why})
		}
	})
	if err != nil {
		t.Error(err)
	}
	asked := Files
	if offers(filepath.Base(path), "histogram_sum -") {
		asked = append(slices.Clone(Files), HistFile)
	}
	for _, file := range asked {
		if judged[file] == 0 {
			t.Errorf("no request of %s was judged", file)
		}
	}
	t.Logf("judged %v, left out %d, answered wrongly %v", judged, left, wrong)
}

// patience stops a driver that hangs, before go test stops everything.
func patience(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// Functions without a reference have to return the same bits through every driver.
func TestDrivers_AgreeOnFunctionsTheOriginalLacks(t *testing.T) {
	cases := agreementCases(t)
	reference := answers(t, driverPath(t, "go"), cases)
	for i, answer := range reference {
		if !strings.HasPrefix(answer, "ok ") {
			t.Errorf("go rejects %s: %s", shorten(cases[i].Line), answer)
		}
	}
	for _, name := range chosen() {
		t.Run(name, func(t *testing.T) {
			for i, answer := range answers(t, driverPath(t, name), cases) {
				if answer != reference[i] && offers(name, cases[i].Line) {
					t.Errorf("%s\n  answer %s\n  go     %s", shorten(cases[i].Line), answer, reference[i])
				}
			}
		})
	}
}

func answers(t *testing.T, path string, cases []Case) []string {
	t.Helper()
	var all []string
	err := Run(patience(t), path, Generate(cases), func(_ Case, answer string) { all = append(all, answer) })
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// agreementCases asks for the estimates and joint estimates of the sketches of the merges.
func agreementCases(t *testing.T) []Case {
	t.Helper()
	vectors, err := readVectors("merges")
	if err != nil {
		t.Fatal(err)
	}
	var cases []Case
	a := &asker{prefix: "agreement/", yield: func(c Case) error { cases = append(cases, c); return nil }}
	for _, v := range vectors {
		left, right := decoded(t, v.LeftB64), decoded(t, v.RightB64)
		a.ask(nil, "improved", left)
		a.ask(nil, "estimate", right)
		for _, sigmas := range []string{"1", "2", "3"} {
			a.ask(nil, "bounds", sigmas, right)
		}
		if v.Outcome == "ok" {
			a.ask(nil, "intersect", left, right)
			a.ask(nil, "jaccard", left, right)
		}
	}
	return cases
}

func decoded(t *testing.T, b64 string) string {
	t.Helper()
	b, err := fromB64(b64)
	if err != nil {
		t.Fatal(err)
	}
	return field(b)
}

func TestCases_CoverEveryVector(t *testing.T) {
	for _, file := range Files {
		vectors, err := readVectors(file)
		if err != nil {
			t.Fatal(err)
		}
		requests := 0
		used, err := EachCase(file, func(Case) error { requests++; return nil })
		if err != nil {
			t.Error(err)
		}
		if used != len(vectors) {
			t.Errorf("%s: %d of %d vectors give a request", file, used, len(vectors))
		}
		t.Logf("%-15s %4d vectors, %5d requests", file, used, requests)
	}
}

func TestVectors_AreListedAndUnchanged(t *testing.T) {
	sums, err := vectorFiles.ReadFile("vectors/hll/SHA256SUMS")
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for line := range strings.Lines(string(sums)) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		content, err := vectorFiles.ReadFile("vectors/hll/" + name)
		if err != nil {
			t.Error(err)
			continue
		}
		if got := sha256.Sum256(content); hex.EncodeToString(got[:]) != sum {
			t.Errorf("%s differs from what SHA256SUMS says: the vectors are never rewritten", name)
		}
		listed = append(listed, strings.TrimSuffix(name, ".jsonl"))
	}
	entries, err := vectorFiles.ReadDir("vectors")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		name, isVectors := strings.CutSuffix(entry.Name(), ".jsonl")
		if isVectors && (!slices.Contains(Files, name) || !slices.Contains(listed, name)) {
			t.Errorf("%s is not run, or not in SHA256SUMS", entry.Name())
		}
	}
}

func TestGenerate_StopsWhenAskedTo(t *testing.T) {
	enough := errors.New("enough")
	if _, err := EachCase("sets", func(Case) error { return enough }); !errors.Is(err, enough) {
		t.Errorf("got %v", err)
	}
}
