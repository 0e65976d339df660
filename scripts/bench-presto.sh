#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Measures merge and PrestoDB's own merge in one PrestoDB process: CPU (the sidecar's included) and wall time.
#   usage: bench-presto.sh
# Needs build/presto-plugin, build/headcount-sidecar and some 8 GB of memory; takes about five minutes.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
shim="$ROOT/java-shim"
module="$shim/presto/tests"
log="$ROOT/build/bench-presto.log"

JAVA_HOME="$(find_jdk)" PRESTO_JDK="$(find_presto_jdk)" mvn -B -q -Drevision="$(cat "$ROOT/VERSION")" -f "$shim/pom.xml" -pl presto/tests -am -DskipTests verify
echo "$(grep -m1 'model name' /proc/cpuinfo | sed 's/.*: //'), $(nproc) processors; PrestoDB 0.296, Java 17; its log is in $log"
"$(find_presto_jdk)/bin/java" -Xmx10g --add-opens=java.base/java.lang=ALL-UNNAMED \
  --add-opens=java.base/java.nio=ALL-UNNAMED -Dheadcount.root="$ROOT" \
  -cp "$module/target/test-classes:$(cat "$module/target/test-classpath.txt")" \
  io.github.headcounthll.presto.MergeBenchmark 2>"$log"
