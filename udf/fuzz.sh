#!/bin/sh
# Runs every fuzz target of the Go packages, one after the other, for the given time each.
#
#   udf/fuzz.sh TIME      such as 30s or 10m
#
# What a target finds goes into the package's testdata/fuzz, where go test then tries it every time.
set -eu
[ $# -eq 1 ] || {
    echo "usage: udf/fuzz.sh TIME" >&2
    exit 2
}
cd "$(dirname "$0")/.."
for package in $(go list ./udf/... ./sidecar/... ./cmd/...); do
    for target in $(go test -list '^Fuzz' "$package" | grep '^Fuzz' || true); do
        echo "== $package $target"
        go test -run '^$' -fuzz "^$target\$" -fuzztime "$1" "$package"
    done
done
