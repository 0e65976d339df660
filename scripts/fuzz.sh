#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs every fuzz target of the Go packages, one after the other, for a time each.
#   usage: fuzz.sh TIME    such as 30s or 10m
# A finding goes into the package's testdata/fuzz, and go test then runs it every time.
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: fuzz.sh TIME" >&2; exit 2; }
cd "$(dirname "$0")/.."
for package in $(go list ./...); do
  for target in $(go test -list '^Fuzz' "$package" | grep '^Fuzz' || true); do
    echo "== $package $target"
    go test -run '^$' -fuzz "^$target\$" -fuzztime "$1" "$package"
  done
done
