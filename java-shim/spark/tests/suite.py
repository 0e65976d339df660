# SPDX-License-Identifier: Apache-2.0
"""Runs the cases by each way in one session, and writes a JUnit report.

usage: suite.py JAR FUNCTIONS_JSON REPORT classic|connect
"""

import json
import re
import sys
import tempfile
import traceback
import xml.etree.ElementTree as xml

import cases
import sessions


class Report:
    """Counts the tests and writes them down."""

    def __init__(self, name):
        self.suite = xml.Element("testsuite", name=name)
        self.failures = self.tests = 0

    def test(self, name, body):
        self.tests += 1
        case = xml.SubElement(self.suite, "testcase", classname=self.suite.get("name"), name=name)
        try:
            body()
        except Exception as e:
            self.failures += 1
            print(f"FAILED {self.suite.get('name')} {name}: {str(e)[:600]}", file=sys.stderr)
            xml.SubElement(case, "failure").text = traceback.format_exc()[:4000]

    def write(self, path):
        self.suite.set("tests", str(self.tests))
        self.suite.set("failures", str(self.failures))
        xml.ElementTree(self.suite).write(path)
        print(f"{self.suite.get('name')}: {self.tests} tests, {self.failures} failures")
        return self.failures == 0 and self.tests > 0


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


SPARK_TYPES = {"HLL": "binary", "varbinary": "binary", "varchar": "string", "array(HLL)": "array<binary>"}
# Spark has functions of its own of these names, and no casts of a plugin's.
NOT_IN_SPARK = {"cardinality", "hll_union", "cast"}


def spark_type(name):
    if name.startswith("row("):
        return "struct<" + ",".join(field.replace(" ", ":") for field in name[4:-1].split(", ")) + ">"
    return SPARK_TYPES.get(name, name)


def spark_example(query):
    """An example of the function table, written for Trino, in Spark's SQL."""
    query = re.sub(r"cast\(((?:[^()]|\([^()]*\))*) AS (varbinary|HLL)\)", r"\1", query, flags=re.I)
    query = query.replace("ARRAY[", "array(").replace("])", "))").replace("to_utf8(id)", "encode(id, 'utf-8')")
    query = query.replace("to_hex(", "hex(")
    return re.sub(r"\b(hll_\w+|empty_hll|merge|to_hll)\(", r"@\1(", query)


def run_table(report, session, way, table):
    """The names, types and NULL rules of the function table, and its examples."""
    for row in table:
        if row["name"] in NOT_IN_SPARK or "cardinality(" in row["example"].replace("hll_cardinality(", ""):
            names = {"cardinality": "hll_cardinality"}
            if row["name"] in NOT_IN_SPARK:
                continue
            row = dict(row, example=re.sub(r"(?<!_)cardinality\(", "hll_cardinality(", row["example"]))
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
            assert [[str(x) for x in line] for line in found] == [[row["shows"]]], (found, row["shows"])

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


def run_extensions_only(report, session):
    for name, query, wanted in cases.SPARKS_OWN:
        report.test(name, lambda: expect_rows(session, query, wanted))


def main():
    jar, functions, path, kind = sys.argv[1:]
    with open(functions, encoding="utf-8") as file:
        table = json.load(file)
    with tempfile.TemporaryDirectory() as folder:
        session = getattr(sessions, kind)(folder, jar)
        report = Report(f"spark-{session.version}-{kind}")
        for way in ("extensions", "catalog"):
            run_cases(report, session, way)
            run_table(report, session, way, table)
        run_extensions_only(report, session)
        session.stop()
    sys.exit(0 if report.write(path) else 1)


main()
