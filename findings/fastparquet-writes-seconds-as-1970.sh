#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# fastparquet divides pandas' datetime64[s] values by 1000 and labels the column as milliseconds: 2016-09-05 becomes 1970-01-01 00:24:33, and fastparquet cannot read its own file.
# Exit status 0: the behaviour is as described. 1: it has changed.
set -euo pipefail
dir="$(mktemp -d)"
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q --disable-pip-version-check pandas==3.1.1 fastparquet==2026.9.0 pyarrow==26.0.1 numpy==2.4.6 duckdb==2.0.1
cd "$dir"
venv/bin/python -W ignore - <<'PYTHON'
import importlib.metadata as m
import duckdb, fastparquet, pandas as pd, pyarrow.parquet as pq
for p in "pandas", "fastparquet", "pyarrow", "duckdb":
    print(p, m.version(p))
found = {}
for unit in "s", "ms", "us":
    frame = pd.DataFrame({"day": pd.Series(pd.to_datetime(["2016-09-05"])).astype(f"datetime64[{unit}]")})
    frame.to_parquet(f"{unit}.parquet", engine="fastparquet", index=False)
    try:
        own = str(fastparquet.ParquetFile(f"{unit}.parquet").to_pandas().day[0])
    except ValueError as e:
        own = str(e)
    found[unit] = (str(pq.read_table(f"{unit}.parquet")["day"][0]), str(duckdb.sql(f"SELECT day FROM '{unit}.parquet'").fetchall()[0][0]), own)
    print(f"datetime64[{unit}]: written 2016-09-05; pyarrow, duckdb, fastparquet read", *found[unit], sep="  ")
assert all(v.startswith("1970-01-01 00:24:33") for v in found["s"][:2]) and "losslessly" in found["s"][2], "changed"
assert all(v.startswith("2016-09-05") for v in found["ms"] + found["us"]), "changed"
PYTHON
