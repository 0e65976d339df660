#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# One number above 2^64 in an NDJSON file turns the column into DOUBLE for DuckDB and PyArrow, and other rows' ids change without an error.
# Exit status 0: the behaviour is as described. 1: it has changed.
set -euo pipefail
dir="$(mktemp -d)"
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q --disable-pip-version-check duckdb==2.0.1 pyarrow==26.0.1 polars==2.1.0
cd "$dir"
venv/bin/python -W ignore - <<'PYTHON'
import importlib.metadata as m
import duckdb, polars as pl, pyarrow.json as pj
for p in "duckdb", "pyarrow", "polars":
    print(p, m.version(p))
ids = [9007199254740992, 9007199254740993]
def write(path, values):
    with open(path, "w") as f:
        f.writelines('{"id":%d}\n' % v for v in values)
write("small.jsonl", ids)
write("large.jsonl", ids + [2**64])
def distinct(path):
    duck = duckdb.sql(f"SELECT typeof(any_value(id)), count(DISTINCT id) FROM read_ndjson('{path}') WHERE id < 1e16").fetchall()[0]
    arrow = pj.read_json(path)["id"]
    polars = pl.read_ndjson(path)["id"]
    return {"duckdb": duck, "pyarrow": (str(arrow.type), len({v for v in arrow.to_pylist() if v < 1e16})),
            "polars": (str(polars.dtype), polars.filter(polars < 10**16).n_unique())}
small, large = distinct("small.jsonl"), distinct("large.jsonl")
print("two ids:                          ", small)
print("the same two, and 2^64 in a third:", large)
assert {v[1] for v in small.values()} == {2}, "changed"
assert large["duckdb"] == ("DOUBLE", 1) and large["pyarrow"] == ("double", 1) and large["polars"][1] == 2, "changed"
PYTHON
