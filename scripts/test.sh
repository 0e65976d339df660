#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs every test: installs what is missing, starts a Docker engine if none answers, and ends with the counts.
#   usage: test.sh    NO_INSTALL=1 only lists what is missing
set -euo pipefail
cd "$(dirname "$0")/.."

# lanes TARGETS...: runs a make for each argument, all at the same time. Fails when all have ended, if one has failed.
lanes() {
  local makes=() status=0 targets id
  for targets; do
    # shellcheck disable=SC2086  # targets are words
    make --no-print-directory $targets &
    makes+=($!)
  done
  for id in "${makes[@]}"; do wait "$id" || status=1; done
  return "$status"
}

# stop ends what still runs, and the engine if this script has started it.
stop() {
  local running
  mapfile -t running < <(jobs -p)
  [ "${#running[@]}" -eq 0 ] || kill "${running[@]}" 2>/dev/null || true
  scripts/engine-down.sh
}

scripts/deps.sh test
rm -rf build/reports
scripts/engine-up.sh
trap stop EXIT
export MODE=docker   # without Docker the end-to-end tests fail; they never fall back to something else
make --no-print-directory lint
# What tests need is built before they begin: two lanes build nothing in the same folder, and only one runs Maven.
lanes test-environments test-builds
make --no-print-directory notebooks   # it needs both
lanes "test-java test-conformance test-python test-spark" "test-go test-e2e"
# shellcheck disable=SC2046  # one folder per word
.ci/count build/reports $(find java-shim -name surefire-reports)
