#!/usr/bin/env bash
# Unpack the Trino server from its tarball on Maven Central, with only the plugins that the catalogs of
# etc/catalog name, and print the directory.
#   usage: unpack-server.sh
# The tree is shared by every local server and by the stand-in base image; nothing writes to it afterwards.
set -euo pipefail
. "$(dirname "$0")/../../scripts/lib.sh"

# One at a time: a second caller waits and finds the tree there.
mkdir -p "$BUILD"
exec 9>"$BUILD/.trino-server.lock"
flock 9

plugins="$(wanted_plugins)"
dir="$BUILD/trino-server-$TRINO_VERSION"
if [ "$(cat "$dir/.plugins" 2>/dev/null)" = "$plugins" ]; then printf '%s\n' "$dir"; exit 0; fi

repository="${M2_REPO:-$HOME/.m2/repository}"
tarball="$repository/io/trino/trino-server/$TRINO_VERSION/trino-server-$TRINO_VERSION.tar.gz"
if [ ! -f "$tarball" ]; then
  say "fetching the Trino $TRINO_VERSION server from Maven Central (821 MB, once)"
  tarball="$BUILD/trino-server-$TRINO_VERSION.tar.gz"
  maven_artifact "io.trino:trino-server:$TRINO_VERSION:tar.gz" "$tarball"
fi

say "unpacking the Trino $TRINO_VERSION server"
staging="$(mktemp -d "$BUILD/trino-server.XXXXXX")"
trap 'rm -rf "$staging"' EXIT
# The tarball hard-links jars from one plugin into others, so everything is unpacked, then thinned.
tar -C "$staging" -xzf "$tarball" --strip-components=1
for plugin in "$staging"/plugin/*; do
  case " $plugins " in *" ${plugin##*/} "*) ;; *) rm -rf "$plugin" ;; esac
done
printf '%s\n' "$plugins" >"$staging/.plugins"
chmod 755 "$staging"
rm -rf "$dir" "$BUILD/trino-server-$TRINO_VERSION.tar.gz"   # Maven keeps its own copy
mv -T "$staging" "$dir"
trap - EXIT
printf '%s\n' "$dir"
