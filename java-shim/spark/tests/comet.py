# SPDX-License-Identifier: Apache-2.0
"""The functions in a session with Comet, which runs what it knows of a query in native code.

usage: comet.py JAR RUNTIME REPORT      RUNTIME is Comet's jar for this version of Spark
"""

import os
import sys
import tempfile

import pyspark

import fixture
import plans
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


def without_groups(session, way):
    """Our operator takes rows that Comet has scanned and filtered, and gives what Spark's own gives beside count(*)."""
    rows = "FROM client_count WHERE normalizedchannel = 'release'"
    ours = sessions.named(f"SELECT hex(@hll_merge(hll)) {rows}", way)
    found = plans.plan(session, ours)
    assert plans.is_used(session, ours) and "CometFilter" in found, found
    assert sessions.rows(session, ours)[0][0] == sessions.rows(session, sessions.named(f"SELECT hex(@hll_merge(hll)), count(*) {rows}", way))[0][0]


def main(jar, runtime, path):
    report = reports.Report(f"spark-{pyspark.__version__}-comet", path)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        session = comet_session(folder, jar, runtime)
        report.test("plan", lambda: plan(session))
        for way in ("extensions", "catalog"):
            report.test(f"{way}/without_groups", lambda: without_groups(session, way))
            suite.run_cases(report, session, way, way)
            report.test(f"{way}/seed_query", lambda: fixture.seed(session, way, "client_count.parquet"))
        session.stop()
    return report.write()


if __name__ == "__main__":
    sys.exit(0 if main(*sys.argv[1:]) else 1)
