#!/bin/sh
# Puts together the folder that goes into a Trino's plugin directory.
#
#   java-shim/install.sh PLUGIN BUILD
#
# PLUGIN is the folder to make; BUILD holds amd64/libheadcount.so and arm64/libheadcount.so. The jars come
# from this folder's Maven build. Files are written beside and renamed: a running server keeps what it has
# loaded, where writing a mapped library in place would kill it. A file that did not change is left alone.
set -eu

[ $# -eq 2 ] || {
    echo "usage: java-shim/install.sh PLUGIN BUILD" >&2
    exit 2
}
plugin=$1
build=$2
here=$(dirname "$0")

place() {
    mkdir -p "$(dirname "$2")"
    if ! cmp -s "$1" "$2"; then
        cp "$1" "$2.new"
        chmod 644 "$2.new"
        mv -f "$2.new" "$2"
    fi
}

for arch in amd64 arm64; do
    place "$build/$arch/libheadcount.so" "$plugin/$arch/libheadcount.so"
done
place "$here/trino/target/headcount-trino.jar" "$plugin/headcount-trino.jar"
# The function server's client: beside, since only headcount.backend=sidecar loads classes from it.
place "$here/sidecar/target/headcount-sidecar.jar" "$plugin/headcount-sidecar.jar"
