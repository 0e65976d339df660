# SPDX-License-Identifier: Apache-2.0
"""Ways to bring the jar to a session, and what is wrong with it on a node: each case is a process of its own.

usage: loading.py JAR WHEEL REPORT
"""

import glob
import hashlib
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import zipfile

import processes
import report as reports
import sessions

COUNT = "SELECT hll_cardinality(hll_merge(hll_create(CAST(id AS STRING), 12))) AS n FROM range(0, 2000, 1, 4) GROUP BY id % 2"


def expect_counts(session, query=COUNT):
    found = sorted(sessions.rows(session, query))
    assert len(found) == 2 and all(950 < n < 1050 for (n,) in found), found


def expect_problem(session, *parts):
    """The library cannot be loaded: the error says so, with these words."""
    try:
        sessions.rows(session, COUNT)
    except Exception as e:
        for part in ("HEADCOUNT_LIBRARY", *parts):
            assert part in str(e), f"{part} is not in {str(e)[:900]}"
        return
    raise AssertionError("no error")


def local_cluster(folder, jar, wheel):
    """Executors in processes of their own, one of which is killed."""
    session = sessions.cluster(folder, jar, 1024)
    expect_counts(session)
    expect_counts(session, COUNT.replace("hll_", "headcount.fn.hll_"))
    os.kill(processes.executors()[0], signal.SIGKILL)
    expect_counts(session)


def class_path(folder, jar, wheel):
    """On the class path, where Spark 4 finds the extensions itself."""
    import pyspark

    settings = {"spark.jars": "", "spark.driver.extraClassPath": jar, "spark.executor.extraClassPath": jar}
    if pyspark.__version__ >= "4":
        settings["spark.sql.extensions"] = ""
    expect_counts(sessions.classic(folder, jar, **settings))


POM = """<project><modelVersion>4.0.0</modelVersion>
<groupId>io.github.headcounthll</groupId><artifactId>headcount-spark</artifactId><version>1</version></project>
"""


def packages(folder, jar, wheel):
    """By spark.jars.packages, from a Maven repository that is a folder."""
    place = os.path.join(folder, "repository", "io", "github", "headcounthll", "headcount-spark", "1")
    os.makedirs(place)
    shutil.copy(jar, os.path.join(place, "headcount-spark-1.jar"))
    with open(os.path.join(place, "headcount-spark-1.pom"), "w", encoding="utf-8") as file:
        file.write(POM)
    expect_counts(sessions.classic(folder, "", **{
        "spark.jars.packages": "io.github.headcounthll:headcount-spark:1",
        "spark.jars.repositories": f"file://{folder}/repository",
        "spark.jars.ivy": os.path.join(folder, "ivy"),
    }))


def read_only_directory(folder, jar, wheel):
    session = sessions.classic(folder, jar, **{"spark.headcount.libraryDirectory": "/proc/headcount"})
    expect_problem(session, "spark.headcount.libraryDirectory", "/proc/headcount")


def read_only_home(folder, jar, wheel):
    """Nothing is written to the home directory."""
    os.environ["HOME"] = "/proc"
    options = f"-Duser.home=/proc -Djava.io.tmpdir={folder} -Dderby.system.home={folder}"
    expect_counts(sessions.classic(folder, jar, **{"spark.driver.extraJavaOptions": options}))


def noexec_directory(folder, jar, wheel):
    session = sessions.classic(folder, jar, **{"spark.headcount.libraryDirectory": os.path.join(folder, NOEXEC, "libraries")})
    expect_problem(session, "spark.headcount.libraryDirectory", "noexec", folder)


def shared_directory(folder, jar, wheel):
    shared = os.path.join(folder, "shared")
    os.mkdir(shared)
    os.chmod(shared, 0o777)
    session = sessions.classic(folder, jar, **{"spark.headcount.libraryDirectory": shared})
    expect_problem(session, "spark.headcount.libraryDirectory", "other users")


def changed_library(folder, jar, wheel):
    """A file of the directory that is not the jar's is replaced before it is loaded."""
    directory = os.path.join(folder, "libraries")
    session = sessions.classic(folder, jar, **{"spark.headcount.libraryDirectory": directory})
    with zipfile.ZipFile(jar) as content:
        arch = {"x86_64": "amd64", "aarch64": "arm64"}[platform.machine()]
        library = content.read(f"native/{arch}/libheadcount.so")
    place = os.path.join(directory, hashlib.sha256(library).hexdigest())
    os.makedirs(place, 0o700)
    os.chmod(directory, 0o700)
    with open(os.path.join(place, "libheadcount.so"), "wb") as file:
        file.write(b"not a library")
    expect_counts(session)
    with open(os.path.join(place, "libheadcount.so"), "rb") as file:
        assert file.read() == library
    assert os.listdir(directory) == [os.path.basename(place)], "a file was left behind"


def interrupted(folder, jar, wheel):
    """A thread is interrupted while it loads the library, as that of a cancelled task is: the library loads all the same."""
    session = sessions.classic(folder, jar)
    execution = session.sql("SELECT hex(hll_create('a')) AS s")._jdf.queryExecution()
    thread = session._jvm.java.lang.Thread
    libraries = os.path.join(folder, "headcount-spark-*", "*", "*.so")
    assert not glob.glob(libraries)
    thread.currentThread().interrupt()
    # The optimizer computes the constant in this thread.
    plan = execution.optimizedPlan().toString()
    assert len(glob.glob(libraries)) == 1
    assert thread.interrupted(), "the thread is not interrupted any more"
    assert "030CC50202" in plan, plan
    expect_counts(session)


def two_versions(folder, jar, wheel):
    expect_problem(sessions.classic(folder, f"{jar},{sessions.other_release(folder, jar)}"), "several versions", "0.0.9")


def repl(folder, jar, wheel):
    """spark-shell, whose classes have a class loader of their own."""
    home = os.path.dirname(__import__("pyspark").__file__)
    script = f'''spark.sql("{COUNT}").collect().foreach(row => println("counted " + row.getLong(0)))
spark.udf.register("my_merge", new io.github.headcounthll.spark.HyperLogLogMerge)
spark.sql("SELECT hll_cardinality(my_merge(hll_create('a'))) AS n").collect().foreach(row => println("registered " + row.getLong(0)))
:quit
'''
    shell = [os.path.join(home, "bin", "spark-shell"), "--master", "local[2]", "--jars", jar, "--conf", "spark.ui.enabled=false",
             "--conf", f"spark.sql.extensions={sessions.EXTENSIONS}", "--conf", f"spark.local.dir={folder}",
             "--conf", "spark.driver.host=127.0.0.1",
             "--driver-java-options", f"-Djava.io.tmpdir={folder} -Dderby.system.home={folder}"]
    done = subprocess.run(shell, input=script, capture_output=True, text=True, cwd=folder, timeout=600, check=False,
                          env=dict(os.environ, SPARK_HOME=home))
    # A line may begin with the shell's prompt.
    counts = re.findall(r"counted (\d+)$", done.stdout, re.M)
    assert len(counts) == 2 and all(950 < int(n) < 1050 for n in counts), done.stdout[-1500:] + done.stderr[-1500:]
    assert re.findall(r"registered (\d+)$", done.stdout, re.M) == ["1"], done.stdout[-1500:]


def python_wheel(folder, jar, wheel):
    """The wheel in a virtual environment of its own, which finds PySpark in this one."""
    in_an_environment(installed_wheel.__name__, folder, jar, wheel)


def python_wheel_connect(folder, jar, wheel):
    """The same with Spark Connect, on a server without the jar and on one that has it and the extensions."""
    in_an_environment(installed_wheel_connect.__name__, folder, jar, wheel)


def in_an_environment(case, folder, jar, wheel):
    import pyspark

    place = os.path.join(folder, "environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place], check=True)
    python = os.path.join(place, "bin", "python")
    subprocess.run([sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--disable-pip-version-check", "--no-index",
                    "--no-deps", wheel], check=True)
    site = glob.glob(os.path.join(place, "lib", "*", "site-packages"))[0]
    with open(os.path.join(site, "pyspark.pth"), "w", encoding="utf-8") as file:
        # With the .pth files there: PySpark 3.5 needs distutils, which Python 3.12 has from setuptools only.
        file.write(f"import site; site.addsitedir({os.path.dirname(os.path.dirname(pyspark.__file__))!r})\n")
    run_case(case, jar, wheel, folder, python)


def installed_wheel(folder, jar, wheel):
    import headcount.spark as hc

    assert hc.__file__.startswith(folder), hc.__file__
    builder = sessions.builder(folder, "")
    builder = builder.config("spark.sql.extensions", "")
    use_module(hc.session(builder))


def installed_wheel_connect(folder, jar, wheel):
    import pyspark

    import headcount.spark as hc

    others = sessions.connect_jars(pyspark.__version__)
    with sessions.connect(folder, *others) as client:
        session = client(hc.session)
        assert session.conf.get(hc.NAMES) == hc.PREFIX
        use_module(session)
    with sessions.connect(folder, jar, *others, **{"spark.sql.extensions": sessions.EXTENSIONS}) as client:
        session = client(hc.session)
        assert session.conf.get(hc.NAMES, "") == ""
        use_module(session)


def use_module(session):
    """Every function of the module."""
    from pyspark.sql import functions as F

    import headcount.spark as hc

    ids = session.range(2000).select((F.col("id") % 2).alias("k"), F.col("id").cast("string").alias("name"))
    found = ids.groupBy("k").agg(
        hc.hll_cardinality(hc.hll_merge(hc.hll_create("name"))), hc.hll_cardinality(hc.hll_agg(F.col("name"), 12))).collect()
    assert len(found) == 2 and all(950 < row[1] < 1050 and row[1] == row[2] for row in found), found
    pair = session.sql("SELECT X'030C010005' AS a, X'030CC50202' AS b, true AS yes, 'x' AS id")
    row = pair.select(
        hc.hll_cardinality(hc.hll_unite("a", "b")), hc.hll_cardinality(hc.hll_unite(F.array("a", "b"))), hc.hll_precision("a"),
        hc.hll_precision(hc.hll_reduce("a", 10)), hc.hll_estimate(hc.empty_hll()), hc.hll_bounds(hc.empty_hll(), 2),
        hc.hll_intersection("a", hc.empty_hll()), hc.hll_jaccard("a", hc.empty_hll(12)), hc.to_hll("a"), hc.try_to_hll("id")).collect()[0]
    wanted = (2, 2, 12, 10, 0.0, (0.0,), (0.0, 0.0, 0.0), 0.0, bytes.fromhex("030C010005"), None)
    assert (*row[:5], tuple(row[5])[:1], tuple(row[6]), row[7], bytes(row[8]), row[9]) == wanted, row
    assert pair.agg(hc.hll_cardinality(hc.hll_filtered_merge("a", "yes"))).collect()[0][0] == 1


CASES = [local_cluster, class_path, packages, read_only_directory, read_only_home, noexec_directory, shared_directory,
         changed_library, interrupted, two_versions, repl, python_wheel, python_wheel_connect]
# The name of a file system in the folder of noexec_directory.
NOEXEC = "noexec"
MOUNTED = ["unshare", "--map-root-user", "--mount", "sh", "-c", 'mkdir "$0" && mount -t tmpfs -o noexec tmpfs "$0" && exec "$@"']


def child(name, jar, wheel, folder):
    case = next(case for case in [*CASES, installed_wheel, installed_wheel_connect] if case.__name__ == name)
    case(folder, jar, wheel)


def run_case(name, jar, wheel, folder, python=sys.executable):
    command = [python, __file__, "--case", name, jar, wheel, folder]
    if name == noexec_directory.__name__:
        command = [*MOUNTED, os.path.join(folder, NOEXEC), *command]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stderr[-3000:]


def in_a_process(name, jar, wheel):
    folder = tempfile.mkdtemp(prefix="headcount-")
    try:
        run_case(name, jar, wheel, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main():
    import pyspark

    if sys.argv[1] == "--case":
        child(*sys.argv[2:])
        return
    jar, wheel, path = sys.argv[1:4]
    chosen = sys.argv[4:]
    report = reports.Report(f"spark-{pyspark.__version__}-loading", path)
    for case in CASES:
        if not chosen or case.__name__ in chosen:
            report.test(case.__name__, lambda: in_a_process(case.__name__, jar, wheel))
    sys.exit(0 if report.write() else 1)


main()
