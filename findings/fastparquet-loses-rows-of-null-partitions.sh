#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# pandas with fastparquet and partition_cols writes no row whose partition value is NULL, and reports no error.
# Exit status 0: the behaviour is as described. 1: it has changed.
set -euo pipefail
dir="$(mktemp -d)"
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q --disable-pip-version-check pandas==3.1.1 fastparquet==2026.9.0 pyarrow==26.0.1 numpy==2.4.6
cd "$dir"
venv/bin/python -W ignore - <<'PYTHON'
import importlib.metadata as m
import pandas as pd, pyarrow.parquet as pq
for p in "pandas", "fastparquet", "pyarrow":
    print(p, m.version(p))
rows = pd.DataFrame({"channel": ["release", None, "beta"], "clients": [1, 2, 3]})
read = {}
for engine in "pyarrow", "fastparquet":
    rows.to_parquet(engine, engine=engine, partition_cols=["channel"])
    read[engine] = sorted(pq.read_table(engine)["clients"].to_pylist())
    print("wrote 3 rows with", engine, "- rows read back:", read[engine])
assert read["pyarrow"] == [1, 2, 3] and read["fastparquet"] == [1, 3], "changed"
PYTHON
