#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes the jar for Spark: the classes of Maven's build, and the libraries of each architecture.
#   usage: install-spark.sh JDK BUILD VERSION ARCHITECTURE...
# BUILD/ARCHITECTURE holds libheadcount.so and libheadcount-jni.so. Writes BUILD/spark-plugin/headcount-spark-VERSION.jar.
# The same input makes the same bytes.
set -eu

[ $# -ge 4 ] || { echo "usage: scripts/install-spark.sh JDK BUILD VERSION ARCHITECTURE..." >&2; exit 2; }
jdk=$1
build=$2
version=$3
shift 3
classes=$(dirname "$0")/../java-shim/spark/target/headcount-spark.jar
out=$build/spark-plugin
mkdir -p "$out"
work=$(mktemp -d "$out/.jar.XXXXXX")
trap 'rm -rf "$work"' EXIT

for arch; do
    mkdir -p "$work/content/native/$arch"
    cp "$build/$arch/libheadcount.so" "$build/$arch/libheadcount-jni.so" "$work/content/native/$arch"
done
mkdir -p "$work/content/META-INF"
echo "version=$version" >"$work/content/META-INF/headcount-spark.properties"
cp "$classes" "$work/headcount-spark.jar"
"$jdk/bin/jar" --update --file "$work/headcount-spark.jar" --date=2025-01-01T00:00:00Z -C "$work/content" META-INF -C "$work/content" native
chmod 644 "$work/headcount-spark.jar"
mv -f "$work/headcount-spark.jar" "$out/headcount-spark-$version.jar"
