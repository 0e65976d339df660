#!/usr/bin/env bash
# install.sh ffm|jni LIBRARY OUT: writes the Java conformance subject as one executable, OUT, that calls LIBRARY, through
# java.lang.foreign, or on PrestoDB's Java through JNI; libheadcount-jni.so is then in the same folder as LIBRARY.
# Maven has built the jars; they are copied to the same folder, so that a later build leaves a running subject alone.
set -euo pipefail
shim="$(cd "$(dirname "$0")/.." && pwd)"
# shellcheck source-path=SCRIPTDIR source=../../scripts/lib.sh
. "$shim/../scripts/lib.sh"

usage='usage: install.sh ffm|jni LIBRARY OUT'
[ $# -eq 3 ] || die "$usage"
case $1 in
  ffm) java="$(need_jdk)/bin/java --enable-native-access=ALL-UNNAMED" ;;
  jni) java="$(find_presto_jdk)/bin/java" || die "no Java $PRESTO_JDK_RELEASE found: run 'scripts/deps.sh test'" ;;
  *) die "$usage" ;;
esac
way=$1
library="$(realpath "$2")"
mkdir -p "$3.jars"
out="$(realpath "$3")"

classpath=
for module in core clib "$way" conformance; do
  jar="$shim/$module/target/headcount-$module.jar"
  [ -f "$jar" ] || die "there is no $jar: run 'make java'"
  install -m 0644 "$jar" "$out.jars/$module.jar.new"
  mv "$out.jars/$module.jar.new" "$out.jars/$module.jar"
  classpath="$classpath${classpath:+:}$out.jars/$module.jar"
done

cat >"$out.new" <<SUBJECT
#!/bin/sh
exec $java -XX:+UseSerialGC -Xmx2g \\
  -cp "$classpath" io.github.headcounthll.conformance.Driver "$library"
SUBJECT
chmod +x "$out.new"
mv "$out.new" "$out"
