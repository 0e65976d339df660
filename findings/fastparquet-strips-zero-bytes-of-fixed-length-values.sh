#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# fastparquet drops trailing zero bytes of FIXED_LEN_BYTE_ARRAY values: a UUID that ends in 0000 has 14 bytes, a dense sketch loses its last registers.
# Exit status 0: the behaviour is as described. 1: it has changed.
set -euo pipefail
dir="$(mktemp -d)"
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q --disable-pip-version-check fastparquet==2026.9.0 pandas==3.1.1 pyarrow==26.0.1 numpy==2.4.6
cd "$dir"
venv/bin/python -W ignore - <<'PYTHON'
import importlib.metadata as m, uuid
import fastparquet, pyarrow as pa, pyarrow.parquet as pq
for p in "fastparquet", "pyarrow":
    print(p, m.version(p))
ids = [uuid.UUID("550e8400-e29b-41d4-a716-446655440000").bytes, uuid.UUID("550e8400-e29b-41d4-a716-446655440001").bytes]
sketch = bytes([2, 4]) + bytes([1] * 12) + bytes(4)   # dense, precision 4, the last four registers are 0
pq.write_table(pa.table({"id": pa.array(ids, pa.binary(16)), "variable": pa.array(ids, pa.binary())}), "ids.parquet")
pq.write_table(pa.table({"hll": pa.array([sketch], pa.binary(len(sketch)))}), "sketch.parquet")
table = fastparquet.ParquetFile("ids.parquet").to_pandas()
lengths = {c: [len(v) for v in table[c]] for c in table}
print("lengths of two UUIDs as fixed(16) and as variable binary:", lengths)
hll = fastparquet.ParquetFile("sketch.parquet").to_pandas().hll[0]
print("a sketch of", len(sketch), "bytes is read with", len(hll))
print("pyarrow reads:", [len(v) for v in pq.read_table("ids.parquet")["id"].to_pylist()])
assert lengths == {"id": [14, 16], "variable": [16, 16]} and len(hll) == 14, "changed"
PYTHON
