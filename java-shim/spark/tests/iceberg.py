# SPDX-License-Identifier: Apache-2.0
"""The daily job of sql/spark/iceberg, compared with the original library's sketches.

usage: iceberg.py JAR RUNTIME REPORT      RUNTIME is Iceberg's runtime for this version of Spark
"""

import os
import sys
import tempfile

import pyspark

import fixture
import report as reports
import sessions

ICEBERG = "org.apache.iceberg.spark."


def iceberg_session(folder, jar, runtime):
    return sessions.classic(folder, f"{jar},{runtime}", **{
        "spark.sql.extensions": f"{sessions.EXTENSIONS},{ICEBERG}extensions.IcebergSparkSessionExtensions",
        "spark.sql.catalog.ice": ICEBERG + "SparkCatalog",
        "spark.sql.catalog.ice.type": "hadoop",
        "spark.sql.catalog.ice.warehouse": os.path.join(folder, "ice"),
    })


def other_days(session):
    """Rows of days outside the job's stay, and a day that has lost its activity ends without rows."""
    session.sql("INSERT INTO client_count_daily SELECT 'x', 'x', 'x', 'x', true, 'x', empty_hll(12), DATE '2016-01-01'")
    session.sql("DELETE FROM client_activity WHERE activitydate = DATE '2016-10-01'")
    for statement in fixture.statements("iceberg/daily.sql"):
        session.sql(statement)
    counts = "SELECT count(*) FROM client_count_daily WHERE activitydate"
    assert sessions.rows(session, f"{counts} = DATE '2016-01-01'") == [(1,)]
    assert sessions.rows(session, f"{counts} = DATE '2016-10-01'") == [(0,)]
    assert sessions.rows(session, f"{counts} > DATE '2016-10-01'")[0][0] > 1000


def main(jar, runtime, path):
    report = reports.Report(f"spark-{pyspark.__version__}-iceberg", path)
    with tempfile.TemporaryDirectory() as folder:
        session = iceberg_session(folder, jar, runtime)
        session.sql("CREATE NAMESPACE ice.daily")
        session.sql("USE ice.daily")
        report.test("daily_job_twice", lambda: fixture.run_daily(session, "iceberg/"))
        report.test("other_days", lambda: other_days(session))
        session.stop()
    return report.write()


if __name__ == "__main__":
    sys.exit(0 if main(*sys.argv[1:]) else 1)
