#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A table of n segments: makes it as a file, or unites its sketches by the C library.

usage: segments.py write|unite N PRECISION [FILE]

Nine of ten segments have 1 to 60 ids, one has 3,000, as in make bench-trino. "write" writes FILE, a client_count of one day.
"unite" prints JSON: the bytes of the sketches, and the CPU seconds of a union and its estimate, for each of ROUNDS rounds.
"""

import datetime
import json
import sys
import time

import headcount
import pyarrow as pa
import pyarrow.parquet as pq

DIFFERENT, ROUNDS = 5000, 7


def sketches(n, precision):
    """A column of n sketches, each in memory of its own: copies of DIFFERENT ones, or fewer."""
    different, first = [], 0
    for i in range(min(n, DIFFERENT)):
        ids = 3000 if i % 10 == 0 else 1 + i * 7 % 60
        different.append(headcount.build(list(range(first, first + ids)), precision))
        first += ids
    return pa.array(different, pa.binary()).take(pa.array([i % len(different) for i in range(n)], pa.int32()))


def write(column, file):
    n = len(column)
    days = pa.array([datetime.date(2016, 9, 5)], pa.date32()).take(pa.array([0] * n, pa.int32()))
    table = pa.table({"segment": pa.array(range(n), pa.int64()), "activitydate": days, "hll": column})
    pq.write_table(table, file, compression="zstd", use_dictionary=["activitydate"], row_group_size=16_384)


def unite(column):
    seconds = []
    for _ in range(ROUNDS):
        began = time.process_time()
        headcount.estimate(headcount.merge(column))
        seconds.append(time.process_time() - began)
    print(json.dumps({"bytes": column.get_total_buffer_size(), "seconds": seconds}))


def main():
    what, n, precision = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    column = sketches(n, precision)
    if what == "write":
        write(column, sys.argv[4])
    else:
        unite(column)


main()
