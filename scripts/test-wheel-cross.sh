#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Tests the Python wheel of another architecture under qemu-user, with that architecture's Python from this machine's release of
# Debian. It runs the tests that start no other program: vectors, groups, pings.
#   usage: test-wheel-cross.sh PYTHON WHEEL ARCH FOLDER
# PYTHON has pip. ARCH is amd64 or arm64. FOLDER keeps that Python and the packages from PyPI.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source-path=SCRIPTDIR source=lib.sh
. scripts/lib.sh

[ $# -eq 4 ] || die "usage: test-wheel-cross.sh PYTHON WHEEL ARCH FOLDER"
python="$1" wheel="$2" folder="$(realpath "$4")"
root="$folder/root" packages="$folder/packages"
case "$3" in
  amd64) machine=x86_64 ;;
  arm64) machine=aarch64 ;;
  *) die "no wheel for the architecture $3" ;;
esac
for tool in "qemu-$machine" mmdebstrap; do
  have "$tool" || die "$tool is missing: run 'scripts/deps.sh test'"
done

# Packages are only unpacked, so no program of that architecture has to run to install them.
if [ ! -x "$root/usr/bin/python3" ]; then
  . /etc/os-release
  [ "$ID" = debian ] || die "this machine is $ID; only Debian has the packages of all architectures in one place"
  sources="/etc/apt/sources.list.d/debian.sources"
  [ -f "$sources" ] || sources=/etc/apt/sources.list
  say "unpacking $VERSION_CODENAME's Python for $3"
  rm -rf "$root"
  mkdir -p "$root"
  mmdebstrap -q --variant=extract --architectures="$3" --include=python3,libstdc++6 --aptopt='Acquire::Check-Valid-Until "false"' \
    "$VERSION_CODENAME" - "$sources" | tar -x -C "$root" --exclude='./dev/*'
fi
emulated() { "qemu-$machine" -L "$root" "$root/usr/bin/python3" "$@"; }

version="$(emulated -c 'import sys; print(*sys.version_info[:2], sep=".")')"
rm -rf "$packages"
mapfile -t tested_with < <(grep -E '^(pandas|polars|pyarrow|pytest)==' python/headcount/requirements-test.txt)
quietly "$python" -m pip install --disable-pip-version-check --target "$packages" --python-version "$version" \
  --only-binary=:all: --platform "manylinux_2_28_$machine" --platform "manylinux_2_17_$machine" "$wheel" "${tested_with[@]}"
cd python/headcount/tests
PYTHONPATH="$packages" emulated -m pytest -q -c pytest.ini test_vectors.py test_groups.py test_pings.py
