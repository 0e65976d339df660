#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# sqlglot translates Trino's day_of_week(d), 1 for Monday, to Spark with the formula of the other direction: 3 for Monday. To DuckDB it is right.
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
run = {"duckdb": lambda text: duckdb.sql(text).fetchall()[0][0], "spark": lambda text: spark.sql(text).first()[0]}
trino = "SELECT day_of_week(DATE '2016-09-{}') AS day"
print("trino: ", trino.format("05"), "-> 1, a Monday")
found = {}
for name in run:
    texts = [sqlglot.transpile(trino.format(day), read="trino", write=name)[0] for day in ("05", "06", "07", "08", "09", "10", "11")]
    found[name] = [run[name](text) for text in texts]
    print(f"{name}:", texts[0], "-> Monday to Sunday:", found[name])
spark.stop()
assert found == {"duckdb": [1, 2, 3, 4, 5, 6, 7], "spark": [3, 4, 5, 6, 7, 1, 2]}, "changed"
PYTHON
