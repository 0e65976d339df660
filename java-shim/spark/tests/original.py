# SPDX-License-Identifier: Apache-2.0
"""The jar compared with spark-hyperloglog 2.1.1 on Spark 2.4.8: each reads and merges the other's sketches.

usage: original.py JAR JARS REPORT      JARS is the folder of Spark 2.4.8's jars and spark-hyperloglog's
"""

import base64
import glob
import json
import os
import subprocess
import sys
import tempfile

import fixture
import report as reports
import sessions

HERE = os.path.dirname(os.path.abspath(__file__))
VECTORS = os.path.join(fixture.ROOT, "udf", "conformance", "vectors", "hll")
# What Spark 2.4, made for Java 8, reaches into.
OPENED = ["java.lang", "java.lang.invoke", "java.net", "java.nio", "java.util", "java.util.concurrent", "sun.nio.ch", "sun.security.action"]
README = """from pyspark.sql.functions import expr
frame = spark.createDataFrame([{'id': x} for x in ['a', 'b', 'c', 'c']])
(
    frame
    .select(expr("hll_create(id, 12) as hll"))
    .groupBy()
    .agg(expr("hll_cardinality(hll_merge(hll)) as count"))
    .createOrReplaceTempView("counted")
)
"""
# Groups of 0, 1, 3 and more ids: NULLs, sparse and dense sketches.
IDS = """SELECT CAST(id % 7 AS INT) AS n, IF(id % 7 = 0, NULL, CAST(id AS STRING)) AS client FROM range(21)
    UNION ALL SELECT CAST(id % 50 + 7 AS INT), CAST(id DIV 3 AS STRING) FROM range(30000)"""


class Judge:
    """The original, in a process of its own."""

    def __init__(self, jars, folder):
        self.jars = jars
        self.folder = folder

    def run(self, *arguments):
        command = [os.path.join(os.environ["JAVA_HOME"], "bin", "java"), f"-Djava.io.tmpdir={self.folder}"]
        command += [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in OPENED]
        command += ["-cp", os.path.join(self.jars, "*"), os.path.join(HERE, "original", "Original.java"), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
        assert done.returncode == 0, done.stderr[-3000:]


def rows(session, path, order="n"):
    return [tuple(sessions.value(x) for x in row) for row in session.read.parquet(path).orderBy(order).collect()]


def vectors():
    """The sketches of the vectors, with their cardinalities."""
    found = []
    for name in ("create", "sets", "merges", "threshold"):
        with open(os.path.join(VECTORS, name + ".jsonl"), encoding="utf-8") as file:
            for line in map(json.loads, file):
                text = line.get("hex") or ""  # of a long sketch the file has the length
                sketch = bytes.fromhex("" if text.startswith("len=") else text) or base64.b64decode(line.get("b64") or "")
                if sketch and "cardinality" in line:
                    found.append((len(found), sketch, line["cardinality"]))
    return found


def vector_cardinalities(session, judge, folder):
    path, judged = os.path.join(folder, "vectors"), os.path.join(folder, "vectors-judged")
    known = vectors()
    assert len(known) > 1000, len(known)
    session.createDataFrame(known, "n INT, hll BINARY, cardinality BIGINT").coalesce(1).write.parquet(path)
    judge.run("read", "vectors", path, "n INT, hll BINARY", "write", judged, "SELECT n, hll_cardinality(hll) AS c FROM vectors")
    wanted = [(n, cardinality) for n, _, cardinality in known]
    assert rows(session, judged) == wanted, "the original's cardinalities are not the vectors'"
    session.read.parquet(path).createOrReplaceTempView("vectors")
    found = sessions.rows(session, "SELECT n, hll_cardinality(hll) FROM vectors ORDER BY n")
    assert found == wanted, "the jar's cardinalities are not the vectors'"


def ours_to_original(session, judge, folder):
    """The original merges our sketches to the registers that it makes itself."""
    ids, made = os.path.join(folder, "ids"), os.path.join(folder, "ours")
    session.sql(IDS).coalesce(1).write.parquet(ids)
    session.read.parquet(ids).createOrReplaceTempView("ids")
    session.sql("SELECT n, hll_agg(client, 12) AS hll FROM ids GROUP BY n").coalesce(1).write.parquet(made)
    merged, own = os.path.join(folder, "merged"), os.path.join(folder, "own")
    # Two halves of a group, so that the original unites sketches.
    session.sql("SELECT n, hll_agg(client, 12) AS hll FROM ids GROUP BY n, client > '5'").coalesce(1).write.parquet(made + "-halves")
    judge.run("read", "ours", made + "-halves", "n INT, hll BINARY", "read", "ids", ids, "n INT, client STRING",
              "write", merged, "SELECT n, hll_merge(hll) AS hll FROM ours GROUP BY n",
              "write", own, "SELECT n, hll_merge(hll_create(client, 12)) AS hll FROM ids GROUP BY n")
    found = rows(session, merged)
    assert len(found) == 57 and found == rows(session, own), "the original's unions of our sketches differ from those of its own"
    session.read.parquet(own).createOrReplaceTempView("own")
    session.read.parquet(made).createOrReplaceTempView("ours")
    query = "SELECT n, coalesce(hll_cardinality(hll), 0) FROM {} ORDER BY n"
    assert sessions.rows(session, query.format("ours")) == sessions.rows(session, query.format("own"))


def original_to_ours(session, judge, folder):
    """We merge the original's sketches to the registers of our own."""
    created = os.path.join(folder, "created")
    judge.run("read", "ids", os.path.join(folder, "ids"), "n INT, client STRING",
              "write", created, "SELECT n, hll_create(client, 12) AS hll FROM ids")
    session.read.parquet(created).createOrReplaceTempView("created")
    found = sessions.rows(session, "SELECT n, hex(hll_merge(hll)) FROM created GROUP BY n ORDER BY n")
    wanted = sessions.rows(session, "SELECT n, hex(hll_agg(client, 12)) FROM ids GROUP BY n ORDER BY n")
    assert len(found) == 57 and found == wanted, "our unions of the original's sketches differ from those of our own"


def readme_query(session, judge, folder):
    exec(README, {"spark": session})  # the text of the original's README.md
    assert sessions.rows(session, "SELECT * FROM counted") == [(3,)]


def main():
    jar, jars, path = sys.argv[1:]
    assert glob.glob(os.path.join(jars, "spark-hyperloglog-assembly-*.jar")), f"{jars} does not have spark-hyperloglog"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        session = sessions.classic(folder, jar)
        report = reports.Report(f"spark-{session.version}-original", path)
        judge = Judge(jars, folder)
        for case in (vector_cardinalities, ours_to_original, original_to_ours, readme_query):
            report.test(case.__name__, lambda: case(session, judge, folder))
        session.stop()
    sys.exit(0 if report.write() else 1)


main()
