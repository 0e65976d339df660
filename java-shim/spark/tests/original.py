# SPDX-License-Identifier: Apache-2.0
"""Passes sketches to the original on Spark 2.4 and back, and compares the cardinalities.

usage: original.py JAR ORIGINAL REPORT      ORIGINAL is the folder with the jars of Spark 2.4 and the original
"""

import glob
import json
import os
import subprocess
import sys
import tempfile

import fixture
import report as reports
import sessions

OPENS = ["java.lang", "java.lang.invoke", "java.lang.reflect", "java.io", "java.net", "java.nio", "java.util", "java.util.concurrent",
         "java.util.concurrent.atomic", "sun.nio.ch", "sun.nio.cs", "sun.security.action", "sun.util.calendar"]
IDS = "(SELECT id % 50 AS k, concat('id-é-', CAST(id % 7000 AS STRING)) AS id FROM range(20000))"


def vector_sketches():
    """Every sketch of the public vectors' files of sets."""
    found = set()
    for path in sorted(glob.glob(os.path.join(fixture.ROOT, "udf", "conformance", "vectors", "hll", "s*ts.jsonl"))):
        with open(path, encoding="utf-8") as file:
            for line in file:
                found.update(hexes(json.loads(line)))
    return sorted(found)


def hexes(x):
    """The values of a vector that are sketches in hex."""
    if isinstance(x, dict):
        for part in x.values():
            yield from hexes(part)
    elif isinstance(x, list):
        for part in x:
            yield from hexes(part)
    elif isinstance(x, str) and x[:2] in ("02", "03") and len(x) >= 4 and len(x) % 2 == 0:
        try:
            yield bytes.fromhex(x)
        except ValueError:
            return


def run_original(original, folder):
    java = os.path.join(os.environ["JAVA_HOME"], "bin", "java")
    opens = [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in OPENS]
    program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "Original.java")
    done = subprocess.run([java, *opens, "-Xmx2g", f"-Djava.io.tmpdir={folder}", "-cp", os.path.join(original, "*"), program, folder],
                          capture_output=True, text=True, cwd=folder, check=False, timeout=900)
    assert done.returncode == 0, done.stderr[-3000:]


def main():
    jar, original, path = sys.argv[1:]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        session = sessions.classic(folder, jar)
        report = reports.Report(f"spark-{session.version}-original")
        sketches = vector_sketches()
        rows = [(k, sketch) for k, sketch in enumerate(sketches)]
        session.createDataFrame(rows, "k BIGINT, s BINARY").createOrReplaceTempView("vectors")
        session.sql(f"SELECT 1000000 + k AS k, hll_agg(id, 12) AS s FROM {IDS} GROUP BY k").createOrReplaceTempView("made")
        session.sql("SELECT k, s, hll_precision(s) = 12 AS twelve FROM (SELECT k, try_to_hll(s) AS s FROM vectors"
                    " UNION ALL SELECT k, s FROM made) WHERE s IS NOT NULL").write.parquet(folder + "/ours")
        session.sql(f"SELECT * FROM {IDS}").write.parquet(folder + "/ids")
        report.test("runs", lambda: run_original(original, folder))
        for name in ("ours", "ids", "cardinalities", "merged", "created", "unions", "readme"):
            if os.path.isdir(os.path.join(folder, name)):
                session.read.parquet(os.path.join(folder, name)).createOrReplaceTempView(name)
        compare(report, session, len(sketches))
        session.stop()
    sys.exit(0 if report.write(path) else 1)


def compare(report, session, vectors):
    def same(found, wanted, least=1):
        found, wanted = sessions.rows(session, found), sessions.rows(session, wanted)
        assert len(found) >= least, f"{len(found)} rows"
        assert found == wanted, [pair for pair in zip(found, wanted) if pair[0] != pair[1]][:5]

    report.test("original_reads_our_sketches_and_the_vectors", lambda: same(
        "SELECT k, n FROM cardinalities ORDER BY k", "SELECT k, hll_cardinality(s) FROM ours ORDER BY k", vectors // 2))
    report.test("original_merges_ours", lambda: same(
        "SELECT k, n FROM merged ORDER BY k",
        "SELECT k % 10, hll_cardinality(hll_merge(s)) FROM ours WHERE twelve GROUP BY 1 ORDER BY 1", 10))
    report.test("we_merge_what_the_original_creates", lambda: same(
        "SELECT k, hll_cardinality(hll_merge(s)) FROM created GROUP BY k ORDER BY k",
        f"SELECT k, hll_cardinality(hll_agg(id, 12)) FROM {IDS} GROUP BY k ORDER BY k", 50))
    report.test("we_read_what_the_original_merges", lambda: same(
        "SELECT k, hll_cardinality(s), hex(hll_unite(s, empty_hll(12))) FROM unions ORDER BY k",
        f"SELECT k, hll_cardinality(hll_agg(id, 12)), hex(hll_agg(id, 12)) FROM {IDS} GROUP BY k ORDER BY k", 50))
    report.test("readme_query", lambda: same(
        "SELECT k, n FROM readme ORDER BY k",
        "SELECT k, hll_cardinality(hll_merge(hll_create(id, 12))) FROM ids GROUP BY k ORDER BY k", 50))


main()
