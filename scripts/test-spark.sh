#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Tests the jar for Spark on versions of PySpark: the SQL cases by both ways.
#   usage: test-spark.sh JAR VERSION...
# Each version's Python environment is build/pyspark/VERSION, installed by make. Writes reports into build/reports.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source-path=SCRIPTDIR source=lib.sh
. scripts/lib.sh

[ $# -ge 2 ] || die "usage: test-spark.sh JAR VERSION..."
jar="$(realpath "$1")"
shift
JAVA_HOME="$(need_presto_jdk)"
export JAVA_HOME
mkdir -p build/reports
failed=0
for version; do
  log="build/pyspark/$version.log"
  build/pyspark/"$version"/bin/python java-shim/spark/tests/suite.py "$jar" build/functions.json \
    "build/reports/spark-$version-classic.xml" classic 2>"$log" || { failed=1; grep -A3 '^FAILED' "$log" >&2 || tail -50 "$log" >&2; }
done
exit "$failed"
