#!/usr/bin/env bash
# conformance.sh OUT: writes PrestoDB as a conformance subject, one executable OUT that starts a PrestoDB with the plugin and asks
# it by SQL. Maven has built the jars and the test classes; ours are copied to the same folder, so that a later build leaves a
# running subject alone. It starts build/headcount-sidecar.
set -euo pipefail
tests="$(cd "$(dirname "$0")" && pwd)"
shim="$(realpath "$tests/../..")"
# shellcheck source-path=SCRIPTDIR source=../../../scripts/lib.sh
. "$shim/../scripts/lib.sh"

[ $# -eq 1 ] || die "usage: conformance.sh OUT"
jdk="$(need_presto_jdk)"
mkdir -p "$1.jars"
out="$(realpath "$1")"

classpath=
for jar in "$tests"/target/headcount-presto-tests-tests.jar "$shim"/presto/target/headcount-presto.jar \
    "$shim"/sidecar-client/target/headcount-sidecar.jar; do
  [ -f "$jar" ] || die "$jar is not there: run 'make build/conformance/presto'"
  name="$(basename "$jar")"
  install -m 0644 "$jar" "$out.jars/$name.new"
  mv "$out.jars/$name.new" "$out.jars/$name"
  classpath="$classpath$out.jars/$name:"
done
# PrestoDB's own come from Maven's repository; ours of the build stand before them.
classpath="$classpath$(cat "$tests/target/test-classpath.txt")"

cat >"$out.new" <<SUBJECT
#!/bin/sh
exec "$jdk/bin/java" -Xmx6g --add-opens=java.base/java.lang=ALL-UNNAMED --add-opens=java.base/java.nio=ALL-UNNAMED \\
  -Dheadcount.root="$ROOT" -cp "$classpath" io.github.headcounthll.presto.ConformanceDriver
SUBJECT
chmod +x "$out.new"
mv "$out.new" "$out"
