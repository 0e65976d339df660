#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Measures merge and hll_agg and Trino's own functions in one Trino process: CPU, wall time, memory.
#   usage: bench-trino.sh [TRINO_VERSION [BENCHMARK...]]
# TRINO_VERSION: one with a module in java-shim/trino/tests; 476. BENCHMARK: dense, sparse, build or histograms; all.
# HEADCOUNT_BACKEND: native, or sidecar, which needs build/headcount-sidecar too; native.
# Needs the plugin's jar and build/libheadcount.so, some 8 GB of memory and a few minutes.
set -euo pipefail
shim="$(cd "$(dirname "$0")/../java-shim" && pwd)"
version="${1:-476}"
benchmarks=("${@:2}")
. "$(dirname "$0")/lib.sh"
jdk="$(find_jdk)"
module="$shim/trino/tests/$version"
log="$ROOT/build/bench-trino.log"

JAVA_HOME="$jdk" mvn -B -q -Drevision="$(cat "$ROOT/VERSION")" -f "$shim/pom.xml" -pl "trino/tests/$version" -am -DskipTests verify
echo "$(grep -m1 'model name' /proc/cpuinfo | sed 's/.*: //'), $(nproc) processors; Trino $version; its log is in $log"
"$jdk/bin/java" -Xmx7g --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED \
  -Dheadcount.root="$ROOT" -Dtrino.version="$version" -Dheadcount.backend="${HEADCOUNT_BACKEND:-native}" \
  -cp "$module/target/test-classes:$(cat "$module/target/test-classpath.txt")" \
  io.github.headcounthll.trino.Benchmarks "${benchmarks[@]}" 2>"$log"
