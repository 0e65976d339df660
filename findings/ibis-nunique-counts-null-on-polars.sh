#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# ibis's nunique() and approx_nunique() count NULL as a value on Polars and not on DuckDB: one expression, two numbers of clients.
# Exit status 0: the behaviour is as described. 1: it has changed.
set -euo pipefail
dir="$(mktemp -d)"
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q --disable-pip-version-check 'ibis-framework[duckdb,polars]==12.0.0' sqlglot==30.14.0 duckdb==2.0.1 polars==2.1.0 \
  pandas==3.1.1 pyarrow==26.0.1 numpy==2.4.6
cd "$dir"
venv/bin/python -W ignore - <<'PYTHON'
import importlib.metadata as m
import ibis, pyarrow as pa
for p in "ibis-framework", "duckdb", "polars":
    print(p, m.version(p))
rows = pa.table({"client_id": ["a", "b", None, "a"]})
found = {}
for backend in ibis.duckdb, ibis.polars:
    con = backend.connect()
    t = con.create_table("activity", rows)
    found[con.name] = int(con.execute(t.client_id.nunique())), int(con.execute(t.client_id.approx_nunique()))
    print(f"{con.name}: nunique, approx_nunique of a, b, NULL, a =", found[con.name])
assert found == {"duckdb": (2, 2), "polars": (3, 3)}, "changed"
PYTHON
