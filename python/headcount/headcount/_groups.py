# SPDX-License-Identifier: Apache-2.0
"""Aggregates: one sketch of many rows, and one for each group. The states are slots in this process's memory (headcount.h)."""

from __future__ import annotations

import ctypes
from array import array
from typing import Any

from . import _states
from ._calls import inputs, many, whole
from ._columns import Column, address
from ._sketches import DEFAULT_PRECISION, empty

#: Rows of one call with one slot: their slots and capacities are arrays of this length.
_ROWS = 1 << 16
_ZEROS = array("i", [0]) * _ROWS


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


def merge(values: Any) -> bytes | None:
    """The union of all sketches: n in, one out. None and NULL are skipped; without a sketch it is None, as in SQL.

    Args:
        values: a list of bytes, or an array of binary, whose bytes are read in place.
    Raises:
        HeadcountError: malformed; precision_mismatch.

    >>> from headcount import cardinality, create
    >>> cardinality(merge([create("a"), None, create("b")]))
    2
    >>> merge([])
    """
    slot, any_row = _Slot(), False
    for window in inputs(many(values)).windows():
        slot.add("hc_hll_state_merge", window.columns[0])
        any_row = any_row or window.rows > 0
    return slot.sketch() if any_row else None


def build(ids: Any, precision: int = DEFAULT_PRECISION) -> bytes:
    """The sketch of all ids: n in, one out. None and NULL are skipped; of no ids it is the empty sketch.

    Args:
        ids: a list or another iterable of str, bytes or int, or an array. Text is hashed by its UTF-8 bytes, an integer by its
            decimal text, so that build([1]) and build(["1"]) are equal.
        precision: 4 to 24.
    Raises:
        HeadcountError: precision_range.

    >>> build(["a"]).hex()
    '030cc50202'
    """
    number, slot, any_row = whole(precision, "precision"), _Slot(), False
    for window in inputs(many(ids), ids=True).windows():
        column = window.columns[0]
        slot.add("hc_hll_state_add", column, number)
        any_row = any_row or window.rows > 0
    return slot.sketch() if any_row else empty(precision)
