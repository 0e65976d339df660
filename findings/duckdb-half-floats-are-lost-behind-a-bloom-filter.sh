#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# DuckDB reads a Parquet FLOAT16 as FLOAT and asks the Bloom filter for the hash of four bytes; writers hash the two that are in the file. Equality, IN and joins find
# no row as soon as PyArrow or DataFusion writes a Bloom filter for the column. Without one, and in Polars, the rows are there.
# Exit status 0: the behaviour is as described. 1: it has changed.
set -euo pipefail
dir="$(mktemp -d)"
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q --disable-pip-version-check duckdb==2.0.1 pyarrow==26.0.1 datafusion==55.0.0 polars==2.1.0
cd "$dir"
venv/bin/python -W ignore - <<'PYTHON'
import importlib.metadata as m
import datafusion, duckdb, polars as pl, pyarrow as pa, pyarrow.parquet as pq
for p in "duckdb", "pyarrow", "datafusion", "polars":
    print(p, m.version(p))
rates = {type: pa.table({"rate": pa.array([0.5, 1.0, 1.5] * 3, type)}) for type in (pa.float16(), pa.float32())}

def arrow(table, path, bloom):
    pq.write_table(table, path, bloom_filter_options={"rate": True} if bloom else None)

def rust(table, path, bloom):
    config = datafusion.SessionConfig().set("datafusion.execution.parquet.bloom_filter_on_write", str(bloom).lower())
    context = datafusion.SessionContext(config)
    context.from_arrow(table, "t")
    context.sql(f"COPY t TO '{path}'").collect()

queries = {
    "=": "SELECT count(*) FROM '{}' WHERE rate = 1",
    "IN": "SELECT count(*) FROM '{}' WHERE rate IN (1, 7)",
    "join": "SELECT count(*) FROM '{}' JOIN (VALUES (1::FLOAT)) v(rate) USING (rate)",
}
for writer, write in {"pyarrow": arrow, "datafusion": rust}.items():
    for type, table in rates.items():
        for bloom in False, True:
            path = f"{writer}-{type}-{bloom}.parquet"
            write(table, path, bloom)
            rows = {name: duckdb.sql(query.format(path)).fetchall()[0][0] for name, query in queries.items()}
            rows["polars ="] = pl.scan_parquet(path).filter(pl.col("rate") == 1).collect().height
            print(f"{writer:10} {type!s:9} {'with' if bloom else 'without':7} Bloom filter, rows of 9 with 1.0:", rows)
            lost = bloom and type == pa.float16()
            assert rows == {**dict.fromkeys(queries, 0 if lost else 3), "polars =": 3}, "changed"
PYTHON
