# SPDX-License-Identifier: Apache-2.0
"""Files with long values: keys.parquet, activity of many long keys, and sketches.parquet, many sketches in one row group."""

import datetime
import pathlib
import sys

import pyarrow as pa
import pyarrow.parquet as pq

folder = pathlib.Path(sys.argv[1])
DAY = datetime.date(2016, 9, 5)
# Small pages: a batch of values that is encoded at once is one page.
SMALL = {"use_dictionary": False, "write_batch_size": 1, "compression": "zstd"}

keys = pa.array([f"{i} " + "x" * 100_000 for i in range(2000)])
activity = pa.table({"client_id": pa.array(range(2000)), "activitydate": pa.array([DAY] * 2000), "url": keys})
pq.write_table(activity, folder / "keys.parquet", **SMALL)

dense = bytes([2, 16]) + bytes([1]) * (1 << 16)
sketches = pa.table({"activitydate": pa.array([DAY] * 8192), "hll": pa.array([dense] * 8192, pa.binary())})
pq.write_table(sketches, folder / "sketches.parquet", **SMALL)
