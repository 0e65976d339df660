# SPDX-License-Identifier: Apache-2.0
"""Runs the cases by each way in one session, and writes a JUnit report.

usage: suite.py JAR FUNCTIONS_JSON REPORT classic|connect
"""

import json
import re
import sys
import tempfile
from pathlib import Path

import cases
import fixture
import sessions
from report import Report


def expect_rows(session, query, wanted):
    found = sessions.rows(session, query)
    assert found == wanted, f"{query}\n  gave {found}\n  not  {wanted}"


def expect_error(session, query, condition, part):
    try:
        found = sessions.rows(session, query)
    except Exception as e:
        got = sessions.condition(e)
        assert condition is None or got and got.startswith(condition), f"{query}: condition {got}, not {condition}: {str(e)[:300]}"
        assert part in str(e), f"{query}: {part} is not in {str(e)[:600]}"
        return
    raise AssertionError(f"{query}: gave {found}, not an error")


IDS = Path(__file__).resolve().parents[3] / "docs/ids.md"

SPARK_TYPES = {"HLL": "binary", "varbinary": "binary", "varchar": "string", "array(HLL)": "array<binary>",
               "array(varbinary)": "array<binary>"}
# Spark has functions of its own of these names, and the table has another for each; a plugin has no casts.
RENAMED = {"cardinality": "hll_cardinality", "hll_union": "hll_unite"}


def spark_type(name):
    if name.startswith("row("):
        return "struct<" + ",".join(field.replace(" ", ":") for field in name[4:-1].split(", ")) + ">"
    return SPARK_TYPES.get(name, name)


def spark_example(query):
    """An example of the function table, written for Trino, in Spark's SQL."""
    query = re.sub(r"cast\(((?:[^()]|\([^()]*\))*) AS (varbinary|HLL)\)", r"\1", query, flags=re.I)
    query = query.replace("ARRAY[", "array(").replace("])", "))").replace("to_utf8(id)", "encode(id, 'utf-8')")
    query = query.replace("to_hex(", "hex(").replace("from_hex(", "unhex(")
    for name, free in RENAMED.items():
        query = re.sub(rf"(?<!\w){name}\(", free + "(", query)
    return re.sub(r"(?<!\w)(hll_\w+|empty_hll|merge|to_hll)\(", r"@\1(", query)


def run_table(report, session, way, table):
    """The names, types and NULL rules of the function table, and its examples."""
    for row in table:
        # The functions over histograms are for Trino, PrestoDB and the sidecar: docs/spark.md.
        histograms = "array(bigint)" in [*row["arguments"], row["result"]]
        if row["role"] == "cast" or row["overId"] or histograms:
            continue
        row = dict(row, name=RENAMED.get(row["name"], row["name"]))
        types = [spark_type(name) for name in row["arguments"]]
        name = f"{way}/table/{row['name']}({','.join(types)})"
        nulls = ", ".join(f"CAST(NULL AS {type})" for type in types)
        call = f"@{row['name']}({nulls})"

        def types_and_null(call=call, row=row, types=types):
            found = session.sql(sessions.named(f"SELECT {call} AS x", way))
            assert found.schema[0].dataType.simpleString() == spark_type(row["result"]), found.schema.simpleString()
            if types:
                assert found.collect()[0][0] is None, "NULL does not give NULL"

        def example(row=row):
            found = sessions.rows(session, sessions.named(spark_example(row["example"]), way))
            shown = [[str(x).lower() if isinstance(x, bool) else str(x) for x in line] for line in found]
            assert shown == [[row["shows"]]], (found, row["shows"])

        report.test(name, types_and_null)
        report.test(name + "/example", example)


def run_cases(report, session, way):
    for name, query, wanted in cases.ROWS:
        query = sessions.named(query, way)
        report.test(f"{way}/{name}", lambda: expect_rows(session, query, wanted))
    for name, query, condition, part in cases.ERRORS:
        query = sessions.named(query, way)
        report.test(f"{way}/{name}", lambda: expect_error(session, query, condition, part))
    for name, query, part in cases.ANALYSIS_ERRORS:
        query = sessions.named(query, way)
        report.test(f"{way}/{name}", lambda: expect_error(session, query, None, part))


def run_ids(report, session, way):
    """The table of docs/ids.md: an id of every type gives the sketch of its text."""
    table = re.findall(r"^\| (.+) \| `.+` \| `(.+)` \| `.+` \| `.+` \| `(.+)` \|$", IDS.read_text(encoding="utf-8"), re.M)
    assert len(table) == 13, table
    for name, value, text in table:
        calls = [f"@hll_create(id{precision}) = @hll_create('{text}'{precision})" for precision in ("", ", 14")]
        rows = f"(SELECT {value} AS id FROM range(2)) AS t"
        report.test(f"{way}/ids/{name}/create", lambda: expect_rows(
            session, sessions.named(f"SELECT DISTINCT {', '.join(calls)} FROM {rows}", way), [(True, True)]))
        report.test(f"{way}/ids/{name}/agg", lambda: expect_rows(session, sessions.named(
            f"SELECT @hll_agg(id) = @hll_create('{text}'), @hll_agg(id, 14) = @hll_create('{text}', 14) FROM {rows}", way),
            [(True, True)]))


def run_extensions_only(report, session):
    for name, query, wanted in cases.SPARKS_OWN:
        report.test(name, lambda: expect_rows(session, query, wanted))


def run_all(report, session, table):
    for way in ("extensions", "catalog"):
        run_cases(report, session, way)
        run_table(report, session, way, table)
        run_ids(report, session, way)
    run_extensions_only(report, session)


def classic(folder, jar, table):
    session = sessions.classic(folder, jar)
    report = Report(f"spark-{session.version}-classic")
    run_all(report, session, table)
    run_fixture(report, session)
    run_registered(report, session)
    session.stop()
    return report


def run_fixture(report, session):
    for way in ("extensions", "catalog"):
        for table in ("client_count.parquet", "client_count_sparse.parquet"):
            report.test(f"{way}/seed_query/{table}", lambda: fixture.seed(session, way, table))
    report.test("sql/queries", lambda: fixture.queries(session))
    report.test("sql/growth", lambda: fixture.growth(session))
    report.test("sql/daily", lambda: fixture.daily(session))


def run_registered(report, session):
    """The original's classes, registered under names of the user's."""
    package = "io.github.headcounthll.spark."
    session.udf.registerJavaUDAF("my_merge", package + "HyperLogLogMerge")
    session.udf.registerJavaUDAF("my_filtered_merge", package + "FilteredHyperLogLogMerge")
    query = (f"SELECT k, hll_cardinality(my_merge(s)), hll_cardinality(my_filtered_merge(s, k = 'x'))"
             f" FROM {cases.SKETCHES.replace('@', '')} GROUP BY k ORDER BY k")
    wanted = [("x", 2, 2), ("y", 1, None), ("z", None, None)]
    report.test("registered_classes", lambda: expect_rows(session, query, wanted))


def connect(folder, jar, table):
    """Spark Connect: a server with the jar, and a server to which a session brings it."""
    import pyspark

    report = Report(f"spark-{pyspark.__version__}-connect")
    others = sessions.connect_jars(pyspark.__version__)
    with sessions.connect(folder, jar, *others, **{"spark.sql.extensions": sessions.EXTENSIONS}) as client:
        session = client()
        session.conf.set("spark.sql.catalog.headcount", sessions.CATALOG)
        run_all(report, session, table)
    with sessions.connect(folder, *others) as client:
        two = [client(), client()]
        for number, session in enumerate(two):
            session.addArtifacts(jar)
            session.conf.set("spark.sql.catalog.headcount", sessions.CATALOG)
            for name, query, wanted in cases.ROWS:
                query = sessions.named(query, "catalog")
                report.test(f"artifact/{number}/{name}", lambda: expect_rows(session, query, wanted))
    return report


def main():
    jar, functions, path, kind = sys.argv[1:]
    with open(functions, encoding="utf-8") as file:
        table = json.load(file)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        report = {"classic": classic, "connect": connect}[kind](folder, jar, table)
    sys.exit(0 if report.write(path) else 1)


main()
