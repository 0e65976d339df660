# shellcheck shell=bash
# What the scripts of this folder share: words on the terminal, the places things live, and the
# tools that must be looked up. Sourced, never run.

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
BUILD="$ROOT/build"
# The one place that names the version; TRINO_VERSION overrides it everywhere.
TRINO_VERSION="${TRINO_VERSION:-476}"
# Trino 476 checks for this itself, but only after a minute of unpacking.
MIN_JDK=24
# PrestoDB 0.296 runs on this release; on 25 it does not come up. Spark is tested on it too.
PRESTO_JDK_RELEASE=17
MAVEN_DEPENDENCY="org.apache.maven.plugins:maven-dependency-plugin:3.8.1"
export ROOT BUILD TRINO_VERSION MIN_JDK PRESTO_JDK_RELEASE MAVEN_DEPENDENCY

say() { printf '%s\n' "$*" >&2; }
die() { printf '%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# A JDK of at least MIN_JDK: TRINO_JDK or JAVA_HOME if they serve, else, among those in the usual
# directories, the oldest that does, being nearest to what this Trino was made for. Prints its home;
# fails without words if there is none.
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

# jdk_version HOME: its feature release (25), read from the release file without starting a JVM.
jdk_version() {
  [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 1
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" | grep .
}

# The Java that PrestoDB is tested on: PRESTO_JDK if it serves, else one in the usual directories. Prints its home;
# fails without words if there is none.
find_presto_jdk() {
  local home
  for home in "${PRESTO_JDK:-}" /usr/lib/jvm/* /opt/java/* /opt/hostedtoolcache/Java_*/*/* "$HOME"/.sdkman/candidates/java/*; do
    if [ "$(jdk_version "$home")" = "$PRESTO_JDK_RELEASE" ]; then
      printf '%s\n' "$home"; return 0
    fi
  done
  return 1
}

# Cargo, on the PATH or where rustup puts it. Prints its path; fails without words if there is none.
find_cargo() { command -v cargo || command -v "$HOME/.cargo/bin/cargo"; }

need_jdk() {
  find_jdk || die "no JDK $MIN_JDK or later found (looked at TRINO_JDK, JAVA_HOME and /usr/lib/jvm); Trino $TRINO_VERSION needs one: install it or set TRINO_JDK"
}

need_presto_jdk() {
  find_presto_jdk || die "no Java $PRESTO_JDK_RELEASE found (looked at PRESTO_JDK and /usr/lib/jvm); PrestoDB needs it: run 'make deps' or set PRESTO_JDK"
}

docker_answers() { have docker && docker info >/dev/null 2>&1; }

# compose ARGS...: Docker Compose, the plugin (v2) or the older command of its own.
compose() {
  if docker compose version >/dev/null 2>&1; then docker compose "$@"
  elif have docker-compose; then docker-compose "$@"
  else die "Docker Compose is missing: run 'make deps', or install the Compose plugin"
  fi
}

# maven_artifact COORDINATES FILE: fetch one artifact of a repository, whole or not at all.
maven_artifact() {
  local incoming output
  have mvn || die "Maven (mvn) is missing: run 'make deps'"
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

# The Trino plugins that the configuration in docker/trino/etc asks for, in one line: connectors, and the exchange
# manager's.
wanted_plugins() {
  sed -n -e 's/^connector\.name=//p' -e 's/^exchange-manager\.name=/exchange-/p' \
    "$ROOT"/docker/trino/etc/{catalog/*,exchange-manager}.properties | sort -u | paste -sd ' ' -
}

# quietly COMMAND...: run it, and show what it printed only if it fails.
quietly() {
  local output
  output="$(mktemp)"
  if "$@" >"$output" 2>&1; then rm -f "$output"; return 0; fi
  cat "$output" >&2
  rm -f "$output"
  die "failed: $*"
}
