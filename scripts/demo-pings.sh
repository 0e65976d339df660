#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# From raw pings to engagement, without a cluster: generated pings, the view client_activity, client_count, and the engagement ratio
# with bounds beside exact counts. Fails if an exact count is outside the bounds.
#   usage: demo-pings.sh HEADCOUNT
set -euo pipefail
. "$(dirname "$0")/lib.sh"
headcount="$(realpath "$1")"
folder="$BUILD/demo-pings"
LAST_DAY=2016-12-10
DIMENSIONS=normalizedchannel,country,version,os,e10senabled,e10scohort

step() { printf "\n== %s\n" "$*"; }

rm -rf "$folder"
mkdir -p "$folder"
cd "$folder"
step "Generating pings of 3,000 clients over 40 days; 1 in 1,000 is broken"
"$headcount" generate pings --clients 3000 --days 40 --size 3kB --bad 0.1% -o pings.jsonl.zst
step "The columns of the view client_activity"
"$headcount" view --explain client_activity pings.jsonl.zst
step "Making the view, a Parquet file for each day"
"$headcount" view client_activity --rejects rejects.jsonl -o client_activity pings.jsonl.zst
step "Making client_count"
"$headcount" build --dimensions "$DIMENSIONS" -o client_count.parquet client_activity
step "Engagement on $LAST_DAY by channel: sketches and exact counts"
"$headcount" engagement --by normalizedchannel --from "$LAST_DAY" --exact client_activity client_count.parquet
step "Engagement of all clients on $LAST_DAY, with bounds"
"$headcount" engagement --from "$LAST_DAY" --bounds --exact client_activity --format csv -o engagement.csv client_count.parquet
awk -F, '
  NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
  { for (i = 1; i <= split("dau wau mau", names, " "); i++) {
      n = names[i]; lower = $at[n "_lower"]; upper = $at[n "_upper"]; exact = $at["exact_" n]
      printf "  %s  %d, between %.0f and %.0f; exact %d\n", n, $at[n], lower, upper, exact
      if (exact < lower || exact > upper) { print "outside the bounds"; failed = 1 } } }
  END { exit failed || NR != 2 }' engagement.csv
step "One row per client: the longitudinal table"
"$headcount" view main_summary -o main_summary --max-rejects 1% pings.jsonl.zst
"$headcount" longitudinal -o longitudinal.parquet main_summary
