#!/bin/sh
# Makes the release: headcount-trino-VERSION.zip, whose folder goes into a Trino's plugin directory, and
# SHA256SUMS beside it. The same input gives the same bytes.
#
#   java-shim/dist.sh PLUGIN DIST VERSION
set -eu

[ $# -eq 3 ] || {
    echo "usage: java-shim/dist.sh PLUGIN DIST VERSION" >&2
    exit 2
}
command -v zip >/dev/null || {
    echo "java-shim/dist.sh: zip is missing: run 'make deps'" >&2
    exit 1
}
plugin=$1
mkdir -p "$2"
dist=$(cd "$2" && pwd)
name=headcount-trino-$3
root=$(cd "$(dirname "$0")/.." && pwd)

work=$(mktemp -d "$dist/.dist.XXXXXX")
trap 'rm -rf "$work"' EXIT
cp -R "$plugin" "$work/headcount"
cp "$root/LICENSE" "$root/docs/install.md" "$work/headcount/"
# The time of the archive's files is that of the sources' last commit.
stamp=$(git -C "$root" log -1 --format=%cd --date=format-local:%Y%m%d%H%M.%S 2>/dev/null || echo 202001010000.00)
find "$work/headcount" -exec touch -t "$stamp" {} +

rm -f "$dist/$name.zip"
(cd "$work" && find headcount | LC_ALL=C sort | zip -q -X "$dist/$name.zip" -@)
(cd "$dist" && sha256sum "$name.zip" > SHA256SUMS && cat SHA256SUMS)
