#!/usr/bin/env bash
# Make the stand-in for the official Trino image where that cannot be pulled: a Debian root file system,
# a JDK of this machine and the server tarball, under a name of our own.
#   usage: make-base-image.sh        prints the image's name
# Does nothing when the image stands and was made of the same parts.
set -euo pipefail
. "$(dirname "$0")/../../scripts/lib.sh"
here="$(cd "$(dirname "$0")" && pwd)"

image="headcount/trino-base:$TRINO_VERSION"
jdk="$(need_jdk)"
. /etc/os-release
os_image="headcount/${ID:-linux}:${VERSION_CODENAME:-unknown}"
parts="$os_image; JDK $(jdk_version "$jdk"); Trino $TRINO_VERSION: $(wanted_plugins); $(cat "$here"/base/* | cksum)"

label() { docker image inspect --format '{{index .Config.Labels "headcount.parts"}}' "$1" 2>/dev/null; }
if [ "$(label "$image")" = "$parts" ]; then printf '%s\n' "$image"; exit 0; fi

# A minimal root file system of this machine's own release, from its own package sources, which stay
# out of the image.
if ! docker image inspect "$os_image" >/dev/null 2>&1; then
  have mmdebstrap || die "mmdebstrap is missing: run 'scripts/deps.sh test' (it makes the stand-in image on Debian and Ubuntu)"
  sources=/etc/apt/sources.list.d/$ID.sources
  [ -f "$sources" ] || sources=/etc/apt/sources.list
  say "making $os_image with mmdebstrap"
  # shellcheck disable=SC2016  # "$1" is the root file system's path, known to mmdebstrap
  mmdebstrap -q --variant=essential --aptopt='Acquire::Check-Valid-Until "false"' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' \
    --customize-hook='rm -rf "$1"/etc/apt/sources.list* "$1"/etc/resolv.conf "$1"/etc/hostname' \
    "$VERSION_CODENAME" - "$sources" | docker import - "$os_image" >/dev/null
fi

say "making $image, a stand-in for trinodb/trino:$TRINO_VERSION"
context="$(mktemp -d)"
trap 'rm -rf "$context"' EXIT
cp "$here"/base/* "$context"
ln -s "$jdk" "$context/jdk"
ln -s "$("$here/unpack-server.sh")" "$context/server"
tar -C "$context" -ch --exclude=./jdk/jmods --exclude=./jdk/lib/src.zip --exclude=./jdk/man --exclude=./jdk/demo . \
  | quietly docker build --build-arg "OS_IMAGE=$os_image" --build-arg "PARTS=$parts" -t "$image" -
printf '%s\n' "$image"
