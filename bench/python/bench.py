#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The Python package compared with the package datasketches, and headcount.pings with Python's json.

    bench.py HEADCOUNT [--sketches 300000] [--ids 10000000] [--clients 300] [--rounds 5] [--only merge] --folder FOLDER

HEADCOUNT is the command, which generates pings into FOLDER. Sides alternate; a figure is the median of all rounds. The peers are
used in the fastest way that their documentation has, and each result is checked against the other side's.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time

import datasketches
import headcount
import pyarrow as pa

#: What is asked for: how many times as long the peer takes, at least.
ASKED = {"merge": 10, "hash": 5, "pings": 5}
DISTINCT, IDS_OF_ONE = 500, 20_000


def close(a, b):
    assert abs(a - b) <= 0.1 * max(a, b), (a, b)


def merge_sides(count):
    """Dense sketches of 20,000 ids, precision 12, each row in memory of its own: Arrow's, bytes, and objects of the peer."""
    ours, theirs = [], []
    for first in range(0, DISTINCT * IDS_OF_ONE, IDS_OF_ONE):
        ids = list(range(first, first + IDS_OF_ONE))
        ours.append(headcount.build(ids))
        sketch = datasketches.hll_sketch(12, datasketches.tgt_hll_type.HLL_8)
        for i in ids:
            sketch.update(i)
        theirs.append(sketch.serialize_compact())
    array = pa.array(ours, pa.binary()).take(pa.array([i % DISTINCT for i in range(count)], pa.int32()))
    copies = [bytes(bytearray(theirs[i % DISTINCT])) for i in range(count)]
    objects = [datasketches.hll_sketch.deserialize(b) for b in copies]
    close(len(ours[0]), len(theirs[0]))

    def united(sketches):
        union = datasketches.hll_union(12)
        for sketch in sketches:
            union.update(sketch)
        return union.get_result(datasketches.tgt_hll_type.HLL_8).get_estimate()

    return {
        "headcount.merge, an Arrow array": lambda: headcount.estimate(headcount.merge(array)),
        "headcount.merge, one thread": lambda: headcount.estimate(headcount.merge(array, threads=1)),
        "datasketches, objects": lambda: united(objects),
        "datasketches, from bytes": lambda: united(map(datasketches.hll_sketch.deserialize, copies)),
    }


def hash_sides(count):
    ids = [f"{i:08x}-4a1c-4b5e-9f00-{i:012x}" for i in range(count)]
    array = pa.array(ids)

    def updated():
        sketch = datasketches.hll_sketch(12, datasketches.tgt_hll_type.HLL_8)
        for i in ids:
            sketch.update(i)
        return sketch.get_estimate()

    return {
        "headcount.build, an Arrow array": lambda: headcount.estimate(headcount.build(array)),
        "headcount.build, one thread": lambda: headcount.estimate(headcount.build(array, threads=1)),
        "headcount.build, a list": lambda: headcount.estimate(headcount.build(ids)),
        "datasketches, update in a loop": updated,
    }


PROPERTIES = ["clientId", "environment/system/os/name", "application/channel", "payload/info/subsessionLength"]


def ping_sides(file):
    keys = [p.split("/") for p in PROPERTIES]

    def by_json():
        rows = []
        with open(file, "rb") as lines:
            for line in lines:
                ping, row = json.loads(line), {}
                for name, path in zip(PROPERTIES, keys):
                    value = ping
                    for key in path:
                        value = value.get(key) if isinstance(value, dict) else None
                    row[name] = value
                rows.append(row)
        return rows

    sides = {
        "headcount.pings, dicts": lambda: list(headcount.pings(file, properties=PROPERTIES)),
        "headcount.pings, one thread": lambda: list(headcount.pings(file, properties=PROPERTIES, threads=1)),
        "headcount.pings, a table": lambda: headcount.pings(file, properties=PROPERTIES).to_arrow().to_pylist(),
        "json.loads and the same paths": by_json,
    }
    results = [sorted(side(), key=repr) for side in sides.values()]
    assert all(r == results[0] for r in results) and results[0]
    return {name: lambda side=side: len(side()) for name, side in sides.items()}


def measure(title, sides, rounds, peers, asked):
    """Prints medians of time and CPU time, and returns whether the peers take as many times as long as the first side as is asked for."""
    times, cpu, results = {name: [] for name in sides}, {name: [] for name in sides}, {}
    for _ in range(rounds):
        for name, side in sides.items():
            start, used = time.perf_counter(), time.process_time()
            results[name] = side()
            times[name].append(time.perf_counter() - start)
            cpu[name].append(time.process_time() - used)
    for result in results.values():
        close(result, next(iter(results.values())))
    first = next(iter(sides))
    time_of, cpu_of = ({name: statistics.median(t) for name, t in of.items()} for of in (times, cpu))
    print(f"\n{title}\n  {'':35} {'time':>9} {'':10} {'least':>9} {'most':>9} {'CPU time':>10}")
    for name in sides:
        of_time, of_cpu = time_of[name] / time_of[first], cpu_of[name] / cpu_of[first]
        print(
            f"  {name:35} {time_of[name]:7.3f} s {of_time:8.2f} x {min(times[name]):7.3f} s {max(times[name]):7.3f} s"
            f" {cpu_of[name]:8.3f} s {of_cpu:6.2f} x"
        )
    ratio = min(time_of[peer] for peer in peers) / time_of[first]
    print(f"  the fastest peer / {first}: {ratio:.1f}, asked: {asked}")
    return ratio >= asked


def machine():
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.machine())
    load = ", ".join(f"{n:.2f}" for n in os.getloadavg())
    return f"{model}, {os.cpu_count()} CPUs, Python {platform.python_version()}, datasketches 5.2.0, {headcount.describe()}; load {load}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("headcount")
    parser.add_argument("--sketches", type=int, default=300_000)
    parser.add_argument("--ids", type=int, default=10_000_000)
    parser.add_argument("--clients", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", choices=ASKED)
    parser.add_argument("--folder", required=True)
    a = parser.parse_args()
    print(machine())
    os.makedirs(a.folder, exist_ok=True)
    file = os.path.join(a.folder, "pings.jsonl")
    subprocess.run([a.headcount, "generate", "pings", "--clients", str(a.clients), "--days", "7", "-o", file], check=True)
    tasks = {
        "pings": (f"Reading 4 properties of the pings in {os.path.getsize(file) >> 20} MiB of JSON lines", lambda: ping_sides(file)),
        "hash": (f"Hashing {a.ids:,} ids of 36 bytes", lambda: hash_sides(a.ids)),
        "merge": (f"Merging {a.sketches:,} dense sketches", lambda: merge_sides(a.sketches)),
    }
    met = []
    for name in [a.only] if a.only else tasks:
        title, sides_of = tasks[name]
        sides = sides_of()
        met.append(measure(title, sides, a.rounds, [side for side in sides if not side.startswith("headcount")], ASKED[name]))
    print(f"\n{machine()}")
    sys.exit(0 if all(met) else "less than what is asked for")


main()
