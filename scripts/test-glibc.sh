#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs the libraries and the jar for Spark on glibc 2.31, which Debian 11 and Ubuntu 20.04 have: in a root directory with that
# glibc and this machine's JDK, which must be of a build for old systems, as Temurin is.
#   usage: test-glibc.sh JDK JAR PYSPARK
# PYSPARK is the environment of a Spark 4. The drivers of build/conformance must be built.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source-path=SCRIPTDIR source=lib.sh
. scripts/lib.sh

[ $# -eq 3 ] || die "usage: test-glibc.sh JDK JAR PYSPARK"
jdk="$(realpath "$1")"
jar="$(realpath "$2")"
jars="$(realpath "$3"/lib/python*/site-packages/pyspark/jars)"
old="$BUILD/glibc-2.31"
root="$old/root"

# fetch_glibc: unpacks libc6 of the older release into the root directory, by apt with lists of its own.
fetch_glibc() {
  local line
  case "$(. /etc/os-release && echo "$ID")" in
    debian) line="http://deb.debian.org/debian bullseye main" ;;
    ubuntu) line="http://archive.ubuntu.com/ubuntu focal main" ;;
    *) die "this machine has neither Debian nor Ubuntu, whose packages this test needs" ;;
  esac
  mkdir -p "$old"/{lists,cache/archives}/partial "$root"
  echo "deb $line" >"$old/sources.list"
  local options=(-qq -o "Dir::Etc::SourceList=$old/sources.list" -o Dir::Etc::SourceParts=- -o "Dir::State::Lists=$old/lists" -o "Dir::Cache=$old/cache")
  apt-get "${options[@]}" update
  local version
  version="$(apt-cache "${options[@]}" madison libc6 | awk '$3 ~ /^2\.31-/ { print $3; exit }')"
  (cd "$old" && apt-get "${options[@]}" download "libc6=$version")
  dpkg -x "$old"/libc6_2.31-*.deb "$root"
}

# enter COMMAND...: runs a command in the root directory.
enter() { unshare --map-root-user --mount scripts/old-root.sh "$root" "$jdk" "$ROOT" -- "$@"; }

[ -e "$root/lib64" ] || fetch_glibc
enter "$jdk/bin/java" --enable-native-access=ALL-UNNAMED "$ROOT/scripts/LoadLibraries.java" 2.31 "$BUILD"/*.so

# driver NAME: writes the conformance driver of build/conformance/NAME.jars in the root directory; prints its name.
driver() {
  printf '#!/bin/sh\nexec unshare --map-root-user --mount %q %q %q %q -- %q --enable-native-access=ALL-UNNAMED -cp %q %s %q\n' \
    "$ROOT/scripts/old-root.sh" "$root" "$jdk" "$ROOT" "$jdk/bin/java" "$BUILD/conformance/$1.jars/*" \
    io.github.headcounthll.conformance.Driver "$BUILD/libheadcount.so" >"$BUILD/conformance/$1-glibc-2.31"
  chmod +x "$BUILD/conformance/$1-glibc-2.31"
  echo "$1-glibc-2.31"
}

subjects="$(driver java),$(driver java-jni)"
mkdir -p build/reports
HEADCOUNT_SUBJECTS="$subjects" go tool gotestsum --format pkgname --junitfile build/reports/glibc.xml -- \
  -count=1 -timeout 60m -run TestDrivers_AnswerEveryVector ./udf/conformance

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
opened=()
for package in java.lang java.lang.invoke java.net java.nio java.util java.util.concurrent sun.nio.ch sun.security.action; do
  opened+=("--add-opens=java.base/$package=ALL-UNNAMED")
done
counted="$(enter "$jdk/bin/java" "${opened[@]}" --enable-native-access=ALL-UNNAMED "-Djava.io.tmpdir=$work" "-Dderby.system.home=$work" \
  -Dspark.master='local[2]' -Dspark.ui.enabled=false -Dspark.driver.host=127.0.0.1 -Dspark.sql.catalogImplementation=in-memory \
  "-Dspark.sql.warehouse.dir=$work" -Dspark.sql.extensions=io.github.headcounthll.spark.HeadcountExtensions \
  -cp "$jar:$jars/*" org.apache.spark.sql.hive.thriftserver.SparkSQLCLIDriver \
  -e "SELECT 'groups', count(*), sum(n) FROM (SELECT hll_cardinality(hll_merge(hll_create(id % 3))) AS n FROM range(0, 3000, 1, 4) GROUP BY id % 1000)" 2>"$work/log")" ||
  { tail -30 "$work/log" >&2; die "Spark failed"; }
[ "$counted" = "groups	1000	3000" ] || { tail -30 "$work/log" >&2; die "Spark returned $counted, not 3000 in 1000 groups"; }
say "Spark counts on glibc 2.31"
