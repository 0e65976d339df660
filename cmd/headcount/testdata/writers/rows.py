# SPDX-License-Identifier: Apache-2.0
"""The rows that every writer writes, and the list of files that the test reads."""

import csv
import datetime
import json
import pathlib
import sys
import uuid

FOLDER = pathlib.Path(sys.argv[1])
DAY = datetime.date(2016, 9, 5)
ROWS = 4000
DAYS = [DAY + datetime.timedelta(days=i * 5 // ROWS) for i in range(ROWS)]
NUMBERS = [i * 7919 % 2500 for i in range(ROWS)]  # some clients have several rows
UUIDS = [uuid.UUID(int=(n + 1) * 0x9E3779B97F4A7C15F39CC0605CEDC835 % 2**128) for n in NUMBERS]
TEXTS = [str(u) for u in UUIDS]
OSES = [[None, "Linux", "Windows_NT"][i % 3] for i in range(ROWS)]

_files = []


def path(name):
    """The path of a file or folder to write."""
    return str(FOLDER / name)


def expect(name, *args, ids="uuid", error=None, way_out=None, note=None):
    """Adds a file to the list: what build is given for it, and which ids it has or how it is rejected.

    error is what the error says after the file's path, way_out what it says to do.
    """
    assert (error is None) == (way_out is None), name
    _files.append({"file": path(name), "args": list(args), "ids": ids, "error": error, "way_out": way_out, "note": note})


def reference():
    """Writes the same rows as CSV, once for each kind of ids."""
    for kind, ids in {"uuid": TEXTS, "int": NUMBERS}.items():
        with open(path(f"{kind}.csv"), "w", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(["client_id", "activitydate", "os"])
            writer.writerows(zip(ids, DAYS, OSES))


def finish(name):
    """Writes the list."""
    (FOLDER / name).write_text(json.dumps(_files))
