#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# sqlglot parses a cast to a plugin's type in the dialect presto and rejects the same text in the dialect trino, which extends presto; Superset uses the latter.
# Exit status 0: the behaviour is as described. 1: it has changed.
set -euo pipefail
dir="$(mktemp -d)"
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q --disable-pip-version-check sqlglot==30.30.0
cd "$dir"
venv/bin/python -W ignore - <<'PYTHON'
import importlib.metadata as m
import sqlglot
from sqlglot.dialects.dialect import Dialect
print("sqlglot", m.version("sqlglot"))
outcome = {}
for name in "presto", "trino", "athena", "spark", "postgres":
    try:
        sqlglot.parse_one("SELECT CAST(hll AS HLL) FROM client_count", read=name)
        outcome[name] = "parsed"
    except sqlglot.errors.ParseError as e:
        outcome[name] = str(e).split("\n")[0].split(". Line")[0]
    print(f"  {name:10}{outcome[name]}")
presto, trino = type(Dialect.get_or_raise("presto")), type(Dialect.get_or_raise("trino"))
print("trino extends presto:", issubclass(trino, presto), "- SUPPORTS_USER_DEFINED_TYPES:", presto.SUPPORTS_USER_DEFINED_TYPES, trino.SUPPORTS_USER_DEFINED_TYPES)
assert outcome["presto"] == outcome["postgres"] == "parsed" and outcome["trino"] != "parsed" and issubclass(trino, presto), "changed"
PYTHON
