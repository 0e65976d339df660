#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A Hive-partitioned folder that Polars writes with its defaults cannot be read by pyarrow.parquet.read_table: the partition column is also in the files, with another type.
# Exit status 0: the behaviour is as described. 1: it has changed.
set -euo pipefail
dir="$(mktemp -d)"
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q --disable-pip-version-check polars==2.1.0 pyarrow==26.0.1 duckdb==2.0.1
cd "$dir"
venv/bin/python -W ignore - <<'PYTHON'
import importlib.metadata as m
import duckdb, polars as pl, pyarrow as pa, pyarrow.parquet as pq
for p in "polars", "pyarrow", "duckdb":
    print(p, m.version(p))
pl.DataFrame({"channel": ["release", "beta"], "clients": [1, 2]}).write_parquet("t", partition_by=["channel"])
part = next(__import__("pathlib").Path("t").rglob("*.parquet"))
print("columns in the file", part.parent.name + ":", pq.ParquetFile(part).schema_arrow.names)
print("polars reads:", sorted(pl.read_parquet("t/").rows()))
print("duckdb reads:", sorted(duckdb.sql("SELECT channel, clients FROM read_parquet('t/**/*.parquet', hive_partitioning = true)").fetchall()))
try:
    outcome = pq.read_table("t").to_pylist()
except pa.ArrowTypeError as e:
    outcome = str(e)
print("pyarrow:", outcome)
print("pyarrow with partitioning=None:", sorted(pq.read_table("t", partitioning=None).to_pylist(), key=str))
assert isinstance(outcome, str) and "incompatible types" in outcome, "changed"
PYTHON
