#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# fastparquet with has_nulls='infer' declares a text column without NULLs as REQUIRED, and writes definition levels in its pages all the same:
# PyArrow and DuckDB read the levels as the first text, every other text one row late, and not the last. fastparquet itself reads the file.
# Exit status 0: the behaviour is as described. 1: it has changed.
set -euo pipefail
dir="$(mktemp -d)"
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q --disable-pip-version-check fastparquet==2026.9.0 pandas==3.1.1 numpy==2.4.6 pyarrow==26.0.1 duckdb==2.0.1
cd "$dir"
venv/bin/python -W ignore - <<'PYTHON'
import importlib.metadata as m
import duckdb, fastparquet, pandas, pyarrow.parquet as pq
for p in "fastparquet", "pandas", "pyarrow", "duckdb":
    print(p, m.version(p))
frame = pandas.DataFrame({"client_id": ["a", "b", "c", "d"], "n": [1, 2, 3, 4]})
written = frame.client_id.tolist()
seen = {}
for has_nulls in True, False, "infer":
    fastparquet.write("t.parquet", frame, has_nulls=has_nulls)
    column = pq.ParquetFile("t.parquet").schema.column(0)
    seen[has_nulls] = {
        "fastparquet": fastparquet.ParquetFile("t.parquet").to_pandas().client_id.tolist(),
        "pyarrow": pq.read_table("t.parquet")["client_id"].to_pylist(),
        "duckdb": [r[0] for r in duckdb.sql("SELECT client_id FROM 't.parquet'").fetchall()],
    }
    print("has_nulls =", has_nulls, "- definition levels of the schema:", column.max_definition_level, seen[has_nulls])
assert all(rows == written for h in (True, False) for rows in seen[h].values()), "changed"
assert seen["infer"]["fastparquet"] == written, "changed"
assert all(seen["infer"][r][1:] == written[:-1] for r in ("pyarrow", "duckdb")), "changed"
PYTHON
