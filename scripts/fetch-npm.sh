#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# fetch-npm.sh PACKAGE VERSION MEMBER SHA256 FILE: fetches one file of a package from the npm registry: the one release that is named,
# by the file's checksum, whole or not at all.
set -euo pipefail

package="$1" version="$2" member="$3" sha256="$4" file="$5"
command -v npm >/dev/null || { echo "fetch-npm.sh: npm is missing: run 'scripts/deps.sh test'" >&2; exit 1; }
mkdir -p "$(dirname "$file")"
incoming="$(mktemp -d "$(dirname "$file")/.incoming.XXXXXX")"
trap 'rm -rf "$incoming"' EXIT
npm pack --silent --pack-destination "$incoming" "$package@$version" >/dev/null
tar -xzOf "$incoming/$package-$version.tgz" "package/$member" >"$incoming/file"
echo "$sha256  $incoming/file" | sha256sum --check --quiet
mv "$incoming/file" "$file"
