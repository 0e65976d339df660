#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# sqlglot translates Trino's array_agg(x ORDER BY d) to Spark's collect_list(x): the order is dropped without a warning, and collect_list skips the NULLs that array_agg keeps.
# Exit status 0: the behaviour is as described. 1: it has changed.
set -euo pipefail
dir="$(mktemp -d)"
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q --disable-pip-version-check sqlglot==30.30.0
cd "$dir"
venv/bin/python -W ignore - <<'PYTHON'
import importlib.metadata as m, logging
import sqlglot
print("sqlglot", m.version("sqlglot"))
warnings = []
class Keep(logging.Handler):
    def emit(self, record):
        warnings.append(record.getMessage())
logging.getLogger("sqlglot").addHandler(Keep())
trino = "SELECT client_id, ARRAY_AGG(os ORDER BY day) AS os FROM pings GROUP BY client_id"
for target in "spark", "databricks", "duckdb":
    print(f"{target:11}", sqlglot.transpile(trino, read="trino", write=target)[0])
spark = sqlglot.transpile(trino, read="trino", write="spark")[0]
print("warnings:", warnings)
print("Spark documents collect_list as non-deterministic and without NULLs; Trino's array_agg keeps NULLs and this order.")
assert "COLLECT_LIST(os)" in spark and "ORDER BY" not in spark and not warnings, "changed"
assert "ORDER BY day" in sqlglot.transpile(trino, read="trino", write="duckdb")[0], "changed"
PYTHON
