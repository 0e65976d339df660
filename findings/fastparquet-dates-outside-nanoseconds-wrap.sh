#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# fastparquet reads a DATE before 1677 or after 2262 as another date, without an error.
# Exit status 0: the behaviour is as described. 1: it has changed.
set -euo pipefail
dir="$(mktemp -d)"
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q --disable-pip-version-check fastparquet==2026.9.0 pandas==3.1.1 pyarrow==26.0.1 numpy==2.4.6
cd "$dir"
venv/bin/python -W ignore - <<'PYTHON'
import datetime, importlib.metadata as m
import fastparquet, pyarrow as pa, pyarrow.parquet as pq
for p in "fastparquet", "pyarrow":
    print(p, m.version(p))
days = [datetime.date(1500, 1, 1), datetime.date(2016, 9, 5), datetime.date(9999, 12, 31)]
pq.write_table(pa.table({"day": pa.array(days, pa.date32()), "at": pa.array([datetime.datetime(d.year, d.month, d.day) for d in days], pa.timestamp("us"))}), "days.parquet")
table = fastparquet.ParquetFile("days.parquet").to_pandas()
read = [str(d)[:10] for d in table["day"]]
print("written:", [str(d) for d in days])
print("fastparquet, DATE:     ", read)
print("fastparquet, TIMESTAMP:", [str(d)[:10] for d in table["at"]])
print("pyarrow, DATE:         ", [str(d) for d in pq.read_table("days.parquet")["day"].to_pylist()])
assert read[1] == "2016-09-05" and read[0] != "1500-01-01" and read[2] != "9999-12-31", "changed"
assert [str(d)[:10] for d in table["at"]] == [str(d) for d in days], "changed"
PYTHON
