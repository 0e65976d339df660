// SPDX-License-Identifier: Apache-2.0

// Figures writes measured results into the documentation: tables into docs/figures.md, curves into docs/figures.
//
//	go run ./figures -docs ../docs [-accuracy FILE] [-compare FILE] [-readme FILE] [-scale FILE]
//
// -accuracy is the output of make accuracy, -compare that of make bench-compare, -scale that of make bench-scale. Parts of figures.md without
// new results do not change. -readme is another document that gets the comparison's summary.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/headcount-hll/headcount/bench/section"
)

func main() {
	docs := flag.String("docs", "../docs", "the folder of figures.md")
	accuracy := flag.String("accuracy", "", "what make accuracy printed")
	compare := flag.String("compare", "", "what make bench-compare printed")
	readme := flag.String("readme", "", "a document that has a part bench-compare for the summary")
	scale := flag.String("scale", "", "what make bench-scale printed")
	flag.Parse()
	if err := errors.Join(figures(*docs, *accuracy, *compare, *readme), scaled(*docs, *scale)); err != nil {
		fmt.Fprintln(os.Stderr, "figures:", err)
		os.Exit(1)
	}
}

func figures(docs, accuracy, compare, readme string) error {
	document := filepath.Join(docs, "figures.md")
	if compare != "" {
		text, err := os.ReadFile(compare)
		if err != nil {
			return err
		}
		if err := section.Replace(document, "bench-compare", string(text)); err != nil {
			return err
		}
		if readme != "" {
			summary, _, _ := strings.Cut(string(text), section.EndOfSummary)
			if err := section.Replace(readme, "bench-compare", summary); err != nil {
				return err
			}
		}
	}
	if accuracy == "" {
		return nil
	}
	text, err := os.ReadFile(accuracy)
	if err != nil {
		return err
	}
	if err := passed(string(text)); err != nil {
		return fmt.Errorf("%s: %w", accuracy, err)
	}
	tables := readTables(string(text))
	for _, part := range []struct{ name, title string }{
		{"accuracy", `^Precision 12, \d+ sets`}, {"precisions", `^Other precisions`}, {"intersections", `^Precision 12, \d+ pairs`},
	} {
		t, err := tables.titled(part.title)
		if err != nil {
			return fmt.Errorf("%s: %w", accuracy, err)
		}
		if err := section.Replace(document, part.name, t.String()); err != nil {
			return err
		}
	}
	return draw(tables, filepath.Join(docs, "figures"))
}

// scaled writes the tables and curves of make bench-scale.
func scaled(docs, printed string) error {
	if printed == "" {
		return nil
	}
	text, err := os.ReadFile(printed)
	if err != nil {
		return err
	}
	all, err := scaleFigures(readTables(string(text)))
	if err != nil {
		return fmt.Errorf("%s: %w", printed, err)
	}
	if err := saveAll(all, filepath.Join(docs, "figures")); err != nil {
		return err
	}
	return section.Replace(filepath.Join(docs, "figures.md"), "bench-scale", string(text))
}

// passed returns an error for the output of a run that missed a limit or did not finish.
func passed(text string) error {
	if regexp.MustCompile(`(?m)^ *--- FAIL`).MatchString(text) {
		return fmt.Errorf("a test failed: these figures do not hold what is promised")
	}
	if !regexp.MustCompile(`(?m)^ok`).MatchString(text) {
		return fmt.Errorf("the run did not end")
	}
	return nil
}
