# SPDX-License-Identifier: Apache-2.0

"""Queries Trino in the way re:dash's Trino data source does, and prints the result that re:dash would store.

usage: redash.py URL CATALOG SCHEMA schema          every table with its columns, from information_schema
       redash.py URL CATALOG SCHEMA query SQL       {"columns": [{name, type}], "rows": [{name: value}]}
       redash.py URL CATALOG SCHEMA cancel SQL      starts the query, cancels it as the Cancel button does, and
                                                    prints its id and its outcome

Prints JSON. An error is a traceback and exit status 1.
"""

import binascii
import datetime
import json
import sys
import threading
import time
from urllib.parse import urlsplit

import trino

# re:dash's names for Trino's types. A column of any other type has none and is shown as text.
TYPES = {
    "boolean": "boolean",
    "tinyint": "integer",
    "smallint": "integer",
    "integer": "integer",
    "bigint": "integer",
    "real": "float",
    "double": "float",
    "varchar": "string",
    "char": "string",
    "json": "string",
    "date": "date",
    "timestamp": "datetime",
}

SCHEMA = """
    SELECT table_schema, table_name, column_name, data_type
    FROM {catalog}.information_schema.columns
    WHERE table_schema NOT IN ('pg_catalog', 'information_schema')
"""


def connect(url, catalog, schema):
    address = urlsplit(url)
    return trino.dbapi.connect(
        http_scheme=address.scheme,
        host=address.hostname,
        port=address.port,
        user="redash",
        source="redash",
        catalog=catalog,
        schema=schema,
    )


def query(connection, sql):
    cursor = connection.cursor()
    cursor.execute(sql)
    rows = cursor.fetchall()
    names = [column[0] for column in cursor.description]
    types = [TYPES.get(column[1]) for column in cursor.description]
    return {
        "columns": [{"name": name, "type": kind} for name, kind in zip(names, types)],
        "rows": [dict(zip(names, row)) for row in rows],
    }


def tables(connection, catalog):
    found = {}
    for row in query(connection, SCHEMA.format(catalog=catalog))["rows"]:
        name = f"{catalog}.{row['table_schema']}.{row['table_name']}"
        found.setdefault(name, {})[row["column_name"]] = row["data_type"]
    return found


def cancel(connection, sql):
    """Cancels from another thread once the query is running, as re:dash does when its worker is interrupted."""
    cursor = connection.cursor()

    def stop():
        while cursor.query_id is None:
            time.sleep(0.01)
        cursor.cancel()

    stopping = threading.Thread(target=stop)
    stopping.start()
    try:
        cursor.execute(sql)
        rows = len(cursor.fetchall())
        ended = f"with {rows} rows"
    except trino.exceptions.TrinoUserError as error:
        ended = error.error_name
    stopping.join()
    return {"query": cursor.query_id, "ended": ended}


def as_json(value):
    """Converts values that JSON does not have, as re:dash does: bytes to hex, dates to ISO 8601."""
    if isinstance(value, bytes):
        return binascii.hexlify(value).decode()
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()
    raise TypeError(f"no JSON for {type(value).__name__} {value!r}")


def main(url, catalog, schema, command, *sql):
    connection = connect(url, catalog, schema)
    if command == "schema":
        result = tables(connection, catalog)
    else:
        result = {"query": query, "cancel": cancel}[command](connection, *sql)
    print(json.dumps(result, default=as_json))


main(*sys.argv[1:])
