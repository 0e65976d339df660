#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Fetches the jars of spark-hyperloglog 2.1.1 and of Spark 2.4.8, which it runs on, from PyPI.
#   usage: spark-original.sh OUT
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source-path=SCRIPTDIR source=lib.sh
. scripts/lib.sh

[ $# -eq 1 ] || die "usage: spark-original.sh OUT"
mkdir -p "$1"
work="$(mktemp -d "$1/.original.XXXXXX")"
trap 'rm -rf "$work"' EXIT
# pip runs the setup.py of both, made for the setuptools of their time.
python3 -m venv "$work/venv"
quietly "$work/venv/bin/pip" install --disable-pip-version-check setuptools==69.5.1 wheel==0.43.0
quietly "$work/venv/bin/pip" download --disable-pip-version-check --no-deps --no-build-isolation --dest "$work" \
  pyspark==2.4.8 pyspark-hyperloglog==2.1.1
for name in pyspark-2.4.8 pyspark-hyperloglog-2.1.1; do
  tar -xzf "$work/$name.tar.gz" -C "$1" --strip-components=3 --wildcards "$name/deps/jars/*.jar"
done
