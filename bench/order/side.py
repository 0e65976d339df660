#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The side of bench-order in Python: Headcount's C library and DataSketches.

usage: side.py FOLDER

FOLDER is as scenario.go writes it. Prints for each library and each plan a line: the library, the plan's number, a digest of the
united sketch's bytes and its number, or "error" and a message, separated by tabs.
"""

import hashlib
import importlib.metadata
import json
import pathlib
import sys

import datasketches
import headcount


class Headcount:
    """The C library, by the Python package. Sketches of several precisions are reduced to the smallest, then united."""

    name = f"Headcount {importlib.metadata.version('headcount')}, C library"

    def build(self, ids, precision):
        return headcount.build(ids, precision)

    def unite(self, sketches):
        smallest = min(map(headcount.precision, sketches))
        return headcount.merge([headcount.reduce(s, smallest) for s in sketches])

    def count(self, sketch):
        return headcount.estimate(sketch)


class DataSketches:
    """The package datasketches: a union of the largest precision that occurs, and sketches of one type."""

    def __init__(self, kind, largest):
        self.kind, self.largest = getattr(datasketches.tgt_hll_type, kind), largest
        self.name = f"DataSketches Python {importlib.metadata.version('datasketches')}, {kind}"

    def build(self, ids, precision):
        sketch = datasketches.hll_sketch(precision, self.kind)
        for i in ids:
            sketch.update(i)
        return sketch.serialize_compact()

    def unite(self, sketches):
        union = datasketches.hll_union(self.largest)
        for sketch in sketches:
            union.update(datasketches.hll_sketch.deserialize(sketch))
        return union.get_result(self.kind).serialize_compact()

    def count(self, sketch):
        return datasketches.hll_sketch.deserialize(sketch).get_estimate()


def united(library, plan, sketches):
    if isinstance(plan, int):
        return sketches[plan]
    return library.unite([united(library, part, sketches) for part in plan])


def main():
    folder = pathlib.Path(sys.argv[1])
    precisions = [int(line) for line in (folder / "precisions").read_text().split()]
    plans = [json.loads(line) for line in (folder / "plans").read_text().splitlines()]
    sets = [
        [line.split(",")[0] for line in (folder / f"{i}.csv").read_text().splitlines()[1:]] for i in range(len(precisions))
    ]
    for library in (Headcount(), DataSketches("HLL_8", max(precisions)), DataSketches("HLL_4", max(precisions))):
        sketches = [library.build(ids, precision) for ids, precision in zip(sets, precisions)]
        for number, plan in enumerate(plans):
            sketch = united(library, plan, sketches)
            print(library.name, number, hashlib.sha256(sketch).hexdigest(), repr(library.count(sketch)), sep="\t")


main()
