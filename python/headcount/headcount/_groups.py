# SPDX-License-Identifier: Apache-2.0
"""Aggregates: one sketch of many rows, and one for each group. The states are slots in this process's memory (headcount.h)."""

from __future__ import annotations

import ctypes
import os
from array import array
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from . import _states
from ._arrow import Arrow
from ._calls import inputs, many, whole
from ._columns import Column, address, of_bytes
from ._library import HeadcountError
from ._plain import Plain
from ._sketches import DEFAULT_PRECISION, empty

#: Rows of one call with one slot: their slots and capacities are arrays of this length.
_ROWS = 1 << 16
_ZEROS = array("i", [0]) * _ROWS
#: The least bytes of a column for one thread. To read them takes about a millisecond, ten times as long as to start the thread.
_PART_BYTES = 8 << 20


class _Slot:
    """The state of one group."""

    def __init__(self) -> None:
        self._memory = (ctypes.c_int64 * 2)()
        self._capacities = array("i", [16]) * _ROWS

    def _size(self) -> int:
        return ctypes.sizeof(self._memory)

    def _grow(self, row: int, need: int) -> None:
        old = self._memory
        self._memory = (ctypes.c_int64 * (-(-need // 8)))()
        ctypes.memmove(self._memory, old, ctypes.sizeof(old))
        self._capacities = array("i", [self._size()]) * _ROWS

    def _slots(self) -> tuple[Any, ...]:
        return self._memory, self._size(), address(_ZEROS), address(self._capacities)

    def add(self, symbol: str, column: Column, *numbers: int) -> None:
        """Calls hc_hll_state_merge, or _add for all rows of a column."""
        for first in range(0, column.rows, _ROWS):
            _states.add(symbol, column.part(first, min(first + _ROWS, column.rows)), numbers, self._slots, self._grow)

    def sketch(self) -> bytes:
        end = ctypes.c_int32()
        out = _states.encode(self._slots(), 1, ctypes.addressof(end), self._size() + 64, _buffer)
        return out.raw[: end.value]


def _buffer(capacity: int) -> tuple[ctypes.Array[ctypes.c_char], int]:
    out = ctypes.create_string_buffer(capacity)
    return out, ctypes.addressof(out)


def _processors() -> int:
    return len(os.sched_getaffinity(0))


def _add(slot: _Slot, symbol: str, column: Column, numbers: tuple[int, ...], threads: int) -> None:
    """Adds all rows of a column to a slot. Each thread adds a part of a large column to a slot of its own."""
    count = min(threads, (column.size or 8 * column.rows) // _PART_BYTES, column.rows)
    if count > 1:
        ends = [column.rows * i // count for i in range(count + 1)]

        def sketch_of(first: int, end: int) -> bytes:
            own = _Slot()
            own.add(symbol, column.part(first, end), *numbers)
            return own.sketch()

        try:
            with ThreadPoolExecutor(count) as pool:
                parts = list(pool.map(sketch_of, ends[:-1], ends[1:]))
            return slot.add("hc_hll_state_merge", of_bytes(parts, column.position))
        except HeadcountError:
            pass  # one thread finds the error of the first row; rows that are added twice count once
    slot.add(symbol, column, *numbers)


def _sketch_of_all(symbol: str, rows: Plain | Arrow, numbers: tuple[int, ...], threads: int | None) -> bytes | None:
    """The sketch of all rows; None without a row."""
    count = _processors() if threads is None else whole(threads, "threads")
    if count < 1:
        raise HeadcountError(f"headcount: threads {count}: needs 1 or more", "argument")
    slot, any_row = _Slot(), False
    for window in rows.windows():
        _add(slot, symbol, window.columns[0], numbers, count)
        any_row = any_row or window.rows > 0
    return slot.sketch() if any_row else None


def merge(values: Any, *, threads: int | None = None) -> bytes | None:
    """The union of all sketches: n in, one out. None and NULL are skipped; without a sketch it is None, as in SQL.

    Args:
        values: a list of bytes, or an array of binary, whose bytes are read in place.
        threads: of a large column, at most; one for each processor by default. The result does not depend on it.
    Raises:
        HeadcountError: malformed; precision_mismatch.

    >>> from headcount import cardinality, create
    >>> cardinality(merge([create("a"), None, create("b")]))
    2
    >>> merge([])
    """
    return _sketch_of_all("hc_hll_state_merge", inputs(many(values)), (), threads)


def build(ids: Any, precision: int = DEFAULT_PRECISION, *, threads: int | None = None) -> bytes:
    """The sketch of all ids: n in, one out. None and NULL are skipped; of no ids it is the empty sketch.

    Args:
        ids: a list or another iterable of str, bytes or int, or an array. Text is hashed by its UTF-8 bytes, an integer by its
            decimal text, so that build([1]) and build(["1"]) are equal.
        precision: 4 to 24.
        threads: of a large column, at most; one for each processor by default. The result does not depend on it.
    Raises:
        HeadcountError: precision_range.

    >>> build(["a"]).hex()
    '030cc50202'
    """
    number = whole(precision, "precision")
    sketch = _sketch_of_all("hc_hll_state_add", inputs(many(ids), ids=True), (number,), threads)
    return empty(precision) if sketch is None else sketch
