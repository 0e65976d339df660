# SPDX-License-Identifier: Apache-2.0
"""How Spark plans aggregations: where our operator for those without GROUP BY is used, that it gives what Spark's gives, and
that a function of the catalog is planned as the one of the extensions."""

import sessions

OPERATOR = "SketchAggregate"
ROWS = ("(SELECT IF(id % 10 = 0, NULL, id) AS n, CAST(IF(id % 10 = 0, NULL, id) AS STRING) AS s, id % 7 AS k,"
        " @hll_create(CAST(id % 5000 AS STRING)) AS h FROM range(0, 20000, 1, {partitions})) AS t")

# The aggregates of a query without GROUP BY that our operator takes.
OURS = [
    "@hll_agg(s)", "@hll_agg(s, 14)", "@hll_agg(n)", "@hll_agg(n, 10)", "@hll_agg(CAST(s AS BINARY))", "@hll_agg(CAST(s AS BINARY), 11)",
    "@hll_agg(date_add(DATE'2026-01-01', CAST(n AS INT)))", "@hll_agg(date_add(DATE'2026-01-01', CAST(n AS INT)), 13)",
    "@hll_agg(CAST(n AS DECIMAL(30, 0)))", "@hll_agg(CAST(n AS DECIMAL(30, 0)), 9)", "@hll_agg(concat(s, 'x'))", "@hll_agg(CAST(NULL AS STRING))",
    "@hll_merge(h)", "@hll_merge(IF(n > 50, h, NULL))", "@hll_filtered_merge(h, n > 50)", "@hll_filtered_merge(h, NULL)",
]
WHERE = {"": True, " WHERE k = 3": True, " WHERE n < 0": False}  # and whether any row is left
# Those that it leaves to Spark.
SPARKS = [
    "SELECT @hll_agg(s) FROM {rows} GROUP BY k",
    "SELECT @hll_agg(s) FILTER (WHERE k = 1) FROM {rows}",
    "SELECT @hll_agg(DISTINCT s) FROM {rows}",
    "SELECT @hll_agg(s), count(*) FROM {rows}",
    "SELECT @hll_agg(s), @hll_agg(n) FILTER (WHERE k = 1) FROM {rows}",
]
# Queries in which the operator has another operator of Spark below or above it: name, query, rows. Few ids, which are counted exactly.
SHAPES = [
    ("several", "SELECT @hll_cardinality(@hll_agg(s, 14)), @hll_cardinality(@hll_agg(n, 15)) FROM {rows} WHERE n < 20", [(18, 18)]),
    ("join", "SELECT @hll_cardinality(@hll_agg(s, 14)) FROM {rows} JOIN (SELECT id AS k FROM range(2)) USING (k) WHERE n < 40", [(11,)]),
    ("limit", "SELECT @hll_cardinality(@hll_agg(s, 14)) FROM (SELECT s FROM {rows} WHERE n > 0 ORDER BY n LIMIT 12)", [(12,)]),
    ("union", "SELECT @hll_cardinality(@hll_agg(s, 14)) FROM (SELECT s FROM {rows} WHERE n < 9 UNION ALL SELECT s FROM {rows} WHERE n IN (8, 11))", [(9,)]),
    ("of_groups", "SELECT @hll_cardinality(@hll_merge(g)) FROM (SELECT k, @hll_agg(s, 14) AS g FROM {rows} WHERE n < 20 GROUP BY k)", [(18,)]),
    ("subquery_in_an_argument",
     "SELECT @hll_agg(concat(s, (SELECT max(k) FROM {rows}))) = @hll_create('96') FROM {rows} WHERE n = 9", [(True,)]),
    ("subquery", "SELECT count(*) FROM {rows} WHERE n <= (SELECT @hll_cardinality(@hll_agg(s, 14)) FROM {rows} WHERE n < 8)", [(7,)]),
]


def query(text, way, partitions=4):
    return sessions.named(text.replace("{rows}", ROWS.replace("{partitions}", str(partitions))), way)


def plan(session, text):
    return sessions.rows(session, "EXPLAIN " + text)[0][0]


def is_used(session, text):
    return f" {OPERATOR}(functions=" in plan(session, text)


def agrees(session, way, where, some, partitions):
    """The operator's states are Spark's: count(*) beside the calls leaves them to Spark."""
    calls = ", ".join(f"hex({call})" for call in OURS)
    ours = query(f"SELECT {calls} FROM {{rows}}{where}", way, partitions)
    sparks = query(f"SELECT {calls}, count(*) FROM {{rows}}{where}", way, partitions)
    assert is_used(session, ours), plan(session, ours)
    assert not is_used(session, sparks), plan(session, sparks)
    wanted = sessions.rows(session, sparks)[0]
    assert (wanted[-1] > 0) == some, (sparks, wanted)
    for setting in (None, "spark.sql.codegen.wholeStage"):
        if setting:
            session.conf.set(setting, "false")
        found = sessions.rows(session, ours)[0]
        session.conf.unset(setting or "spark.sql.codegen.wholeStage")
        for call, state, spark in zip(OURS, found, wanted):
            assert state == spark, (call, where, partitions, setting, state, spark)


def left_to_spark(session, way, text):
    assert not is_used(session, query(text, way)), plan(session, query(text, way))


def shape(session, way, text, wanted):
    """With generated code and without, with adaptive execution and without."""
    text = query(text, way)
    assert is_used(session, text), plan(session, text)
    assert sessions.rows(session, text) == wanted, (sessions.rows(session, text), wanted)
    for setting in ("spark.sql.codegen.wholeStage", "spark.sql.adaptive.enabled"):
        session.conf.set(setting, "false")
        found = sessions.rows(session, text)
        session.conf.unset(setting)
        assert found == wanted, (setting, found, wanted)


def generated(session):
    """Scan, filter and aggregation are one piece of generated code."""
    session.conf.set("spark.sql.adaptive.enabled", "false")
    text = plan(session, query("SELECT hll_agg(s) FROM {rows} WHERE k = 3", "extensions"))
    session.conf.unset("spark.sql.adaptive.enabled")
    assert f"*(1) {OPERATOR}(" in text and "*(1) Filter" in text, text


def metric(session):
    """The operator counts its rows: one for each partition."""
    session.conf.set("spark.sql.adaptive.enabled", "false")
    frame = session.sql(query("SELECT hll_agg(s) FROM {rows}", "extensions", 5))
    frame.collect()
    session.conf.unset("spark.sql.adaptive.enabled")
    executed = frame._jdf.queryExecution().executedPlan()
    found = []

    def visit(node):
        if node.nodeName() == OPERATOR:
            found.append(node.metrics().apply("numOutputRows").value())
        children = node.children()
        for i in range(children.size()):
            visit(children.apply(i))

    visit(executed)
    assert found == [5], (found, executed.toString())


def catalog_as_extensions(session):
    """With groups too the plan has no generic aggregate of Spark's catalogs."""
    for text in ("SELECT k, @hll_agg(s) FROM {rows} GROUP BY k", "SELECT @hll_merge(h) FROM {rows}"):
        found = plan(session, query(text, "catalog"))
        assert "v2aggregator" not in found.split("output=")[0].lower(), found
        assert "partial_hll_" in found, found


def scalars_keep_nothing(session):
    """A scalar over an array has a state for each row. It must not add up to more than the memory of Spark's tasks."""
    rows = "(SELECT hll_create(CAST(id AS STRING)) AS s FROM range(0, 10000, 1, 1))"
    for way in ("extensions", "catalog"):
        text = sessions.named(f"SELECT sum(@hll_cardinality(@hll_unite(array(s, s)))) FROM {rows.replace('hll_create', '@hll_create')}", way)
        assert sessions.rows(session, text) == [(10000,)], way


def run(report, session):
    for way in ("extensions", "catalog"):
        for where, some in WHERE.items():
            for partitions in (1, 50):
                report.test(f"plans/{way}/agrees/{partitions}{where}", lambda: agrees(session, way, where, some, partitions))
        for text in SPARKS:
            report.test(f"plans/{way}/{text.split(' FROM')[0]}", lambda: left_to_spark(session, way, text))
        for name, text, wanted in SHAPES:
            report.test(f"plans/{way}/{name}", lambda: shape(session, way, text, wanted))
    report.test("plans/generated", lambda: generated(session))
    report.test("plans/metric", lambda: metric(session))
    report.test("plans/catalog_as_extensions", lambda: catalog_as_extensions(session))
    report.test("plans/scalars_keep_nothing", lambda: scalars_keep_nothing(session))
