#!/usr/bin/env bash
# Fetches the plot library that pages carry, Apache ECharts.
#   usage: fetch-plots.sh FILE
exec "$(dirname "$0")/../../../scripts/fetch-npm.sh" echarts 6.1.0 dist/echarts.min.js \
  b66b25aeb4df84e33199dc21694014d336d222cbd9deb0e5a7c14bd6aa0d0fd0 "$1"
