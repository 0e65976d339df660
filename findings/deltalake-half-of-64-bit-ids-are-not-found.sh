#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# deltalake (delta-rs) writes the bounds of a DECIMAL(20,0) (what Spark makes of unsigned 64-bit ids and hashes) into the log as at most 2^63-1.
# So every reader skips the file of an id from 2^63 on, and DELETE deletes nothing; PyArrow also counts such ids as smaller ones. The Parquet file itself is right.
# Exit status 0: the behaviour is as described. 1: it has changed.
set -euo pipefail
dir="$(mktemp -d)"
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q --disable-pip-version-check deltalake==1.6.6 pyarrow==26.0.1 polars==2.1.0
cd "$dir"
venv/bin/python -W ignore - <<'PYTHON'
import importlib.metadata as m, json, pathlib
from decimal import Decimal
import deltalake, polars as pl, pyarrow as pa, pyarrow.dataset as ds
for p in "deltalake", "pyarrow", "polars":
    print(p, m.version(p))
kind, half = pa.decimal128(20, 0), Decimal(2**63)
ids = [Decimal((k << 58) + 1) for k in range(64)]
deltalake.write_deltalake("t", pa.table({"id": pa.array(ids, kind)}))
log = next(pathlib.Path("t/_delta_log").glob("*.json")).read_text().splitlines()
stats = next(json.loads(json.loads(line)["add"]["stats"]) for line in log if '"add"' in line)
print("written:", len(ids), "ids up to", max(ids))
print("bounds in the log:", stats["minValues"]["id"], "to", stats["maxValues"]["id"])
delta = deltalake.DeltaTable("t")

def sql(where):
    return pa.table(deltalake.QueryBuilder().register("t", delta).execute(f"SELECT id FROM t WHERE {where}").read_all()).num_rows

field, id, bound = ds.field("id"), pl.col("id"), pa.scalar(half, kind)
low, high = (f"id {op} CAST('{half}' AS DECIMAL(20,0))" for op in ("<", ">="))
found = {
    "delta-rs": (sql(low), sql(high)),
    "polars": tuple(pl.scan_delta("t").filter(f).collect().height for f in (id < half, id >= half)),
    "pyarrow": tuple(delta.to_pyarrow_dataset().count_rows(filter=f) for f in (field < bound, field >= bound)),
    "pyarrow, the file": tuple(ds.dataset(delta.file_uris()).count_rows(filter=f) for f in (field < bound, field >= bound)),
}
for reader, (below, above) in found.items():
    print(f"  {reader:18} ids below 2^63: {below}, from 2^63 on: {above}")
single = pl.scan_delta("t").filter(id == max(ids)).collect().height
deleted = delta.delete(high)["num_deleted_rows"]
print("polars, rows with the largest id:", single)
print("delta-rs, rows deleted from 2^63 on:", deleted)
assert found["pyarrow, the file"] == (32, 32) and found["delta-rs"] == found["polars"] == (32, 0), "changed"
assert found["pyarrow"] == (64, 0) and single == deleted == 0, "changed"
PYTHON
