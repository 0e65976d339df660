#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# DataFusion writes a timestamp of seconds (to_timestamp_seconds) and a Date64 to Parquet as INT64 without a type: DuckDB and PyArrow read plain numbers, DataFusion and Polars the time.
# Exit status 0: the behaviour is as described. 1: it has changed.
set -euo pipefail
dir="$(mktemp -d)"
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q --disable-pip-version-check datafusion==55.0.0 duckdb==2.0.1 polars==2.1.0 pyarrow==26.0.1
cd "$dir"
venv/bin/python -W ignore - <<'PYTHON'
import importlib.metadata as m
import datafusion, duckdb, polars, pyarrow.parquet as pq
for p in "datafusion", "duckdb", "polars", "pyarrow":
    print(p, m.version(p))
context = datafusion.SessionContext()
found = {}
for name, value in {
    "seconds": "to_timestamp_seconds('2016-09-05')",
    "date64": "arrow_cast(DATE '2016-09-05', 'Date64')",
    "milliseconds": "to_timestamp_millis('2016-09-05')",
    "date": "DATE '2016-09-05'",
}.items():
    file = f"{name}.parquet"
    context.sql(f"COPY (SELECT {value} AS day) TO '{file}'").collect()
    found[name] = {
        "duckdb": duckdb.sql(f"FROM '{file}'").fetchall()[0][0],
        "pyarrow": pq.read_table(file)["day"][0].as_py(),
        "polars": polars.read_parquet(file)["day"][0],
        "datafusion": context.read_parquet(file).to_pydict()["day"][0],
    }
    print(f"{value}:", ", ".join(f"{reader} {day}" for reader, day in found[name].items()))
for name, number in {"seconds": 1473033600, "date64": 1473033600000}.items():
    assert found[name]["duckdb"] == found[name]["pyarrow"] == number, "changed"
    assert all(str(found[name][reader]).startswith("2016-09-05") for reader in ("polars", "datafusion")), "changed"
assert all(str(day).startswith("2016-09-05") for name in ("milliseconds", "date") for day in found[name].values()), "changed"
PYTHON
