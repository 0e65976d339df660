"""Reads a client_count file with Spark and holds it to what PyArrow reads of the same file and to one that PyArrow wrote;
then has Spark write client activity, for headcount to read. A view and its longitudinal table are held to what PyArrow reads, too.

usage: spark.py WRITTEN WANTED ACTIVITY FOLDER VIEW LONGITUDINAL     (WRITTEN has several row groups; FOLDER is made)
"""

import datetime
import glob
import sys

import pyarrow.parquet as parquet
from pyspark.sql import SparkSession, functions, types

written, wanted, activity, folder, view, longitudinal = sys.argv[1:]

spark = (
    SparkSession.builder.master("local[2]")
    .config("spark.ui.enabled", "false")
    .config("spark.sql.shuffle.partitions", "2")
    .config("spark.sql.adaptive.enabled", "false")  # a plan that is run as it stands can be asked what it read
    .config("spark.sql.warehouse.dir", folder + "-warehouse")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("ERROR")

counts = spark.read.parquet(written)
assert counts.schema == types.StructType(
    [types.StructField("activitydate", types.DateType())]
    + [types.StructField(name, types.StringType()) for name in ("normalizedchannel", "country", "version", "os")]
    + [types.StructField("e10senabled", types.BooleanType()), types.StructField("e10scohort", types.StringType())]
    + [types.StructField("hll", types.BinaryType())]
), counts.schema.simpleString()

# Every value, the bytes of the sketches among them, as PyArrow reads them from the same file.
table = parquet.read_table(written)
want = [tuple(row.values()) for row in table.to_pylist()]
got = [tuple(bytes(v) if isinstance(v, bytearray) else v for v in row) for row in counts.collect()]
assert len(got) == table.num_rows == spark.read.parquet(wanted).count()
assert got == want, next((a, b) for a, b in zip(got, want) if a != b)

# The rows beside the sketches, as the file that is wanted has them.
others, others_wanted = counts.drop("hll"), spark.read.parquet(wanted).drop("hll")
assert others.exceptAll(others_wanted).isEmpty() and others_wanted.exceptAll(others).isEmpty(), "other rows"

# A query over some days gives what they have, and reads few row groups for it.
days = [datetime.date(2016, 10, 7), datetime.date(2016, 10, 9)]
some = (
    counts.where(functions.col("activitydate").between(*days))
    .groupBy("activitydate", "normalizedchannel")
    .agg(functions.count("*"), functions.sum(functions.length("hll")))
)
wanted_groups = {}
for row in table.to_pylist():
    if days[0] <= row["activitydate"] <= days[1]:
        group = wanted_groups.setdefault((row["activitydate"], row["normalizedchannel"]), [0, 0])
        group[0] += 1
        group[1] += len(row["hll"])
plan = some._jdf.queryExecution().executedPlan()
assert {(row[0], row[1]): [row[2], row[3]] for row in some.collect()} == wanted_groups
assert {day for day, _ in wanted_groups} == set(days)  # 2016-10-08 is missing


def scanned(plan):
    """The rows that the plan's scans gave to what follows them."""
    children = plan.children()
    if children.isEmpty():
        return plan.metrics().apply("numOutputRows").value()
    return sum(scanned(children.apply(i)) for i in range(children.size()))


matching = sum(rows for rows, _ in wanted_groups.values())
assert matching <= scanned(plan) < table.num_rows / 2, f"{scanned(plan)} of {table.num_rows} rows were read for {matching}"


def of_spark(value):
    """A value with structs as tuples and maps as lists of pairs."""
    if isinstance(value, dict):
        return [(key, of_spark(item)) for key, item in sorted(value.items())]
    if isinstance(value, tuple):
        return tuple(of_spark(item) for item in value)
    return [of_spark(item) for item in value] if isinstance(value, list) else value


def of_pyarrow(value):
    if isinstance(value, dict):
        return tuple(of_pyarrow(item) for item in value.values())
    if isinstance(value, tuple):
        return tuple(of_pyarrow(item) for item in value)
    return [of_pyarrow(item) for item in value] if isinstance(value, list) else value


histogram = "struct<values:array<bigint>,sum:bigint>"
searches = "array<struct<engine:string,source:string,count:bigint>>"
for table, partition, want in (
    (view, ["submission_date"], {"result": histogram, "aborts": "map<string,bigint>", "search_counts": searches, "memory": "double"}),
    (longitudinal, [], {"result": f"array<{histogram}>", "aborts": "array<map<string,bigint>>", "search_counts": f"array<{searches}>", "cpu_count": "array<int>"}),
):
    read = spark.read.parquet(table).drop(*partition)
    types_read = dict(read.dtypes)
    assert {name: types_read[name] for name in want} == want, types_read
    got = [of_spark(tuple(row)) for row in read.collect()]
    files = glob.glob(f"{glob.escape(table)}/**/*.parquet", recursive=True)
    wanted_rows = [of_pyarrow(row) for file in files for row in parquet.ParquetFile(file).read().select(read.columns).to_pylist()]
    assert len(got) == len(wanted_rows) > 30
    assert sorted(got, key=repr) == sorted(wanted_rows, key=repr), table
lists = spark.read.parquet(longitudinal).selectExpr("inline(arrays_zip(activitydate, aborts, result))")
assert lists.count() == spark.read.parquet(view).count()
assert lists.where("result.sum > 0 AND aborts['plugin'] IS NOT NULL").count() > 30

# One file for each of 4 tasks, as Spark writes by default, and the same divided by day, with the codec LZ4 of Hadoop.
rows = spark.read.parquet(activity).repartition(4)
rows.write.parquet(folder + "/files")
rows.repartition("activitydate").write.partitionBy("activitydate").parquet(folder + "/days", compression="lz4")
spark.stop()
