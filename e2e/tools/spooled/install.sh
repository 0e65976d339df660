#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what the test of spooled results needs beside the server: Trino's plugin that spools, from the server's tarball,
# and an S3 server.
#   usage: install.sh FOLDER
set -euo pipefail
. "$(dirname "$0")/../../../scripts/lib.sh"
folder="$1"
mkdir -p "$folder"
folder="$(cd "$folder" && pwd)"
GOBIN="$folder" go install github.com/versity/versitygw/cmd/versitygw@v1.8.0

tarball="${M2_REPO:-$HOME/.m2/repository}/io/trino/trino-server/$TRINO_VERSION/trino-server-$TRINO_VERSION.tar.gz"
if [ ! -f "$tarball" ]; then
  tarball="$folder/trino-server.tar.gz"
  maven_artifact "io.trino:trino-server:$TRINO_VERSION:tar.gz" "$tarball"
fi
# The tarball hard-links the plugin's jars to those of other plugins, so everything is unpacked first.
staging="$(mktemp -d "$folder/staging.XXXXXX")"
trap 'rm -rf "$staging"' EXIT
tar -C "$staging" -xzf "$tarball" --strip-components=1
rm -rf "$folder/spooling-filesystem" "$folder/trino-server.tar.gz"
mv "$staging/plugin/spooling-filesystem" "$folder/"
