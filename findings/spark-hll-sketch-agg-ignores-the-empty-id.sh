#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Spark's hll_sketch_agg and theta_sketch_agg do not count an empty string or empty bytes; approx_count_distinct and count(DISTINCT) do.
# Exit status 0: the behaviour is as described. 1: it has changed. Needs a Java 17 or 21 in JAVA_HOME or on the PATH.
set -euo pipefail
dir="$(mktemp -d)"
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q --disable-pip-version-check pyspark==4.3.0 datasketches==5.2.0 numpy==2.4.6
cd "$dir"
venv/bin/python -W ignore - 2>/dev/null <<'PYTHON'
import importlib.metadata as m
import datasketches as ds
from pyspark.sql import SparkSession
spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").config("spark.sql.shuffle.partitions", "1").getOrCreate()
print("spark", spark.version, "datasketches", m.version("datasketches"))
found = {}
for name, rows in ("text", "(''), ('a'), ('b')"), ("bytes", "(X''), (X'01'), (X'02')"):
    found[name] = tuple(spark.sql(f"""SELECT hll_sketch_estimate(hll_sketch_agg(id)), theta_sketch_estimate(theta_sketch_agg(id)),
        approx_count_distinct(id), count(DISTINCT id) FROM VALUES {rows} AS t (id)""").first())
    print(f"{name:6}{rows}: hll_sketch_agg, theta_sketch_agg, approx_count_distinct, count(DISTINCT) =", found[name])
spark.stop()
s = ds.hll_sketch(12)
s.update("")
print("datasketches for Python, update(''): is_empty() =", s.is_empty())
assert found == {"text": (2, 2, 3, 3), "bytes": (2, 2, 3, 3)} and s.is_empty(), "changed"
PYTHON
