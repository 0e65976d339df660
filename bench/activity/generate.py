#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Generates activity by generate.sql.

usage: generate.py FOLDER ROWS ...

Writes FOLDER/activity-ROWS.parquet for each number of rows, unless it is there, and prints ROWS=FILE.
"""

import pathlib
import sys

import duckdb

HERE = pathlib.Path(__file__).parent
THREADS = 2
DAYS = 30


def generate(path, rows):
    """Writes the activity, unless a file of that many rows is there."""
    if path.exists():
        return
    incoming = path.with_suffix(".incoming")
    text = (HERE / "generate.sql").read_text()
    for name, value in (("rows", rows), ("clients", max(rows // 10, 1)), ("days", DAYS), ("path", incoming)):
        text = text.replace("{" + name + "}", str(value))
    duckdb.connect(config={"threads": THREADS}).execute(text)
    incoming.rename(path)


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for rows in map(int, sys.argv[2:]):
        path = folder / f"activity-{rows}.parquet"
        generate(path, rows)
        print(f"{rows}={path}")


if __name__ == "__main__":
    main()
