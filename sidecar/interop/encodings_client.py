# SPDX-License-Identifier: Apache-2.0

"""Calls functions of a sidecar with the column types and encodings that PyArrow, Polars and DuckDB produce.

usage: encodings_client.py LOCATION   (grpc+tcp://HOST:PORT)

Exits with 0 if each answer equals that for plain columns.
"""

import sys

import duckdb
import polars
import pyarrow as pa
import pyarrow.flight as flight
import pyarrow.ipc as ipc

client = flight.connect(sys.argv[1])
failed = 0

# One id fits into a view, one does not; one is NULL; some repeat.
IDS = ["a", None, "an id of more than twelve bytes", "a", ""] * 50


def exchange(function, batches, options=None):
    """Sends batches of one schema and returns the rows of the answer."""
    writer, reader = client.do_exchange(flight.FlightDescriptor.for_path(function))
    with writer:
        writer.begin(batches[0].schema, options=options)
        for batch in batches:
            writer.write_batch(batch)
        writer.done_writing()
        return reader.read_all().to_pylist()


def check(what, function, columns, want, options=None, batches=1):
    """Prints whether the answers for some batches of the columns equal those for plain columns."""
    global failed
    batch = pa.record_batch(columns, names=[f"arg{i}" for i in range(len(columns))])
    try:
        got = exchange(function, [batch] * batches, options)
    except pa.ArrowException as error:
        got = error
    right = got == want * batches
    failed += not right
    print("ok  " if right else f"FAIL {got!r:.300}:", what, batch.schema.types)


def columns(table):
    """Returns the columns of a table, each as one array."""
    return [column.combine_chunks() for column in table.columns]


plain = pa.array(IDS)
created = exchange("hll_create", [pa.record_batch([plain], names=["id"])])
sketches = pa.array([row["result"] for row in created], pa.binary())
lists = pa.array([[a, None, b] for a, b in zip(sketches.to_pylist(), sketches.to_pylist()[1:])] + [None], pa.list_(pa.binary()))
united = exchange("hll_union", [pa.record_batch([lists], names=["sketches"])])

for kind in (pa.string_view(), pa.large_string(), pa.dictionary(pa.int8(), pa.string()), pa.dictionary(pa.uint64(), pa.large_string())):
    check("pyarrow", "hll_create", [plain.cast(kind) if pa.types.is_string_view(kind) or pa.types.is_large_string(kind)
                                    else plain.dictionary_encode().cast(kind)], created, batches=2)
check("pyarrow, sliced", "hll_create", [pa.array(["x"] + IDS, pa.string_view()).slice(1)], created)
check("pyarrow, sketches", "hll_check", [sketches.cast(pa.binary_view())], created)
check("pyarrow, sketches", "hll_check", [sketches.dictionary_encode()], created)
check("pyarrow", "hll_union", [pa.array(lists.to_pylist(), pa.list_view(pa.binary()))], united)
check("pyarrow", "hll_union", [pa.array(lists.to_pylist(), pa.large_list_view(pa.binary()))], united)
for codec in ("lz4", "zstd"):
    options = ipc.IpcWriteOptions(compression=codec)
    for column in (plain, plain.cast(pa.string_view()), plain.dictionary_encode()):
        check(codec, "hll_create", [column], created, options)
    check(codec, "hll_union", [lists], united, options)
deltas = [pa.record_batch([pa.DictionaryArray.from_arrays(pa.array(indexes, pa.int32()), values)], names=["id"])
          for indexes, values in (([0, 1], ["a", "b"]), ([2, 0], ["a", "b", "c"]))]
for emit in (True, False):
    got = exchange("hll_create", deltas, ipc.IpcWriteOptions(emit_dictionary_deltas=emit))
    want = exchange("hll_create", [pa.record_batch([pa.array(["a", "b", "c", "a"])], names=["id"])])
    failed += got != want
    print("ok  " if got == want else f"FAIL {got!r}:", "pyarrow, a dictionary that grows, deltas", emit)

frame = polars.DataFrame({
    "view": IDS, "categorical": polars.Series(IDS, dtype=polars.Categorical),
    "enum": polars.Series(IDS, dtype=polars.Enum([i for i in dict.fromkeys(IDS) if i is not None])),
})
for newest in columns(pa.table(frame)):
    check("polars", "hll_create", [newest], created)
for oldest in columns(frame.to_arrow()):
    check("polars, to_arrow", "hll_create", [oldest], created)

database = duckdb.connect()
database.execute("SET arrow_output_version='1.5'")
database.execute("SET produce_arrow_string_view=true")
database.execute("SET arrow_output_list_view=true")
rows = pa.table({"id": plain, "sketch": sketches, "list": lists, "n": pa.array(range(len(IDS)))})  # noqa: F841  (DuckDB reads it)
queried = database.sql(
    "SELECT id, id::ENUM('a', '', 'an id of more than twelve bytes') AS enum, sketch, list, 12::TINYINT AS p FROM rows ORDER BY n"
).to_arrow_table()
check("duckdb", "hll_create", columns(queried.select(["id", "p"])), created)
check("duckdb", "hll_create", columns(queried.select(["enum"])), created)
check("duckdb", "hll_check", columns(queried.select(["sketch"])), created)
check("duckdb", "hll_union", columns(queried.select(["list"])), united)
sys.exit(min(failed, 1))
