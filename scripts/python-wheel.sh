#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes the wheel headcount, which contains the C libraries of one architecture.
#   usage: python-wheel.sh PYTHON ARCH VERSION OUT LIBRARY...
# ARCH is amd64 or arm64. OUT is the folder to write headcount-VERSION-py3-none-manylinux_2_17_MACHINE.whl into.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source-path=SCRIPTDIR source=lib.sh
. scripts/lib.sh

[ $# -ge 5 ] || die "usage: python-wheel.sh PYTHON ARCH VERSION OUT LIBRARY..."
python="$1" version="$3" out="$4"
case "$2" in
  amd64) machine=x86_64 ;;
  arm64) machine=aarch64 ;;
  *) die "no wheel for the architecture $2" ;;
esac
shift 4
mkdir -p "$out"
work="$(mktemp -d "$out/.wheel.XXXXXX")"
trap 'rm -rf "$work"' EXIT
git ls-files -z python/headcount/pyproject.toml python/headcount/headcount | xargs -0 cp --parents -t "$work"
cp "$@" "$work/python/headcount/headcount/"
echo "$version" >"$work/python/headcount/VERSION"
# setuptools takes a package without extension modules for one of every platform.
cat >"$work/python/headcount/setup.py" <<'SETUP'
from setuptools import Distribution, setup
from setuptools.command.bdist_wheel import bdist_wheel


class Binary(Distribution):
    def has_ext_modules(self):
        return True


class AnyPython(bdist_wheel):
    def get_tag(self):
        return "py3", "none", self.plat_name


setup(distclass=Binary, cmdclass={"bdist_wheel": AnyPython})
SETUP
printf '[bdist_wheel]\nplat_name = manylinux_2_17_%s\n' "$machine" >"$work/python/headcount/setup.cfg"
rm -f "$out"/headcount-*"$machine".whl
SOURCE_DATE_EPOCH=1735689600 quietly "$python" -m pip wheel --disable-pip-version-check --no-deps --wheel-dir "$out" "$work/python/headcount"
