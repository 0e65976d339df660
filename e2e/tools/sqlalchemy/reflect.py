# SPDX-License-Identifier: Apache-2.0

"""Reads a table and a view through SQLAlchemy's reflection, queries both, and prints JSON.

usage: reflect.py HOST PORT VIEW     VIEW has a column hll of type HLL
"""

import json
import sys
import warnings

from sqlalchemy import MetaData, Table, create_engine, func, select


def reflected(engine, name):
    """The columns' types, the warnings, and the clients of all rows."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        table = Table(name, MetaData(), autoload_with=engine)
    with engine.connect() as connection:
        clients = connection.scalar(select(func.hll_cardinality(func.hll_merge(table.c.hll))))
    return {
        "columns": {column.name: type(column.type).__name__ for column in table.columns},
        "warnings": [str(warning.message) for warning in caught],
        "clients": clients,
    }


def main(host, port, view):
    engine = create_engine(f"trino://sqlalchemy@{host}:{port}/hive/default")
    return {"table": reflected(engine, "client_count"), "view": reflected(engine, view)}


print(json.dumps(main(*sys.argv[1:])))
