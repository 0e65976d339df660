#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs a command in a root directory that has folders of this machine, each under its own path.
#   usage: unshare --map-root-user --mount old-root.sh ROOT FOLDER... -- COMMAND...
set -eu
root=$1
shift

bind() {
    mkdir -p "$root$1"
    mount --rbind "$1" "$root$1"
}

for folder in /proc /dev /tmp; do
    bind "$folder"
done
while [ "$1" != -- ]; do
    bind "$1"
    shift
done
shift
mkdir -p "$root/etc"
cp /etc/passwd /etc/hosts "$root/etc"
exec chroot "$root" "$@"
