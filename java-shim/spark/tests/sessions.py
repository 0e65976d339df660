# SPDX-License-Identifier: Apache-2.0
"""Sessions with the jar, each way that a user can set it up."""

import os
import re
import subprocess
import tempfile

EXTENSIONS = "io.github.headcounthll.spark.HeadcountExtensions"
CATALOG = "io.github.headcounthll.spark.HeadcountCatalog"
PREFIX = {"extensions": "", "catalog": "headcount.fn."}


def builder(folder, jar, master="local[2]", **conf):
    """A builder of a classic session whose files stay in folder. The jar comes by spark.jars, as in a cluster."""
    from pyspark.sql import SparkSession

    settings = {
        "spark.jars": jar,
        "spark.sql.extensions": EXTENSIONS,
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "3",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.local.dir": folder,
        "spark.sql.warehouse.dir": os.path.join(folder, "warehouse"),
        "spark.driver.extraJavaOptions": f"-Dderby.system.home={folder} -Djava.io.tmpdir={folder}",
        "spark.sql.session.timeZone": "UTC",
        "spark.log.level": "OFF",
    }
    settings.update(conf)
    made = SparkSession.builder.master(master)
    for key, value in settings.items():
        made = made.config(key, value)
    return made


def classic(folder, jar, master="local[2]", **conf):
    """A session with the extensions, and with the catalog, which is set while the session runs."""
    session = builder(folder, jar, master, **conf).getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    session.conf.set("spark.sql.catalog.headcount", CATALOG)
    return session


def named(query, way):
    """The query with the functions' names as the way has them."""
    return re.sub(r"@(\w+)", lambda match: PREFIX[way] + match.group(1), query)


def value(x):
    """A value of a row, comparable: a struct is a tuple, binary is bytes."""
    if isinstance(x, bytearray):
        return bytes(x)
    return x


def rows(session, query):
    return [tuple(value(x) for x in row) for row in session.sql(query).collect()]


def condition(error):
    """The error condition, by the methods of Spark 4 and of 3.5."""
    for method in ("getCondition", "getErrorClass"):
        if hasattr(error, method) and getattr(error, method)():
            return getattr(error, method)()
    found = re.search(r"\[([A-Z][A-Z_.0-9]+)\]", str(error))
    return found.group(1) if found else None
