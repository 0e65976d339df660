#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# nanoarrow for Python reads the bytes of a negative decimal as an unsigned number: -1.25 becomes 2^128 hundredths less 125, rounded to the type's precision. PyArrow and Polars read -1.25.
# This affects programs that read differences or other negative amounts from a Flight server or an Arrow stream with nanoarrow. Positive numbers are right.
# Exit status 0: the behaviour is as described. 1: it has changed.
set -euo pipefail
dir="$(mktemp -d)"
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q --disable-pip-version-check nanoarrow==0.9.0 pyarrow==26.0.1 polars==2.1.0
cd "$dir"
venv/bin/python -W ignore - <<'PYTHON'
import importlib.metadata as m
from decimal import Decimal
import nanoarrow as na, polars as pl, pyarrow as pa
for p in "nanoarrow", "pyarrow", "polars":
    print(p, m.version(p))
changes = [Decimal("-1.25"), Decimal("1.25"), None, Decimal("-7.00")]
found = {}
for type in pa.decimal128(10, 2), pa.decimal128(38, 2), pa.decimal256(76, 2):
    table = pa.table({"change": pa.array(changes, type)})
    with pa.ipc.new_stream("t.arrows", table.schema) as stream:
        stream.write_table(table)
    read = {
        "pyarrow": pa.ipc.open_stream("t.arrows").read_all()["change"].to_pylist(),
        "nanoarrow": [row["change"] for row in na.ArrayStream.from_path("t.arrows").read_all().to_pylist()],
    }
    if type.bit_width == 128:
        read["polars"] = pl.read_ipc_stream("t.arrows")["change"].to_list()
    print(type)
    for reader, values in read.items():
        print(f"  {reader:10}", ", ".join(map(str, values)))
    found[type.bit_width, type.precision] = read
for (bits, _), read in found.items():
    nanoarrow = read.pop("nanoarrow")
    assert all(values == changes for values in read.values()), "changed"
    assert nanoarrow[1:3] == changes[1:3] and all(nanoarrow[i] > 2 ** (bits - 8) for i in (0, 3)), "changed"
PYTHON
