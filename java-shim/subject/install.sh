#!/usr/bin/env bash
# install.sh LIBRARY OUT: writes the Java conformance subject as one executable, OUT, that calls LIBRARY.
# Maven has built the jars; they are copied beside it, so that a later build leaves a running subject alone.
set -euo pipefail
shim="$(cd "$(dirname "$0")/.." && pwd)"
# shellcheck source-path=SCRIPTDIR source=../../docker/lib.sh
. "$shim/../docker/lib.sh"

[ $# -eq 2 ] || die "usage: install.sh LIBRARY OUT"
library="$(realpath "$1")"
jdk="$(need_jdk)"
mkdir -p "$2.jars"
out="$(realpath "$2")"

classpath=
for module in core native subject; do
  jar="$(find "$shim/$module/target" -maxdepth 1 -name "headcount-$module-*.jar" ! -name '*-tests.jar' ! -name '*-sources.jar')"
  [ -f "$jar" ] || die "java-shim/$module/target holds no jar: run 'make java'"
  install -m 0644 "$jar" "$out.jars/$module.jar.new"
  mv "$out.jars/$module.jar.new" "$out.jars/$module.jar"
  classpath="$classpath${classpath:+:}$out.jars/$module.jar"
done

cat >"$out.new" <<SUBJECT
#!/bin/sh
exec "$jdk/bin/java" -XX:+UseSerialGC -Xmx2g --enable-native-access=ALL-UNNAMED \\
  -cp "$classpath" io.github.headcounthll.subject.Subject "$library"
SUBJECT
chmod +x "$out.new"
mv "$out.new" "$out"
