# shellcheck shell=bash
# A server straight from the tarball: the same etc as in the image, its data in STATE. Trino's own launcher
# keeps the process id under a lock, so that a stale one is never mistaken for the server. Each worker has a folder
# STATE/worker-N; all nodes share the plugins and the warehouse.
# shellcheck disable=SC2154  # `here` is the caller's
# Uses: here, STATE, PORT, PLUGIN, TRINO_HEAP, WORKERS, JDK_JAVA_OPTIONS.

# launcher NODE COMMAND [OPTIONS]: Trino's launcher with the directories of a node, which is STATE or a worker's folder.
launcher() {
  "$BUILD/trino-server-$TRINO_VERSION/bin/launcher" "${@:2}" --etc-dir "$here/etc" --data-dir "$1/data" \
    --pid-file "$1/launcher.pid" --launcher-log-file "$1/launcher.log" --server-log-file "$1/server.log"
}

node_alive() { [ -f "$1/launcher.pid" ] && launcher "$1" status >/dev/null 2>&1; }

local_alive() { node_alive "$STATE"; }

# What a running server was started from; a change of it means a restart.
local_fingerprint() {
  { find "$PLUGIN/" "$here/etc" "$here/worker.properties" -type f -exec sha256sum {} + | sort
    echo "$TRINO_HEAP $WORKERS ${JDK_JAVA_OPTIONS:-}"; } | sha256sum
}

# local_stop: stops the nodes, workers first.
local_stop() {
  local node
  for node in "$STATE"/worker-* "$STATE"; do
    if node_alive "$node"; then launcher "$node" stop >/dev/null; fi
  done
}

# start_node NODE [OPTIONS]: starts a node on the loopback interface; OPTIONS are the launcher's.
start_node() {
  mkdir -p "$1/data"
  rm -f "$1"/server.log*
  TRINO_PORT="$PORT" TRINO_WAREHOUSE="$STATE/warehouse" JDK_JAVA_OPTIONS="-Xmx$TRINO_HEAP ${JDK_JAVA_OPTIONS:-}" \
    launcher "$1" start --jvm-dir "$(need_jdk)" -D "node.data-dir=$1/data" -D "plugin.dir=$STATE/plugin" \
    -D node.bind-ip=127.0.0.1 -D node.internal-address=127.0.0.1 "${@:2}" >/dev/null </dev/null
}

# start_workers: starts the workers that do not run. Port 0 is one that the system chooses; a worker announces its own.
start_workers() {
  local n
  for ((n = 1; n <= WORKERS; n++)); do
    node_alive "$STATE/worker-$n" || start_node "$STATE/worker-$n" --config "$here/worker.properties" \
      -D http-server.http.port=0 -D "discovery.uri=http://127.0.0.1:$PORT"
  done
}

local_up() {
  local fingerprint server name
  need_jdk >/dev/null
  fingerprint="$(local_fingerprint)"
  if local_alive; then
    if [ "$(cat "$STATE/fingerprint" 2>/dev/null)" = "$fingerprint" ]; then start_workers; return 0; fi
    say "the plugin or the configuration has changed: starting the server anew"
    local_stop
  fi
  need_free_port
  server="$("$here/unpack-server.sh")"

  # Links, so that a library renamed into the plugin's folder is seen as it would be in an installation.
  rm -rf "$STATE/plugin" "$STATE"/worker-*
  mkdir -p "$STATE"/{plugin,warehouse}
  for name in $(wanted_plugins); do ln -s "$server/plugin/$name" "$STATE/plugin/$name"; done
  ln -s "$PLUGIN" "$STATE/plugin/headcount"

  say "starting Trino $TRINO_VERSION on port $PORT, without Docker; its log is $STATE/server.log"
  start_node "$STATE"
  start_workers
  printf '%s\n' "$fingerprint" >"$STATE/fingerprint"
}

local_down() {
  if local_alive; then say "stopping Trino on port $PORT"; fi
  local_stop
  rm -rf "$STATE"/{,worker-*/}data "$STATE"/{plugin,warehouse,launcher.pid,fingerprint}   # the logs stay
}

local_logs() { cat "$STATE/server.log" 2>/dev/null || die "no log in $STATE"; }

# local_put FILE PATH: a file into the warehouse, whole or not at all.
local_put() {
  local target="$STATE/warehouse/$2"
  mkdir -p "$(dirname "$target")"
  cp "$1" "$(dirname "$target")/.incoming"
  mv "$(dirname "$target")/.incoming" "$target"
}

# local_has -d|-e PATH: whether the warehouse has a folder, or anything, at a path.
local_has() { test "$1" "$STATE/warehouse/$2"; }

# local_get PATH FOLDER: a folder of the warehouse.
local_get() { cp -R "$STATE/warehouse/$1" "$2"; }
