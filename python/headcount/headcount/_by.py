# SPDX-License-Identifier: Apache-2.0
"""Grouped aggregates: one sketch for each group of keys.

Rows are sorted by group. Groups are then processed in ranges whose slots fit a heap, so that memory does not grow with the number of
groups. The capacity of a slot is estimated from the length of its rows; where it is too small the library asks for more.
"""

from __future__ import annotations

import ctypes
from array import array
from bisect import bisect_left, bisect_right
from typing import Any, Callable, NamedTuple

from . import _arrow, _states
from ._arrow import pa, pc
from ._calls import many, whole
from ._columns import Column, address
from ._library import Error, HeadcountError, sketches
from ._sketches import DEFAULT_PRECISION, empty

#: Bytes of the slots of a range of groups.
HEAP = 64 << 20


def merge_by(values: Any, *keys: Any) -> tuple[Any, ...]:
    """The union of the sketches of each group, as ``SELECT keys, merge(hll) ... GROUP BY keys`` in SQL. Needs pyarrow.

    Args:
        values: an array or a list of n sketches. NULL is skipped; a group without a sketch gets NULL.
        keys: arrays or lists of n values. NULL is a key as any other.
    Returns:
        The keys of each group and its sketch, a tuple of arrays, each of the kind of its argument, in the order in which groups occur.
    Raises:
        HeadcountError: malformed; precision_mismatch within a group; argument if the lengths differ.

    >>> from headcount import cardinality, create
    >>> channels, hll = merge_by(create(["a", "b", "c"]), ["release", "beta", "release"])
    >>> dict(zip(channels, cardinality(hll)))
    {'release': 2, 'beta': 1}
    """
    return _aggregate(_Call("hc_hll_state_merge", ()), values, keys, ids=False)


def build_by(ids: Any, *keys: Any, precision: int = DEFAULT_PRECISION) -> tuple[Any, ...]:
    """The sketch of the ids of each group: hll_agg in SQL. Needs pyarrow.

    Args:
        ids: an array or a list of n ids, text, bytes or integers. NULL is skipped; a group without an id gets the empty sketch.
        keys: as in :func:`merge_by`.
        precision: 4 to 24.
    Returns:
        The keys of each group and its sketch, as :func:`merge_by`.
    Raises:
        HeadcountError: precision_range; argument if the lengths differ.

    >>> from headcount import cardinality
    >>> os, day, hll = build_by([1, 2, 2], ["Linux", "Linux", "Linux"], ["20161101", "20161102", "20161102"])
    >>> list(zip(os, day, cardinality(hll)))
    [('Linux', '20161101', 1), ('Linux', '20161102', 1)]
    """
    number = whole(precision, "precision")
    empty(number)  # a precision out of range is an error without groups too
    return _aggregate(_Call("hc_hll_state_add", (number,)), ids, keys, ids=True)


class _Call(NamedTuple):
    symbol: str
    numbers: tuple[int, ...]


class _Rows(NamedTuple):
    """The rows of a call without NULL, sorted by group."""

    column: Column
    groups: pa.Array  # int32: the group of each row


def _aggregate(call: _Call, values: Any, keys: tuple[Any, ...], ids: bool) -> tuple[Any, ...]:
    _arrow.required()
    if not keys:
        raise TypeError("headcount: needs keys; without groups use merge or build")
    source, restore = _arrow.of(many(values), grouped=True)
    restored = [_arrow.of(many(key), grouped=True) for key in keys]
    columns = [_arrow.one_array(key) for key, _ in restored]
    if any(len(c) != len(source) for c in columns):
        lengths = " and ".join(str(len(c)) for c in [source, *columns])
        raise HeadcountError(f"headcount: {lengths} rows: the arguments need one length")
    groups, firsts = _groups(columns)
    rows = [r for window in _arrow.Arrow([source], ids).windows() for r in [_sorted(window, groups)] if r.column.rows]
    chunks = _Aggregation(call, rows, len(firsts)).run()
    result = pa.chunked_array(chunks, pa.binary())
    missing = pc.equal(pc.binary_length(result), 0)
    if pc.any(missing).as_py():
        substitute = pa.scalar(empty(*call.numbers) if ids else None, pa.binary())
        result = pc.if_else(missing, substitute, result)
    return *(give(pa.chunked_array([c.take(firsts)])) for c, (_, give) in zip(columns, restored)), restore(result)


def _groups(keys: list[pa.Array]) -> tuple[pa.Array, pa.Array]:
    """The group of each row, int32 from 0 in the order of occurrence, and the first row of each group."""
    codes = None
    for key in keys:
        if pa.types.is_dictionary(key.type):
            key = key.cast(key.type.value_type)
        encoded = key.dictionary_encode(null_encoding="encode")
        if codes is None:
            codes = encoded.indices
        else:
            pairs = pc.add(pc.multiply(codes.cast(pa.int64()), len(encoded.dictionary)), encoded.indices.cast(pa.int64()))
            codes = pairs.dictionary_encode().indices
    assert codes is not None
    rows = pa.table({"group": codes, "row": pa.array(range(0), pa.int64()) if not len(codes) else _count(len(codes))})
    firsts = rows.group_by("group", use_threads=False).aggregate([("row", "min")]).sort_by("group")
    return codes, firsts.column("row_min").combine_chunks()


def _count(n: int) -> pa.Array:
    return pc.subtract(pc.cumulative_sum(pa.repeat(pa.scalar(1, pa.int64()), n)), 1)


def _sorted(window: Any, groups: pa.Array) -> _Rows:
    """A window's rows in the order of their groups. The bytes stay where they are."""
    column = window.columns[0]
    if window.positions is None:
        groups = groups.slice(window.first, column.rows)
    else:
        groups = groups.slice(window.first, len(window.positions)).filter(window.positions)
    order = pc.sort_indices(groups)
    groups = groups.take(order)
    position: Callable[[int], int] = lambda row: column.position(order[row].as_py())  # noqa: E731
    if column.is_integers:
        values = column.owner.take(order)
        return _Rows(column._replace(data=_arrow.address(values), owner=values, position=position), groups)
    if not column.rows:
        return _Rows(column, groups)
    _, starts, lengths = column.owner
    starts, lengths = starts.take(order), lengths.take(order)
    owner = column.owner[0], starts, lengths
    moved = column._replace(starts=_arrow.address(starts), lengths=_arrow.address(lengths), owner=owner, position=position)
    return _Rows(moved, groups)


class _Aggregation:
    """One sketch for each of count groups."""

    def __init__(self, call: _Call, rows: list[_Rows], count: int) -> None:
        self._call, self._rows, self._count = call, rows, count

    def run(self) -> list[pa.Array]:
        sizes = self._sizes()
        ends = pc.cumulative_sum(sizes)
        view, first, chunks = _view(ends, "q"), 0, []
        while first < self._count:
            base = view[first - 1] if first else 0
            end = max(bisect_right(view, base + HEAP), first + 1)
            part = sizes.slice(first, end - first)
            heap = _Heap(pc.subtract(pc.subtract(ends.slice(first, end - first), part), base), part)
            for rows in self._rows:
                self._add(heap, rows, first, end)
            chunks.append(heap.encode())
            first = end
        return chunks

    def _sizes(self) -> pa.Array:
        """The estimated size of each group's slot, int64, in bytes: a header and the entries of all rows, or all registers."""
        tables = [pa.table({"group": _count(self._count).cast(pa.int32()), "length": pa.repeat(pa.scalar(0, pa.int32()), self._count)})]
        for rows in self._rows:
            count = rows.column.rows
            lengths = pa.repeat(pa.scalar(4, pa.int32()), count) if self._call.numbers else rows.column.owner[2]
            tables.append(pa.table({"group": rows.groups, "length": lengths}))
        sums = pa.concat_tables(tables).group_by("group", use_threads=False).aggregate([("length", "sum")]).sort_by("group")
        sizes = pc.min_element_wise(pc.add(sums.column("length_sum"), 32), 16 + (1 << self._precision()))
        return pc.multiply(pc.divide(pc.add(sizes, 7), 8), 8).combine_chunks()

    def _precision(self) -> int:
        """The precision of all rows of build_by, and of the first row of merge_by: an estimate."""
        if self._call.numbers or not self._rows:
            return (*self._call.numbers, DEFAULT_PRECISION)[0]
        column, out = self._rows[0].column.part(0, 1), ctypes.c_int64(DEFAULT_PRECISION)
        sketches["hc_hll_precision"](*column.arguments(), 1, ctypes.byref(out), ctypes.byref(Error()))  # an error comes again
        return out.value

    def _add(self, heap: _Heap, rows: _Rows, first: int, end: int) -> None:
        """Adds the rows of groups first to end - 1, whose slots are in the heap."""
        view = _view(rows.groups, "i")
        start, stop = bisect_left(view, first), bisect_left(view, end)
        if start == stop:
            return
        column, groups = rows.column.part(start, stop), view[start:stop]
        slots, capacities = heap.slots_of(pc.subtract(rows.groups.slice(start, stop - start), first))

        def grow(row: int, need: int) -> None:
            group = groups[row]
            slot, size = heap.grow(group - first, need)
            same = slice(bisect_left(groups, group), bisect_right(groups, group))
            count = same.stop - same.start
            slots[same], capacities[same] = array("i", [slot]) * count, array("i", [size]) * count

        def arguments() -> tuple[Any, ...]:
            return *heap.arguments(), address(slots), address(capacities)

        _states.add(self._call.symbol, column, self._call.numbers, arguments, grow)


def _view(values: pa.Array, code: str) -> Any:
    """The values of an array of integers without NULL."""
    if not len(values):
        return []
    return memoryview(values.buffers()[1]).cast("B").cast(code)[values.offset : values.offset + len(values)]  # type: ignore[call-overload]


def _array(values: pa.Array) -> array[int]:
    """A copy that can be written."""
    copy = array("i")
    copy.frombytes(memoryview(values.buffers()[1]).cast("B")[4 * values.offset : 4 * (values.offset + len(values))])
    return copy


class _Heap:
    """Slots in one piece of memory, zero at first. starts and sizes are in bytes, multiples of 8."""

    def __init__(self, starts: pa.Array, sizes: pa.Array) -> None:
        self._starts, self._sizes = _array(starts.cast(pa.int32())), _array(sizes.cast(pa.int32()))
        self._used = self._starts[-1] + self._sizes[-1]
        self._memory = (ctypes.c_int64 * (self._used // 8))()

    def arguments(self) -> tuple[Any, int]:
        return self._memory, ctypes.sizeof(self._memory)

    def slots_of(self, groups: pa.Array) -> tuple[array[int], array[int]]:
        """The start and the size of the slot of each row's group."""
        starts, sizes = (pa.Array.from_buffers(pa.int32(), len(a), [None, pa.py_buffer(a)]) for a in (self._starts, self._sizes))
        return _array(starts.take(groups)), _array(sizes.take(groups))

    def grow(self, group: int, need: int) -> tuple[int, int]:
        """Moves a group's slot to the end, with need bytes or more. Returns its new start and size."""
        start, size = self._used, -(-need // 8) * 8
        if start + size > ctypes.sizeof(self._memory):
            larger = (ctypes.c_int64 * ((start + size) // 4))()
            ctypes.memmove(larger, self._memory, self._used)
            self._memory = larger
        at = ctypes.addressof(self._memory)
        ctypes.memmove(at + start, at + self._starts[group], self._sizes[group])
        self._starts[group], self._sizes[group], self._used = start, size, start + size
        return start, size

    def encode(self) -> pa.Array:
        """The sketch of each slot, empty where a slot has none."""
        count = len(self._starts)
        offsets = pa.allocate_buffer(4 * (count + 1))
        ctypes.memset(offsets.address, 0, 4)
        slots = *self.arguments(), address(self._starts), address(self._sizes)
        out = _states.encode(slots, count, offsets.address + 4, self._used, _buffer)
        out.resize(ctypes.c_int32.from_address(offsets.address + 4 * count).value)
        return _arrow.binary(out, offsets, count)


def _buffer(capacity: int) -> tuple[Any, int]:
    out = pa.allocate_buffer(capacity, resizable=True)
    return out, out.address
