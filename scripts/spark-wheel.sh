#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes the wheel headcount-spark, which contains the jar.
#   usage: spark-wheel.sh PYTHON JAR VERSION OUT
# OUT is the folder to write headcount_spark-VERSION-py3-none-any.whl into.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source-path=SCRIPTDIR source=lib.sh
. scripts/lib.sh

[ $# -eq 4 ] || die "usage: spark-wheel.sh PYTHON JAR VERSION OUT"
mkdir -p "$4"
work="$(mktemp -d "$4/.wheel.XXXXXX")"
trap 'rm -rf "$work"' EXIT
cp -r python/headcount-spark/. "$work"
cp "$2" "$work/headcount/spark/"
echo "$3" >"$work/VERSION"
SOURCE_DATE_EPOCH=1735689600 quietly "$1" -m pip wheel --disable-pip-version-check --no-deps --wheel-dir "$4" "$work"
