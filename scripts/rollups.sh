#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# rollups.sh up|down: metric roll-ups from nothing, in build/rollups: makes pings, aggregates them, loads a PostgreSQL of its own and serves.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

folder="$BUILD/rollups"

# running NAME: whether the process that NAME.pid names is there.
running() { [ -f "$folder/$1.pid" ] && kill -0 "$(cat "$folder/$1.pid")" 2>/dev/null; }

# background NAME COMMAND...: runs COMMAND with its output in NAME.out and NAME.log, and its number in NAME.pid.
background() {
  local name="$1"
  shift
  setsid "$@" >"$folder/$name.out" 2>"$folder/$name.log" </dev/null &
  echo $! >"$folder/$name.pid"
}

# await NAME CONDITION...: waits until CONDITION holds, a minute at most, while the process of NAME is there.
await() {
  local name="$1"
  shift
  for _ in $(seq 600); do
    if "$@" >/dev/null 2>&1; then return; fi
    running "$name" || break
    sleep 0.1
  done
  cat "$folder/$name.log" >&2
  die "$name did not start"
}

down() {
  local name
  for name in serve postgres; do
    if running "$name"; then kill "$(cat "$folder/$name.pid")"; fi
    for _ in $(seq 100); do
      running "$name" || break
      sleep 0.1
    done
    rm -f "$folder/$name.pid"
  done
}

up() {
  local rollup="$BUILD/headcount-rollup" address="127.0.0.1:${ROLLUP_PORT:-8090}" connection metric query
  down
  mkdir -p "$folder"
  chmod 755 "$folder"
  python3 "$ROOT/bench/rollups/pings.py" "$folder" --pings 300 --metrics 80 --days 3
  rm -rf "$folder/partials"
  "$rollup" aggregate --definitions "$folder/Histograms.json" -o "$folder/partials" "$folder/pings.jsonl"
  background postgres "$BUILD/pgserver" "${ROLLUP_CLUSTERS:-/tmp}"
  await postgres test -s "$folder/postgres.out"
  connection="$(cat "$folder/postgres.out")"
  "$rollup" load --postgres "$connection" --partials "$folder/partials"
  background serve "$rollup" serve --definitions "$folder/Histograms.json" --postgres "$connection" --listen "$address"
  await serve curl -fsS "http://$address/status"
  query="$(curl -fsS "http://$address/aggregates_by/submission_date/channels/nightly/dates/" |
    sed 's/^\[{"version":"\([^"]*\)","date":"\([^"]*\)".*/version=\1\&dates=\2/')"
  metric="$(sed -n 's/^ "\(.*EXPONENTIAL.*\)": {$/\1/p' "$folder/Histograms.json" | head -1)"
  say ""
  say "Serving from PostgreSQL: http://$address/ shows distributions and evolutions. Try"
  echo "  curl 'http://$address/aggregates_by/submission_date/channels/nightly/?$query&metric=$metric'"
  echo "  curl 'http://$address/v1/submission_date/sums?channel=nightly&${query/dates=/date=}&metric=$metric&group=os&format=csv'"
  say "Stop it with: make down"
}

case "${1:-}" in
  up) up ;;
  down) down ;;
  *) die "usage: rollups.sh up|down" ;;
esac
