#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Builds the C driver, linked against a built library.
#
#   cgo/conformance/build.sh amd64|arm64 LIBRARY OUT
#
# OUT finds LIBRARY by their relative place, so that both can be moved together. For another architecture
# than the host's, OUT is a script that runs the program, OUT.elf, under qemu (packages qemu-user,
# gcc-aarch64-linux-gnu, libc6-dev-arm64-cross). CFLAGS in the environment are added to the compiler's.
set -eu

usage() {
    echo "usage: cgo/conformance/build.sh amd64|arm64 LIBRARY OUT" >&2
    exit 2
}

[ $# -eq 3 ] || usage
case $1 in
    amd64) machine=x86_64 ;;
    arm64) machine=aarch64 ;;
    *) usage ;;
esac
library=$2
out=$3
[ -f "$library" ] || {
    echo "cgo/conformance/build.sh: no library $library: run make lib" >&2
    exit 1
}
source=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$(dirname "$out")"

program=$out
compiler=${CC:-gcc}
if [ "$(uname -m)" != "$machine" ]; then
    program=$out.elf
    compiler=$machine-linux-gnu-gcc
fi

# Written to another name and renamed: the old program may be running.
# shellcheck disable=SC2016,SC2086 # $ORIGIN is the loader's own word; CFLAGS are words
"$compiler" -std=c11 -Wall -Wextra -Werror -O2 ${CFLAGS:-} -I"$source/.." -o "$program.new" \
    "$source"/*.c "$library" \
    -Wl,-rpath,'$ORIGIN/'"$(realpath --relative-to="$(dirname "$out")" "$(dirname "$library")")"
mv -f "$program.new" "$program"

if [ "$program" != "$out" ]; then
    {
        echo '#!/bin/sh'
        echo '# Runs the program next to this script under qemu, because it is built for another architecture.'
        echo "exec qemu-$machine -L /usr/$machine-linux-gnu \"\$0.elf\" \"\$@\""
    } > "$out.new"
    chmod +x "$out.new"
    mv -f "$out.new" "$out"
fi
