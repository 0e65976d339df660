// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A real Spark reads what build, view and longitudinal write, value for value, and build makes the original's sketches of what Spark writes.
func TestBuild_SparkReadsTheOutputAndWritesTheInput(t *testing.T) {
	folder := t.TempDir()
	built, written := filepath.Join(folder, "client_count.parquet"), filepath.Join(folder, "spark")
	run(t, "build", "--row-group-size", "100KB", "-o", built, activity)
	view, longitudinal := measureTables(t)
	runSpark(t, "testdata/spark.py", built, counts, activity, written, view, longitudinal)

	for _, layout := range []string{"files", "days"} { // some files; and a folder of them for each day, which they do not say
		again := filepath.Join(folder, layout+".parquet")
		run(t, "build", "--dimensions", "normalizedchannel,country,version,os,e10senabled,e10scohort", "-o", again, filepath.Join(written, layout))
		requireSameColumns(t, counts, again, "normalizedchannel", "country", "version", "os", "e10scohort")
		requireSameRegisters(t, counts, again)
	}
}

// runSpark runs a script with Spark on the Java that it is tested on.
func runSpark(t *testing.T, args ...string) {
	t.Helper()
	const python = "../../build/pyspark/4.3.0/bin/python"
	require.FileExists(t, python, "make build/pyspark/4.3.0/installed makes it")
	java, err := exec.Command("bash", "-c", ". ../../scripts/lib.sh && find_presto_jdk").Output()
	require.NoError(t, err, "no Java 17: run scripts/deps.sh test")
	spark := exec.Command(python, args...)
	spark.Env = append(os.Environ(), "JAVA_HOME="+strings.TrimSpace(string(java)), "SPARK_LOCAL_IP=127.0.0.1")
	out, err := spark.CombinedOutput()
	require.NoError(t, err, string(out))
}
