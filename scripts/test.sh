#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs every test: installs what is missing, starts a Docker engine if none answers, and ends with the counts.
#   usage: test.sh    NO_INSTALL=1 only lists what is missing
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/deps.sh test
rm -rf build/reports
scripts/engine-up.sh
trap scripts/engine-down.sh EXIT
export MODE=docker   # without Docker the end-to-end tests fail; they never fall back to something else
make --no-print-directory lint test-go test-java test-conformance test-python test-spark test-e2e
# shellcheck disable=SC2046  # one folder per word
.ci/count build/reports $(find java-shim -name surefire-reports)
