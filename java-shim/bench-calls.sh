#!/usr/bin/env bash
# What a call costs a JVM by each way there is: java.lang.foreign, JNI on PrestoDB's Java, and a function server over a Unix
# socket. Nanoseconds a row, from one thread.
#   usage: bench-calls.sh [MILLISECONDS]   (of each run of each call; 500)
# Needs build/libheadcount.so, build/libheadcount-jni.so, build/headcount-sidecar and the jars.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
root="$(dirname "$here")"
# shellcheck source=docker/lib.sh
. "$root/docker/lib.sh"
milliseconds="${1:-500}"
jdk="$(need_jdk)"
presto_jdk="$(find_presto_jdk)" || die "no Java $PRESTO_JDK_RELEASE found: run 'make deps'"

work="$(mktemp -d)"
"$root/build/headcount-sidecar" --listen "unix:$work/sidecar.sock" --metrics '' 2>"$work/log" &
server=$!
trap 'kill "$server"; wait "$server" || true; rm -rf "$work"' EXIT
until [ -S "$work/sidecar.sock" ]; do sleep 0.1; done

printf 'headcount.library.path=%s\n' "$root/build/libheadcount.so" >"$work/native.properties"
printf 'headcount.backend=sidecar\nheadcount.sidecar.address=unix://%s\n' "$work/sidecar.sock" >"$work/sidecar.properties"

# The jar that Maven has built of a module.
jar() { find "$here/$1/target" -maxdepth 1 -name "headcount-$1*.jar" ! -name '*-tests.jar'; }

# bench CONFIGURATION MODULE JAVA...
bench() {
  "${@:3}" -cp "$(jar core):$(jar library):$(jar subject):$(jar "$2")" io.github.headcounthll.subject.Bench \
    "$work/$1.properties" "$milliseconds"
  echo
}
bench native native "$jdk/bin/java" --enable-native-access=ALL-UNNAMED
bench native jni "$presto_jdk/bin/java"
bench sidecar sidecar "$presto_jdk/bin/java"
