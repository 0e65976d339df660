# SPDX-License-Identifier: Apache-2.0
"""The functions in a session with Comet, which runs what it knows of a query in native code.

usage: comet.py JAR RUNTIME REPORT      RUNTIME is Comet's jar for this version of Spark
"""

import os
import sys
import tempfile

import pyspark

import fixture
import report as reports
import sessions
import suite


def comet_session(folder, jar, runtime):
    return sessions.classic(folder, jar, **{
        "spark.driver.extraClassPath": runtime,
        "spark.executor.extraClassPath": runtime,
        "spark.plugins": "org.apache.spark.CometPlugin",
        "spark.shuffle.manager": "org.apache.spark.sql.comet.execution.shuffle.CometShuffleManager",
        "spark.comet.enabled": "true",
        "spark.comet.exec.enabled": "true",
        "spark.memory.offHeap.enabled": "true",
        "spark.memory.offHeap.size": "1g",
    })


def plan(session):
    """Comet scans the file; the aggregation is Spark's."""
    session.read.parquet(os.path.join(fixture.TESTDATA, "client_count.parquet")).createOrReplaceTempView("client_count")
    found = sessions.rows(session, "EXPLAIN " + sessions.named(fixture.SEED, "extensions"))[0][0]
    for part in ("Comet", "ObjectHashAggregate", "hll_merge("):
        assert part in found, f"{part} is not in {found}"


def main(jar, runtime, path):
    report = reports.Report(f"spark-{pyspark.__version__}-comet", path)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        session = comet_session(folder, jar, runtime)
        report.test("plan", lambda: plan(session))
        for way in ("extensions", "catalog"):
            suite.run_cases(report, session, way, way)
            report.test(f"{way}/seed_query", lambda: fixture.seed(session, way, "client_count.parquet"))
        session.stop()
    return report.write()


if __name__ == "__main__":
    sys.exit(0 if main(*sys.argv[1:]) else 1)
