#!/usr/bin/env bash
# Stop the Docker engine that engine-up.sh started, and no other.
#   usage: engine-down.sh [--force]
# It is left running while containers run on it, since somebody else may use it; --force stops it and them.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
STATE="${HEADCOUNT_ENGINE_DIR:-/var/tmp/headcount-engine}"

pid="$(cat "$STATE/dockerd.pid" 2>/dev/null)" || exit 0
if ! tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF -- "--pidfile $STATE/dockerd.pid"; then
  rm -f "$STATE/dockerd.pid"   # it ended on its own; the number may belong to another process by now
  exit 0
fi
if [ "${1:-}" != --force ]; then
  running="$(docker ps --format '{{.Names}}' | tr '\n' ' ')"
  if [ -n "$running" ]; then say "the Docker engine still runs ${running% }: left running"; exit 0; fi
fi
kill "$pid"
while kill -0 "$pid" 2>/dev/null; do sleep 0.2; done
rm -f "$STATE/dockerd.pid"
say "stopped the Docker engine"
