// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"github.com/headcount-hll/headcount/bench/machine"
)

// A side is a program that measures contestants.
type side struct {
	name    string
	version string
	suffix  string // appended to its contestants' names
	jvm     bool
	command func(folder, task string, o options) []string
}

func buildSides(build, jdk string) ([]side, error) {
	version := jdkVersion(jdk)
	if major, _, _ := strings.Cut(version, "."); len(major) < 2 || major < "25" {
		return nil, fmt.Errorf("no JDK 25 or later in %q (version %q): set TRINO_JDK, or give its home with -jdk", jdk, version)
	}
	if err := os.MkdirAll(build, 0o755); err != nil {
		return nil, err
	}
	plain, portable := filepath.Join(build, "side"), filepath.Join(build, "side-purego")
	java := filepath.Join(jdk, "bin", "java")
	classes := filepath.Join("jvm", "target", "headcount-bench.jar") + ":" + filepath.Join("jvm", "target", "lib", "*")
	err := errors.Join(
		run(nil, "go", "build", "-o", plain, "./side"),
		run(nil, "go", "build", "-tags", "purego", "-o", portable, "./side"),
		run([]string{"JAVA_HOME=" + jdk}, "mvn", "-B", "-q", "-f", "jvm/pom.xml", "package"))
	if err != nil {
		return nil, err
	}
	goCommand := func(program string, more ...string) func(string, string, options) []string {
		return func(folder, task string, o options) []string {
			return append([]string{program, "-inputs", folder, "-task", task,
				"-samples", strconv.Itoa(o.samples), "-sample", o.sample.String()}, more...)
		}
	}
	return []side{
		{name: "Go", version: runtime.Version(), command: goCommand(plain)},
		{name: "Go, portable", suffix: " (purego)", command: goCommand(portable, "-ours")},
		{name: "JVM", version: "JDK " + version, jvm: true, command: func(folder, task string, o options) []string {
			return []string{java, "--sun-misc-unsafe-memory-access=allow", "-cp", classes, "io.github.headcounthll.bench.Side",
				folder, task, strconv.Itoa(o.samples), strconv.FormatInt(o.sample.Milliseconds(), 10)}
		}},
	}, nil
}

// run runs a command. The error of a failed command contains its output.
func run(environment []string, name string, arguments ...string) error {
	c := exec.Command(name, arguments...)
	c.Env = append(os.Environ(), environment...)
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", strings.Join(c.Args, " "), err, out)
	}
	return nil
}

// measure runs one side at one task and adds its figures.
func (f figures) measure(task string, s side, folder string, o options) error {
	line := s.command(folder, task, o)
	c := exec.Command(line[0], line[1:]...)
	c.Stderr = os.Stderr
	out, err := c.Output()
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(bytes.NewReader(out))
	for lines.Scan() {
		var figure struct {
			Contestant string
			NS         []float64
		}
		if err := json.Unmarshal(lines.Bytes(), &figure); err != nil {
			return fmt.Errorf("it printed %q: %w", lines.Text(), err)
		}
		f.add(task, figure.Contestant+s.suffix, figure.NS)
	}
	return lines.Err()
}

// jdkVersion returns a JDK's version, such as 25.0.3, or an empty string.
func jdkVersion(home string) string {
	release, _ := os.ReadFile(filepath.Join(home, "release"))
	for line := range strings.Lines(string(release)) {
		if version, ok := strings.CutPrefix(line, "JAVA_VERSION="); ok {
			return strings.Trim(version, "\"\n")
		}
	}
	return ""
}

// conditions describes the machine and the settings of the run.
func conditions(sides []side, o options) string {
	var versions []string
	for _, s := range sides {
		if s.version != "" {
			versions = append(versions, s.version)
		}
	}
	return fmt.Sprintf("%s, %d CPUs, %s/%s, %s. Each figure is the median of %d samples of %v, in %d rounds through all tasks.",
		machine.Processor(), runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, strings.Join(versions, ", "), o.rounds*o.samples, o.sample, o.rounds)
}
