"""Reads a client_count file as PyArrow and DuckDB do, and holds it to one that PyArrow wrote.

usage: readers.py WRITTEN WANTED     (the same rows; sketches may differ in form)
"""

import sys

import duckdb
import pyarrow.parquet as parquet

written, wanted = sys.argv[1:]

got, want = parquet.read_table(written), parquet.read_table(wanted)
assert got.schema.equals(want.schema), f"{got.schema} is not {want.schema}"
assert got.drop(["hll"]).equals(want.drop(["hll"])), "other rows"
assert got["hll"].null_count == 0

db = duckdb.connect()
types = "SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM '{}')"
assert db.execute(types.format(written)).fetchall() == db.execute(types.format(wanted)).fetchall()
columns = ", ".join(name for name in want.column_names if name != "hll")
differ = f"SELECT count(*) FROM (SELECT {columns} FROM '{{}}' EXCEPT ALL SELECT {columns} FROM '{{}}')"
assert db.execute(differ.format(written, wanted)).fetchone() == (0,)
assert db.execute(differ.format(wanted, written)).fetchone() == (0,)

# Rows are sorted, and the statistics of row groups say so, so that a query over some days reads few of them.
ranges = db.execute(
    f"SELECT stats_min_value, stats_max_value FROM parquet_metadata('{written}') "
    "WHERE path_in_schema = 'activitydate' ORDER BY row_group_id"
).fetchall()
assert len(ranges) > 1, "one row group shows nothing"
for (_, before), (after, _) in zip(ranges, ranges[1:]):
    assert before <= after, f"a row group ends with {before}, the next begins with {after}"
