#!/usr/bin/env bash
# merge and hll_agg beside Trino's own, on a Trino in this process: CPU, wall time, memory.
#   usage: bench.sh [TRINO_VERSION [BENCHMARK...]]
# TRINO_VERSION: one that trino-tests has a module for; 476. BENCHMARK: dense, sparse or build; all.
# HEADCOUNT_BACKEND: native, or sidecar, which needs build/headcount-sidecar too; native.
# Needs the plugin's jar and build/libheadcount.so, some 8 GB of memory and a few minutes.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
root="$(dirname "$here")"
version="${1:-476}"
benchmarks=("${@:2}")
# shellcheck source=docker/lib.sh
. "$root/docker/lib.sh"
jdk="$(find_jdk)"
module="$here/trino-tests/$version"
log="$root/build/bench-trino.log"

JAVA_HOME="$jdk" mvn -B -q -f "$here/pom.xml" -pl "trino-tests/$version" -am -DskipTests verify
echo "$(grep -m1 'model name' /proc/cpuinfo | sed 's/.*: //'), $(nproc) processors; Trino $version; its log is in $log"
"$jdk/bin/java" -Xmx7g --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED \
  -Dheadcount.root="$root" -Dtrino.version="$version" -Dheadcount.backend="${HEADCOUNT_BACKEND:-native}" \
  -cp "$module/target/test-classes:$(cat "$module/target/test-classpath.txt")" \
  io.github.headcounthll.trino.Benchmarks "${benchmarks[@]}" 2>"$log"
