#!/usr/bin/env python3
"""The roll-up rules of docs/rollups.md in plain Python, the way the original aggregator applied them.

It shares no code with the Go implementation. `make bench-rollups` measures headcount-rollup against it, and its
output can be compared with the expected files of rollup/testdata.

    baseline.py DEFINITIONS PINGS [--rows KIND]

DEFINITIONS and PINGS are JSON files; a name that ends in .gz is decompressed. PINGS has one ping a line. Without --rows it makes the
rows of both kinds, and prints the CPU time a ping with and without decoding JSON.
"""
import argparse
import gzip
import json
import math
import re
import sys
import time
from collections import defaultdict

CHANNELS = {"nightly", "aurora", "beta", "release"}
NOT_KEYED = {"MESSAGE_MANAGER_MESSAGE_SIZE", "VIDEO_DETAILED_DROPPED_FRAMES_PROPORTION"}
METRIC_NAME = re.compile(r"^[A-Za-z0-9_\-\[\].]+$")
MAX_SUM = 2**63 - 1
MISSING = object()


def exponential(low, high, n):
    bounds, current = [0, low], low
    for i in range(2, n):
        step = (math.log(high) - math.log(current)) / (n - i)
        following = int(math.floor(math.exp(math.log(current) + step) + 0.5))
        current = following if following > current else current + 1
        bounds.append(current)
    return bounds


def linear(low, high, n):
    low, high = float(low), float(high)
    return [0] + [int((low * (n - 1 - i) + high * (i - 1)) / (n - 2) + 0.5) for i in range(1, n)]


COUNTS = exponential(1, 10000, 100)
SIMPLE = exponential(1, 30000, 50)


def layout(definition):
    kind = definition["kind"]
    if kind in ("boolean", "flag", "count"):
        return [0, 1, 2]
    if kind == "enumerated":
        values = int(definition["n_values"])
        return linear(1, values, values + 1)
    if kind == "categorical":
        return list(range(len(definition["labels"]) + 1))
    make = exponential if kind == "exponential" else linear
    return make(int(definition.get("low", 1)), int(definition["high"]), int(definition["n_buckets"]))


def bounds_of(metric, definitions, cache):
    if metric not in cache:
        cache[metric] = find_bounds(metric, definitions)
    return cache[metric]


def find_bounds(metric, definitions):
    if metric.startswith("SIMPLE_MEASURES_"):
        return SIMPLE
    if metric.startswith(("[[COUNT]]_", "SCALARS_")):
        return COUNTS
    if metric.startswith(("USE_COUNTER_", "USE_COUNTER2_")):
        return [0, 1, 2]
    definition = definitions.get(metric)
    if definition is None and metric.startswith("STARTUP_"):
        definition = definitions.get(metric[len("STARTUP_"):])
    return layout(definition) if definition else None


class Entry:
    __slots__ = ("values", "sum", "count")

    def __init__(self):
        self.values, self.sum, self.count = defaultdict(int), 0, 0


def add_value(state, name, label, process, value, bounds):
    if value < 0:
        return
    bucket = bounds[0]
    for bound in reversed(bounds):
        if value >= bound:
            bucket = bound
            break
    entry = state[name, label, process]
    entry.values[bucket] += 1
    entry.sum += value
    entry.count += 1


def add_histogram(state, name, label, process, histogram):
    if not isinstance(histogram, dict):
        return
    values, total, kind = histogram.get("values"), histogram.get("sum"), histogram.get("histogram_type")
    if not isinstance(values, dict) or not isinstance(total, int) or total < 0 or not isinstance(kind, int):
        return
    if kind == 4:
        add_value(state, "[[COUNT]]_" + name, label, process, total, COUNTS)
        return
    entry = state[name, label, process]
    entry.sum += total
    entry.count += 1
    for key, value in values.items():
        try:
            bucket = int(key)
        except ValueError:
            continue
        entry.values[bucket] += value if isinstance(value, int) else 0


def add_histograms(state, payload, process):
    if not isinstance(payload, dict):
        return
    histograms = payload.get("histograms")
    if isinstance(histograms, dict):
        for name, histogram in histograms.items():
            add_histogram(state, name, "", process, histogram)
    keyed = payload.get("keyedHistograms")
    if isinstance(keyed, dict):
        for name, labels in keyed.items():
            if name not in NOT_KEYED and isinstance(labels, dict):
                for label, histogram in labels.items():
                    add_histogram(state, name, label, process, histogram)


def is_number(value):
    return isinstance(value, (int, float))


def add_simple(state, simple, process):
    if not isinstance(simple, dict):
        return
    for name, value in simple.items():
        name = "SIMPLE_MEASURES_" + name
        if isinstance(value, dict):
            for part, number in value.items():
                if is_number(number):
                    add_value(state, f"{name}_{part}".upper(), "", process, number, SIMPLE)
        elif is_number(value):
            add_value(state, name.upper(), "", process, value, SIMPLE)


def add_scalars(state, payload, process):
    for name, value in dict_at(payload, "scalars").items():
        if is_number(value) and not name.startswith("browser.engagement.navigation"):
            add_value(state, ("SCALARS_" + name).upper(), "", process, value, COUNTS)
    for name, labels in dict_at(payload, "keyedScalars").items():
        if name.startswith("browser.engagement.navigation") or not isinstance(labels, dict):
            continue
        for label, value in labels.items():
            if is_number(value):
                add_value(state, ("SCALARS_" + name).upper(), label.upper(), process, value, COUNTS)


def dict_at(value, *path):
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def add_ping(state, ping):
    payload = ping.get("payload")
    if not isinstance(payload, dict):
        return
    add_histograms(state, payload, "parent")
    add_simple(state, payload.get("simpleMeasurements"), "parent")
    children = payload.get("childPayloads")
    for child in children if isinstance(children, list) else []:
        add_histograms(state, child, "content")
        add_simple(state, dict_at(child, "simpleMeasurements"), "content")
    processes = dict_at(payload, "processes")
    for process in ("content", "gpu"):
        add_histograms(state, processes.get(process), process)
    for process in ("parent", "content", "gpu"):
        add_scalars(state, dict_at(processes, process), process)


def key_of(ping):
    """The key of a ping that counts, or None."""
    meta, application = dict_at(ping, "meta"), dict_at(ping, "application")
    system = dict_at(ping, "environment", "system", "os")
    sample = meta.get("sampleId")
    if isinstance(sample, bool) or not is_number(sample) or not sample < 100:
        return None
    fields = [meta.get("submissionDate"), application.get("channel"), application.get("version"),
              application.get("buildId"), application.get("name"), application.get("architecture"),
              system.get("name"), system.get("version")]
    if any(field is None for field in fields) or fields[1] not in CHANNELS or fields[4] == "Fennec":
        return None
    fields[2] = str(fields[2]).split(".")[0]
    fields[3] = str(fields[3])[:8]
    fields[7] = str(fields[7])
    if fields[6] == "Linux":
        fields[7] = fields[7][:3]
    try:
        int(fields[3])
    except ValueError:
        return None
    return tuple(fields)


KINDS = ("build_id", "submission_date")


def new_states():
    """The entries of each key, for both kinds."""
    return {kind: defaultdict(lambda: defaultdict(Entry)) for kind in KINDS}


def add(states, ping):
    key = key_of(ping)
    if key is not None:
        add_ping(states["build_id"][key], ping)
        add_ping(states["submission_date"][key[:3] + ("",) + key[4:]], ping)


def rows(states, definitions):
    """The stored rows of one kind: (dimensions..., metric, label, process) -> (histogram, sum, count)."""
    cache = {}
    for key, state in states.items():
        if any("\0" in field for field in key):
            continue
        for (metric, label, process), entry in state.items():
            if "\0" in metric or "\0" in label or not METRIC_NAME.match(metric) or entry.sum > MAX_SUM:
                continue
            bounds = bounds_of(metric, definitions, cache)
            if bounds is not None:
                yield key + (metric, label, process), [entry.values.get(b, 0) for b in bounds], int(entry.sum), entry.count


def read(path):
    opened = gzip.open(path, "rt", encoding="utf-8") if path.endswith(".gz") else open(path, encoding="utf-8")
    with opened as file:
        yield from file


def print_rows(kind, states, definitions):
    names = ("submission_date channel version build_id application architecture os os_version "
             "metric label process").split()
    for key, histogram, total, count in rows(states[kind], definitions):
        row = dict(zip(names, key), histogram=histogram, sum=total, count=count)
        if kind == "submission_date":
            del row["build_id"]
        print(json.dumps(row, sort_keys=True))


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("definitions")
    arguments.add_argument("pings")
    arguments.add_argument("--rows", choices=KINDS, help="print the rows as JSON lines instead of times")
    options = arguments.parse_args()
    definitions = json.loads("".join(read(options.definitions)))
    states, pings, decoding = new_states(), 0, 0.0
    begin = time.process_time()
    for line in read(options.pings):
        before = time.process_time()
        ping = json.loads(line)
        decoding += time.process_time() - before
        add(states, ping)
        pings += 1
    if options.rows:
        print_rows(options.rows, states, definitions)
        return
    n = sum(1 for kind in KINDS for _ in rows(states[kind], definitions))
    everything = time.process_time() - begin
    print(json.dumps({"pings": pings, "rows": n, "milliseconds": 1000 * everything / pings,
                      "milliseconds_decoded": 1000 * (everything - decoding) / pings}))


if __name__ == "__main__":
    sys.exit(main())
