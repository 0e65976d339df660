#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# fetch-axe.sh FILE: fetches axe-core (MPL-2.0), with which tests check the pages for accessibility, from the npm registry: the one
# release that is named here, by its checksum, whole or not at all.
set -euo pipefail

version=4.10.3
sha256=880970c081707360e64f34cea25ff91892f5bc95675b0776925b9709dd8a68bb

file="$1"
command -v npm >/dev/null || { echo "fetch-axe.sh: npm is missing: run 'scripts/deps.sh test'" >&2; exit 1; }
mkdir -p "$(dirname "$file")"
incoming="$(mktemp -d "$(dirname "$file")/.incoming.XXXXXX")"
trap 'rm -rf "$incoming"' EXIT
npm pack --silent --pack-destination "$incoming" "axe-core@$version" >/dev/null
tar -xzOf "$incoming/axe-core-$version.tgz" package/axe.min.js >"$incoming/axe.min.js"
echo "$sha256  $incoming/axe.min.js" | sha256sum --check --quiet
mv "$incoming/axe.min.js" "$file"
