#!/usr/bin/env bash
# What the project needs on a machine, and its installation on Debian and Ubuntu.
#   usage: deps.sh                 install what is missing
#          deps.sh --check LEVEL   name what is missing and install nothing; exit status 1 if anything is
# LEVEL demo: to build the plugin and see it run. LEVEL test: also all that `make test` and `make dist` use.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

case "$(uname -m)" in
  x86_64) other=aarch64 other_package=arm64 ;;
  aarch64) other=x86_64 other_package=amd64 ;;
  *) die "no native library for this machine's architecture, $(uname -m)" ;;
esac

MIN_RUST="$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$ROOT/sidecar/interop/arrow-udf/Cargo.toml")"

# --- the checks that are more than a command's presence ---------------------------------------------

# Go is here, and new enough or able to fetch the release that go.mod names.
has_go() { cd "$ROOT" && go version; }
has_cross_gcc() { have "$other-linux-gnu-gcc" && [ -f "/usr/$other-linux-gnu/include/stdio.h" ]; }
has_engine() { docker_answers || { have docker && have dockerd && have iptables; }; }
has_browser() { have chromium || have chromium-browser || have google-chrome; }
has_compose() { compose version; }
# Cargo is here, of MIN_RUST or later. Debian 12 packages 1.63.
has_rust() {
  local have_minor
  have_minor="$("$(find_cargo)" --version | sed -n 's/^cargo 1\.\([0-9]*\).*/\1/p')"
  [ "$have_minor" -ge "${MIN_RUST#1.}" ]
}
has_venv() { python3 -c 'import ensurepip, venv'; }

# Ubuntu packages Compose 2 under a name of its own; Debian 12 has only docker-compose, 1.29, which serves.
compose_package() {
  if apt-cache show docker-compose-v2 >/dev/null 2>&1; then echo docker-compose-v2; else echo docker-compose; fi
}

# --- the needs --------------------------------------------------------------------------------------

missing=() packages=() by_hand=()

# need NAME PURPOSE PACKAGES CHECK...: note NAME as missing if CHECK fails. PACKAGES, in one word, are what
# apt-get installs for it; without any, the person has to.
need() {
  local name="$1" purpose="$2" wanted="$3"
  shift 3
  if ("$@") >/dev/null 2>&1; then return; fi
  missing+=("$name, $purpose")
  # shellcheck disable=SC2206  # several packages in one word
  if [ -n "$wanted" ]; then packages+=($wanted); else by_hand+=("$name"); fi
}

demo_needs() {
  need "Go 1.26 (https://go.dev/dl)" "to build the library" "" has_go
  need "a JDK, $MIN_JDK or later (such as 25 from https://adoptium.net)" "for Trino and its plugin" "" find_jdk
  need "Maven" "to build the plugin" "maven" have mvn
  need "gcc" "to build the library" "gcc libc6-dev" have gcc
  need "npm" "to fetch the plot library of headcount's pages" "npm" have npm
  need "$other-linux-gnu-gcc" "to build the library for the other architecture" \
    "gcc-${other/_/-}-linux-gnu libc6-dev-$other_package-cross" has_cross_gcc
}

test_needs() {
  need "a Docker engine" "to run Trino in Docker" "docker.io iptables" has_engine
  need "Docker Compose" "to run Trino in Docker" "$(compose_package)" has_compose
  need "Java $PRESTO_JDK_RELEASE" "to run PrestoDB and Spark" "openjdk-$PRESTO_JDK_RELEASE-jre-headless" find_presto_jdk
  need "mmdebstrap" "to make a base image where trinodb/trino cannot be pulled" "mmdebstrap" have mmdebstrap
  need "qemu-$other" "to test the library for the other architecture" "qemu-user" have "qemu-$other"
  need "Python with venv" "to test what re:dash connects with" "python3-venv" python3 -c 'import ensurepip, venv'
  need "readelf" "to check what the library links to" "binutils" have readelf
  need "Chromium" "to test headcount's pages" "chromium" has_browser
  need "shellcheck" "to check the scripts" "shellcheck" have shellcheck
  need "Python 3 with venv" "to test headcount and the function server with what others made" "python3 python3-venv" has_venv
  need "Rust, $MIN_RUST or later (https://rustup.rs)" "to test the function server with arrow-udf's client" "" has_rust
  need "zip and unzip" "to make the release" "zip unzip" eval 'have zip && have unzip'
}

if [ "${1:-}" = --check ]; then
  demo_needs
  case "${2:-}" in
    demo) ;;
    test) test_needs ;;
    *) die "--check demo or --check test" ;;
  esac
  [ "${#missing[@]}" -gt 0 ] || exit 0
  say "missing on this machine:"
  for name in "${missing[@]}"; do say "  - $name"; done
  [ "${#packages[@]}" -eq 0 ] || say "'make deps' installs, on Debian and Ubuntu: ${packages[*]}"
  exit 1
fi

demo_needs
test_needs
if [ "${#packages[@]}" -gt 0 ]; then
  have apt-get || die "this machine has no apt-get; install by hand what serves as: ${packages[*]}"
  root=()
  if [ "$(id -u)" != 0 ]; then root=(sudo); fi
  say "installing ${packages[*]}"
  export DEBIAN_FRONTEND=noninteractive
  quietly "${root[@]}" apt-get update -q
  quietly "${root[@]}" apt-get install -y -q --no-install-recommends "${packages[@]}"
fi
[ "${#by_hand[@]}" -eq 0 ] || die "install by hand: $(printf '%s; ' "${by_hand[@]}" | sed 's/; $//')"
say "everything that is needed is here"
