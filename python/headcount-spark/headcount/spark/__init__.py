# SPDX-License-Identifier: Apache-2.0
"""Headcount's functions for Spark, as functions of columns.

    from headcount.spark import session, hll_cardinality, hll_merge

    spark = session(SparkSession.builder)
    spark.table("client_count").groupBy("activitydate").agg(hll_cardinality(hll_merge("hll")))

A sketch is a column of BINARY. A column argument is a Column, or the name of one. The functions call those of the same name in
SQL, so they work with Spark Connect too: ``session`` sends the jar to a server that does not have it.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Union

if TYPE_CHECKING:
    from pyspark.sql import Column, SparkSession

    ColumnOrName = Union[Column, str]

__all__ = [
    "empty_hll",
    "hll_agg",
    "hll_bounds",
    "hll_cardinality",
    "hll_create",
    "hll_estimate",
    "hll_filtered_merge",
    "hll_intersection",
    "hll_jaccard",
    "hll_merge",
    "hll_precision",
    "hll_reduce",
    "hll_unite",
    "jar",
    "session",
    "to_hll",
    "try_to_hll",
]

EXTENSIONS = "io.github.headcounthll.spark.HeadcountExtensions"
CATALOG = "io.github.headcounthll.spark.HeadcountCatalog"
# Before the names of the catalog's functions.
PREFIX = "headcount.fn."
# The setting of a session that has the functions by the catalog only: what _call puts before a name.
NAMES = "spark.headcount.names"


def jar() -> str:
    """The path of the jar in this package."""
    folder = os.path.dirname(os.path.abspath(__file__))
    jars = [name for name in os.listdir(folder) if name.endswith(".jar")]
    if len(jars) != 1:
        raise FileNotFoundError(f"{folder} has {len(jars)} jars, and a wheel of headcount-spark has 1: install the wheel")
    return os.path.join(folder, jars[0])


def session(builder: SparkSession.Builder) -> SparkSession:
    """A session with the functions: adds the jar, the extensions and the catalog to the builder's settings.

    Settings of spark.jars and spark.sql.extensions that the builder has are kept. With Spark Connect these are settings of the server;
    if the server lacks the functions, the jar is sent to it, for this session. The functions of this module then call those of the
    catalog. In SQL their names are ``headcount.fn.hll_merge`` there, as in a session that runs already and has the jar.
    """
    options = getattr(builder, "_options", {})
    url = options.get("spark.remote", os.environ.get("SPARK_REMOTE", ""))
    if not url.startswith("sc:"):
        for key, value in (("spark.jars", jar()), ("spark.sql.extensions", EXTENSIONS)):
            known = [part for part in options.get(key, "").split(",") if part]
            builder = builder.config(key, ",".join(known if value in known else [*known, value]))
    made = builder.config("spark.sql.catalog.headcount", CATALOG).getOrCreate()
    if _problem(made, "hll_merge"):
        _use_catalog(made, url)
    return made


def _use_catalog(session: SparkSession, url: str) -> None:
    if _problem(session, PREFIX + "hll_merge") and url:
        session.addArtifacts(jar())
    problem = _problem(session, PREFIX + "hll_merge")
    if problem:
        raise RuntimeError(f"this session has no jar of headcount-spark: start it with spark.jars={jar()}, or end it first") from problem
    session.conf.set(NAMES, PREFIX)


def _problem(session: SparkSession, function: str) -> Exception | None:
    """The error of a call of a function; None if the session has it."""
    try:
        session.sql(f"SELECT {function}(CAST(NULL AS BINARY))").schema  # noqa: B018
    except Exception as e:  # of Py4J or gRPC, and other ones for each version of Spark
        return e
    return None


def _call(name: str, *arguments: ColumnOrName | int) -> Column:
    from pyspark.sql import SparkSession, functions

    columns = []
    for argument in arguments:
        if isinstance(argument, int):
            columns.append(functions.lit(argument))
        elif isinstance(argument, str):
            columns.append(functions.col(argument))
        else:
            columns.append(argument)
    return functions.call_function(SparkSession.active().conf.get(NAMES, "") + name, *columns)


def hll_create(id: ColumnOrName, precision: int = 12) -> Column:
    """The sketch of one id at a precision, 4 to 24. The id is hashed by its UTF-8 bytes."""
    return _call("hll_create", id, precision)


def hll_agg(id: ColumnOrName, precision: int = 12) -> Column:
    """Aggregate: the sketch of a group's ids (STRING, BINARY or an integer). It is faster than hll_merge(hll_create(id))."""
    return _call("hll_agg", id, precision)


def hll_merge(sketch: ColumnOrName) -> Column:
    """Aggregate: the union of a group's sketches. NULLs are skipped; without a sketch it is NULL."""
    return _call("hll_merge", sketch)


def hll_filtered_merge(sketch: ColumnOrName, condition: ColumnOrName) -> Column:
    """Aggregate: the union of a group's sketches whose condition is true."""
    return _call("hll_filtered_merge", sketch, condition)


def hll_cardinality(sketch: ColumnOrName) -> Column:
    """The number of distinct ids, BIGINT, exactly as spark-hyperloglog's hll_cardinality returns it."""
    return _call("hll_cardinality", sketch)


def hll_estimate(sketch: ColumnOrName) -> Column:
    """The number of distinct ids by Ertl's improved estimator, DOUBLE."""
    return _call("hll_estimate", sketch)


def hll_bounds(sketch: ColumnOrName, sigmas: int) -> Column:
    """STRUCT<lower, upper>: bounds of the number of distinct ids at 1, 2 or 3 sigmas."""
    return _call("hll_bounds", sketch, sigmas)


def hll_intersection(a: ColumnOrName, b: ColumnOrName) -> Column:
    """STRUCT<estimate, lower, upper>: the number of ids that are in both sketches, with bounds at 2 sigmas."""
    return _call("hll_intersection", a, b)


def hll_jaccard(a: ColumnOrName, b: ColumnOrName) -> Column:
    """The Jaccard index of two sketches, DOUBLE, 0 to 1."""
    return _call("hll_jaccard", a, b)


def hll_unite(a: ColumnOrName, b: ColumnOrName | None = None) -> Column:
    """The union of two sketches, or of the sketches in an array."""
    return _call("hll_unite", a) if b is None else _call("hll_unite", a, b)


def hll_precision(sketch: ColumnOrName) -> Column:
    """The sketch's precision, BIGINT, 4 to 24."""
    return _call("hll_precision", sketch)


def hll_reduce(sketch: ColumnOrName, precision: int) -> Column:
    """The sketch at a lower precision, exactly as if it had been built at that precision."""
    return _call("hll_reduce", sketch, precision)


def empty_hll(precision: int = 12) -> Column:
    """The empty sketch."""
    return _call("empty_hll", precision)


def to_hll(sketch: ColumnOrName) -> Column:
    """The bytes, if they are a valid sketch; otherwise an error."""
    return _call("to_hll", sketch)


def try_to_hll(sketch: ColumnOrName) -> Column:
    """The bytes, if they are a valid sketch; otherwise NULL."""
    return _call("try_to_hll", sketch)
