#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Measures a call from a JVM: java.lang.foreign, JNI on PrestoDB's Java, and the sidecar over a Unix socket. Nanoseconds
# per row, from one thread.
#   usage: bench-calls.sh [MILLISECONDS]   (of each run of each call; 500)
# Needs build/libheadcount.so, build/libheadcount-jni.so, build/headcount-sidecar and the jars.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
shim="$ROOT/java-shim"
milliseconds="${1:-500}"
jdk="$(need_jdk)"
presto_jdk="$(find_presto_jdk)" || die "no Java $PRESTO_JDK_RELEASE found: run 'scripts/deps.sh test'"

work="$(mktemp -d)"
"$ROOT/build/headcount-sidecar" --listen "unix:$work/sidecar.sock" --metrics '' 2>"$work/log" &
server=$!
trap 'kill "$server"; wait "$server" || true; rm -rf "$work"' EXIT
until [ -S "$work/sidecar.sock" ]; do sleep 0.1; done

printf 'headcount.library.path=%s\n' "$ROOT/build/libheadcount.so" >"$work/native.properties"
printf 'headcount.backend=sidecar\nheadcount.sidecar.address=unix://%s\n' "$work/sidecar.sock" >"$work/sidecar.properties"

# jar MODULE: prints the path of a module's jar.
jar() { printf '%s\n' "$shim/$1/target/headcount-${1%-client}.jar"; }

# bench CONFIGURATION MODULE JAVA...
bench() {
  "${@:3}" -cp "$(jar core):$(jar clib):$shim/conformance/target/test-classes:$(jar "$2")" io.github.headcounthll.conformance.Bench \
    "$work/$1.properties" "$milliseconds"
  echo
}
bench native ffm "$jdk/bin/java" --enable-native-access=ALL-UNNAMED
bench native jni "$presto_jdk/bin/java"
bench sidecar sidecar-client "$presto_jdk/bin/java"
