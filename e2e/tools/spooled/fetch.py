# SPDX-License-Identifier: Apache-2.0

"""Runs a query whose result Trino spools with an encoding, and prints how the result came, and its rows, as JSON.

usage: fetch.py HOST PORT ENCODING SQL
"""

import json
import sys

import trino


def main(host, port, encoding, sql):
    connection = trino.dbapi.connect(host=host, port=int(port), user="e2e", catalog="tpch", schema="tiny", encoding=encoding)
    segments = connection.cursor("segment").execute(sql).fetchall()
    cursor = connection.cursor().execute(sql)
    rows = [[value.hex() if isinstance(value, bytes) else value for value in row] for row in cursor.fetchall()]
    return {
        "segments": sorted({f"{type(segment.segment).__name__} {segment.encoding}" for segment in segments}),
        "types": [column[1] for column in cursor.description],
        "rows": rows,
    }


print(json.dumps(main(*sys.argv[1:])))
