#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# pandas writes a partitioned Parquet folder with a NULL partition value and then cannot read it: ArrowInvalid, Cannot yet unify dictionaries with nulls.
# Exit status 0: the behaviour is as described. 1: it has changed.
set -euo pipefail
dir="$(mktemp -d)"
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q --disable-pip-version-check pandas==3.1.1 duckdb==2.0.1 pyarrow==26.0.1 numpy==2.4.6
cd "$dir"
venv/bin/python -W ignore - <<'PYTHON'
import importlib.metadata as m
import duckdb, pandas as pd, pyarrow as pa, pyarrow.parquet as pq
for p in "pandas", "pyarrow", "duckdb":
    print(p, m.version(p))
pd.DataFrame({"channel": ["release", None, "beta"], "clients": [1, 2, 3]}).to_parquet("t", partition_cols=["channel"])
try:
    outcome = pd.read_parquet("t").to_dict("records")
except pa.ArrowInvalid as e:
    outcome = str(e)
print("pandas.read_parquet:       ", outcome)
print("pyarrow.parquet.read_table:", sorted(pq.read_table("t").to_pylist(), key=str))
duck = duckdb.sql("SELECT channel, clients FROM read_parquet('t/*/*.parquet', hive_partitioning = true)").fetchall()
print("duckdb:                    ", sorted(duck, key=str))
assert isinstance(outcome, str) and "unify dictionaries" in outcome and len(duck) == 3, "changed"
PYTHON
