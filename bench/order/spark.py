# SPDX-License-Identifier: Apache-2.0
"""The side of bench-order in Spark: two executors, each a process.

usage: spark.py FOLDER JAR

FOLDER is as scenario.go writes it. Prints lines as side.py does. All unions of one depth are one statement, whose results are
written to Parquet and read by the next one.
"""

import csv
import os
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "java-shim" / "spark" / "tests"))
import sessions  # noqa: E402

EXECUTORS = 2
UNIONS = {
    "hll_merge": "hll_merge(hll_reduce(sketch, least))",
    "hll_unite": "hll_unite(transform(array_sort(collect_list(struct(position, hll_reduce(sketch, least) AS sketch))), x -> x.sketch))",
}


def unite(session, union, depth, sketches):
    """Adds the unions of a depth to the sketches. Fails if the rows of the steps are not in a partition for each executor."""
    assert session.table("steps").rdd.getNumPartitions() == EXECUTORS, "the steps are not spread over the executors"
    session.read.parquet(sketches).createOrReplaceTempView("sketches")
    united = session.sql(f"""
        WITH parts AS (
            SELECT /*+ BROADCAST(sketches) */ united, position, sketch
            FROM steps JOIN sketches ON part = number
            WHERE depth = {depth}
        ),
        smallest AS (SELECT united, min(hll_precision(sketch)) AS least FROM parts GROUP BY united)
        SELECT /*+ BROADCAST(smallest) */ united AS number, {union} AS sketch FROM parts JOIN smallest USING (united) GROUP BY united
    """)
    united.write.mode("append").parquet(sketches)


def main():
    folder, jar = pathlib.Path(sys.argv[1]), sys.argv[2]
    precisions = [int(line) for line in (folder / "precisions").read_text().split()]
    results = [int(line) for line in (folder / "results").read_text().split()]
    with tempfile.TemporaryDirectory() as scratch:
        session = sessions.cluster(scratch, jar, 1024)
        columns = "united BIGINT, part BIGINT, position BIGINT, depth INT"
        session.read.csv(str(folder / "steps"), header=True, schema=columns).createOrReplaceTempView("steps")
        deepest = session.sql("SELECT max(depth) FROM steps").first()[0]
        for name, union in UNIONS.items():
            sketches = os.path.join(scratch, name)
            for number, precision in enumerate(precisions):
                ids = session.read.csv(str(folder / f"{number}.csv"), header=True).repartition(EXECUTORS)
                leaf = ids.selectExpr(f"CAST({number} AS BIGINT) AS number", f"hll_agg(client_id, {precision}) AS sketch")
                leaf.write.mode("append").parquet(sketches)
            for depth in range(1, deepest + 1):
                unite(session, union, depth, sketches)
            rows = session.read.parquet(sketches).selectExpr("number", "sha2(sketch, 256)", "hll_estimate(sketch)").collect()
            found = {number: (digest, estimate) for number, digest, estimate in rows}
            for plan, number in enumerate(results):
                digest, estimate = found[number]
                print(f"Headcount, Spark {session.version} on {EXECUTORS} executors, `{name}`", plan, digest, repr(estimate), sep="\t")
        session.stop()


main()
