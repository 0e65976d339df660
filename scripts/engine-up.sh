#!/usr/bin/env bash
# Bring up a Docker engine where none answers: containers and build machines without an init system.
#   usage: engine-up.sh
# An engine that already answers is used and left alone. One started here runs until engine-down.sh;
# its process id and log stand in HEADCOUNT_ENGINE_DIR, its images in Docker's usual data directory.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
STATE="${HEADCOUNT_ENGINE_DIR:-/var/tmp/headcount-engine}"
SOCKET=/var/run/docker.sock
SECONDS_TO_START=60

have docker || die "the docker command is missing: run 'scripts/deps.sh test', or install Docker"
if docker_answers; then say "Docker engine $(docker info --format '{{.ServerVersion}}') answers"; exit 0; fi
[ "${DOCKER_HOST:-unix://$SOCKET}" = "unix://$SOCKET" ] \
  || die "DOCKER_HOST=$DOCKER_HOST does not answer; start that engine or unset DOCKER_HOST"
if docker info 2>&1 | grep -qi 'permission denied'; then
  die "a Docker engine runs but refuses this user: add the user to the group docker, or run as root"
fi
have dockerd || die "no Docker engine is installed: run 'scripts/deps.sh test', or install Docker"
[ ! -d /run/systemd/system ] || die "the Docker engine is installed but not running: start it with 'systemctl start docker'"
[ "$(id -u)" = 0 ] || die "starting a Docker engine needs root: start it yourself, or run this as root"

mkdir -p "$STATE"
# A session of its own and no inherited descriptors: a build step would wait for them otherwise.
setsid dockerd --host "unix://$SOCKET" --exec-root "$STATE/run" --pidfile "$STATE/dockerd.pid" \
  </dev/null >"$STATE/dockerd.log" 2>&1 &
engine=$!
for _ in $(seq $((SECONDS_TO_START * 4))); do
  if docker_answers; then
    say "started Docker engine $(docker info --format '{{.ServerVersion}}, storage {{.Driver}}'); scripts/engine-down.sh stops it"
    exit 0
  fi
  kill -0 "$engine" 2>/dev/null || break
  sleep 0.25
done
tail -n 20 "$STATE/dockerd.log" >&2
kill "$engine" 2>/dev/null || true
die "the Docker engine did not start within $SECONDS_TO_START s; its log is $STATE/dockerd.log"
