#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# DuckDB's Parquet of version 2 subtracts neighbouring INTEGERs in 64 bits where parquet-format's Encodings.md lets 32 bits wrap around:
# numbers that are far apart, as ids often are, cannot be read by PyArrow, and fastparquet reads other numbers. Polars reads them.
# Exit status 0: the behaviour is as described. 1: it has changed.
set -euo pipefail
dir="$(mktemp -d)"
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q --disable-pip-version-check duckdb==2.0.1 pyarrow==26.0.1 polars==1.44.2 fastparquet==2026.9.0 pandas==3.1.1 numpy==2.4.6
cd "$dir"
venv/bin/python -W ignore - <<'PYTHON'
import importlib.metadata as m
import duckdb, fastparquet, polars, pyarrow.parquet as pq
for p in "duckdb", "pyarrow", "polars", "fastparquet":
    print(p, m.version(p))
ids = [2_000_000_000, -2_000_000_000] * 4
duckdb.execute("CREATE TABLE t AS SELECT unnest(?)::INTEGER AS id", [ids])
for version in "v1", "v2":
    name = version + ".parquet"
    duckdb.sql(f"COPY t TO '{name}' (FORMAT parquet, PARQUET_VERSION {version}, DICTIONARY_SIZE_LIMIT 1)")
    print(version, duckdb.sql(f"SELECT type, encodings FROM parquet_metadata('{name}')").fetchall()[0])

def read(f):
    try:
        return "the same numbers" if f() == ids else "other numbers"
    except OSError as e:
        return "OSError: " + str(e)

seen = {}
for version in "v1", "v2":
    name = version + ".parquet"
    seen[version] = {
        "duckdb": read(lambda: [r[0] for r in duckdb.sql(f"SELECT id FROM '{name}'").fetchall()]),
        "pyarrow": read(lambda: pq.read_table(name)["id"].to_pylist()),
        "polars": read(lambda: polars.read_parquet(name)["id"].to_list()),
        "fastparquet": read(lambda: fastparquet.ParquetFile(name).to_pandas()["id"].tolist()),
    }
    print(version, seen[version])
same = "the same numbers"
assert set(seen["v1"].values()) == {same}, "changed"
assert seen["v2"]["duckdb"] == seen["v2"]["polars"] == same, "changed"
assert seen["v2"]["pyarrow"].startswith("OSError") and seen["v2"]["fastparquet"] == "other numbers", "changed"
PYTHON
