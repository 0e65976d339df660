# SPDX-License-Identifier: Apache-2.0
"""hll_merge compared with Spark's own union of DataSketches, and hll_agg with approx_count_distinct and hll_sketch_agg.

usage: bench.py JAR FOLDER [--rows 300000] [--groups 10 5000] [--ids 6000000] [--runs 7]

Sketches: all different, dense at 12 bits, with registers as 20,000 ids leave them, in Parquet without dictionaries; DataSketches'
HLL_8 at lgConfigK 12 with the same registers. The files are not compressed, so that the scan, which is taken off, is short and
steady. Prints wall seconds and CPU seconds of the JVM, medians of interleaved runs after three that are not counted, and
both above those of a scan alone; then the ratios that are wanted, and the largest that is. --groups and --ids without a number
leave the part out.
"""

import argparse
import os
import statistics
import sys
import time

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "java-shim", "spark", "tests"))
import sessions  # noqa: E402

REGISTERS, IDS_PER_SKETCH, CHUNK = 4096, 20_000, 10_000
UNCOUNTED = 3
OURS_HEADER, DATASKETCHES_HEADER = 2, 40
MOST_OF_UNION_AGG = {10: "0.33", 5000: "0.45"}


def registers(random, rows):
    """The largest of as many geometric variables as a register sees ids, for each register."""
    uniform = random.random((rows, REGISTERS), dtype=np.float32)
    share = IDS_PER_SKETCH / REGISTERS
    # P(register <= r) = exp(-share * 2^-r)
    with np.errstate(divide="ignore"):
        values = np.ceil(-np.log2(-np.log(uniform) / share))
    return np.clip(values, 0, 50).astype(np.uint8)


def write_sketches(folder, rows, template):
    path = os.path.join(folder, f"plain-{rows}.parquet")
    if os.path.exists(path):
        return path
    random = np.random.default_rng(1)
    schema = pa.schema([("k", pa.int64()), ("ours", pa.binary()), ("theirs", pa.binary())])
    with pq.ParquetWriter(path + ".new", schema, compression="none", use_dictionary=False) as out:
        for start in range(0, rows, CHUNK):
            count = min(CHUNK, rows - start)
            values = registers(random, count)
            ours = np.empty((count, OURS_HEADER + REGISTERS), np.uint8)
            ours[:, :OURS_HEADER] = (2, 12)
            ours[:, OURS_HEADER:] = values
            theirs = np.empty((count, DATASKETCHES_HEADER + REGISTERS), np.uint8)
            theirs[:, :DATASKETCHES_HEADER] = np.frombuffer(template[:DATASKETCHES_HEADER], np.uint8)
            theirs[:, DATASKETCHES_HEADER:] = values
            out.write_table(pa.table([np.arange(start, start + count), list(map(bytes, ours)), list(map(bytes, theirs))], schema=schema),
                            row_group_size=2_000)
    os.rename(path + ".new", path)
    return path


def cpu_seconds(session):
    """CPU seconds of the session's JVM. Its own management bean is of a class that py4j may not call."""
    with open(f"/proc/{session.sparkContext._gateway.proc.pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")  # utime and stime


def measure(session, queries, runs):
    """Medians of wall and CPU seconds by name; the first rounds, in which the JVM compiles, are not counted."""
    times = {name: [] for name in queries}
    for run in range(-UNCOUNTED, runs):
        # Each round begins with another query: what one leaves to the collector, the next pays for.
        begin, all_queries = run % len(queries), list(queries.items())
        for name, query in all_queries[begin:] + all_queries[:begin]:
            cpu, wall = cpu_seconds(session), time.monotonic()
            session.sql(query).write.format("noop").mode("overwrite").save()
            if run >= 0:
                times[name].append((time.monotonic() - wall, cpu_seconds(session) - cpu))
    return {name: tuple(statistics.median(column) for column in zip(*values)) for name, values in times.items()}


def above(medians, scans, name):
    """Wall and CPU seconds above those of the scan; none for a scan."""
    return [x - scan for x, scan in zip(medians[name], medians[scans[name]])] if name in scans else []


def print_table(title, medians, scans):
    print(f"\n{title}\n\n| | wall s | CPU s | wall above the scan | CPU above the scan |\n|---|---:|---:|---:|---:|")
    for name, totals in medians.items():
        cells = [*totals, *above(medians, scans, name)]
        print(f"| {name} | {' | '.join([f'{x:.2f}' for x in cells] + [''] * (4 - len(cells)))} |")


def print_ratios(ratios):
    """Rows of a name, two pairs of wall and CPU seconds, and the largest ratio that is wanted."""
    print("\n| ratio | wall | CPU | wanted, at most |\n|---|---:|---:|---:|")
    for name, seconds, others, most in ratios:
        wall, cpu = (x / other for x, other in zip(seconds, others))
        print(f"| {name} | {wall:.2f} | {cpu:.2f} | {most} |", flush=True)


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        lines = [line.partition(":") for line in file.read().split("\n\n")[0].splitlines()]
    cpu = {name.strip(): value.strip() for name, _, value in lines}
    load = ", ".join(f"{n:.2f}" for n in os.getloadavg())
    return f"{cpu.get('model name')} (family {cpu.get('cpu family')}, model {cpu.get('model')}), {os.cpu_count()} CPUs; load {load}"


def sketches(session, args):
    seed = session.sql("SELECT hll_sketch_agg(id, 12) AS s FROM range(20000)").collect()[0][0]
    assert len(seed) == DATASKETCHES_HEADER + REGISTERS, len(seed)
    path = write_sketches(args.folder, args.rows, bytes(seed))
    session.read.parquet(path).createOrReplaceTempView("sketches")
    for groups in args.groups:
        key = f"k % {groups}"
        queries = {
            "scan, ours": "SELECT max(length(ours)) FROM sketches",
            "scan, DataSketches": "SELECT max(length(theirs)) FROM sketches",
            "hll_merge, extensions": f"SELECT hll_cardinality(hll_merge(ours)) FROM sketches GROUP BY {key}",
            "hll_merge, catalog": "SELECT headcount.fn.hll_cardinality(headcount.fn.hll_merge(ours)) FROM sketches"
            f" GROUP BY {key}",
            "hll_union_agg": f"SELECT hll_sketch_estimate(hll_union_agg(theirs)) FROM sketches GROUP BY {key}",
        }
        scans = dict.fromkeys(["hll_merge, extensions", "hll_merge, catalog"], "scan, ours") | {"hll_union_agg": "scan, DataSketches"}
        medians = measure(session, queries, args.runs)
        print_table(f"Spark {session.version}: {args.rows:,} sketches, {groups:,} groups", medians, scans)
        ours, catalog, theirs = (above(medians, scans, name) for name in scans)
        print_ratios([("hll_merge by extensions to hll_union_agg, above the scan", ours, theirs, MOST_OF_UNION_AGG.get(groups, "")),
                      ("hll_merge by catalog to that by extensions, above the scan", catalog, ours, "1.2")])


def ids(session, args):
    path = os.path.join(args.folder, f"ids-{args.ids}.parquet")
    if not os.path.exists(path):
        session.sql(f"SELECT uuid() AS id FROM range(0, {args.ids}, 1, 2)").write.parquet(path)
    session.read.parquet(path).createOrReplaceTempView("ids")
    queries = {
        "scan": "SELECT max(octet_length(id)) FROM ids",  # length() would count the characters
        "hll_agg": "SELECT hll_cardinality(hll_agg(id, 12)) FROM ids",
        "approx_count_distinct": "SELECT approx_count_distinct(id, 0.016) FROM ids",
        "hll_sketch_agg": "SELECT hll_sketch_estimate(hll_sketch_agg(id, 12)) FROM ids",
    }
    scans = dict.fromkeys([name for name in queries if name != "scan"], "scan")
    medians = measure(session, queries, args.runs)
    print_table(f"Spark {session.version}: {args.ids:,} UUIDs", medians, scans)
    ours, counted, theirs = (above(medians, scans, name) for name in scans)
    print_ratios([("hll_agg to approx_count_distinct, above the scan", ours, counted, "1"),
                  ("hll_agg to hll_sketch_agg, above the scan", ours, theirs, "0.5"),
                  ("hll_agg to approx_count_distinct, with the scan", medians["hll_agg"], medians["approx_count_distinct"], ""),
                  ("hll_agg to hll_sketch_agg, with the scan", medians["hll_agg"], medians["hll_sketch_agg"], "")])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("jar")
    parser.add_argument("folder")
    parser.add_argument("--rows", type=int, default=300_000)
    parser.add_argument("--groups", type=int, nargs="*", default=[10, 5000])
    parser.add_argument("--ids", type=int, nargs="?", default=6_000_000)
    parser.add_argument("--runs", type=int, default=7)
    args = parser.parse_args()
    os.makedirs(args.folder, exist_ok=True)
    session = sessions.classic(args.folder, args.jar, **{"spark.driver.memory": "4g", "spark.sql.shuffle.partitions": "2"})
    print(machine())
    if args.groups:
        sketches(session, args)
    if args.ids:
        ids(session, args)
    session.stop()
    print(f"\n{machine()}")


main()
