# SPDX-License-Identifier: Apache-2.0
"""Every function against the vectors of the original library, over one value, lists and arrays."""

import hashlib

import headcount
import pyarrow as pa
import pytest
import vectors

SETS = [v for name in ("sets", "threshold", "create", "merges", "downsize") for v in vectors.read(f"hll/{name}.jsonl")]
WITH_BYTES = [v for v in SETS if v.get("outcome", "ok") == "ok" and vectors.sketch(v) is not None]


def test_cardinality_equals_the_vectors():
    bytes_, expected = [vectors.sketch(v) for v in WITH_BYTES], [v["cardinality"] for v in WITH_BYTES]
    assert len(expected) > 800
    assert [headcount.cardinality(s) for s in bytes_] == expected
    assert headcount.cardinality(bytes_) == expected
    assert headcount.cardinality(pa.array(bytes_, pa.binary())).to_pylist() == expected
    assert headcount.cardinality(pa.array(bytes_, pa.large_binary())).to_pylist() == expected


def test_precision_equals_the_vectors():
    assert headcount.precision([vectors.sketch(v) for v in WITH_BYTES]) == [v["bits"] for v in WITH_BYTES]


def test_create_equals_the_vectors():
    created = [v for v in vectors.read("hll/create.jsonl") if v.get("outcome", "ok") == "ok" and vectors.sketch(v)]
    assert len(created) > 300
    for v in created:
        id, expected = bytes.fromhex(v["utf8_hex"]), vectors.sketch(v)
        assert headcount.create(id, v["bits"]) == expected, v["name"]
        assert headcount.create(pa.array([None, id]), v["bits"]).to_pylist() == [None, expected], v["name"]


def digest(sketch):
    return hashlib.sha256(vectors.dense(sketch)).hexdigest()


def test_build_equals_the_vectors():
    tried = 0
    for v in vectors.read("hll/sets.jsonl"):
        ids = vectors.ids(v["ids"])
        if ids is None or v["bits"] > 16:
            continue
        tried += 1
        for made in headcount.build(ids, v["bits"]), headcount.build(pa.array(ids), v["bits"]):
            assert digest(made) == v["dense_sha256"], v["name"]
        assert headcount.cardinality(made) == v["cardinality"], v["name"]
    assert tried > 100


def test_merge_and_union_equal_the_vectors():
    tried = 0
    for v in vectors.read("hll/merges.jsonl"):
        left, right = vectors.sketch(v, "left_"), vectors.sketch(v, "right_")
        if v["outcome"] != "ok" or left is None or right is None:
            continue
        tried += 1
        for made in (
            headcount.union(left, right),
            headcount.merge([left, None, right]),
            headcount.merge(pa.array([left, right])),
            headcount.merge_by([right, left], ["k", "k"])[1][0],
            headcount.union(pa.array([left]), right)[0].as_py(),
        ):
            assert digest(made) == v["dense_sha256"], v["name"]
    assert tried > 50


def test_merge_rejects_the_precisions_that_the_original_rejects():
    tried = 0
    for v in vectors.read("hll/merges.jsonl"):
        left, right = vectors.sketch(v, "left_"), vectors.sketch(v, "right_")
        if v["outcome"] == "ok" or left is None or right is None or left[2:] == b"" or right[2:] == b"":
            continue
        tried += 1
        with pytest.raises(headcount.HeadcountError) as caught:
            headcount.merge(pa.array([left, right]))
        assert (caught.value.code, caught.value.row) == ("precision_mismatch", 1)
        with pytest.raises(headcount.HeadcountError, match="precision"):
            headcount.merge_by(pa.array([left, right]), pa.array([1, 1]))
    assert tried > 3


def test_reduce_equals_the_vectors():
    tried = 0
    for v in vectors.read("hll/downsize.jsonl"):
        ids = vectors.ids(v["ids"]) if "ids" in v else None
        if v.get("outcome", "ok") != "ok" or ids is None:
            continue
        tried += 1
        large = headcount.build(ids, v["from_bits"])
        for made in headcount.reduce(large, v["bits"]), headcount.reduce(pa.array([large]), v["bits"])[0].as_py():
            assert digest(made) == v["dense_sha256"], v["name"]
    assert tried > 10


def test_check_rejects_what_the_original_cannot_read():
    tried = 0
    for v in vectors.read("hll/malformed.jsonl"):
        if v["fromBytes"] == "ok":
            continue
        tried += 1
        bad = bytes.fromhex(v["hex"])
        for call in headcount.check, headcount.cardinality, headcount.estimate, headcount.merge:
            with pytest.raises(headcount.HeadcountError) as caught:
                call([headcount.empty(), None, bad])
            assert (caught.value.code, caught.value.row) == ("malformed", 2), v["name"]
            with pytest.raises(headcount.HeadcountError) as caught:
                call(pa.array([headcount.empty(), None, bad]))
            assert (caught.value.code, caught.value.row) == ("malformed", 2), v["name"]
    assert tried > 40
