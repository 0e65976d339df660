// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
)

// The test binary is also the driver of the runner's own tests: this variable says how it behaves.
const behave = "HEADCOUNT_TEST_SUBJECT"

func TestMain(m *testing.M) {
	if how := os.Getenv(behave); how != "" {
		os.Exit(pretend(how))
	}
	os.Exit(m.Run())
}

func pretend(how string) int {
	in, out := bufio.NewReaderSize(os.Stdin, 1<<16), bufio.NewWriter(os.Stdout)
	for n := 1; ; n++ {
		line, err := in.ReadString('\n')
		if err != nil {
			break
		}
		switch {
		case how == "stops" && n == 3:
			fmt.Fprintln(os.Stderr, "out of patience")
			out.Flush()
			return 3
		case how == "silent" && n == 2:
			continue
		case how == "echoes":
			fmt.Fprint(out, "ok ", line)
		default:
			fmt.Fprintf(out, "ok %d\n", len(line)-1)
		}
	}
	if how == "talks" {
		fmt.Fprintln(out, "and another thing")
	}
	out.Flush()
	if how == "fails" {
		return 4
	}
	return 0
}

func runPretended(t *testing.T, how string, cases []Case) (answers []string, err error) {
	t.Helper()
	t.Setenv(behave, how)
	err = Run(context.Background(), os.Args[0], Generate(cases), func(_ Case, answer string) { answers = append(answers, answer) })
	return answers, err
}

func TestRunner_MatchesAnswersWithRequests(t *testing.T) {
	var cases []Case
	for i := range 1000 { // far more, and far longer, than a pipe or the runner holds
		cases = append(cases, Case{Name: "length", Line: strings.Repeat("x", i*37), Want: Number(int64(i * 37))})
	}
	cases = append(cases, Case{Line: strings.Repeat("y", 20<<20), Want: Number(20 << 20)})
	answers, err := runPretended(t, "counts", cases)
	if err != nil {
		t.Fatal(err)
	}
	if len(answers) != len(cases) {
		t.Fatalf("%d answers to %d requests", len(answers), len(cases))
	}
	for i, c := range cases {
		if err := c.Want.Check(answers[i]); err != nil {
			t.Fatalf("request %d: %v", i, err)
		}
	}
}

func TestRunner_ReadsLongAnswers(t *testing.T) {
	long := strings.Repeat("z", 20<<20)
	answers, err := runPretended(t, "echoes", []Case{{Line: long}, {Line: long}, {Line: "short"}})
	if err != nil {
		t.Fatal(err)
	}
	if len(answers) != 3 || answers[1] != "ok "+long || answers[2] != "ok short" {
		t.Error("the answers are not the requests")
	}
}

func TestRunner_SaysWhatIsWrongWithADriver(t *testing.T) {
	cases := []Case{{Name: "one", Line: "1"}, {Name: "two", Line: "2"}, {Name: "three", Line: "3"}, {Name: "four", Line: "4"}}
	for _, c := range []struct{ how, says string }{
		{"stops", "no answer to request 3, three"},
		{"stops", "out of patience"},
		{"silent", "no answer to request 4, four"},
		{"talks", "and another thing"},
		{"fails", "exit status 4"},
	} {
		if _, err := runPretended(t, c.how, cases); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("a driver that %s: %v, want %q", c.how, err, c.says)
		}
	}
	if err := Run(context.Background(), "/no/such/driver", Generate(cases), nil); err == nil {
		t.Error("a driver that does not exist runs")
	}
	if _, err := runPretended(t, "counts", []Case{{Name: "two lines", Line: "a\nb"}}); err == nil {
		t.Error("a request of two lines is sent")
	}
}

func TestFailure_NamesTheCaseAndCutsLongLines(t *testing.T) {
	f := Failure{
		Case:   Case{Name: "sets/big/cardinality", Line: "cardinality " + strings.Repeat("00", 5000), Want: Number(5)},
		Answer: "ok 6",
		Why:    Number(5).Check("ok 6"),
	}
	text := f.String()
	for _, part := range []string{"sets/big/cardinality", "10012 characters", "ok 6", "ok 5"} {
		if !strings.Contains(text, part) {
			t.Errorf("%q is missing in %s", part, text)
		}
	}
	if len(text) > 600 {
		t.Errorf("%d characters to read", len(text))
	}
}
