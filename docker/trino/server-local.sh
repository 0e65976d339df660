# shellcheck shell=bash
# A server straight from the tarball: the same etc as in the image, its data in STATE. Trino's own launcher
# keeps the process id under a lock, so that a stale one is never mistaken for the server.
# shellcheck disable=SC2154  # `here` is the caller's
# Uses: here, STATE, PORT, PLUGIN, TRINO_HEAP.

# launcher COMMAND [OPTIONS]: Trino's launcher with this server's directories.
launcher() {
  "$BUILD/trino-server-$TRINO_VERSION/bin/launcher" "$@" --etc-dir "$here/etc" --data-dir "$STATE/data" \
    --pid-file "$STATE/launcher.pid" --launcher-log-file "$STATE/launcher.log" --server-log-file "$STATE/server.log"
}

local_alive() { [ -f "$STATE/launcher.pid" ] && launcher status >/dev/null 2>&1; }

# What a running server was started from; a change of it means a restart.
local_fingerprint() {
  { find "$PLUGIN/" "$here/etc" -type f -exec sha256sum {} + | sort; echo "$TRINO_HEAP"; } | sha256sum
}

local_up() {
  local fingerprint jdk server name
  jdk="$(need_jdk)"
  fingerprint="$(local_fingerprint)"
  if local_alive; then
    if [ "$(cat "$STATE/fingerprint" 2>/dev/null)" = "$fingerprint" ]; then return 0; fi
    say "the plugin or the configuration has changed: starting the server anew"
    launcher stop >/dev/null
  fi
  need_free_port
  server="$("$here/unpack-server.sh")"

  # Links, so that a library renamed into the plugin's folder is seen as it would be in an installation.
  rm -rf "$STATE/plugin"
  mkdir -p "$STATE"/{plugin,data,warehouse}
  for name in $(wanted_plugins); do ln -s "$server/plugin/$name" "$STATE/plugin/$name"; done
  ln -s "$PLUGIN" "$STATE/plugin/headcount"

  rm -f "$STATE"/server.log*
  say "starting Trino $TRINO_VERSION on port $PORT, without Docker; its log is $STATE/server.log"
  TRINO_PORT="$PORT" TRINO_WAREHOUSE="$STATE/warehouse" JDK_JAVA_OPTIONS="-Xmx$TRINO_HEAP" \
    launcher start --jvm-dir "$jdk" -D "node.data-dir=$STATE/data" -D "plugin.dir=$STATE/plugin" \
    -D node.bind-ip=127.0.0.1 -D node.internal-address=127.0.0.1 >/dev/null </dev/null
  printf '%s\n' "$fingerprint" >"$STATE/fingerprint"
}

local_down() {
  if local_alive; then
    launcher stop >/dev/null
    say "stopped Trino on port $PORT"
  fi
  rm -rf "$STATE"/{plugin,data,warehouse,launcher.pid,fingerprint}   # the logs stay
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
