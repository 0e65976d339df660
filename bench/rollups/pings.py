#!/usr/bin/env python3
"""Makes pings for the roll-ups and their definitions: pings.py FOLDER [--pings N] [--metrics N] [--days N]

Writes FOLDER/Histograms.json and FOLDER/pings.jsonl. The same arguments give the same bytes. With 900 metrics a ping has about 185 KB.
"""
import argparse
import json
import os
import random

from baseline import layout

HIGH = [100, 1000, 10000, 60000, 1000000]
SYSTEMS = [("Windows_NT", "6.1"), ("Windows_NT", "10.0"), ("Linux", "4.4.0"), ("Darwin", "15.6.0")]
NUMBERS = {"exponential": 0, "linear": 1, "enumerated": 1, "boolean": 2, "flag": 3, "count": 4}


def definitions(n):
    found = {}
    for i in range(n):
        kind = random.choices(["exponential", "linear", "enumerated", "boolean", "flag", "count"], [45, 6, 19, 11, 4, 15])[0]
        definition = {"kind": kind, "description": f"Generated measure {i}"}
        if kind in ("exponential", "linear"):
            definition.update(high=random.choice(HIGH), n_buckets=random.choice([10, 20, 50, 100]))
        if kind == "enumerated":
            definition["n_values"] = random.choice([5, 10, 50, 100])
        found[f"{random.choice(['GC', 'FX', 'SSL', 'HTTP', 'MEMORY'])}_{kind.upper()}_{i}"] = definition
    return found


def histogram(definition, bounds):
    filled = random.sample(bounds, min(len(bounds), random.choice([1, 2, 3, 5, 8, 20])))
    values = {str(b): random.randint(0, 300) for b in sorted(filled)}
    return {"range": [1, bounds[-1]], "bucket_count": len(bounds), "histogram_type": NUMBERS[definition["kind"]], "values": values,
            "sum": sum(int(b) * n for b, n in values.items()), "sum_squares_lo": 0, "sum_squares_hi": 0}


def ping(defined, bounds, day):
    system, version = random.choice(SYSTEMS)
    return {
        "type": "main", "clientId": f"{random.getrandbits(64):016x}", "meta": {"submissionDate": day, "sampleId": random.randint(0, 99)},
        "application": {"name": "Firefox", "channel": random.choice(["nightly", "aurora", "beta"]),
                        "version": random.choice(["51.0", "52.0a1"]), "buildId": f"2016110{random.randint(1, 3)}030204",
                        "architecture": random.choice(["x86", "x86-64"])},
        "environment": {"system": {"os": {"name": system, "version": version}}, "settings": {"e10sEnabled": random.random() < 0.5}},
        "payload": {
            "histograms": {name: histogram(d, bounds[name]) for name, d in defined.items()},
            "simpleMeasurements": {f"measure{i}": random.randint(0, 20000) for i in range(40)},
            "processes": {"parent": {"scalars": {f"scalar.number_{i}": random.randint(0, 9000) for i in range(40)}}},
        },
    }


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("folder")
    arguments.add_argument("--pings", type=int, default=1000)
    arguments.add_argument("--metrics", type=int, default=900)
    arguments.add_argument("--days", type=int, default=1)
    options = arguments.parse_args()
    random.seed(19)
    defined = definitions(options.metrics)
    bounds = {name: layout(d) for name, d in defined.items()}
    with open(os.path.join(options.folder, "Histograms.json"), "w", encoding="utf-8") as file:
        json.dump(defined, file, indent=1)
    with open(os.path.join(options.folder, "pings.jsonl"), "w", encoding="utf-8") as file:
        for i in range(options.pings):
            file.write(json.dumps(ping(defined, bounds, f"201611{i % options.days + 4:02d}")) + "\n")


if __name__ == "__main__":
    main()
