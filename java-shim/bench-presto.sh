#!/usr/bin/env bash
# merge beside PrestoDB's own, on a PrestoDB in this process: CPU, of it and of the function server, and wall time.
#   usage: bench-presto.sh
# Needs build/presto-plugin, build/headcount-sidecar and some 8 GB of memory; takes about five minutes.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
root="$(dirname "$here")"
# shellcheck source=docker/lib.sh
. "$root/docker/lib.sh"
module="$here/presto-tests"
log="$root/build/bench-presto.log"

JAVA_HOME="$(find_jdk)" PRESTO_JDK="$(find_presto_jdk)" mvn -B -q -f "$here/pom.xml" -pl presto-tests -am -DskipTests verify
echo "$(grep -m1 'model name' /proc/cpuinfo | sed 's/.*: //'), $(nproc) processors; PrestoDB 0.296, Java 17; its log is in $log"
"$(find_presto_jdk)/bin/java" -Xmx10g --add-opens=java.base/java.lang=ALL-UNNAMED \
  --add-opens=java.base/java.nio=ALL-UNNAMED -Dheadcount.root="$root" \
  -cp "$module/target/test-classes:$(cat "$module/target/test-classpath.txt")" \
  io.github.headcounthll.presto.MergeBenchmark 2>"$log"
