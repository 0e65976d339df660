# shellcheck shell=bash
# The server in Docker, as compose.yaml describes it, one Compose project for each port.
# shellcheck disable=SC2154  # `here` is the caller's
# Uses: here, PORT, PLUGIN, CLUSTER, SIDECAR, TRINO_HEAP.

project() {
  local files=(--file "$here/compose.yaml")
  [ "$SIDECAR" = no ] || files+=(--file "$here/sidecar.yaml")
  compose --project-name "headcount-$PORT" "${files[@]}" "$@"
}

docker_container() {
  docker ps --all --quiet "$@" --filter "label=com.docker.compose.project=headcount-$PORT" \
    --filter label=com.docker.compose.service=trino 2>/dev/null
}

docker_alive() { have docker && [ -n "$(docker_container --filter status=running)" ]; }

# The base image: TRINO_IMAGE, or the official one if it stands or can be pulled, or our stand-in.
base_image() {
  local official="trinodb/trino:$TRINO_VERSION" stand_in="headcount/trino-base:$TRINO_VERSION"
  if [ -n "${TRINO_IMAGE:-}" ]; then printf '%s\n' "$TRINO_IMAGE"; return; fi
  if docker image inspect "$official" >/dev/null 2>&1; then printf '%s\n' "$official"; return; fi
  if ! docker image inspect "$stand_in" >/dev/null 2>&1 && registry_answers; then
    say "pulling $official"
    if docker pull --quiet "$official" >/dev/null; then printf '%s\n' "$official"; return; fi
  fi
  "$here/make-base-image.sh"
}

# Whether the server can run in Docker; says why not.
docker_serves() {
  local why
  if ! docker_answers; then why="no Docker engine answers"
  elif ! (compose version) >/dev/null 2>&1; then why="Docker Compose is missing"
  elif ! base_image_can_be_had; then why="trinodb/trino cannot be pulled, and mmdebstrap is not here to make a stand-in"
  else return 0
  fi
  say "$why: running Trino without Docker"
  return 1
}

base_image_can_be_had() {
  [ -n "${TRINO_IMAGE:-}" ] || docker image inspect "trinodb/trino:$TRINO_VERSION" >/dev/null 2>&1 \
    || have mmdebstrap || registry_answers
}

# Whether a pull has a chance; without this an unreachable registry can cost a minute.
registry_answers() { timeout 5 bash -c 'exec 3<>/dev/tcp/registry-1.docker.io/443' 2>/dev/null; }

docker_up() {
  docker_answers || die "no Docker engine answers: run scripts/engine-up.sh, or use --mode local"
  [ "$PLUGIN" = "$BUILD/plugin/headcount" ] || die "--plugin works with --mode local only"
  docker_alive || need_free_port
  TRINO_IMAGE="$(base_image)"
  export TRINO_IMAGE
  say "starting Trino $TRINO_VERSION on port $PORT, in Docker on $TRINO_IMAGE"
  if [ "$CLUSTER" = yes ]; then
    COMPOSE_PROFILES=cluster quietly project up --detach --build
  else
    quietly project up --detach --build
  fi
  # The image that this one replaces is of no further use.
  docker image prune --force --filter label=headcount.image >/dev/null
}

# docker_left: prints what a Compose project has, also one whose start failed.
docker_left() {
  local filter="label=com.docker.compose.project=headcount-$PORT"
  docker ps --all --quiet --filter "$filter"
  docker network ls --quiet --filter "$filter"
  docker volume ls --quiet --filter "$filter"
}

docker_down() {
  docker_answers || return 0
  [ -n "$(docker_left)" ] || return 0
  SIDECAR=yes COMPOSE_PROFILES=cluster quietly project down --volumes --timeout 10
  docker image rm "headcount/trino:$TRINO_VERSION-$PORT" "headcount/sidecar:$PORT" >/dev/null 2>&1 || true
  say "stopped Trino on port $PORT"
}

docker_logs() {
  local container
  container="$(docker_container)"
  [ -n "$container" ] || die "no container of ours for port $PORT"
  docker logs "$container"
}

# docker_put FILE PATH: a file into the warehouse, whole or not at all, owned by the server's user.
docker_put() {
  # shellcheck disable=SC2016  # the container's shell expands these
  docker exec --interactive "$(docker_container)" sh -c '
    target="$TRINO_WAREHOUSE/$1"
    mkdir -p "$(dirname "$target")" && cat >"$(dirname "$target")/.incoming" && mv "$(dirname "$target")/.incoming" "$target"
  ' sh "$2" <"$1"
}

# docker_has -d|-e PATH: whether the warehouse has a folder, or anything, at a path.
docker_has() {
  # shellcheck disable=SC2016  # the container's shell expands these
  docker exec "$(docker_container)" sh -c 'test "$1" "$TRINO_WAREHOUSE/$2"' sh "$@"
}

# docker_get PATH FOLDER: a folder of the warehouse.
docker_get() {
  local container warehouse
  container="$(docker_container)"
  # shellcheck disable=SC2016  # the container's shell expands this
  warehouse="$(docker exec "$container" sh -c 'echo "$TRINO_WAREHOUSE"')"
  docker cp "$container:$warehouse/$1" "$2" >/dev/null
}
