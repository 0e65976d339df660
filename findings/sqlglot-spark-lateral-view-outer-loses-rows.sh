#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# sqlglot translates Spark's LATERAL VIEW OUTER explode to a CROSS JOIN: rows with an empty or NULL list are lost without a warning.
# Exit status 0: the behaviour is as described. 1: it has changed. Needs a Java 17 or 21 in JAVA_HOME or on the PATH.
set -euo pipefail
dir="$(mktemp -d)"
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q --disable-pip-version-check sqlglot==30.30.0 duckdb==2.0.1 pyspark==4.3.0
cd "$dir"
venv/bin/python -W ignore - 2>/dev/null <<'PYTHON'
import importlib.metadata as m
import duckdb, sqlglot
from pyspark.sql import SparkSession
for p in "sqlglot", "duckdb", "pyspark":
    print(p, m.version(p))
spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
table = "(SELECT 'a' AS client_id, array(1, 2) AS days UNION ALL SELECT 'b', array_remove(array(1), 1) UNION ALL SELECT 'c', NULL) AS t"
text = f"SELECT client_id, day FROM {table} LATERAL VIEW OUTER explode(days) AS day ORDER BY client_id, day"
print("spark: ", text)
found = {"spark": [tuple(row) for row in spark.sql(text).collect()]}
spark.stop()
print("  ->", found["spark"])
for name in "trino", "duckdb":
    translated = sqlglot.transpile(text, read="spark", write=name, unsupported_level=sqlglot.ErrorLevel.RAISE)[0]
    print(f"{name}: ", translated)
    assert "CROSS JOIN UNNEST" in translated and "LEFT" not in translated, "changed"
found["duckdb"] = duckdb.sql(translated).fetchall()
print("  ->", found["duckdb"])
assert found["spark"] == [("a", 1), ("a", 2), ("b", None), ("c", None)] and found["duckdb"] == [("a", 1), ("a", 2)], "changed"
PYTHON
