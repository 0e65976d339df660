#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# bench-rollups.sh: CPU time of aggregation, compared with a Python baseline over pings of the same kind; loads into PostgreSQL; requests.
# PINGS (10,000: a row of the output then has 35 pings on average), TIMES (5: how often they are also read, for the pings of a larger day),
# ROWS (1,000,000, of a load), KEPT (10,000,000, over which requests are made) and REQUESTS (2,000) are the sizes. At last the server answers for MEMORY (10m; 0: not), once over files and
# once over PostgreSQL, and its memory is printed.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

folder="$BUILD/bench/rollups"
mkdir -p "$folder"
python3 "$ROOT/bench/rollups/pings.py" "$folder" --pings "${PINGS:-10000}"

# cpu NAME PINGS COMMAND...: runs COMMAND and prints its CPU time a ping, and pings a second by the clock. It sets milliseconds.
cpu() {
  local name="$1" pings="$2" user system real
  shift 2
  local TIMEFORMAT="%U %S %R"
  { time "$@" >"$folder/log" 2>&1; } 2>"$folder/time" || {
    cat "$folder/log" >&2
    return 1
  }
  read -r user system real <"$folder/time"
  milliseconds=$(awk -v t="$user" -v s="$system" -v n="$pings" 'BEGIN { printf "%.2f", 1000 * (t + s) / n }')
  say "$name: $milliseconds ms of CPU a ping, $(awk -v t="$real" -v n="$pings" 'BEGIN { printf "%.0f", n / t }') pings/s"
}

pings="${PINGS:-10000}"
say "average ping: $(($(stat -c %s "$folder/pings.jsonl") / pings)) bytes"
ours=()
for times in 1 "${TIMES:-5}"; do
  inputs=()
  for _ in $(seq "$times"); do inputs+=("$folder/pings.jsonl"); done
  for threads in 1 "$(nproc)"; do
    cpu "headcount-rollup, $((pings * times)) pings, threads: $threads" "$((pings * times))" "$BUILD/headcount-rollup" aggregate \
      --threads "$threads" --definitions "$folder/Histograms.json" -o "$folder/partials" "${inputs[@]}"
    ours+=("$milliseconds")
  done
done
say "Python: $(python3 "$ROOT/bench/rollups/baseline.py" "$folder/Histograms.json" "$folder/pings.jsonl" |
  python3 -c 'import json, sys
p, ours = json.load(sys.stdin), [float(a) for a in sys.argv[1:]]
print("; ".join(f"{its:.2f} ms of CPU a ping {name}, " + ", ".join(f"{its / our:.1f}" for our in ours) + " times those of headcount-rollup"
    for name, its in (("with reading JSON", p["milliseconds"]), ("over decoded pings", p["milliseconds_decoded"]))))' "${ours[@]}")"
go run ./rollup/bench -rows "${ROWS:-1000000}" -kept "${KEPT:-10000000}" -requests "${REQUESTS:-2000}"
[ "${MEMORY:-10m}" = 0 ] || go run ./rollup/bench -rows "${ROWS:-1000000}" -memory "${MEMORY:-10m}" -program "$BUILD/headcount-rollup"
