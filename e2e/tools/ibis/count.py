# SPDX-License-Identifier: Apache-2.0

"""Counts clients with ibis on Trino, as docs/ibis.md does, and prints JSON.

usage: count.py HOST PORT schema     the columns of client_count with the types that ibis has for them
       count.py HOST PORT table      clients by channel and day, from a table expression
       count.py HOST PORT bounds     the estimate of all clients with bounds, from a table expression
       count.py HOST PORT sql SQL    the rows of a query
"""

import json
import sys

import ibis


@ibis.udf.agg.builtin
def hll_merge(hll: bytes) -> bytes: ...


@ibis.udf.scalar.builtin
def hll_cardinality(hll: bytes) -> int: ...


@ibis.udf.scalar.builtin
def hll_bounds(hll: bytes, sigmas: int) -> ibis.dtype("struct<lower: float, upper: float>"): ...


def main(host, port, command, *sql):
    connection = ibis.trino.connect(user="ibis", host=host, port=int(port), database="hive", schema="default")
    if command == "sql":
        return connection.sql(*sql).to_pyarrow().to_pylist()
    client_count = connection.table("client_count")
    if command == "schema":
        return {name: str(kind) for name, kind in client_count.schema().items()}
    if command == "bounds":
        merged = hll_merge(client_count.hll)
        bounds = hll_bounds(merged, 2)
        return client_count.agg(clients=hll_cardinality(merged), lower=bounds.lower, upper=bounds.upper).to_pyarrow().to_pylist()
    counts = client_count.group_by("normalizedchannel", "activitydate").agg(clients=hll_cardinality(hll_merge(client_count.hll)))
    return counts.order_by("normalizedchannel", ibis.desc("activitydate")).to_pyarrow().to_pylist()


print(json.dumps(main(*sys.argv[1:]), default=str))
