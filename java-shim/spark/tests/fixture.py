# SPDX-License-Identifier: Apache-2.0
"""The queries and jobs of sql/spark over the fixture, compared with Algebird's results in e2e/testdata."""

import csv
import os
import re

import sessions

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..")
TESTDATA = os.path.join(ROOT, "e2e", "testdata")

# The seed query in Spark's names: @ marks a function.
SEED = """SELECT normalizedchannel, activitydate, @hll_cardinality(@hll_merge(hll)) FROM client_count
    GROUP BY activitydate, normalizedchannel ORDER BY normalizedchannel NULLS LAST, activitydate DESC"""
DIMENSIONS = "activitydate, normalizedchannel, country, version, os, e10senabled, e10scohort"


def expected(name):
    with open(os.path.join(TESTDATA, name), encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


def statements(name):
    """The statements of a file of sql/spark."""
    with open(os.path.join(ROOT, "sql", "spark", name), encoding="utf-8") as file:
        text = re.sub(r"--[^\n]*", "", file.read())
    return [statement for statement in text.split(";") if statement.strip()]


def text(rows, columns=None):
    """Rows as the expected files have them."""
    return [["" if x is None else repr(x) if isinstance(x, float) else str(x) for x in row[:columns]] for row in rows]


def equal(found, wanted):
    assert len(found) == len(wanted), f"{len(found)} rows, not {len(wanted)}"
    for got, want in zip(found, wanted):
        assert got == want, f"{got}, not {want}"


def seed(session, way, table):
    session.read.parquet(os.path.join(TESTDATA, table)).createOrReplaceTempView("client_count")
    equal(text(sessions.rows(session, sessions.named(SEED, way))), expected("expected_seed_query.csv"))


def queries(session):
    session.read.parquet(os.path.join(TESTDATA, "client_count.parquet")).createOrReplaceTempView("client_count")
    equal(text(sessions.rows(session, statements("channel_counts.sql")[0])), expected("expected_seed_query.csv"))
    engagement = text(sessions.rows(session, statements("engagement.sql")[0]))
    equal(engagement, [row[:6] for row in expected("expected_engagement.csv")])
    e10s = text(sessions.rows(session, statements("e10s.sql")[0]), 6)
    equal(e10s, [row[:6] for row in expected("expected_e10s.csv")])


EXACT_GROWTH = """
WITH periods AS (
    SELECT DISTINCT normalizedchannel AS segment, datediff(activitydate, DATE '2016-09-05') DIV 7 AS period, client_id
    FROM activity
),
pairs AS (
    SELECT segment, period + following AS period, client_id, bool_or(following = 0) AS now, bool_or(following = 1) AS before
    FROM periods CROSS JOIN (VALUES (0), (1)) AS t (following) GROUP BY 1, 2, 3
)
SELECT segment, date_add(DATE '2016-09-05', CAST(period * 7 AS INT)),
    count_if(now), count_if(now AND before), count_if(now AND NOT before), count_if(before AND NOT now)
FROM pairs WHERE period BETWEEN 1 AND 7 GROUP BY segment, period ORDER BY segment NULLS LAST, period"""


def growth(session):
    """The bounds are for 2 sigmas: 19 of 20 intersections are inside."""
    session.read.parquet(os.path.join(TESTDATA, "client_count.parquet")).createOrReplaceTempView("client_count")
    session.read.parquet(os.path.join(TESTDATA, "client_activity.parquet")).createOrReplaceTempView("activity")
    found, exact = sessions.rows(session, statements("growth.sql")[0]), sessions.rows(session, EXACT_GROWTH)
    assert len(found) == 35 and [row[:2] for row in found] == [row[:2] for row in exact]
    outside = 0
    for row, true in zip(found, exact):
        assert abs(row[2] - true[2]) <= 0.04 * true[2], (row, true)
        outside += sum(not row[at + 1] <= true[at // 3 + 2] <= row[at + 2] for at in (3, 6, 9))
    assert outside <= 35 // 20, f"{outside} of 105 bounds do not hold the exact count"


def daily(session):
    """The job, twice, with and without days that exist; its sketches have Algebird's registers."""
    for view in ("client_count", "client_activity"):
        session.catalog.dropTempView(view)
    session.sql("CREATE DATABASE IF NOT EXISTS daily")
    session.sql("USE daily")
    try:
        run_daily(session, "")
    finally:
        session.sql("USE default")
        session.sql("DROP DATABASE daily CASCADE")


def run_daily(session, folder):
    """The tables and the job of a folder of sql/spark, in the current schema."""
    for statement in statements(folder + "tables.sql"):
        session.sql(statement)
    activity = session.read.parquet(os.path.join(TESTDATA, "client_activity.parquet"))
    activity.createOrReplaceTempView("activity")
    session.sql("INSERT INTO client_activity SELECT client_id, normalizedchannel, country, version, os, e10senabled,"
                " e10scohort, activitydate FROM activity")
    for _ in range(2):
        for statement in statements(folder + "daily.sql"):
            session.sql(statement)
        compare(session)


def compare(session):
    session.read.parquet(os.path.join(TESTDATA, "client_count_sparse.parquet")).createOrReplaceTempView("algebirds")
    # A union with the empty sketch writes the entries of a sparse sketch in the order of their indexes.
    query = f"SELECT {DIMENSIONS}, hex(hll_unite(hll, empty_hll(12))) FROM"
    made = sessions.rows(session, f"{query} client_count_daily ORDER BY {DIMENSIONS}")
    equal(made, sessions.rows(session, f"{query} algebirds ORDER BY {DIMENSIONS}"))
    assert len(made) == 9105, len(made)
