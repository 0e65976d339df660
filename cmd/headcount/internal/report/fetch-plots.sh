#!/usr/bin/env bash
# Fetches the plot library that pages carry, Apache ECharts, from the npm registry: the one release that is named
# here, by its checksum, whole or not at all.
#   usage: fetch-plots.sh FILE
set -euo pipefail

version=6.1.0
sha256=b66b25aeb4df84e33199dc21694014d336d222cbd9deb0e5a7c14bd6aa0d0fd0

file="$1"
command -v npm >/dev/null || { echo "fetch-plots.sh: npm is missing: run 'scripts/deps.sh test'" >&2; exit 1; }
mkdir -p "$(dirname "$file")"
incoming="$(mktemp -d "$(dirname "$file")/.incoming.XXXXXX")"
trap 'rm -rf "$incoming"' EXIT
npm pack --silent --pack-destination "$incoming" "echarts@$version" >/dev/null
tar -xzOf "$incoming/echarts-$version.tgz" package/dist/echarts.min.js >"$incoming/echarts.min.js"
echo "$sha256  $incoming/echarts.min.js" | sha256sum --check --quiet
mv "$incoming/echarts.min.js" "$file"
