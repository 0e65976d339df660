#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what a machine lacks, on Debian and Ubuntu.
#   usage: deps.sh demo       what `make demo` needs: a plugin for this machine and a Trino to run it
#          deps.sh reports    what `make reports` needs
#          deps.sh rollups    what `make rollups` needs
#          deps.sh test       what `make test`, `make dist` and `make lint` need
# Prints the packages before it installs them, with sudo if the user is not root. NO_INSTALL=1 lists what is missing,
# installs nothing, and exits with 1 if something is missing. What packages cannot provide is named with one line each.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

case "$(uname -m)" in
  x86_64) other=aarch64 other_package=arm64 ;;
  aarch64) other=x86_64 other_package=amd64 ;;
  *) die "no native library for this machine's architecture, $(uname -m)" ;;
esac

MIN_RUST="$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$ROOT/sidecar/interop/arrow-udf/Cargo.toml")"

# --- checks ------------------------------------------------------------------------------------------

# Go 1.21 or later fetches the release that go.mod names.
has_go() { cd "$ROOT" && go version; }
has_cross_gcc() { have "$other-linux-gnu-gcc" && [ -f "/usr/$other-linux-gnu/include/stdio.h" ]; }
has_engine() { docker_answers || { have docker && have dockerd && have iptables; }; }
has_browser() { have chromium || have chromium-browser || have google-chrome; }
has_compose() { compose version; }
has_rust() {
  local minor
  minor="$("$(find_cargo)" --version | sed -n 's/^cargo 1\.\([0-9]*\).*/\1/p')"
  [ "$minor" -ge "${MIN_RUST#1.}" ]
}
has_venv() { python3 -c 'import ensurepip, venv'; }

packaged() { apt-cache show "$1" >/dev/null 2>&1; }

# Ubuntu packages Compose 2 under its own name. Debian 12 has docker-compose 1.29, which works too.
compose_package() { if packaged docker-compose-v2; then echo docker-compose-v2; else echo docker-compose; fi; }

# Debian 12's cargo is too old; cargo-web, the toolchain that Debian builds browsers with, is recent.
rust_packages() { if packaged cargo-web; then echo "cargo-web rustc-web"; elif packaged rustup; then echo rustup; fi; }

# --- needs -------------------------------------------------------------------------------------------

missing=() packages=() by_hand=()

# need NAME PURPOSE PACKAGES CHECK...: records NAME as missing if CHECK fails. PACKAGES is one word with the Debian
# packages that provide it; empty: the user has to install it.
need() {
  local name="$1" purpose="$2" wanted="$3"
  shift 3
  if ("$@") >/dev/null 2>&1; then return; fi
  missing+=("$name, $purpose")
  # shellcheck disable=SC2206  # several packages in one word
  if [ -n "$wanted" ]; then packages+=($wanted); else by_hand+=("$name"); fi
}

need_go() {
  need "Go 1.21 or later: unpack a release of https://go.dev/dl into /usr/local and add /usr/local/go/bin to the PATH" \
    "to build the programs" "" has_go
}
need_gcc() { need "gcc" "to build the library" "gcc libc6-dev" have gcc; }
need_cxx() { need "g++" "to link DuckDB into headcount-reports" "g++" have g++; }
need_npm() { need "npm" "to fetch the plot library of the pages" "npm" have npm; }
need_postgres() { need "PostgreSQL 15 or later" "for the roll-ups" "postgresql" eval 'ls /usr/lib/postgresql/*/bin/initdb'; }
need_python() { need "Python 3 with venv" "for notebooks, generated pings and third-party clients" "python3 python3-venv" has_venv; }

demo_needs() {
  need_go
  need "a JDK $MIN_JDK or later: unpack one, such as 25 of https://adoptium.net, into /usr/lib/jvm, or set JAVA_HOME" \
    "for Trino and its plugin" "" find_jdk
  need "Maven" "to build the plugin" "maven" have mvn
  need_gcc
  need "flock" "to unpack Trino once" "util-linux" have flock
}

reports_needs() {
  need_go
  need_gcc
  need_cxx
  need_npm
  need_python
}

rollups_needs() {
  need_go
  need_npm
  need_postgres
  need_python
}

test_needs() {
  demo_needs
  need_cxx
  need_npm
  need "$other-linux-gnu-gcc" "to build the library for the other architecture" \
    "gcc-${other/_/-}-linux-gnu libc6-dev-$other_package-cross" has_cross_gcc
  need "a Docker engine" "to run Trino in Docker" "docker.io iptables" has_engine
  need "Docker Compose" "to run Trino in Docker" "$(compose_package)" has_compose
  need "Java $PRESTO_JDK_RELEASE" "to run PrestoDB and Spark" "openjdk-$PRESTO_JDK_RELEASE-jdk-headless" find_presto_jdk
  need "mmdebstrap" "to make a base image if trinodb/trino cannot be pulled" "mmdebstrap" have mmdebstrap
  need "qemu-$other" "to test the library for the other architecture" "qemu-user" have "qemu-$other"
  need_postgres
  need_python
  need "readelf" "to check what the library links to" "binutils" have readelf
  need "Chromium" "to test pages" "chromium" has_browser
  need "shellcheck" "to check scripts" "shellcheck" have shellcheck
  need "Rust $MIN_RUST or later (https://rustup.rs)" "to test the sidecar with arrow-udf's client" "$(rust_packages)" has_rust
  need "zip and unzip" "to make the release" "zip unzip" eval 'have zip && have unzip'
}

# --- install -----------------------------------------------------------------------------------------

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

find_missing() {
  missing=() packages=() by_hand=()
  "${level}_needs"
}

list_missing() {
  say "missing on this machine:"
  printf '  - %s\n' "${missing[@]}" >&2
}

level="${1:-}"
case "$level" in demo | reports | rollups | test) ;; *) die "usage: deps.sh demo|reports|rollups|test" ;; esac

find_missing
[ "${#missing[@]}" -gt 0 ] || exit 0
list_missing
if [ -n "${NO_INSTALL:-}" ]; then
  [ "${#packages[@]}" -eq 0 ] || say "Debian and Ubuntu packages: ${packages[*]}"
  exit 1
fi
have apt-get || die "this machine has no apt-get; install by hand what is listed above"
# Which package provides a tool depends on the package list, which a fresh machine does not have.
if ! packaged gcc || [ "${#packages[@]}" -gt 0 ]; then
  say "updating the package list with apt-get"
  quietly as_root apt-get update -q
  find_missing
fi
[ "${#by_hand[@]}" -eq 0 ] || die "install by hand, then run this again: $(printf '%s; ' "${by_hand[@]}" | sed 's/; $//')"
say "installing with apt-get: ${packages[*]}"
quietly as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${packages[@]}"
find_missing
if [ "${#missing[@]}" -gt 0 ]; then
  list_missing
  die "the installed packages do not provide these; install them by hand"
fi
