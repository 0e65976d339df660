#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs Python with the packages of requirements.txt, in a virtual environment in build/clients. Creates the
# environment if it is missing or the file has changed.
#   usage: python.sh ARGUMENTS...     the arguments of python3
set -euo pipefail
. "$(dirname "$0")/../../scripts/lib.sh"
requirements="$ROOT/e2e/clients/requirements.txt"
environment="$BUILD/clients/python"

if ! cmp -s "$requirements" "$environment/made-of"; then
  say "installing the Python client into $environment"
  rm -rf "$environment"
  quietly python3 -m venv "$environment"
  quietly "$environment/bin/pip" install --quiet --disable-pip-version-check --no-deps -r "$requirements"
  cp "$requirements" "$environment/made-of"
fi
exec "$environment/bin/python" "$@"
