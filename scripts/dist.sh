#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes the release: headcount-trino-VERSION.zip and headcount-presto-VERSION.zip, each with one folder for the engine's
# plugin directory, and SHA256SUMS. The same input gives the same bytes.
#   usage: dist.sh TRINO_PLUGIN PRESTO_PLUGIN DIST VERSION
set -eu

[ $# -eq 4 ] || {
    echo "usage: scripts/dist.sh TRINO_PLUGIN PRESTO_PLUGIN DIST VERSION" >&2
    exit 2
}
command -v zip >/dev/null || {
    echo "scripts/dist.sh: zip is missing: run 'scripts/deps.sh test'" >&2
    exit 1
}
trino=$1
presto=$2
mkdir -p "$3"
dist=$(cd "$3" && pwd)
version=$4
root=$(cd "$(dirname "$0")/.." && pwd)

# Time zone and file modes of the machine do not change the archives.
TZ=UTC
export TZ
umask 022

# The time of the archives' files is that of the sources' last commit.
stamp=$(git -C "$root" log -1 --format=%cd --date=format-local:%Y%m%d%H%M.%S 2>/dev/null || echo 202001010000.00)
work=$(mktemp -d "$dist/.dist.XXXXXX")
trap 'rm -rf "$work"' EXIT

# pack ARCHIVE PLUGIN GUIDE
pack() {
    rm -rf "${work:?}/headcount" "${dist:?}/$1"
    cp -R "$2" "$work/headcount"
    cp "$root/LICENSE" "$root/docs/$3" "$work/headcount/"
    chmod -R u=rwX,go=rX "$work/headcount"
    find "$work/headcount" -exec touch -t "$stamp" {} +
    (cd "$work" && find headcount | LC_ALL=C sort | zip -q -X "$dist/$1" -@)
}

pack "headcount-trino-$version.zip" "$trino" install.md
pack "headcount-presto-$version.zip" "$presto" presto.md
(cd "$dist" && sha256sum "headcount-trino-$version.zip" "headcount-presto-$version.zip" > SHA256SUMS && cat SHA256SUMS)
