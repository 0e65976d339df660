#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs the fuzz targets of the Go packages, one after the other, for a time each.
#   usage: fuzz.sh TIME [PACKAGE TARGET]    TIME: such as 30s or 10m; all targets, or one: fuzz.sh 1h ./udf/hll FuzzDecode
#          fuzz.sh list                     prints package and target of each
# A finding goes into the package's testdata/fuzz, and go test then runs it every time. It is printed too, for a machine that keeps no files.
set -euo pipefail
cd "$(dirname "$0")/.."
said="$(mktemp)"
trap 'rm -f "$said"' EXIT

list() {
  local package target
  for package in $(go list ./...); do
    for target in $(go test -list '^Fuzz' "$package" | grep '^Fuzz' || true); do
      echo ".${package#"$(go list -m)"} $target"
    done
  done
}

# How often go test runs an input that covers something new to make it smaller. It compares coverage, which differs from run to run
# in a reader with goroutines: by default, one minute for each input, FuzzParquet did nothing else (500 executions in an hour; with
# this 500 a second).
readonly trials=20x

# At the end of the time go test may fail with "context deadline exceeded" on a busy machine, which is no finding.
run() {
  local findings
  echo "== $2 $3"
  go test -run '^$' -fuzz "^$3\$" -fuzztime "$1" -fuzzminimizetime "$trials" "$2" 2>&1 | tee "$said" && return
  findings="$(git ls-files --others --exclude-standard "$2/testdata/fuzz")"
  [ -z "$findings" ] && grep -q "^ *context deadline exceeded" "$said" && return
  for finding in $findings; do
    echo "-- $finding"
    cat "$finding"
  done
  return 1
}

case "$#" in
  1)
    [ "$1" = list ] && { list; exit; }
    failed=0
    while read -r package target; do
      run "$1" "$package" "$target" || failed=1
    done < <(list)
    exit "$failed"
    ;;
  3) run "$1" "$2" "$3" ;;
  *) echo "usage: fuzz.sh TIME [PACKAGE TARGET] or fuzz.sh list" >&2; exit 2 ;;
esac
