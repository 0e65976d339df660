# SPDX-License-Identifier: Apache-2.0
"""Many sessions at once, tasks and an executor that are killed, sorts that spill, and a million groups in 2 GB.

usage: abuse.py JAR REPORT
"""

import os
import signal
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

import processes
import report as reports
import sessions

SESSIONS = 16
QUERY = ("SELECT k, hex(@hll_merge(s)), hex(@hll_agg(id, 12)) FROM"
         " (SELECT id, id % 200 AS k, @hll_create(CAST(id AS STRING), 12) AS s FROM range(0, 40000, 1, 4)) GROUP BY k ORDER BY k")
LONG = "SELECT k, {} FROM (SELECT id, id % 99 AS k FROM range(0, 4000000000, 1, 8)) GROUP BY k"
# Ours, and Spark's own of the same kind: what stops Spark's too is not a fault of ours.
AGGREGATES = ("hll_sketch_agg(id)", "hll_agg(id)", "headcount.fn.hll_agg(id)", "hll_merge(hll_create(id))")
GROUPS = 1_000_000
MEGABYTES = 2048
# More rows of dense sketches than fit into an executor's memory, and as many states; the rows of a group are in two tasks.
DENSE_GROUPS = 300_000
CLUSTER = {
    # A sort spills whenever it has as many rows.
    "spark.shuffle.spill.numElementsForceSpillThreshold": "20000",
    # Stages show their tasks at once, not with the next heartbeat.
    "spark.ui.liveUpdate.period": "0",
}


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


def tasks_run(context):
    tracker = context.statusTracker()
    stages = [tracker.getStageInfo(stage) for stage in tracker.getActiveStageIds()]
    return any(stage and stage.numActiveTasks for stage in stages)


def cancelled(session, query):
    """Cancels a query once its tasks run; the error that it ended with, and none of its tasks runs on."""
    context = session.sparkContext
    began = time.monotonic()
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(sessions.rows, session, query)
        while not answer.done():
            if tasks_run(context):
                context.cancelAllJobs()
            time.sleep(0.2)
        while tasks_run(context):
            time.sleep(0.2)
        print(f"{query[:40]} ended after {time.monotonic() - began:.1f} s", file=sys.stderr, flush=True)
        return answer.exception()


def killed_tasks(session):
    """Cancels aggregations while their tasks run; the next one is right.

    Code that Spark generates for range() looks whether its task is killed at the end of each 1,000 rows, and never gets there when an
    aggregate with states takes its rows one by one: the tasks would run to their end, and those of the next query wait for them.
    """
    session.conf.set("spark.sql.codegen.wholeStage", "false")
    for call in AGGREGATES:
        for _ in range(3):
            error = cancelled(session, LONG.format(call))
            assert "cancelled" in str(error), f"{call}: {error}"
    session.conf.unset("spark.sql.codegen.wholeStage")
    for call in ("hll_agg(id)", "headcount.fn.hll_agg(CAST(id AS STRING))"):
        # Without groups the aggregate is part of the generated code, which looks.
        error = cancelled(session, f"SELECT {call} FROM range(0, 400000000000, 1, 8)")
        assert "cancelled" in str(error), f"{call}: {error}"
    many_sessions(session)


def million_groups(session):
    rows = f"(SELECT id % {GROUPS} AS k, id FROM range(0, {2 * GROUPS}, 1, 8))"
    for call in ("hll_agg(id, 12)", "hll_merge(hll_create(CAST(id AS STRING), 12))"):
        found = sessions.rows(session, f"SELECT count(*), sum(hll_cardinality(s)) FROM (SELECT k, {call} AS s FROM {rows} GROUP BY k)")
        # Two ids of a group share a register in 1 of 4,096 groups.
        assert found[0][0] == GROUPS and 2 * GROUPS - GROUPS // 1000 <= found[0][1] <= 2 * GROUPS, found


def counted_memory(session):
    """States of more than the memory that Spark has for its tasks end the query with Spark's error, and the JVM goes on.

    A dense sketch of 22 bits has 4 MB. Each of four tasks has 100 of them, in groups of their own: too few to sort.
    """
    sketch = f"concat(X'0216', CAST(repeat(IF(id < 0, '', chr(0)), {1 << 22}) AS BINARY))"  # no constant, which plans would have
    rows = f"(SELECT id % 100 AS k, {sketch} AS s FROM range(0, 400, 1, 4))"
    for way in ("extensions", "catalog"):
        query = sessions.named(f"SELECT max(@hll_precision(s)) FROM (SELECT k, @hll_merge(s) AS s FROM {rows} GROUP BY k)", way)
        try:
            found = sessions.rows(session, query)
        except Exception as e:
            assert "UNABLE_TO_ACQUIRE_MEMORY" in str(e), f"{way}: {str(e)[:900]}"
        else:
            raise AssertionError(f"{way}: gave {found}, not an error")
    found = sessions.rows(session, query.replace("range(0, 400, 1, 4)", "range(4)"))
    assert found == [(22,)], found
    many_sessions(session)


def memory_back(session):
    """After a collection neither the heap nor the memory outside it holds states."""
    java = session._jvm.java
    for _ in range(3):
        java.lang.System.gc()
    runtime = java.lang.Runtime.getRuntime()
    used = runtime.totalMemory() - runtime.freeMemory()
    assert used < 400 << 20, f"{used >> 20} MB of the heap are in use"
    pools = java.lang.management.ManagementFactory.getPlatformMXBeans(
        java.lang.Class.forName("java.lang.management.BufferPoolMXBean"))
    direct = sum(pool.getMemoryUsed() for pool in pools if pool.getName() == "direct")
    assert direct < 64 << 20, f"{direct >> 20} MB outside the heap are in use"


def million_groups_again(session):
    """The executors stay, within their heap of 2 GB and what a JVM has beside it."""
    executors = processes.executors()
    for _ in range(2):
        million_groups(session)
    assert processes.executors() == executors, f"the executors {executors} are now {processes.executors()}"
    for pid in executors:
        assert processes.resident(pid) < MEGABYTES + 700 << 20, f"{processes.resident(pid) >> 20} MB are in use"


def dense_groups(session):
    """Sorts spill. Two thirds of the groups unite two sketches, a third has one of them twice."""
    one, other = (sessions.rows(session, f"SELECT hex(hll_agg(CAST(id AS STRING))) FROM range({first}, {first + 20_000})")[0][0]
                  for first in (0, 1_000_000))
    united = sessions.rows(session, f"SELECT hll_cardinality(hll_unite(X'{one}', X'{other}'))")[0][0]
    own = [sessions.rows(session, f"SELECT hll_cardinality(X'{sketch}')")[0][0] for sketch in (one, other)]
    assert united > 1.9 * min(own)
    sketch = f"IF((id + id DIV {DENSE_GROUPS}) % 3 = 0, X'{one}', X'{other}')"
    for way in ("extensions", "catalog"):
        call = sessions.named("@hll_cardinality(@hll_merge(s))", way)
        before = spilled(session)
        found = sessions.rows(session, f"SELECT n, count(*) FROM (SELECT {call} AS n FROM"
                                       f" (SELECT id % {DENSE_GROUPS} AS k, {sketch} AS s FROM range(0, {2 * DENSE_GROUPS}, 1, 2))"
                                       " GROUP BY k) GROUP BY n")
        assert dict(found) == {united: 2 * DENSE_GROUPS // 3, own[1]: DENSE_GROUPS // 3}, (way, found, united, own)
        assert spilled(session) > before, f"{way}: no sort spilled"


def spilled(session):
    """The bytes that all stages so far have spilled."""
    store = session.sparkContext._jsc.sc().statusStore()
    total = 0
    for job in session.sparkContext.statusTracker().getJobIdsForGroup(None):
        for stage in session.sparkContext.statusTracker().getJobInfo(job).stageIds:
            total += store.lastStageAttempt(stage).diskBytesSpilled()
    return total


def killed_executor(session):
    """An executor is killed while it aggregates: its tasks run again, and the result is the same."""
    query = ("SELECT k, hex({}) FROM (SELECT CAST(id AS STRING) AS id, id % 500 AS k FROM range(0, 6000000, 1, 8))"
             " GROUP BY k ORDER BY k")
    wanted = sessions.rows(session, query.format("hll_agg(id)"))
    victims = processes.executors()
    assert len(victims) == 2, victims
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(sessions.rows, session, query.format("hll_merge(hll_create(id))"))
        while not answer.done() and not tasks_run(session.sparkContext):
            time.sleep(0.05)
        time.sleep(1)
        assert not answer.done(), "the query ended before the executor was killed"
        os.kill(victims[0], signal.SIGKILL)
        assert answer.result() == wanted
    assert len(wanted) == 500 and victims[0] not in processes.executors()


def main():
    jar, path = sys.argv[1:]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        session = sessions.classic(folder, jar, "local[4]", **{
            "spark.driver.memory": f"{MEGABYTES}m", "spark.ui.liveUpdate.period": "0",
            # A task that has not given back what it counted fails.
            "spark.unsafe.exceptionOnMemoryLeak": "true"})
        report = reports.Report(f"spark-{session.version}-abuse", path)
        for case in (many_sessions, killed_tasks, million_groups, counted_memory, memory_back):
            report.test(case.__name__, lambda: case(session), 300)
        session.stop()
        session = sessions.cluster(folder, jar, MEGABYTES, **CLUSTER)
        for case in (killed_executor, million_groups, million_groups_again, dense_groups):
            report.test("cluster/" + case.__name__, lambda: case(session), 300)
        session.stop()
    sys.exit(0 if report.write() else 1)


main()
