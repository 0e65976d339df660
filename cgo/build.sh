#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Builds a C library from the Go exports in this folder, or in a folder of it.
#
#   cgo/build.sh amd64|arm64 OUT [TAGS [FOLDER]]
#
# OUT is the library to write, TAGS are Go build tags ("purego", "hcpanic"), FOLDER is "pings" for libheadcount-pings.so. VERSION in the environment is
# the version the library states of itself; without it, "dev". For another architecture than the host's,
# Debian's cross compiler is used (package gcc-aarch64-linux-gnu or gcc-x86-64-linux-gnu).
#
# The file is written next to OUT and renamed: a process that has the old library mapped keeps it, where
# writing in place would kill it.
set -eu

usage() {
    echo "usage: cgo/build.sh amd64|arm64 OUT [TAGS [FOLDER]]" >&2
    exit 2
}

if [ $# -lt 2 ] || [ $# -gt 4 ]; then
    usage
fi
arch=$1
out=$2
tags=${3:-}
folder=${4:-.}

case $arch in
    amd64) cross=x86_64-linux-gnu-gcc ;;
    arm64) cross=aarch64-linux-gnu-gcc ;;
    *) usage ;;
esac
if [ "$arch" = "$(go env GOHOSTARCH)" ]; then
    compiler=${CC:-gcc}
else
    compiler=$cross
fi
command -v "$compiler" >/dev/null || {
    echo "cgo/build.sh: no compiler $compiler for linux-$arch on this machine" >&2
    exit 1
}

mkdir -p "$(dirname "$out")"
work=$(mktemp -d "$(dirname "$out")/.libheadcount.XXXXXX")
trap 'rm -rf "$work"' EXIT
work=$(cd "$work" && pwd)
target=$(cd "$(dirname "$out")" && pwd)/$(basename "$out")
cd "$(dirname "$0")"

# Nothing but the contract is visible: the Go runtime's own symbols stay inside, so that two libraries
# made this way can live in one process.
echo '{ global: hc_*; local: *; };' > "$work/exports.map"

# The library loads on glibc 2.17 and later (glibc.h). There its functions of threads are in a library of their own.
old_glibc=-Wl,--no-as-needed,-l:libpthread.so.0,--as-needed
for function in create key_create setspecific sigmask getattr_np attr_getstack attr_getstacksize; do
    old_glibc="$old_glibc,--wrap=pthread_$function"
done

CGO_ENABLED=1 GOOS=linux GOARCH=$arch CC=$compiler go build \
    -buildmode=c-shared -trimpath -buildvcs=false -tags "$tags" \
    -ldflags "-s -w -X main.version=${VERSION:-dev} -extldflags '-Wl,-soname,$(basename "$target") -Wl,--version-script=$work/exports.map $old_glibc'" \
    -o "$work/library.so" "./$folder"
mv -f "$work/library.so" "$target"
