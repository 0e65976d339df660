#!/bin/sh
# Puts together the folder that goes into a Trino's or a PrestoDB's plugin directory.
#
#   java-shim/install.sh trino|presto PLUGIN BUILD
#
# PLUGIN is the folder to make; BUILD holds amd64/libheadcount.so and arm64/libheadcount.so, and for PrestoDB beside
# each libheadcount-jni.so, which Java 17 opens it with. The jars come from this folder's Maven build. Files are written beside and renamed: a running server keeps what it has
# loaded, where writing a mapped library in place would kill it. A file that did not change is left alone.
set -eu

usage() {
    echo "usage: java-shim/install.sh trino|presto PLUGIN BUILD" >&2
    exit 2
}

[ $# -eq 3 ] || usage
case $1 in
    trino) libraries=libheadcount.so ;;
    presto) libraries='libheadcount.so libheadcount-jni.so' ;;
    *) usage ;;
esac
engine=$1
plugin=$2
build=$3
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
    for library in $libraries; do
        place "$build/$arch/$library" "$plugin/$arch/$library"
    done
done
place "$here/$engine/target/headcount-$engine.jar" "$plugin/headcount-$engine.jar"
# The function server's client: beside, since only headcount.backend=sidecar loads classes from it.
place "$here/sidecar/target/headcount-sidecar.jar" "$plugin/headcount-sidecar.jar"
