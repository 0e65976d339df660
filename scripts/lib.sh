# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Sourced by the project's scripts: messages, folders, and how tools are found.

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
BUILD="$ROOT/build"
# Trino's version; TRINO_VERSION in the environment overrides it everywhere.
TRINO_VERSION="${TRINO_VERSION:-476}"
# Trino 476 checks this itself, but only after a minute of unpacking.
MIN_JDK=24
# PrestoDB 0.296 runs on this Java release and does not start on 25. Spark is tested on it too.
PRESTO_JDK_RELEASE=17
MAVEN_DEPENDENCY="org.apache.maven.plugins:maven-dependency-plugin:3.8.1"
export ROOT BUILD TRINO_VERSION MIN_JDK PRESTO_JDK_RELEASE MAVEN_DEPENDENCY

say() { printf '%s\n' "$*" >&2; }
die() { printf '%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# find_jdk: prints the home of a JDK of at least MIN_JDK: TRINO_JDK or JAVA_HOME if they qualify, else the oldest
# qualifying one in the usual directories, which is closest to what this Trino supports. Exit status 1 if there is none.
find_jdk() {
  local home version best='' best_version=999
  for home in "${TRINO_JDK:-}" "${JAVA_HOME:-}"; do
    if version="$(jdk_version "$home")" && [ "$version" -ge "$MIN_JDK" ]; then
      printf '%s\n' "$home"; return 0
    fi
  done
  for home in /usr/lib/jvm/* /opt/java/* /opt/hostedtoolcache/Java_*/*/* "$HOME"/.sdkman/candidates/java/*; do
    version="$(jdk_version "$home")" || continue
    if [ "$version" -ge "$MIN_JDK" ] && [ "$version" -lt "$best_version" ]; then
      best="$home" best_version="$version"
    fi
  done
  [ -n "$best" ] && printf '%s\n' "$best"
}

# host_arch: prints Go's name of this machine's architecture.
host_arch() { case "$(uname -m)" in aarch64 | arm64) echo arm64 ;; *) echo amd64 ;; esac; }

# jdk_version HOME: its feature release (25), read from the release file without starting a JVM.
jdk_version() {
  [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 1
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" | grep .
}

# find_presto_jdk: prints the home of the Java that PrestoDB is tested on: PRESTO_JDK if it qualifies, else one in the
# usual directories. Exit status 1 if there is none.
find_presto_jdk() {
  local home
  for home in "${PRESTO_JDK:-}" /usr/lib/jvm/* /opt/java/* /opt/hostedtoolcache/Java_*/*/* "$HOME"/.sdkman/candidates/java/*; do
    if [ "$(jdk_version "$home")" = "$PRESTO_JDK_RELEASE" ]; then
      printf '%s\n' "$home"; return 0
    fi
  done
  return 1
}

# find_cargo: prints the path of cargo, on the PATH or in rustup's directory. Exit status 1 if there is none.
find_cargo() { command -v cargo || command -v "$HOME/.cargo/bin/cargo"; }

need_jdk() {
  find_jdk || die "no JDK $MIN_JDK or later found (looked at TRINO_JDK, JAVA_HOME and /usr/lib/jvm); Trino $TRINO_VERSION needs one: install it or set TRINO_JDK"
}

need_presto_jdk() {
  find_presto_jdk || die "no Java $PRESTO_JDK_RELEASE found (looked at PRESTO_JDK and /usr/lib/jvm); PrestoDB needs it: run 'scripts/deps.sh test' or set PRESTO_JDK"
}

docker_answers() { have docker && docker info >/dev/null 2>&1; }

# compose ARGS...: runs Docker Compose, the plugin (v2) or the older separate command.
compose() {
  if docker compose version >/dev/null 2>&1; then docker compose "$@"
  elif have docker-compose; then docker-compose "$@"
  else die "Docker Compose is missing: run 'scripts/deps.sh test', or install the Compose plugin"
  fi
}

# maven_artifact COORDINATES FILE: fetches one artifact into FILE, atomically.
maven_artifact() {
  local incoming output
  have mvn || die "Maven (mvn) is missing: run 'scripts/deps.sh demo'"
  mkdir -p "$(dirname "$2")"
  incoming="$(mktemp -d "$(dirname "$2")/.incoming.XXXXXX")"
  if output="$(mvn -q -B "$MAVEN_DEPENDENCY:copy" -Dartifact="$1" -DoutputDirectory="$incoming" 2>&1)"; then
    mv "$incoming"/* "$2"
    rm -rf "$incoming"
  else
    rm -rf "$incoming"
    say "$output"
    die "Maven could not fetch $1"
  fi
}

# wanted_plugins: prints, in one line, the Trino plugins that docker/trino/etc uses: connectors and the exchange manager.
wanted_plugins() {
  sed -n -e 's/^connector\.name=//p' -e 's/^exchange-manager\.name=/exchange-/p' \
    "$ROOT"/docker/trino/etc/{catalog/*,exchange-manager}.properties | sort -u | paste -sd ' ' -
}

# quietly COMMAND...: runs a command and shows its output only if it fails.
quietly() {
  local output
  output="$(mktemp)"
  if "$@" >"$output" 2>&1; then rm -f "$output"; return 0; fi
  cat "$output" >&2
  rm -f "$output"
  die "failed: $*"
}
