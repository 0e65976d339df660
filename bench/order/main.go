// SPDX-License-Identifier: Apache-2.0

// Order unites the same sketches in every order, as chains and as trees, by Headcount and by other libraries, and prints how many
// different results each gives.
//
//	go run ./order -jdk JDK -python PYTHON -headcount COMMAND -spark PYTHON -spark-jdk JDK -jar JAR -folder FOLDER [-figures FILE]
//
// The first PYTHON has the packages headcount and datasketches, the second one pyspark, which runs on its own JDK with Headcount's
// JAR. The Trino is that of docker/trino/server, on two nodes. The inputs and the files of the command are written to FOLDER.
// -figures is the document whose part bench-order gets the tables.
package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/headcount-hll/headcount/bench/cluster"
	"github.com/headcount-hll/headcount/bench/section"
)

func main() {
	var o options
	flag.StringVar(&o.jdk, "jdk", "", "home of a JDK 25 or later")
	flag.StringVar(&o.python, "python", "", "a Python with the packages headcount and datasketches")
	flag.StringVar(&o.headcount, "headcount", "", "the command headcount")
	flag.StringVar(&o.spark, "spark", "", "a Python with the package pyspark")
	flag.StringVar(&o.sparkJDK, "spark-jdk", "", "home of the JDK that Spark runs on")
	flag.StringVar(&o.jar, "jar", "", "Headcount's jar for Spark")
	flag.StringVar(&o.folder, "folder", "", "a folder for inputs and files")
	figures := flag.String("figures", "", "a document that has a part bench-order")
	flag.Parse()
	if err := run(o, *figures); err != nil {
		fmt.Fprintln(os.Stderr, "order:", err)
		os.Exit(1)
	}
}

type options struct{ jdk, python, headcount, spark, sparkJDK, jar, folder string }

func run(o options, figures string) (err error) {
	if o.jdk == "" || o.python == "" || o.headcount == "" || o.spark == "" || o.sparkJDK == "" || o.jar == "" || o.folder == "" {
		return fmt.Errorf("-jdk, -python, -headcount, -spark, -spark-jdk, -jar and -folder are needed")
	}
	trino, err := cluster.Start("..", trinoNodes)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, trino.Stop()) }()
	var text strings.Builder
	for i, s := range scenarios {
		table, err := measure(s, filepath.Join(o.folder, fmt.Sprint(i)), o, trino)
		if err != nil {
			return fmt.Errorf("%s: %w", s.title, err)
		}
		text.WriteString(table)
	}
	fmt.Print(text.String())
	if figures == "" {
		return nil
	}
	return section.Replace(figures, "bench-order", text.String())
}

// measure runs a scenario on every side and returns its table.
func measure(s scenario, folder string, o options, trino *cluster.Cluster) (string, error) {
	chains, trees := chains(len(s.sets)), trees(len(s.sets))
	plans := append(chains[:len(chains):len(chains)], trees...)
	if err := s.write(folder, plans); err != nil {
		return "", err
	}
	rows, err := inTrino(trino, s, plans, folder)
	if err != nil {
		return "", err
	}
	spark, err := side(len(plans), "env", "JAVA_HOME="+o.sparkJDK, o.spark, "order/spark.py", folder, o.jar)
	if err != nil {
		return "", err
	}
	rows = append(rows, spark...)
	python, err := side(len(plans), o.python, "order/side.py", folder)
	if err != nil {
		return "", err
	}
	rows = append(rows, python...)
	merged, err := evaluate(command{o.headcount, folder, new(int)}, s, plans, fileOf)
	if err != nil {
		return "", err
	}
	rows = append(rows, contestant{"`headcount merge`", merged})
	classes := filepath.Join("jvm", "target", "headcount-bench.jar") + ":" + filepath.Join("jvm", "target", "lib", "*")
	java, err := side(len(plans), filepath.Join(o.jdk, "bin", "java"), "-cp", classes, "io.github.headcounthll.bench.Order", folder)
	if err != nil {
		return "", err
	}
	rows = append(rows, java...)
	other, err := evaluate(axiomhq{}, s, plans, itself)
	if err != nil {
		return "", err
	}
	rows = append(rows, contestant{"axiomhq/hyperloglog " + versionOf("github.com/axiomhq/hyperloglog"), other})
	return table(s.title, s.distinct(), len(chains), len(trees), rows), nil
}

func versionOf(module string) string {
	info, _ := debug.ReadBuildInfo()
	if info == nil {
		return ""
	}
	for _, m := range info.Deps {
		if m.Path == module {
			return strings.TrimPrefix(m.Version, "v")
		}
	}
	return ""
}

// side runs a program and reads its results: for each library and each plan a line of four fields, separated by tabs: the
// library, the plan's number, a digest of the result's bytes, the number; or the library, the plan's number, "error", a message.
func side(plans int, program string, arguments ...string) ([]contestant, error) {
	out, err := output(program, arguments...)
	if err != nil {
		return nil, err
	}
	return parse(plans, out)
}

func parse(plans int, text string) ([]contestant, error) {
	var all []contestant
	for line := range strings.Lines(text) {
		fields := strings.SplitN(strings.TrimSuffix(line, "\n"), "\t", 4)
		if len(fields) != 4 {
			return nil, fmt.Errorf("a side printed %q: not four fields", line)
		}
		if len(all) == 0 || all[len(all)-1].name != fields[0] {
			all = append(all, contestant{name: fields[0]})
		}
		c := &all[len(all)-1]
		if fields[1] != fmt.Sprint(len(c.results)) {
			return nil, fmt.Errorf("%s: plan %s where %d was expected", fields[0], fields[1], len(c.results))
		}
		r, err := newResult(fields[2], fields[3])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", fields[0], err)
		}
		c.results = append(c.results, r)
	}
	for _, c := range all {
		if len(c.results) != plans {
			return nil, fmt.Errorf("%s: %d results of %d plans", c.name, len(c.results), plans)
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("a side printed %s", cmp.Or(text, "no line"))
	}
	return all, nil
}
