# SPDX-License-Identifier: Apache-2.0

"""Lists and calls the functions of a sidecar with pyarrow.flight.

usage: pyarrow_client.py LOCATION   (grpc+unix:///PATH or grpc+tcp://HOST:PORT)

Exits with 0 if every answer is the expected one.
"""

import sys

import pyarrow as pa
import pyarrow.flight as flight

client = flight.connect(sys.argv[1])
failed = 0


def check(what, got, want):
    """Prints whether an answer is the expected one."""
    global failed
    failed += got != want
    print("ok  " if got == want else f"FAIL {got!r}, want {want!r}:", what)


def exchange(function, *columns, metadata=None):
    """Sends one batch of columns and returns the rows of the answer."""
    batch = pa.record_batch(list(columns), names=[f"arg{i}" for i in range(len(columns))])
    schema = batch.schema.with_metadata(metadata)
    writer, reader = client.do_exchange(flight.FlightDescriptor.for_path(function))
    with writer:
        writer.begin(schema)
        writer.write_batch(pa.record_batch(list(columns), schema=schema))
        writer.done_writing()
        return reader.read_all().to_pylist()


listed = {info.descriptor.path[0].decode(): info for info in client.list_flights()}
check("functions are listed with their inputs", listed["hll_create(utf8,int64)"].total_records, 2)
described = client.get_flight_info(flight.FlightDescriptor.for_path("hll_bounds"))
check("a function is described", described.schema.types,
      [pa.binary(), pa.int64(), pa.struct([("lower", pa.float64()), ("upper", pa.float64())])])

sketch = bytes.fromhex("030cc50202")
check("hll_create", exchange("hll_create", pa.array(["a", None])), [{"result": sketch}, {"result": None}])
check("large types are accepted", exchange("cardinality", pa.array([sketch], pa.large_binary())), [{"result": 1}])
check("lists are accepted", exchange("hll_union", pa.array([[sketch, None], None], pa.list_(pa.binary()))),
      [{"result": sketch}, {"result": None}])
check("a row error does not affect other rows", [
    (row["result"], row["error_code"])
    for row in exchange("cardinality", pa.array([sketch, b"?"]), metadata={"headcount.errors": "rows"})
], [(1, None), (None, "malformed")])
check("rows: before a name gives the errors in one column", [
    (row["result"], row["error"] is None) for row in exchange("rows:cardinality", pa.array([sketch, b"?"]))
], [(1, True), (None, False)])
check("no row has an error", exchange("rows:cardinality", pa.array([sketch])), [{"result": 1}])
check("groups are in the order of their first rows", exchange(
    "merge", pa.array([7, -1, 7]), pa.array([sketch, None, bytes.fromhex("030c010005")])
), [{"group": 7, "result": bytes.fromhex("030c010005c50202")}, {"group": -1, "result": None}])
check("hll_agg of integers", exchange("hll_agg", pa.array([1, 1]), pa.array([5, 5]), pa.array([12, 12]))[0]["group"], 1)
check("arrow-udf's protocol version",
      [r.body.to_pybytes() for r in client.do_action("protocol_version")], [b"\x02"])
try:
    exchange("cardinality", pa.array([b"?"]))
    check("a malformed sketch ends the call", "no error", "an error")
except pa.ArrowInvalid as error:
    check("a malformed sketch ends the call", "row 0: hll:" in str(error), True)
sys.exit(failed)
