#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Spark's xxhash64 has the seed 42; ClickHouse's xxHash64 and the defaults of XXH64's libraries have 0. A sample by hash has other clients in each.
# Exit status 0: the behaviour is as described. 1: it has changed. Needs a Java 17 or 21 in JAVA_HOME or on the PATH.
set -euo pipefail
dir="$(mktemp -d)"
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q --disable-pip-version-check pyspark==4.3.0 chdb==4.4.0 xxhash==4.1.0
cd "$dir"
venv/bin/python -W ignore - 2>/dev/null <<'PYTHON'
import importlib.metadata as m
import chdb, xxhash
from pyspark.sql import SparkSession
for p in "pyspark", "chdb", "xxhash":
    print(p, m.version(p))
spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
id = "c4582ba1-79fc-1f47-ae2a-671118dccd8b"
found = {
    "Spark xxhash64": spark.sql(f"SELECT xxhash64('{id}')").first()[0] % 2**64,
    "ClickHouse xxHash64": int(str(chdb.query(f"SELECT xxHash64('{id}')", "CSV"))),
    "XXH64, seed 0": xxhash.xxh64_intdigest(id.encode()),
    "XXH64, seed 42": xxhash.xxh64_intdigest(id.encode(), seed=42),
}
spark.stop()
for name, value in found.items():
    print(f"{name:22}{value}  sample {value % 100}")
spark_hash, clickhouse, seed0, seed42 = found.values()
assert spark_hash == seed42 and clickhouse == seed0 != seed42, "changed"
PYTHON
