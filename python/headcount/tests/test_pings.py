# SPDX-License-Identifier: Apache-2.0
"""headcount.pings against Python's json over the same files, and histograms against the layouts' vectors."""

import ctypes
import datetime
import gzip
import itertools
import json
import re
import threading
import zlib

import headcount
import pyarrow as pa
import pytest
import vectors
from headcount import _pings

FILE = vectors.ROOT / "rollup" / "testdata" / "pings.json.gz"
PINGS = [json.loads(line) for line in gzip.open(FILE)]
CHOSEN = ["id", "environment/system/os/name", "application/channel", "payload/simpleMeasurements", "meta/sampleId"]


def get(ping, *path):
    for key in path:
        ping = ping.get(key) if isinstance(ping, dict) else None
    return ping


def by_json(keep=lambda ping: True, paths=CHOSEN):
    return sorted(({p: get(ping, *p.split("/")) for p in paths} for ping in PINGS if keep(ping)), key=repr)


def by_headcount(**arguments):
    return sorted(headcount.pings(FILE, **{"properties": CHOSEN, **arguments}), key=repr)


def test_properties_are_those_of_json():
    assert len(PINGS) == 400
    assert by_headcount() == by_json()


def test_whole_pings():
    assert sorted(headcount.pings(FILE), key=repr) == sorted(PINGS, key=repr)


@pytest.mark.parametrize(
    "arguments, keep",
    [
        ({"channel": "nightly"}, lambda p: get(p, "application", "channel") == "nightly"),
        ({"channel": ["nightly", "beta"]}, lambda p: get(p, "application", "channel") in ("nightly", "beta")),
        ({"version": "52.0a1"}, lambda p: get(p, "application", "version") == "52.0a1"),
        (
            {"submission_date": ("20161101", datetime.date(2016, 11, 1))},
            lambda p: get(p, "meta", "submissionDate") == "20161101",
        ),
        ({"build_id": ("20161029", "20161030")}, lambda p: "20161029" <= str(get(p, "application", "buildId"))[:8] <= "20161030"),
        (
            {"fraction": 0.3},
            lambda p: isinstance(p.get("clientId"), str) and zlib.crc32(p["clientId"].encode()) % 100 < 30,
        ),
    ],
    ids=["channel", "channels", "version", "days", "builds", "clients"],
)
def test_filters_and_samples(arguments, keep):
    expected = by_json(keep)
    assert 0 < len(expected) < len(PINGS)
    assert by_headcount(**arguments) == expected


def test_table():
    pings = headcount.pings(FILE, properties={"os": CHOSEN[1], "channel": CHOSEN[2], "measures": CHOSEN[3], "none": "a/b"})
    table = pings.to_arrow()
    assert table.schema.types == [pa.string(), pa.string(), pa.string(), pa.null()]
    expected = by_json(paths=CHOSEN[1:4])
    got = [[r["os"], r["channel"], r["measures"] and json.loads(r["measures"])] for r in table.to_pylist()]
    text = [[v if i == 2 or isinstance(v, str) else None for i, v in enumerate(row.values())] for row in expected]
    assert sorted(got, key=repr) == sorted(text, key=repr)
    assert pings.counts["selected"] == 400
    assert list(pings.to_pandas().columns) == pings.to_polars().columns == ["os", "channel", "measures", "none"]


def test_histograms():
    path = "payload/histograms/GC_MS"
    bounds = next(
        v["result"]
        for v in vectors.read("hist/hist.jsonl")
        if v["function"] == "histogram_buckets" and (v["kind"], v["low"], v["high"], v["n"]) == ("exponential", 1, 10000, 50)
    )
    whole = [
        h
        for h in (get(ping, *path.split("/")) for ping in PINGS)
        if isinstance(h, dict) and isinstance(h.get("values"), dict) and h.get("range") == [1, 10000] and type(h.get("sum")) is int
        and h.get("histogram_type") == 0 and h.get("bucket_count") == 50 and all(type(n) is int for n in h["values"].values())
    ]  # fmt: skip
    # A sum that no 64-bit integer holds is None.
    expected = [{"bounds": bounds, "counts": [h["values"].get(str(b), 0) for b in bounds], "sum": h["sum"] if h["sum"] < 2**63 else None} for h in whole]
    assert len(expected) > 200
    pings = headcount.pings(FILE, properties={"gc": path})
    found = [p["gc"] for p in pings]
    assert all(h in found for h in expected)
    kind = pings.to_arrow().schema.field("gc").type
    assert kind == pa.struct([("bounds", pa.list_(pa.int64())), ("counts", pa.list_(pa.int64())), ("sum", pa.int64())])
    assert pings.counts["other_type"].keys() <= {"gc"}


def test_percentiles_equal_the_vectors():
    tried = 0
    for v in vectors.read("hist/hist.jsonl"):
        if v["function"] == "histogram_percentile":
            tried += 1
            got = headcount.percentile({"bounds": v["buckets"], "counts": v["counts"]}, v["p"])
            assert got is v["result"] is None or got == pytest.approx(v["result"], rel=1e-12)
    assert tried > 300
    for histogram, p in (({"bounds": [0, 1], "counts": [1]}, 50), ({"bounds": [0, 1], "counts": [1, 1]}, 101), ({"bounds": [1, 0], "counts": [1, 1]}, 5)):
        with pytest.raises(headcount.HeadcountError):
            headcount.percentile(histogram, p)


def test_medians_are_those_of_percentile():
    path = "payload/histograms/MEMORY_TOTAL_LINEAR"
    arguments = dict(properties={"id": "id", "h": path}, threads=1)
    arrays = {p["id"]: p["h"] for p in headcount.pings(FILE, **arguments)}
    medians = {p["id"]: p["h"] for p in headcount.pings(FILE, only_median=True, **arguments)}
    several = {p["id"]: p["h"] for p in headcount.pings(FILE, percentiles=[5, 50], **arguments)}
    tried = 0
    for id, h in arrays.items():
        if isinstance(h, dict) and "bounds" in h:
            tried += 1
            expected = headcount.percentile(h, 50)
            assert medians[id] == expected
            assert several[id] == (None if expected is None else [headcount.percentile(h, 5), expected])
    assert tried > 200


def test_errors(tmp_path):
    for arguments, want in (
        ({"fraction": 0.001}, "steps of 0.01"),
        ({"fraction": 2}, "fraction 2"),
        ({"sample": "days"}, "sample"),
        ({"percentiles": [101]}, "percentile 101"),
        ({"version": ("50", "52")}, "a range is for"),
        ({"submission_date": ("20161101",)}, "a range is"),
        ({"properties": ["a", "a"]}, "twice"),
    ):
        with pytest.raises(headcount.HeadcountError, match=want):
            headcount.pings(FILE, **arguments)
    with pytest.raises(TypeError):
        headcount.pings(FILE, channel=5)
    with pytest.raises(headcount.HeadcountError, match="no such file"):
        list(headcount.pings(tmp_path / "missing", properties=["a"]))
    with pytest.raises(headcount.HeadcountError, match="a table needs properties"):
        headcount.pings(FILE).to_arrow()
    broken = tmp_path / "broken.json"
    broken.write_text('{"a": 1}\n{"a": \n')
    pings = headcount.pings(broken, properties=["a"])
    with pytest.raises(headcount.HeadcountError, match="1 of 2 documents were rejected"):
        list(pings)
    assert pings.counts["rejected"] == {"truncated": 1}
    assert list(headcount.pings(broken, properties=["a"], max_rejects=0.5)) == [{"a": 1}]


def test_reading_can_be_left_early(tmp_path):
    large = tmp_path / "large.json"
    large.write_bytes(b'{"a": "%s"}\n' % (b"x" * 50_000) * 800)
    before = threading.active_count()
    for _ in range(3):
        assert len(list(itertools.islice(headcount.pings(large, properties=["a"]), 5))) == 5
    assert threading.active_count() == before


def test_text_that_is_not_utf8(tmp_path):
    odd = tmp_path / "odd.json"
    odd.write_bytes(b'{"a": "x\xff\\u0000\\u00e9"}\n')
    pings = headcount.pings(odd, properties=["a"])
    assert list(pings) == pings.to_arrow().to_pylist() == [{"a": "x\ufffd\0\u00e9"}]


def test_closed_readers_are_errors():
    reader = _pings._Reader({"inputs": [str(FILE)], "fraction": 1, "sample": "clients"})
    reader.close()
    for call in reader.next, reader.counts, reader.close:
        with pytest.raises(headcount.HeadcountError, match="no such reader"):
            call()


def test_table_of_functions_is_that_of_the_header():
    header = (vectors.ROOT / "cgo" / "pings" / "headcount_pings.h").read_text()
    assert int(re.search(r"#define HC_PINGS_ABI_VERSION (\d+)", header)[1]) == _pings.ABI_VERSION
    types = {"int32_t": ctypes.c_int32, "int64_t": ctypes.c_int64}
    declared = re.findall(r"^int32_t (hc_\w+)\(([^)]*)\);", header, re.M)
    assert [name for name, _ in declared] == list(_pings.FUNCTIONS)
    for name, parameters in declared:
        expected = [types.get(p.split()[0]) if "*" not in p else "pointer" for p in parameters.split(",") if p != "void"]
        found = [t if t in types.values() else "pointer" for t in _pings.FUNCTIONS[name]]
        assert found == expected, name
