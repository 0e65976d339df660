# SPDX-License-Identifier: Apache-2.0

"""Creates and calls the functions of a sidecar in Databend, which runs in this process.

usage: databend_client.py HOST:PORT

Exits with 0 if every query returns the expected result.
"""

import os
import sys
import tempfile

address = sys.argv[1]
folder = tempfile.mkdtemp(prefix="headcount-databend-")
config = os.path.join(folder, "databend.toml")
with open(config, "w", encoding="utf-8") as out:
    out.write(f"""
[query]
tenant_id = "default"
enable_udf_server = true
udf_server_allow_list = ["http://{address}"]
[log.file]
dir = "{folder}/log"
[storage]
type = "fs"
allow_insecure = true
[storage.fs]
data_path = "{folder}/data"
""")
os.chdir(folder)  # Databend also writes to the working directory
os.environ.update({
    "CONFIG_FILE": config,
    "DATABEND_DATA_PATH": f"{folder}/data",
    "QUERY_ENABLE_UDF_SERVER": "true",
})
from databend import SessionContext  # noqa: E402  (reads the environment on import)

session = SessionContext()


def show(query):
    """Returns the result of a query, as Databend prints it."""
    return str(session.sql(query).collect())


FUNCTIONS = {
    "hll_create (VARCHAR) RETURNS BINARY": "hll_create",
    "hll_create_at (VARCHAR, BIGINT) RETURNS BINARY": "hll_create(utf8,int64)",
    "hll_cardinality (BINARY) RETURNS BIGINT": "hll_cardinality",
    "hll_union (BINARY, BINARY) RETURNS BINARY": "hll_union(binary,binary)",
    "hll_estimate (BINARY) RETURNS DOUBLE": "hll_estimate",
}

for signature, handler in FUNCTIONS.items():
    session.sql(
        f"CREATE OR REPLACE FUNCTION {signature} LANGUAGE python HANDLER = '{handler}' ADDRESS = 'http://{address}'"
    ).collect()

# Databend does not allow a remote function call as an argument of another, so the sketches go through a table.
session.sql(
    "CREATE OR REPLACE TABLE sketches AS SELECT number, hll_create(to_string(number)) AS sketch FROM numbers(5000)"
).collect()

QUERIES = {
    "SELECT to_hex(hll_create('a'))": "030cc50202",
    "SELECT to_hex(hll_create_at('a', 14))": "030ec52206",
    "SELECT to_hex(hll_union(from_hex('030c010005'), from_hex('030c010007')))": "030c010007",
    "SELECT sum(hll_cardinality(sketch)) FROM sketches": "5000",
    "SELECT count(*) FROM sketches WHERE round(hll_estimate(sketch)) = 1": "5000",
    "SELECT hll_cardinality(NULL::BINARY) IS NULL": "true",
}

failed = 0
for query, want in QUERIES.items():
    got = show(query)
    right = want in got
    failed += not right
    print("ok  " if right else "FAIL", query, "" if right else got)
try:
    failure = show("SELECT hll_cardinality(to_binary('no sketch'))")
except Exception as error:  # Databend's errors have no class of their own
    failure = str(error)
right = "row 0" in failure
failed += not right
print("ok  " if right else "FAIL", "a malformed sketch is rejected:", failure[:200])
sys.exit(failed)
