#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# fetch-axe.sh FILE: fetches axe-core (MPL-2.0), with which tests check the pages for accessibility.
exec "$(dirname "$0")/fetch-npm.sh" axe-core 4.10.3 axe.min.js 880970c081707360e64f34cea25ff91892f5bc95675b0776925b9709dd8a68bb "$1"
