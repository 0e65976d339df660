#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How the cost of sketches grows: headcount build by rows, and unions by the number of segments.

usage: bench.py HEADCOUNT [--activity ROWS=FILE ...] [--rows N ...] [--segments N ...] --folder FOLDER

Prints two tables in Markdown, with the slope of each cost in logarithms of both: 1 is proportional. `headcount build` reads N rows
from the largest FILE that has N or fewer, again and again if it has fewer; the groups and the ids are then those of the file. This
Python has the package headcount, whose C library unites the sketches.
"""

import argparse
import json
import math
import os
import pathlib
import platform
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from process import measure  # noqa: E402

THREADS, MEMORY, ROUNDS = 2, "1GB", 3


def slope(points):
    """The least-squares slope of ln(y) over ln(x)."""
    xs, ys = zip(*((math.log(x), math.log(y)) for x, y in points))
    if len(xs) < 2:
        return math.nan
    return statistics.linear_regression(xs, ys).slope


def checked(command):
    """What a command takes: seconds, CPU seconds, MB. Fails if it does."""
    status, seconds, cpu, peak, said = measure([str(part) for part in command])
    if status != 0:
        sys.exit(f"{' '.join(map(str, command))}: status {status}\n{said}")
    return seconds, cpu, peak


def source(activity, rows):
    """The number of times that a file is read to have that number of rows, and the file."""
    files = sorted((int(n), file) for n, _, file in (a.partition("=") for a in activity))
    fitting = [(rows // n, file) for n, file in files if rows % n == 0]
    if not fitting:
        sys.exit(f"--rows {rows}: no multiple of the rows of a file of --activity")
    return fitting[-1]


def build(options):
    """A row for each precision and number of rows. Columns are read by bench/figures/scale.go."""
    print("Rows of activity into sketches\n")
    print("| precision | rows | files read | seconds | CPU s | CPU, ns a row | peak MB | peak, bytes a row |")
    print("|---|---|---|---|---|---|---|---|")
    for precision in options.precisions:
        points = []
        for rows in options.rows:
            times, file = source(options.activity, rows)
            command = [options.headcount, "build", "--precision", precision, "--memory", MEMORY, "--threads", THREADS,
                       "--spill-dir", options.folder, "-o", options.folder / "scale.parquet"]
            seconds, cpu, peak = checked(command + [file] * times)
            points.append((rows, cpu))
            print(f"| {precision} | {rows} | {times} | {seconds:.1f} | {cpu:.1f} | {cpu / rows * 1e9:.1f} | {peak:.0f} | {peak * 1e6 / rows:.2f} |",
                  flush=True)
        print(f"| {precision} | slope | | | {slope(points):.2f} | | | |")
    print()


def query(options):
    """A row for each precision and number of segments. Columns are read by bench/figures/scale.go."""
    print("Unions of segments\n")
    print("| precision | segments | MB of sketches | C library, CPU s | ns a sketch | headcount merge, CPU s | ns a sketch | peak MB |")
    print("|---|---|---|---|---|---|---|---|")
    file, merged = options.folder / "segments.parquet", options.folder / "merged.parquet"
    for precision in options.precisions:
        library, command = [], []
        for n in options.segments:
            program = [sys.executable, str(HERE / "segments.py")]
            said = json.loads(subprocess.check_output([*program, "unite", str(n), str(precision)]))
            subprocess.run([*program, "write", str(n), str(precision), str(file)], check=True)
            by_library = statistics.median(said["seconds"])
            runs = [checked([options.headcount, "merge", "--by", "activitydate", "--exclude", "segment", "--memory", MEMORY,
                             "--threads", THREADS, "-o", merged, file]) for _ in range(ROUNDS)]
            by_command = statistics.median(cpu for _, cpu, _ in runs)
            library.append((n, by_library))
            command.append((n, by_command))
            print(f"| {precision} | {n} | {said['bytes'] / 1e6:.1f} | {by_library:.4f} | {by_library / n * 1e9:.0f} | {by_command:.3f} |"
                  f" {by_command / n * 1e9:.0f} | {max(peak for _, _, peak in runs):.0f} |", flush=True)
        print(f"| {precision} | slope | | {slope(library):.2f} | | {slope(command):.2f} | | |")
    print()


def processor():
    """The processor's name with family and model, because names of virtual CPUs are generic."""
    lines = (line.partition(":") for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines())
    fields = {key.strip(): value.strip() for key, _, value in lines}
    return f"{fields.get('model name')} (family {fields.get('cpu family')}, model {fields.get('model')})"


def main():
    options = argparse.ArgumentParser()
    options.add_argument("headcount")
    options.add_argument("--activity", nargs="*", default=[], help="ROWS=FILE")
    options.add_argument("--rows", type=int, nargs="*", default=[])
    options.add_argument("--segments", type=int, nargs="*", default=[])
    options.add_argument("--precisions", type=int, nargs="*", default=[12, 14])
    options.add_argument("--folder", type=pathlib.Path, required=True)
    options = options.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    before = os.getloadavg()[0]
    if options.rows:
        build(options)
    if options.segments:
        query(options)
    print(f"{processor()}, {os.cpu_count()} CPUs, {platform.system()}. Load of the machine before and after: {before:.1f} and {os.getloadavg()[0]:.1f}.")


main()
