#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# bench-rollups.sh: aggregation beside the original's algorithm in Python over the same pings, loads into PostgreSQL, requests.
# PINGS (1,000), PYTHON_PINGS (100), ROWS (1,000,000) and REQUESTS (2,000) are the sizes.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

folder="$BUILD/bench/rollups"
mkdir -p "$folder/few"
python3 "$ROOT/bench/rollups/pings.py" "$folder" --pings "${PINGS:-1000}"
head -n "${PYTHON_PINGS:-100}" "$folder/pings.jsonl" >"$folder/few/pings.jsonl"

# cpu NAME COMMAND...: runs COMMAND and prints the seconds of CPU that it took.
cpu() {
  local name="$1"
  shift
  TIMEFORMAT="$name: %U s of CPU (user), %S s (system), %R s"
  time "$@"
}

say "average ping: $(($(stat -c %s "$folder/pings.jsonl") / ${PINGS:-1000})) bytes"
cpu "headcount-rollup, ${PINGS:-1000} pings from the file" \
  "$BUILD/headcount-rollup" aggregate --definitions "$folder/Histograms.json" -o "$folder/partials" "$folder/pings.jsonl"
cpu "Python, with reading, ${PYTHON_PINGS:-100} pings" \
  python3 "$ROOT/bench/rollups/baseline.py" "$folder/Histograms.json" "$folder/few/pings.jsonl"
go run ./rollup/bench -rows "${ROWS:-1000000}" -requests "${REQUESTS:-2000}"
