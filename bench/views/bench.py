#!/usr/bin/env python3
"""headcount view and headcount longitudinal, and DuckDB making the same columns from the same pings, in one run.

usage: bench.py HEADCOUNT [--folder FOLDER] [--clients N] [--days N] [--longitudinal-clients N]

Prints two tables: seconds, pings a second, CPU seconds and peak memory of each, and sizes. Fails if the view's rows are not those of
DuckDB. Times depend on the machine and are not judged.
"""

import argparse
import pathlib
import shutil
import subprocess
import sys
import time

import duckdb

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
import process  # noqa: E402

THREADS = 2
MEMORY = "700MB"  # what longitudinal sorts in memory
TIMES = 10  # how often the pings are read for the figure of memory

# What builtin/client_activity.yaml says, for DuckDB.
ACTIVITY = """
SELECT json->>'$.clientId' AS client_id,
       CAST(left(json->>'$.payload.info.subsessionStartDate', 10) AS date) AS activitydate,
       CASE WHEN regexp_replace(channel, '-cck-.*', '') IN ('release', 'beta', 'aurora', 'nightly', 'esr')
            THEN regexp_replace(channel, '-cck-.*', '') ELSE 'Other' END AS normalizedchannel,
       CASE WHEN regexp_full_match(coalesce(json->>'$.meta.geoCountry', ''), '[A-Z]{{2}}')
            THEN json->>'$.meta.geoCountry' ELSE '??' END AS country,
       json->>'$.application.version' AS version,
       json->>'$.environment.system.os.name' AS os,
       CAST(json->>'$.environment.settings.e10sEnabled' AS boolean) AS e10senabled,
       CASE WHEN coalesce(json->>'$.environment.addons.activeExperiment', '{{}}') = '{{}}'
            THEN json->>'$.environment.settings.e10sCohort' END AS e10scohort,
       json->>'$.meta.submissionDate' AS submission_date
FROM (SELECT json, coalesce(json->>'$.application.channel', json->>'$.meta.appUpdateChannel') AS channel
      FROM read_ndjson_objects({pings}, maximum_object_size = 16777216))
"""


def measure(command):
    """Runs a command and returns its seconds, CPU seconds and peak memory in MB. What it says is printed if it fails."""
    status, seconds, cpu, peak, said = process.measure(command)
    if status != 0:
        raise SystemExit(f"{' '.join(map(str, command))}: {said}")
    return seconds, cpu, peak


def duckdb_view(pings, out):
    """The command for the same view by DuckDB, in a process of its own."""
    query = ACTIVITY.format(pings=repr(str(pings)))
    program = f"""
import duckdb
db = duckdb.connect(config={{"threads": {THREADS}}})
db.execute('''COPY ({query}) TO '{out}' (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (submission_date), OVERWRITE)''')
"""
    return [sys.executable, "-c", program]


def seconds_of(query):
    """The least of three times of a query in DuckDB."""
    db = duckdb.connect(config={"threads": THREADS})
    times = []
    for _ in range(3):
        began = time.monotonic()
        db.execute(query).fetchall()
        times.append(time.monotonic() - began)
    return min(times)


def folder_bytes(folder):
    return sum(f.stat().st_size for f in pathlib.Path(folder).rglob("*.parquet"))


def row(name, pings, seconds, cpu, memory):
    print(f"| {name} | {seconds:.1f} s | {pings / seconds:,.0f} | {cpu:.1f} s | {memory:.0f} MB |", flush=True)


def bench_view(headcount, folder, clients, days):
    pings, ours, theirs = folder / "pings.jsonl", folder / "activity", folder / "duckdb"
    if not pings.exists():
        subprocess.run([headcount, "generate", "pings", "--clients", str(clients), "--days", str(days), "-o", pings], check=True)
    n = int(subprocess.run(["wc", "-l", pings], capture_output=True, check=True, text=True).stdout.split()[0])
    size = pings.stat().st_size
    print(f"\n{n:,} pings of {size / n / 1000:.0f} KB, {THREADS} threads, DuckDB {duckdb.__version__}\n")
    print("| | time | pings a second | CPU | peak memory |\n|---|---:|---:|---:|---:|")
    view = [headcount, "view", "client_activity", "--threads", str(THREADS), "-o", ours]
    subprocess.run(["cat", pings], stdout=subprocess.DEVNULL, check=True)  # both read from the page cache
    seconds, cpu, memory = measure(view + [pings])
    row("`headcount view client_activity`", n, seconds, cpu, memory)
    their_seconds, their_cpu, their_memory = measure(duckdb_view(pings, theirs))
    row("DuckDB, read_ndjson_objects and `->>`", n, their_seconds, their_cpu, their_memory)
    check_equal(ours, theirs)
    row("`headcount view main_summary`", n, *measure([headcount, "view", "main_summary", "--threads", str(THREADS), "-o", folder / "summary", pings]))
    row(f"`headcount view client_activity`, the pings {TIMES} times", TIMES * n,
        *measure(view[:-1] + [folder / "activity10"] + [pings] * TIMES))
    print(f"\nDuckDB / headcount: time {their_seconds / seconds:.1f} (asked: at least 4), CPU {their_cpu / cpu:.1f}; "
          f"{n / seconds:,.0f} pings a second (asked: at least 2,000)")
    sizes(folder, pings, ours)


def check_equal(ours, theirs):
    query = "SELECT * FROM read_parquet('{}/*/*.parquet', hive_partitioning = true, hive_types = {{'submission_date': varchar}})"
    columns = "client_id, activitydate, normalizedchannel, country, version, os, e10senabled, e10scohort, submission_date"
    a, b = (f"(SELECT {columns} FROM ({query.format(f)}))" for f in (ours, theirs))
    differences = duckdb.sql(f"SELECT count(*) FROM (({a} EXCEPT ALL {b}) UNION ALL ({b} EXCEPT ALL {a}))").fetchall()[0][0]
    if differences:
        raise SystemExit(f"{differences} rows differ between headcount's view and DuckDB's")


def sizes(folder, pings, ours):
    fields = folder / "fields.json.gz"
    duckdb.sql(f"COPY (SELECT * FROM read_parquet('{ours}/*/*.parquet')) TO '{fields}' (FORMAT json, COMPRESSION gzip)")
    if not (folder / "pings.jsonl.gz").exists():
        with open(folder / "pings.jsonl.gz", "wb") as out:
            subprocess.run(["gzip", "-c", pings], stdout=out, check=True)
    parquet, gz, raw = folder_bytes(ours), fields.stat().st_size, (folder / "pings.jsonl.gz").stat().st_size
    print(f"view: {parquet / 1e6:.2f} MB; the same fields as gzipped JSON: {gz / 1e6:.2f} MB ({gz / parquet:.1f} times); "
          f"the pings, gzipped: {raw / 1e6:.0f} MB ({raw / parquet:,.0f} times)")
    over_view = seconds_of(f"SELECT os, version, count(*) FROM read_parquet('{ours}/*/*.parquet') GROUP BY ALL")
    over_json = seconds_of("SELECT json->>'$.environment.system.os.name' AS os, json->>'$.application.version' AS version, count(*) "
                           f"FROM read_ndjson_objects('{pings}', maximum_object_size = 16777216) GROUP BY ALL")
    print(f"count by OS and version in DuckDB: view {over_view * 1000:.1f} ms, JSON {over_json * 1000:,.0f} ms ({over_json / over_view:,.0f} times)")


def generate_view(folder, clients, days):
    """A view of clients that each have a row on every day, as view writes it: a folder a day, sorted by client."""
    if folder.exists():
        return
    incoming = folder.with_suffix(".incoming")
    shutil.rmtree(incoming, ignore_errors=True)
    db = duckdb.connect(config={"threads": THREADS})
    for day in range(days):
        part = incoming / f"submission_date=201611{day + 1:02d}"
        part.mkdir(parents=True)
        db.execute(f"""COPY (
            SELECT CAST(md5(CAST(i AS varchar)) AS varchar) AS client_id, DATE '2016-11-01' + {day} AS activitydate,
                   CASE WHEN i % 10 = 0 THEN 'beta' ELSE 'release' END AS normalizedchannel,
                   ['US', 'DE', 'FR', 'IN', 'BR'][1 + i % 5] AS country, (49 + (i + {day}) // {clients})::varchar || '.0' AS version,
                   CASE WHEN i % 8 = 0 THEN 'Darwin' ELSE 'Windows_NT' END AS os, i % 2 = 0 AS e10senabled, 'test' AS e10scohort
            FROM range({clients}) AS r(i) ORDER BY client_id
        ) TO '{part}/headcount.parquet' (FORMAT parquet, COMPRESSION zstd)""")
    incoming.rename(folder)


def content(folder):
    """The number of a table's rows and the sum of their hashes."""
    query = f"SELECT count(*), sum(hash(t)::hugeint) FROM read_parquet('{folder}/*.parquet') AS t"
    return duckdb.connect(config={"threads": THREADS}).sql(query).fetchall()


def bench_longitudinal(headcount, folder, clients, days):
    view, rebuilt, table = folder / f"view{clients}", folder / "rebuilt", folder / "longitudinal"
    generate_view(view, clients, days)
    print(f"\n{clients:,} clients, {days} days: {clients * days / 1e6:g} million rows ({folder_bytes(view) / 1e6:,.0f} MB)\n")
    print("| | time | rows a second | CPU | peak memory |\n|---|---:|---:|---:|---:|")
    for old in (rebuilt, table):
        shutil.rmtree(old, ignore_errors=True)
    command = [headcount, "longitudinal", "--threads", str(THREADS), "--memory", MEMORY, "-o"]
    build = measure(command + [f"{rebuilt}/", view])
    row("`headcount longitudinal`", clients * days, *build)
    name = f"submission_date=201611{days:02d}"
    measure(command + [f"{table}/"] + sorted(p for p in view.iterdir() if p.name != name))
    update = measure(command + [f"{table}/", "--update", f"{table}/", view / name])
    row("`headcount longitudinal --update`, the last day", clients, *update)
    print(f"\nupdate / rebuild: time {update[0] / build[0]:.3f}, CPU {update[1] / build[1]:.3f} (asked: at most 0.05); "
          f"rebuild: {build[0]:.0f} s (asked: at most 300), {build[2]:,.0f} MB (asked: at most 1,000)")
    if content(rebuilt) != content(table):
        raise SystemExit("the updated table is not the rebuilt one")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("headcount", type=pathlib.Path)
    parser.add_argument("--folder", type=pathlib.Path, default=pathlib.Path("build/bench/views"))
    parser.add_argument("--clients", type=int, default=720)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--longitudinal-clients", type=int, default=1_000_000)
    a = parser.parse_args()
    a.folder.mkdir(parents=True, exist_ok=True)
    if a.clients:
        bench_view(a.headcount.resolve(), a.folder, a.clients, a.days)
    if a.longitudinal_clients:
        bench_longitudinal(a.headcount.resolve(), a.folder, a.longitudinal_clients, a.days)


if __name__ == "__main__":
    main()
