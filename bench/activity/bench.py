#!/usr/bin/env python3
"""headcount build and DuckDB's exact count(DISTINCT) per group, over the same generated activity, in one run.

usage: bench.py HEADCOUNT --rows N [--old HEADCOUNT] [--runs N] [--folder FOLDER] [--memory MB] [--large-memory MB]

Prints a table: seconds, rows a second, CPU seconds, peak memory, of headcount and of DuckDB with the same memory and
with more. Fails if headcount does not give a row for each group that DuckDB finds, if it takes more memory than it may, or
if its sketches' bytes are not a twentieth of dense ones' (from 100 million rows on). DuckDB's running out of memory is a
result. Times depend on the machine and are not judged.

With --old, two builds of headcount run in turn instead. It prints the medians, what each run took, and how much faster the new
build is. Fails if their files have other rows, or if one takes more memory than it may.
"""

import argparse
import os
import pathlib
import statistics
import sys

import duckdb

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from generate import DAYS, THREADS, generate  # noqa: E402
from process import measure  # noqa: E402

DENSE = 2 + 4096  # bytes of a dense sketch of precision 12


def duckdb_exact(activity, out, memory, folder):
    """The command for the exact counts by DuckDB with some memory, in a process of its own."""
    program = f"""
import duckdb
db = duckdb.connect(config={{"threads": {THREADS}, "memory_limit": "{memory}MB", "temp_directory": "{folder}/duckdb-spill"}})
db.execute("SET preserve_insertion_order = false")
db.execute('''COPY (
    SELECT activitydate, normalizedchannel, country, version, os, count(DISTINCT client_id) AS clients
    FROM '{activity}' GROUP BY ALL
) TO '{out}' (FORMAT parquet)''')
"""
    return [sys.executable, "-c", program]


def check(rows, memory, activity, counts, peak):
    """What headcount has written, and whether it is right. Returns the lines to print."""
    db = duckdb.connect(config={"threads": THREADS})
    groups, sparse = db.execute(
        f"SELECT sum(num_values), sum(total_uncompressed_size) FROM parquet_metadata('{counts}') WHERE path_in_schema = 'hll'"
    ).fetchone()
    wanted = db.execute(
        f"SELECT count(*) FROM (SELECT DISTINCT activitydate, normalizedchannel, country, version, os FROM '{activity}')"
    ).fetchone()[0]
    assert groups == wanted, f"headcount has {groups} rows where there are {wanted} groups"
    assert peak <= memory, f"headcount took {peak:.0f} MB where it may take {memory}"
    share = sparse / (groups * DENSE)
    assert rows < 100_000_000 or share <= 1 / 20, f"the sketches take {share:.4f} of what dense ones would"
    return [
        f"groups: {groups:,}; sketches uncompressed: {sparse / 1e6:.0f} MB, 1/{1 / share:.0f} of dense ones; "
        f"file: {counts.stat().st_size / 1e6:.0f} MB from {activity.stat().st_size / 1e6:.0f} MB"
    ]


def build(headcount, options, counts, activity):
    """The command that makes a file of counts."""
    return [headcount, "build", "--memory", f"{options.memory}MB", "--threads", str(THREADS), "--spill-dir", str(options.folder),
            "-o", str(counts), str(activity)]


def compare(options, activity):
    """Runs two builds in turn and prints what they take."""
    outputs = {name: options.folder / f"client_count-{name}.parquet" for name in ("old", "new")}
    runs = {"old": [], "new": []}
    for _ in range(options.runs):
        for name, headcount in (("old", options.old), ("new", options.headcount)):
            status, *result, said = measure(build(headcount, options, outputs[name], activity))
            assert status == 0, said
            assert result[2] <= options.memory, f"{name} took {result[2]:.0f} MB where it may take {options.memory}"
            runs[name].append(result)
    print(f"{'median of ' + str(options.runs) + ', in turn':34} {'seconds':>8} {'rows/s':>12} {'CPU s':>8} {'peak MB':>8}")
    medians = {name: [statistics.median(column) for column in zip(*results)] for name, results in runs.items()}
    for name, (seconds, cpu, peak) in medians.items():
        print(f"{'headcount build, ' + name:34} {seconds:8.1f} {options.rows / seconds:12,.0f} {cpu:8.1f} {peak:8.0f}")
    for name, results in runs.items():
        print(f"{name}: seconds " + " ".join(f"{r[0]:.1f}" for r in results) + "; CPU s " + " ".join(f"{r[1]:.1f}" for r in results))
    print("new/old: {:.2f} times the rows a second, {:.2f} times the rows a second of CPU, {:.2f} times the memory".format(
        medians["old"][0] / medians["new"][0], medians["old"][1] / medians["new"][1], medians["new"][2] / medians["old"][2]))
    other = duckdb.connect().execute(
        f"SELECT count(*) FROM (FROM '{outputs['old']}' EXCEPT FROM '{outputs['new']}')").fetchone()[0]
    assert other == 0, f"{other} rows of the old build are not in the new one's"
    print(f"load of the machine: {os.getloadavg()[0]:.1f}")


def main():
    options = argparse.ArgumentParser()
    options.add_argument("headcount")
    options.add_argument("--old", help="another build of headcount, to run in turn")
    options.add_argument("--runs", type=int, default=7, help="runs of each build with --old")
    options.add_argument("--rows", type=int, required=True)
    options.add_argument("--folder", type=pathlib.Path, default=pathlib.Path("build/bench"))
    options.add_argument("--memory", type=int, default=1000, help="MB for headcount and DuckDB")
    options.add_argument("--large-memory", type=int, default=8000, help="MB for DuckDB once more")
    options = options.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    activity = options.folder / f"activity-{options.rows}.parquet"
    generate(activity, options.rows)
    if options.old:
        compare(options, activity)
        return

    counts = options.folder / "client_count.parquet"
    exact = options.folder / "exact.parquet"
    results = [
        (
            f"headcount build, {options.memory} MB",
            measure(build(options.headcount, options, counts, activity)),
        )
    ]
    for memory in (options.memory, options.large_memory):
        exact.unlink(missing_ok=True)
        results.append((f"DuckDB count(DISTINCT), {memory} MB", measure(duckdb_exact(activity, exact, memory, options.folder))))

    ours = results[0][1]
    assert ours[0] == 0, ours[4]
    print(f"{options.rows:,} rows, {options.rows // 10:,} clients, {DAYS} days, 4 dimensions; {THREADS} threads")
    print(f"{'':34} {'seconds':>8} {'rows/s':>12} {'CPU s':>8} {'peak MB':>8} {'time':>8}")
    for name, (status, seconds, cpu, peak, said) in results:
        if status == 0:
            print(f"{name:34} {seconds:8.1f} {options.rows / seconds:12,.0f} {cpu:8.1f} {peak:8.0f} {seconds / ours[1]:7.2f}x")
        else:
            reason = said.strip().splitlines()[-1] if said.strip() else f"status {status}"
            print(f"{name:34} failed after {seconds:.1f} s, {peak:.0f} MB: {reason[:150]}")
    print("\n".join(check(options.rows, options.memory, activity, counts, ours[3])))
    print(f"load of the machine: {os.getloadavg()[0]:.1f}")


main()
