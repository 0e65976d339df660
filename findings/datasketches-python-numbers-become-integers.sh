#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# datasketches for Python hashes every value that int() accepts as an integer: float32 loses its fraction, digits in bytes become a number.
# Exit status 0: the behaviour is as described. 1: it has changed.
set -euo pipefail
dir="$(mktemp -d)"
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q --disable-pip-version-check datasketches==5.2.0 numpy==2.4.6
cd "$dir"
venv/bin/python -W ignore - <<'PYTHON'
import importlib.metadata as m
import datasketches as ds, numpy as np
print("datasketches", m.version("datasketches"), "numpy", m.version("numpy"))

def one(value):
    s = ds.hll_sketch(12)
    s.update(value)
    return s.serialize_compact()

values = np.arange(0, 100, 0.1, dtype=np.float32)
counts = {}
for name, sketch in ("HLL", ds.hll_sketch(12)), ("theta", ds.update_theta_sketch(12)), ("CPC", ds.cpc_sketch(12)):
    for v in values:
        sketch.update(v)
    counts[name] = round(sketch.get_estimate())
print(len(set(values.tolist())), "distinct float32 values are counted as", counts)
same = ds.hll_sketch(12)
for v in values.astype(np.float64):
    same.update(v)
print("the same values as float64:", round(same.get_estimate()))
print("float32 1.2 and 1.7 give one sketch:", one(np.float32(1.2)) == one(np.float32(1.7)))
print("b'12' and 12 give one sketch:", one(b"12") == one(12), "; b'12' and '12':", one(b"12") == one("12"))
try:
    one(b"x")
    refused = False
except TypeError:
    refused = True
print("b'x' is a TypeError:", refused)
assert set(counts.values()) == {100} and round(same.get_estimate()) > 950, "changed"
assert one(np.float32(1.2)) == one(np.float32(1.7)) and one(b"12") == one(12) != one("12") and refused, "changed"
PYTHON
