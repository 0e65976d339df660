#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Fetches the original, spark-hyperloglog 2.1.1, and the jars of Spark 2.4 that it runs on, from PyPI's source packages.
#   usage: fetch-original-spark.sh PYTHON OUT
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source-path=SCRIPTDIR source=lib.sh
. scripts/lib.sh

[ $# -eq 2 ] || die "usage: fetch-original-spark.sh PYTHON OUT"
mkdir -p "$2"
work="$(mktemp -d "$2/.fetch.XXXXXX")"
trap 'rm -rf "$work"' EXIT
quietly "$1" -m pip install -q --disable-pip-version-check setuptools==80.9.0 wheel==0.45.1   # pip asks the packages for their metadata
for package in pyspark-hyperloglog==2.1.1 pyspark==2.4.8; do
  quietly "$1" -m pip download -q --disable-pip-version-check --no-deps --no-build-isolation --no-binary :all: -d "$work" "$package"
done
for archive in "$work"/*.tar.gz; do
  tar -xzf "$archive" -C "$work" --wildcards '*/deps/jars/*.jar'
done
mv "$work"/*/deps/jars/*.jar "$2"
