# SPDX-License-Identifier: Apache-2.0
"""Sessions with the jar, each way that a user can set it up."""

import contextlib
import glob
import os
import re
import signal
import socket
import subprocess
import time
import zipfile

EXTENSIONS = "io.github.headcounthll.spark.HeadcountExtensions"
CATALOG = "io.github.headcounthll.spark.HeadcountCatalog"
PREFIX = {"extensions": "", "catalog": "headcount.fn."}


def java_options(folder):
    """Options of a driver's JVM whose files stay in folder."""
    return f"-Dderby.system.home={folder} -Djava.io.tmpdir={folder}"


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
        "spark.driver.extraJavaOptions": java_options(folder),
        "spark.sql.session.timeZone": "UTC",
        "spark.ui.showConsoleProgress": "false",
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


def cluster(folder, jar, megabytes, **conf):
    """A session with two executors in processes of their own, each with one core and a heap of this size."""
    import pyspark

    os.environ.update(SPARK_HOME=os.path.dirname(pyspark.__file__), SPARK_WORKER_DIR=folder)
    return classic(folder, jar, f"local-cluster[2,1,{megabytes}]", **{"spark.executor.memory": f"{megabytes}m"}, **conf)


@contextlib.contextmanager
def connect(folder, *jars, **conf):
    """A client of a Spark Connect server in a process of its own, with these jars."""
    import pyspark
    from pyspark.sql import SparkSession

    home = os.path.dirname(pyspark.__file__)
    port = free_port()
    settings = {
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": str(port),
        "spark.driver.host": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "3",
        "spark.local.dir": folder,
        "spark.sql.warehouse.dir": os.path.join(folder, "warehouse"),
        "spark.driver.extraJavaOptions": java_options(folder),
    }
    settings.update(conf)
    command = [os.path.join(home, "bin", "spark-submit"), "--master", "local[2]"]
    if jars:
        command += ["--jars", ",".join(jars)]
    for key, value in settings.items():
        command += ["--conf", f"{key}={value}"]
    command += ["--class", "org.apache.spark.sql.connect.service.SparkConnectServer", "spark-internal"]
    log = os.path.join(folder, "connect.log")
    with open(log, "w", encoding="utf-8") as out:
        server = subprocess.Popen(command, stdout=out, stderr=out, cwd=folder, env=dict(os.environ, SPARK_HOME=home), start_new_session=True)
    clients = []

    def client(make=lambda builder: builder.create()):
        clients.append(make(SparkSession.builder.remote(f"sc://127.0.0.1:{port}")))
        return clients[-1]

    try:
        wait_for(port, server, log)
        yield client
    finally:
        for session in clients:  # or the client waits for the server at exit
            session.stop()
        os.killpg(server.pid, signal.SIGTERM)
        server.wait()


def other_release(folder, jar):
    """A copy of the jar as another release, whose libraries have other bytes."""
    path = os.path.join(folder, "headcount-spark-0.0.9.jar")
    with zipfile.ZipFile(jar) as source, zipfile.ZipFile(path, "w") as copy:
        for name in source.namelist():
            data = source.read(name)
            if name == "META-INF/headcount-spark.properties":
                data = b"version=0.0.9\n"
            copy.writestr(name, data + b"\0" if name.endswith(".so") else data)
    return path


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port, server, log):
    for _ in range(600):
        if server.poll() is not None:
            break
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.5)
    with open(log, encoding="utf-8") as file:
        raise RuntimeError("the Spark Connect server did not start:\n" + file.read()[-3000:])


def connect_jars(version):
    """PySpark 3.5 comes without the server; the build fetches it."""
    import pyspark

    if glob.glob(os.path.join(os.path.dirname(pyspark.__file__), "jars", "spark-connect_*.jar")):
        return []
    return [os.path.join(os.environ["HEADCOUNT_BUILD"], "pyspark", f"spark-connect-{version}.jar")]


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
