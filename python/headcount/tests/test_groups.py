# SPDX-License-Identifier: Apache-2.0
"""Grouped aggregates against Python's own sets, and against a merge of each group."""

import random

import headcount
import pyarrow as pa
import pytest

RANDOM = random.Random(16)
KEYS = [RANDOM.choice(["release", "beta", "nightly", None]) for _ in range(3000)]
DAYS = [RANDOM.choice([20161101, 20161102]) for _ in KEYS]
IDS = [RANDOM.choice([None, *range(700)]) for _ in KEYS]


def by_hand(keys, values):
    groups = {}
    for key, value in zip(keys, values):
        groups.setdefault(key, []).append(value)
    return groups


def test_build_by_counts_as_sets_do():
    expected = {key: len({i for i in ids if i is not None}) for key, ids in by_hand(zip(KEYS, DAYS), IDS).items()}
    channel, day, hll = headcount.build_by(pa.array(IDS), pa.array(KEYS), pa.array(DAYS), precision=14)
    assert list(zip(channel.to_pylist(), day.to_pylist())) == list(expected), "in the order of occurrence"
    for got, count in zip(headcount.cardinality(hll).to_pylist(), expected.values()):
        assert abs(got - count) <= 0.03 * count


@pytest.mark.parametrize("precision", [4, 12, 18])
def test_merge_by_equals_a_merge_of_each_group(precision):
    sketches = [s if i % 7 else headcount.build(range(i), precision) for i, s in enumerate(headcount.create(IDS, precision))]
    expected = {key: headcount.merge(group) for key, group in by_hand(KEYS, sketches).items()}
    keys, hll = headcount.merge_by(pa.array(sketches), pa.array(KEYS))
    assert dict(zip(keys.to_pylist(), hll.to_pylist())) == expected
    assert headcount.merge_by(sketches, KEYS) == (list(expected), list(expected.values()))


def test_groups_beyond_the_heap(monkeypatch):
    monkeypatch.setattr("headcount._by.HEAP", 5000)
    keys = [i % 40 for i in range(2000)]
    sketches = pa.chunked_array([headcount.create([*range(n, n + 500)], 10) for n in range(0, 2000, 500)], pa.binary())
    expected = {key: headcount.merge(group) for key, group in by_hand(keys, sketches.to_pylist()).items()}
    found, hll = headcount.merge_by(sketches, keys)
    assert dict(zip(found, hll.to_pylist())) == expected


def test_slots_that_were_estimated_too_small(monkeypatch):
    sizes = headcount._by._Aggregation._sizes
    monkeypatch.setattr("headcount._by._Aggregation._sizes", lambda self: pa.array([16] * len(sizes(self)), pa.int64()))
    sketches = [headcount.build(range(i, i + 300)) for i in range(0, 9000, 100)]
    keys = [i % 4 for i in range(len(sketches))]
    expected = {key: headcount.merge(group) for key, group in by_hand(keys, sketches).items()}
    assert dict(zip(*headcount.merge_by(sketches, keys))) == expected


def test_precisions_may_differ_between_groups():
    keys, hll = headcount.merge_by([headcount.create("a", 4), headcount.build(range(9999), 14)], ["small", "large"])
    assert headcount.precision(hll) == [4, 14]


def test_groups_without_a_row():
    assert headcount.merge_by([None, headcount.empty()], ["a", "b"]) == (["a", "b"], [None, headcount.empty()])
    assert headcount.build_by([None, "x"], ["a", "b"]) == (["a", "b"], [headcount.empty(), headcount.create("x")])


def test_errors_name_the_row():
    with pytest.raises(headcount.HeadcountError) as caught:
        headcount.merge_by([headcount.empty(), None, b"no", headcount.empty()], ["b", "b", "a", "a"])
    assert (caught.value.code, caught.value.row) == ("malformed", 2)
    with pytest.raises(headcount.HeadcountError, match="2 and 1 rows"):
        headcount.merge_by([None, None], ["a"])
    with pytest.raises(headcount.HeadcountError, match="precision 25"):
        headcount.build_by([], [], precision=25)


def error_of(call):
    with pytest.raises(headcount.HeadcountError) as e:
        call()
    return str(e.value), e.value.code, e.value.row


@pytest.mark.parametrize("threads", [2, 7])
def test_threads_do_not_change_a_result_or_an_error(threads, monkeypatch):
    monkeypatch.setattr("headcount._groups._PART_BYTES", 1)
    mixed = [None, headcount.empty(4)] + [headcount.build(range(i, i + 4 * i)) for i in range(300)]
    for values in (mixed, pa.array(mixed), pa.chunked_array([mixed[:5], [], mixed[5:]]), [None, None], mixed[1:2]):
        assert headcount.merge(values, threads=threads) == headcount.merge(values, threads=1)
    for ids in (range(3000), pa.array([f"id {i}" for i in range(3000)]), pa.array([None, *range(3000)]), []):
        assert headcount.build(ids, threads=threads) == headcount.build(ids, threads=1)
    for wrong in (b"no sketch", headcount.build(range(5000), 14)):
        values = pa.array(mixed[:200] + [wrong] + mixed[200:] + [wrong])
        one = error_of(lambda: headcount.merge(values, threads=1))
        assert error_of(lambda: headcount.merge(values, threads=threads)) == one and one[2] == 200
    assert error_of(lambda: headcount.merge(mixed, threads=0))[1] == "argument"
