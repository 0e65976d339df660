# SPDX-License-Identifier: Apache-2.0
"""Many sessions at once, tasks that are killed, and a million groups in 2 GB.

usage: abuse.py JAR REPORT
"""

import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor

import report as reports
import sessions

SESSIONS = 16
QUERY = ("SELECT k, hex(@hll_merge(s)), hex(@hll_agg(id, 12)) FROM"
         " (SELECT id, id % 200 AS k, @hll_create(CAST(id AS STRING), 12) AS s FROM range(0, 40000, 1, 4)) GROUP BY k ORDER BY k")
LONG = "SELECT k, hll_agg(id) FROM (SELECT id, id % 99 AS k FROM range(0, 4000000000, 1, 8)) GROUP BY k"
GROUPS = 1_000_000


def many_sessions(session):
    wanted = sessions.rows(session, sessions.named(QUERY, "extensions"))
    assert len(wanted) == 200 and all(merged == added for _, merged, added in wanted)

    def one(number):
        own = session.newSession()
        own.conf.set("spark.sql.catalog.headcount", sessions.CATALOG)
        way = ("extensions", "catalog")[number % 2]
        return sessions.rows(own, sessions.named(QUERY, way))

    with ThreadPoolExecutor(SESSIONS) as pool:
        for found in pool.map(one, range(2 * SESSIONS)):
            assert found == wanted


def killed_tasks(session):
    """Cancels aggregations while their tasks run; the next one is right."""
    context = session.sparkContext
    for _ in range(5):
        errors = []

        def run():
            try:
                sessions.rows(session, LONG)
            except Exception as e:
                errors.append(e)

        thread = threading.Thread(target=run)
        thread.start()
        while thread.is_alive():
            tracker = context.statusTracker()
            stages = [tracker.getStageInfo(stage) for stage in tracker.getActiveStageIds()]
            if any(stage and stage.numActiveTasks for stage in stages):
                context.cancelAllJobs()
            thread.join(0.2)
        assert errors, "the query ended before it was cancelled"
    many_sessions(session)


def million_groups(session):
    rows = f"(SELECT id % {GROUPS} AS k, id FROM range(0, {2 * GROUPS}, 1, 8))"
    for call in ("hll_agg(id, 12)", "hll_merge(hll_create(CAST(id AS STRING), 12))"):
        found = sessions.rows(session, f"SELECT count(*), sum(hll_cardinality(s)) FROM (SELECT k, {call} AS s FROM {rows} GROUP BY k)")
        # Two ids of a group share a register in 1 of 4,096 groups.
        assert found[0][0] == GROUPS and 2 * GROUPS - GROUPS // 1000 <= found[0][1] <= 2 * GROUPS, found


def memory_back(session):
    """After a collection the heap holds no states."""
    runtime = session._jvm.java.lang.Runtime.getRuntime()
    for _ in range(3):
        runtime.gc()
    used = runtime.totalMemory() - runtime.freeMemory()
    assert used < 400 << 20, f"{used >> 20} MB are in use"


def main():
    jar, path = sys.argv[1:]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        session = sessions.classic(folder, jar, "local[4]", **{"spark.driver.memory": "2g"})
        report = reports.Report(f"spark-{session.version}-abuse")
        for case in (many_sessions, killed_tasks, million_groups, memory_back):
            report.test(case.__name__, lambda: case(session))
        session.stop()
    sys.exit(0 if report.write(path) else 1)


main()
