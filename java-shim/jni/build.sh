#!/bin/sh
# Builds the JNI library, through which a JVM without java.lang.foreign calls the C library.
#
#   java-shim/jni/build.sh amd64|arm64 JDK OUT
#
# JDK is a JDK's home, for its jni.h: that of any JDK for Linux serves for both architectures. OUT is the library to write,
# libheadcount-jni.so in the folder of the libheadcount.so that it opens. For another architecture than the host's, Debian's
# cross compiler is used (package gcc-aarch64-linux-gnu or gcc-x86-64-linux-gnu).
#
# The file is written under another name and renamed: a process that has the old library mapped keeps it, where
# writing in place would kill it.
set -eu

usage() {
    echo "usage: java-shim/jni/build.sh amd64|arm64 JDK OUT" >&2
    exit 2
}

[ $# -eq 3 ] || usage
case $1 in
    amd64) machine=x86_64 ;;
    arm64) machine=aarch64 ;;
    *) usage ;;
esac
jdk=$2
out=$3
[ -f "$jdk/include/jni.h" ] || {
    echo "java-shim/jni/build.sh: no include/jni.h in $jdk: a JDK is needed, not a JRE" >&2
    exit 1
}
if [ "$(uname -m)" = "$machine" ]; then
    compiler=${CC:-gcc}
else
    compiler=$machine-linux-gnu-gcc
fi
command -v "$compiler" >/dev/null || {
    echo "java-shim/jni/build.sh: no compiler $compiler for linux-$1 on this machine" >&2
    exit 1
}

here=$(dirname "$0")
mkdir -p "$(dirname "$out")"
work=$(mktemp -d "$(dirname "$out")/.libheadcount-jni.XXXXXX")
trap 'rm -rf "$work"' EXIT

# Nothing is visible but what the JVM calls at load. The library loads on glibc 2.17 and later (cgo/glibc.h).
echo '{ global: JNI_OnLoad; local: *; };' > "$work/exports.map"

"$compiler" -std=c11 -Wall -Wextra -Werror -O2 -fPIC -shared -s \
    -I"$jdk/include" -I"$jdk/include/linux" -I"$here/src/generated/c" -I"$here/../../cgo" \
    -Wl,-soname,libheadcount-jni.so -Wl,--version-script="$work/exports.map" -Wl,-z,defs \
    -Wl,--wrap=dlopen,--wrap=dlsym,--wrap=dlerror \
    -o "$work/library.so" "$here/headcount_jni.c" "$here/glibc_dl.c" -Wl,--no-as-needed -l:libdl.so.2
mv -f "$work/library.so" "$out"
