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
import plans
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
        for wanted in (part, *([f"SQLSTATE: {SQL_STATES[got]}"] if got in SQL_STATES else [])):
            assert wanted in str(e), f"{query}: {wanted} is not in {str(e)[:600]}"
        return
    raise AssertionError(f"{query}: gave {found}, not an error")


DOCS = Path(__file__).resolve().parents[3] / "docs"
IDS = DOCS / "ids.md"
# The error conditions, with their SQLSTATE.
SQL_STATES = dict(re.findall(r"^\| `(HEADCOUNT_\w+)` \| (\w{5}) \|", (DOCS / "spark.md").read_text(encoding="utf-8"), re.M))
assert len(SQL_STATES) == 7, SQL_STATES

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


def run_cases(report, session, way, title, rows=cases.ROWS):
    for name, query, wanted in rows:
        query = sessions.named(query, way)
        report.test(f"{title}/{name}", lambda: expect_rows(session, query, wanted))
    for name, query, condition, part in cases.ERRORS:
        query = sessions.named(query, way)
        report.test(f"{title}/{name}", lambda: expect_error(session, query, condition, part))


def run_analysis_errors(report, session, way):
    for name, query, part in cases.ANALYSIS_ERRORS:
        query = sessions.named(query, way)
        report.test(f"{way}/{name}", lambda: expect_error(session, query, None, part))


NO_CONSTANTS = {"spark.sql.optimizer.excludedRules": ",".join(
    "org.apache.spark.sql.catalyst.optimizer." + rule for rule in ("ConstantFolding", "ConvertToLocalRelation"))}
# How Spark can evaluate an expression: by code that it generates and compiles, and by calls of eval.
MODES = {
    "generated": {**NO_CONSTANTS, "spark.sql.codegen.factoryMode": "CODEGEN_ONLY", "spark.sql.codegen.fallback": "false"},
    "interpreted": {**NO_CONSTANTS, "spark.sql.codegen.factoryMode": "NO_CODEGEN", "spark.sql.codegen.wholeStage": "false"},
}


def run_modes(report, session):
    """The cases, evaluated while the query runs and not by the optimizer."""
    # The bounds of a frame are constants, which Spark has to fold.
    rows = [row for row in cases.ROWS if row[0] != "sliding_frame"]
    for mode, settings in MODES.items():
        for key, setting in settings.items():
            session.conf.set(key, setting)
        for way in ("extensions", "catalog"):
            run_cases(report, session, way, f"{mode}/{way}", rows)
        for key in settings:
            session.conf.unset(key)
    query = "SELECT hll_cardinality(hll_create(id)) FROM range(3)"
    report.test("generated/plan", lambda: expect_part(session, "EXPLAIN " + query, "*(1) Project [hll_cardinality(hll_create("))


def expect_part(session, query, part):
    found = sessions.rows(session, query)[0][0]
    assert part in found, f"{query}\n  gave {found}\n  without {part}"


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
        run_cases(report, session, way, way)
        run_analysis_errors(report, session, way)
        run_table(report, session, way, table)
        run_ids(report, session, way)
    run_extensions_only(report, session)


def classic(report, folder, jar, table):
    session = sessions.classic(folder, jar)
    run_all(report, session, table)
    run_modes(report, session)
    plans.run(report, session)
    run_fixture(report, session)
    run_registered(report, session)
    session.stop()


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


def connect(report, folder, jar, table):
    """Spark Connect: a server with the jar, and a server to which a session brings it."""
    import pyspark

    others = sessions.connect_jars(pyspark.__version__)
    with sessions.connect(folder, jar, *others, **{"spark.sql.extensions": sessions.EXTENSIONS}) as client:
        session = client()
        session.conf.set("spark.sql.catalog.headcount", sessions.CATALOG)
        run_all(report, session, table)
    with sessions.connect(folder, *others) as client:
        two = [client(), client()]
        report.test("artifact/catalog_without_the_jar", lambda: expect_no_catalog(two[0]))
        for number, session in enumerate(two):
            session.addArtifacts(jar)
            session.conf.set("spark.sql.catalog.headcount", sessions.CATALOG)
            run_cases(report, session, "catalog", f"artifact/{number}")
        run_artifact(report, two[0])
        other = sessions.other_release(folder, jar)
        report.test("artifact/another_version", lambda: expect_versions(client(), "one version of headcount-spark in all", other))
        report.test("artifact/two_versions", lambda: expect_versions(client(), "several versions", jar, other))
        name, query, wanted = cases.ROWS[5]
        report.test(f"artifact/after_them/{name}", lambda: expect_rows(two[0], sessions.named(query, "catalog"), wanted))


def expect_no_catalog(session):
    session.conf.set("spark.sql.catalog.headcount", sessions.CATALOG)
    expect_error(session, "SELECT headcount.fn.hll_cardinality(NULL)", None, sessions.CATALOG)


def expect_versions(session, part, *jars):
    session.addArtifacts(*jars)
    session.conf.set("spark.sql.catalog.headcount", sessions.CATALOG)
    query = f"SELECT k, @hll_cardinality(@hll_merge(s)) FROM {cases.SKETCHES} GROUP BY k"
    expect_error(session, sessions.named(query, "catalog"), "HEADCOUNT_LIBRARY", part)


def run_artifact(report, session):
    """What a session that brings the jar can do beside the catalog, and what Spark refuses."""
    query = f"SELECT k, headcount.fn.hll_cardinality(my_merge(s)) FROM {sessions.named(cases.SKETCHES, 'catalog')} GROUP BY k ORDER BY k"

    def registered():
        session.udf.registerJavaUDAF("my_merge", "io.github.headcounthll.spark.HyperLogLogMerge")
        expect_rows(session, query, [("x", 2), ("y", 1), ("z", None)])

    def dataframe():
        from pyspark.sql import functions as F

        sketch = F.call_function("headcount.fn.hll_agg", F.col("id"))
        found = session.range(3).agg(F.call_function("headcount.fn.hll_cardinality", sketch)).collect()
        assert found[0][0] == 3, found

    def extensions():
        try:
            session.conf.set("spark.sql.extensions", sessions.EXTENSIONS)
        except Exception as e:
            assert "Cannot modify the value of" in str(e) and "spark.sql.extensions" in str(e), e
            return
        raise AssertionError("extensions were set")

    report.test("artifact/registered_class", registered)
    report.test("artifact/dataframe", dataframe)
    report.test("artifact/extensions", extensions)
    report.test("artifact/plain_name", lambda: expect_error(session, "SELECT hll_cardinality(NULL)", "UNRESOLVED_ROUTINE", "`hll_cardinality`"))


def main():
    jar, functions, path, kind = sys.argv[1:]
    with open(functions, encoding="utf-8") as file:
        table = json.load(file)
    report = Report(Path(path).stem, path)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        {"classic": classic, "connect": connect}[kind](report, folder, jar, table)
    sys.exit(0 if report.write() else 1)


if __name__ == "__main__":
    main()
