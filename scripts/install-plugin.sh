#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Assembles the folder for the plugin directory of Trino or PrestoDB.
#   usage: install-plugin.sh trino|presto PLUGIN BUILD ARCHITECTURE...
# PLUGIN is the folder to make. BUILD/ARCHITECTURE holds libheadcount.so and, for PrestoDB, libheadcount-jni.so. The jars come
# from java-shim's Maven build. Each file is written under another name and renamed, because writing into a mapped library
# would crash a running server. Unchanged files are not replaced.
set -eu

usage() {
    echo "usage: scripts/install-plugin.sh trino|presto PLUGIN BUILD ARCHITECTURE..." >&2
    exit 2
}

[ $# -ge 4 ] || usage
case $1 in
    trino) libraries=libheadcount.so ;;
    presto) libraries='libheadcount.so libheadcount-jni.so' ;;
    *) usage ;;
esac
engine=$1
plugin=$2
build=$3
shift 3
shim=$(dirname "$0")/../java-shim

place() {
    mkdir -p "$(dirname "$2")"
    if ! cmp -s "$1" "$2"; then
        cp "$1" "$2.new"
        chmod 644 "$2.new"
        mv -f "$2.new" "$2"
    fi
}

for arch; do
    for library in $libraries; do
        place "$build/$arch/$library" "$plugin/$arch/$library"
    done
done
place "$shim/$engine/target/headcount-$engine.jar" "$plugin/headcount-$engine.jar"
# A separate jar, because only headcount.backend=sidecar loads classes from it.
place "$shim/sidecar-client/target/headcount-sidecar.jar" "$plugin/headcount-sidecar.jar"
