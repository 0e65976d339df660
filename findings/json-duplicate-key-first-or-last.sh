#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Which value of a repeated JSON key counts differs between functions of one library: Polars takes the first in read_ndjson and the last in json_path_match; DuckDB takes the first in ->> and fails in read_ndjson.
# Exit status 0: the behaviour is as described. 1: it has changed.
set -euo pipefail
dir="$(mktemp -d)"
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q --disable-pip-version-check duckdb==2.0.1 polars==2.1.0 pandas==3.1.1 pyarrow==26.0.1 numpy==2.4.6
cd "$dir"
venv/bin/python -W ignore - <<'PYTHON'
import importlib.metadata as m, json
import duckdb, pandas as pd, polars as pl
for p in "duckdb", "polars", "pandas":
    print(p, m.version(p))
text = '{"channel":"release","channel":"beta"}'
with open("d.jsonl", "w") as f:
    f.write(text + "\n")
found = {
    "python json": json.loads(text)["channel"],
    "pandas read_json": pd.read_json("d.jsonl", lines=True).channel[0],
    "polars read_ndjson": pl.read_ndjson("d.jsonl")["channel"][0],
    "polars json_decode": pl.Series([text]).str.json_decode(pl.Struct({"channel": pl.String}))[0]["channel"],
    "polars json_path_match": pl.Series([text]).str.json_path_match("$.channel")[0],
    "duckdb ->>": duckdb.execute("SELECT ?::JSON ->> 'channel'", [text]).fetchall()[0][0],
}
try:
    found["duckdb read_ndjson"] = duckdb.sql("SELECT channel FROM read_ndjson('d.jsonl')").fetchall()[0][0]
except duckdb.Error as e:
    found["duckdb read_ndjson"] = type(e).__name__
for name, value in found.items():
    print(f"  {name:24}{value}")
assert found["polars read_ndjson"] == found["polars json_decode"] == "release" and found["polars json_path_match"] == "beta", "changed"
assert found["duckdb ->>"] == "release" and found["duckdb read_ndjson"] == "InvalidInputException", "changed"
assert found["python json"] == found["pandas read_json"] == "beta", "changed"
PYTHON
