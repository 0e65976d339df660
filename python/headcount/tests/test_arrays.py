# SPDX-License-Identifier: Apache-2.0
"""Kinds of arrays: what goes in comes out, NULLs stay, memory is read in place."""

import headcount
import numpy
import pandas
import polars
import pyarrow as pa
import pytest

IDS = ["ada", "grace", None, "edsger", "barbara", ""]
SKETCHES = headcount.create(IDS)
NUMBERS = [1, 1, None, 1, 1, 1]

TYPES = [pa.binary(), pa.large_binary(), pa.binary_view(), pa.dictionary(pa.int32(), pa.binary())]


@pytest.mark.parametrize("kind", TYPES, ids=str)
def test_every_type_of_arrow(kind):
    array = pa.array(SKETCHES, pa.binary()).cast(kind) if not pa.types.is_dictionary(kind) else pa.array(SKETCHES, kind)
    result = headcount.cardinality(array)
    assert isinstance(result, pa.Int64Array)
    assert result.to_pylist() == NUMBERS
    assert headcount.cardinality(headcount.merge(array)) == 5


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view(), pa.binary(), pa.large_binary()], ids=str)
def test_ids_of_every_type(kind):
    assert headcount.create(pa.array(IDS, kind)).to_pylist() == SKETCHES
    assert headcount.build(pa.array(IDS, kind)) == headcount.merge(SKETCHES)


@pytest.mark.parametrize("kind", [pa.int8(), pa.uint16(), pa.int32(), pa.int64(), pa.uint64()], ids=str)
def test_integers_hash_as_their_decimal_text(kind):
    numbers = [7, None, 0, 100]
    assert headcount.create(pa.array(numbers, kind)).to_pylist() == headcount.create(["7", None, "0", "100"])
    assert headcount.build(pa.array(numbers, kind)) == headcount.build(["7", "0", "100"]) == headcount.build(numbers)


def test_slices_and_chunks():
    whole = pa.array(SKETCHES * 3)
    part = whole.slice(4, 9)
    assert headcount.cardinality(part).to_pylist() == (NUMBERS * 3)[4:13]
    assert headcount.reduce(part, 11).to_pylist() == headcount.reduce((SKETCHES * 3)[4:13], 11)
    chunks = pa.chunked_array([part, pa.array([], pa.binary()), whole.slice(0, 2)])
    result = headcount.cardinality(chunks)
    assert isinstance(result, pa.ChunkedArray)
    assert result.to_pylist() == (NUMBERS * 3)[4:13] + NUMBERS[:2]
    ids = pa.array(range(100)).slice(10, 20)
    assert headcount.build(ids) == headcount.build(range(10, 30))


def test_pairs_of_different_chunks():
    a = pa.chunked_array([SKETCHES[:2], SKETCHES[2:]], pa.binary())
    b = pa.chunked_array([SKETCHES[:4], SKETCHES[4:]], pa.large_binary())
    assert headcount.union(a, b).to_pylist() == SKETCHES
    estimates = headcount.intersection(a, b)
    assert estimates.type.names == ["estimate", "lower", "upper"] if hasattr(estimates.type, "names") else True
    assert [row and round(row["estimate"]) for row in estimates.to_pylist()] == NUMBERS
    assert [j and round(j, 6) for j in headcount.jaccard(a, b).to_pylist()] == [1, 1, None, 1, 1, 1]


def test_a_value_meets_every_row():
    one = headcount.create("new")
    united = headcount.union(pa.array(SKETCHES), one)
    assert headcount.cardinality(united).to_pylist() == [2, 2, None, 2, 2, 2]
    assert headcount.union(SKETCHES, one) == united.to_pylist()
    assert headcount.union(pa.array(SKETCHES), None).to_pylist() == [None] * 6


def test_lengths_that_differ():
    for a, b in ((SKETCHES, SKETCHES[:2]), (pa.array(SKETCHES), SKETCHES[:2])):
        with pytest.raises(headcount.HeadcountError, match="6 and 2 rows"):
            headcount.union(a, b)


def test_polars_series():
    series = polars.Series("hll", SKETCHES)
    result = headcount.cardinality(series)
    assert isinstance(result, polars.Series)
    assert (result.name, result.dtype, result.to_list()) == ("hll", polars.Int64, NUMBERS)
    assert headcount.bounds(series).struct.field("upper").null_count() == 1
    assert headcount.create(polars.Series(IDS)).to_list() == SKETCHES
    assert headcount.cardinality(headcount.merge(series)) == 5
    key, hll = headcount.merge_by(series, polars.Series("k", [1, 1, 1, 2, 2, 2]))
    assert (key.name, key.to_list(), headcount.cardinality(hll).to_list()) == ("k", [1, 2], [2, 3])


@pytest.mark.parametrize("dtype", [object, pandas.ArrowDtype(pa.binary())], ids=str)
def test_pandas_series(dtype):
    series = pandas.Series(SKETCHES, index=list("uvwxyz"), name="hll", dtype=dtype)
    result = headcount.cardinality(series)
    assert isinstance(result, pandas.Series)
    assert (result.name, list(result.index)) == ("hll", list("uvwxyz"))
    assert [None if pandas.isna(n) else n for n in result] == NUMBERS
    frame = headcount.bounds(series)
    assert list(frame.columns) == ["lower", "upper"]
    assert list(frame.index) == list("uvwxyz")
    assert headcount.cardinality(headcount.merge(series)) == 5
    key, hll = headcount.merge_by(series, pandas.Series([1, 1, 1, 2, 2, 2], name="k"))
    assert (key.name, list(key), list(headcount.cardinality(hll))) == ("k", [1, 2], [2, 3])


def test_numpy_ids():
    assert headcount.build(numpy.arange(50)) == headcount.build(range(50))


def test_empty_arrays():
    for empty in [], pa.array([], pa.binary()), pa.chunked_array([], pa.binary()), pa.array([None, None]):
        assert headcount.merge(empty) is None
        assert headcount.build(empty) == headcount.empty()
    assert headcount.cardinality(pa.array([], pa.binary())).to_pylist() == []
    assert headcount.create(pa.array([], pa.string())).to_pylist() == []
    assert headcount.cardinality(pa.array([None, None])).to_pylist() == [None, None]
    assert headcount.merge_by(pa.array([], pa.binary()), pa.array([], pa.string()))[1].to_pylist() == []


def test_sketches_are_read_in_place():
    data = pa.array([headcount.build(range(20_000))] * 2000)
    before = pa.total_allocated_bytes()
    headcount.merge(data)
    headcount.cardinality(data)
    peak = pa.default_memory_pool().max_memory()
    assert data.nbytes > 8_000_000
    assert pa.total_allocated_bytes() - before < 100_000
    assert peak is None or peak < before + data.nbytes // 2


def test_rows_of_large_binary_beyond_2_gib(monkeypatch):
    monkeypatch.setattr("headcount._columns.MAX_BYTES", 10_000)
    sketches = [headcount.build(range(n), 10) for n in range(0, 4000, 100)] + [None]
    array = pa.array(sketches, pa.large_binary())
    assert headcount.cardinality(array).to_pylist() == headcount.cardinality(sketches)
    assert headcount.merge(array) == headcount.build(range(3900), 10)
    assert headcount.union(array, array).to_pylist() == headcount.union(sketches, sketches)
    keys, hll = headcount.merge_by(array, pa.array([i % 3 for i in range(41)]))
    assert headcount.merge(hll) == headcount.merge(array)


def test_a_result_larger_than_a_call_can_return(monkeypatch):
    library, rows = headcount._calls.sketches, []

    class Limited:
        """The library, with 3 rows as the most that a call can return."""

        def __getitem__(self, symbol):
            def call(*arguments):
                rows.append(arguments[8])
                return 4 if arguments[8] > 3 else library[symbol](*arguments)

            return call

    monkeypatch.setattr("headcount._calls.sketches", Limited())
    assert headcount.union(pa.array(SKETCHES * 2), b"\x03\x0c").to_pylist() == SKETCHES * 2
    assert headcount.union(SKETCHES * 2, b"\x03\x0c") == SKETCHES * 2
    assert max(rows) == 10 and set(rows) == {10, 5, 2, 3}


def test_wrong_types():
    for call, argument in (
        (headcount.cardinality, "text"),
        (headcount.cardinality, 5),
        (headcount.cardinality, pa.array(["text"])),
        (headcount.cardinality, pa.array([1.5])),
        (headcount.build, pa.array([1.5])),
        (headcount.build, "abc"),
        (headcount.build, [1, "a"]),
        (headcount.build, [True]),
        (headcount.merge, b"\x03\x0c"),
        (headcount.cardinality, object()),
    ):
        with pytest.raises(TypeError, match="headcount: "):
            call(argument)
