# SPDX-License-Identifier: Apache-2.0
"""Files of DuckDB, Polars, pandas, fastparquet, DataFusion and ClickHouse (chdb), mostly with their defaults."""

import gzip
import json

import datafusion
import duckdb
import fastparquet
import pandas as pd
import polars as pl

from rows import DAYS, FOLDER, NUMBERS, OSES, TEXTS, expect, finish, path

frame = pd.DataFrame({"client_id": TEXTS, "activitydate": pd.to_datetime(DAYS), "os": OSES})
numbers = frame.assign(client_id=NUMBERS)

# pandas and fastparquet write days as timestamps.
frame.to_parquet(path("pandas.parquet"))
expect("pandas.parquet", note="activitydate is TIMESTAMP")
numbers.to_parquet(path("pandas-int.parquet"), index=False)
expect("pandas-int.parquet", ids="int")
frame.to_csv(path("pandas.csv"), index=False)
expect("pandas.csv")
frame.assign(activitydate=frame.activitydate.dt.tz_localize("Asia/Tokyo")).to_csv(path("pandas-tokyo.csv"), index=False)
expect("pandas-tokyo.csv", "--time-zone", "Asia/Tokyo", note="activitydate has timestamps with an offset: days are those of the time zone Asia/Tokyo")
frame.to_csv(path("pandas-null.tsv"), index=False, sep="\t", na_rep="\\N")
expect("pandas-null.tsv", "--null", "\\N")
frame.to_csv(path("pandas-semicolon.csv.gz"), index=False, sep=";")
expect("pandas-semicolon.csv.gz", note="columns are separated by ';'")
frame.assign(activitydate=frame.activitydate.dt.strftime("%Y-%m-%d")).to_json(path("pandas.jsonl"), orient="records", lines=True)
expect("pandas.jsonl")
numbers.assign(activitydate=[int(d.strftime("%Y%m%d")) for d in DAYS]).to_json(path("pandas-int.ndjson.gz"), orient="records", lines=True)
expect("pandas-int.ndjson.gz", ids="int")
frame.to_parquet(path("pandas-folders"), partition_cols=["activitydate"])
expect("pandas-folders")
# The index of a data frame from which rows were taken is a column without a name.
frame[frame.index >= 0].rename(lambda i: i + 1).to_parquet(path("pandas-index.parquet"))
expect("pandas-index.parquet", error=": column __index_level_0__ is the index of a pandas data frame: ", way_out="--exclude __index_level_0__")
expect("pandas-index.parquet", "--exclude", "__index_level_0__")
frame.to_csv(path("pandas-index.csv"))
expect("pandas-index.csv", error=": column column1 has no name in the file, as the index of a pandas data frame: ", way_out="--exclude column1")
expect("pandas-index.csv", "--exclude", "column1")
# The columns of an empty data frame have no type, and no row either.
(FOLDER / "pandas-empty").mkdir()
frame.to_parquet(path("pandas-empty/rows.parquet"))
frame.head(0).astype(object).to_parquet(path("pandas-empty/empty.parquet"))
expect("pandas-empty", note="activitydate is TIMESTAMP")
# A column without a value in the first file has no type there.
(FOLDER / "pandas-null-first").mkdir()
order = sorted(range(len(OSES)), key=lambda i: OSES[i] is not None)
for name, part in (("a", [i for i in order if OSES[i] is None]), ("b", [i for i in order if OSES[i] is not None])):
    frame.iloc[part].reset_index(drop=True).to_parquet(path(f"pandas-null-first/{name}.parquet"))
expect("pandas-null-first", note="activitydate is TIMESTAMP")
# fastparquet 2026.9 writes the seconds of datetime64[s] as milliseconds.
nanoseconds = frame.assign(activitydate=frame.activitydate.astype("datetime64[ns]"))
fastparquet.write(path("fastparquet.parquet"), nanoseconds)
expect("fastparquet.parquet", note="activitydate is TIMESTAMP")
fastparquet.write(path("fastparquet-int96.parquet"), nanoseconds, times="int96", compression="GZIP")
expect("fastparquet-int96.parquet", note="INT96")

db = duckdb.connect()
db.register("frame", pl.DataFrame({"client_id": TEXTS, "n": NUMBERS, "activitydate": DAYS, "os": OSES}).to_arrow())
rows = "SELECT {} AS client_id, {} AS activitydate, os FROM frame"
for name, id_, day, ids, options in (
    ("defaults", "client_id", "activitydate", "uuid", ""),
    ("v2", "client_id", "activitydate", "uuid", ", PARQUET_VERSION v2"),
    ("lz4", "client_id", "activitydate", "uuid", ", COMPRESSION lz4_raw"),
    ("uuid", "client_id::UUID", "activitydate", "uuid", ""),
    ("timestamptz", "client_id", "activitydate::TIMESTAMP::TIMESTAMPTZ", "uuid", ""),
    ("uinteger", "n::UINTEGER", "activitydate", "int", ""),
    ("decimal", "n::DECIMAL(30, 0)", "activitydate", "int", ""),
):
    db.execute("SET TimeZone = 'UTC'")
    db.execute(f"COPY ({rows.format(id_, day)}) TO '{path(f'duckdb-{name}.parquet')}' (FORMAT parquet{options})")
    expect(f"duckdb-{name}.parquet", ids=ids)
db.execute(f"COPY ({rows.format('n::HUGEINT', 'activitydate')}) TO '{path('duckdb-hugeint.parquet')}' (FORMAT parquet)")
expect("duckdb-hugeint.parquet", error=": column client_id is DOUBLE, which cannot be an id: ", way_out="cast it to VARCHAR or BIGINT")
# Columns that need not be asked for must not keep the others from being read.
for name, value, is_, options in (
    ("variant", "{'a': n}::VARIANT", "a list, map, struct or VARIANT, which cannot be a dimension", ""),
    ("geoparquet", "'POINT (1 2)'::GEOMETRY", "BYTE_ARRAY without a logical type, which may be text or a sketch", ""),
    ("geometry", "'POINT (1 2)'::GEOMETRY", "GEOMETRY, which cannot be a dimension", ", GEOPARQUET_VERSION 'V2'"),
    ("interval", "INTERVAL 1 DAY", "INTERVAL, which cannot be a dimension", ""),
    ("time", "TIME '01:00:00'", "TIME, which cannot be a dimension", ""),
):
    file = path(f"duckdb-{name}-column.parquet")
    db.execute(f"COPY (SELECT client_id, activitydate, os, {value} AS extra FROM frame) TO '{file}' (FORMAT parquet{options})")
    expect(f"duckdb-{name}-column.parquet", error=f": column extra is {is_}: ", way_out="--exclude extra")
    expect(f"duckdb-{name}-column.parquet", "--exclude", "extra")
db.execute(f"COPY ({rows.format('client_id', 'activitydate')}) TO '{path('duckdb.csv.zst')}' (FORMAT csv, DELIMITER '|', COMPRESSION zstd)")
expect("duckdb.csv.zst", note="columns are separated by '|'")
db.execute(f"COPY ({rows.format('client_id', 'activitydate')}) TO '{path('duckdb.json')}' (FORMAT json)")
expect("duckdb.json")
db.execute(f"COPY ({rows.format('client_id', 'activitydate')}) TO '{path('duckdb-folders')}' (FORMAT parquet, PARTITION_BY (os, activitydate))")
expect("duckdb-folders")

polars = pl.DataFrame({"client_id": TEXTS, "activitydate": DAYS, "os": OSES})
for codec in ("zstd", "lz4", "snappy", "uncompressed"):
    polars.write_parquet(path(f"polars-{codec}.parquet"), compression=codec)
    expect(f"polars-{codec}.parquet")
polars.write_ndjson(path("polars.ndjson"))
expect("polars.ndjson")
polars.write_csv(path("polars.tsv"), separator="\t")
expect("polars.tsv")

fusion = datafusion.SessionContext()
fusion.from_polars(polars.with_columns(n=pl.Series(NUMBERS)), name="frame")


def copy(name, id_="client_id", day="activitydate", options=""):
    fusion.sql(f"COPY (SELECT {id_} AS client_id, {day} AS activitydate, os FROM frame) TO '{path(name)}' {options}").collect()


for name, id_, day, ids, options in (
    ("defaults", "client_id", "activitydate", "uuid", ""),
    ("v2", "client_id", "activitydate", "uuid", "OPTIONS (writer_version '2.0')"),
    ("lz4", "client_id", "activitydate", "uuid", "OPTIONS (compression 'lz4')"),  # Hadoop's frames, unlike lz4_raw
    ("dictionary", "arrow_cast(client_id, 'Dictionary(Int32, Utf8)')", "activitydate", "uuid", ""),
    ("timestamp", "client_id", "arrow_cast(activitydate, 'Timestamp(Nanosecond, None)')", "uuid", ""),
    ("uint64", "arrow_cast(n, 'UInt64')", "activitydate", "int", ""),
    ("decimal", "arrow_cast(n, 'Decimal128(20, 0)')", "activitydate", "int", ""),
):
    copy(f"datafusion-{name}.parquet", id_, day, options)
    expect(f"datafusion-{name}.parquet", ids=ids)
# Its Date64 and its seconds are numbers without a type in Parquet.
for name, type_, value in (("date64", "Date64", "1473033600000"), ("seconds", "Timestamp(Second, None)", "1473033600")):
    copy(f"datafusion-{name}.parquet", day=f"arrow_cast(activitydate, '{type_}')")
    expect(f"datafusion-{name}.parquet", error=f", row 1: activitydate: {value} is not a date: ", way_out="write it as DATE")
copy("datafusion-folders", options="STORED AS PARQUET PARTITIONED BY (activitydate)")
expect("datafusion-folders")
copy("datafusion.json", options="STORED AS JSON")
expect("datafusion.json")

import chdb  # noqa: E402  (its library must not be loaded before the others)

with gzip.open(path("chdb-rows.jsonl.gz"), "wt") as out:
    for row in zip(TEXTS, NUMBERS, DAYS, OSES):
        out.write(json.dumps(dict(zip(("client_id", "n", "activitydate", "os"), map(lambda v: v if v is None or isinstance(v, int) else str(v), row)))) + "\n")
table = f"file('{path('chdb-rows.jsonl.gz')}', 'JSONEachRow', 'client_id String, n UInt64, activitydate Date, os Nullable(String)')"
for name, id_, ids in (("text", "client_id", "uuid"), ("uuid", "toUUID(client_id)", "uuid"), ("uint32", "toUInt32(n)", "int")):
    chdb.query(f"SELECT {id_} AS client_id, activitydate, os FROM {table} INTO OUTFILE '{path(f'chdb-{name}.parquet')}' FORMAT Parquet")
    expect(f"chdb-{name}.parquet", ids=ids)
finish("others.json")
