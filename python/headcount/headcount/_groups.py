# SPDX-License-Identifier: Apache-2.0
"""Aggregates: one sketch of many rows, and one for each group. The states are slots in this process's memory (headcount.h)."""

from __future__ import annotations

import ctypes
from array import array
from typing import Any

from ._calls import inputs, located, many, whole
from ._columns import Column, address
from ._library import AGAIN, NEED_SPACE, OK, Error, Progress, sketches
from ._sketches import DEFAULT_PRECISION, empty

ALLOW_LONG = 1
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

    def _grow(self, need: int) -> None:
        old = self._memory
        self._memory = (ctypes.c_int64 * (-(-need // 8)))()
        ctypes.memmove(self._memory, old, ctypes.sizeof(old))
        self._capacities = array("i", [self._size()]) * _ROWS

    def add(self, symbol: str, column: Column, *numbers: int) -> None:
        """Calls hc_hll_state_merge, or _add for all rows of a column."""
        for first in range(0, column.rows, _ROWS):
            part = column.part(first, min(first + _ROWS, column.rows))
            progress, error = Progress(), Error()
            while True:
                status = sketches[part.symbol(symbol)](
                    self._memory, self._size(), address(_ZEROS), address(self._capacities), *part.arguments(), part.rows,
                    *numbers, ALLOW_LONG, ctypes.byref(progress), ctypes.byref(error),
                )  # fmt: skip
                if status == OK:
                    break
                if status == NEED_SPACE:
                    self._grow(progress.need)
                elif status != AGAIN:
                    raise located(error.exception(), part)

    def sketch(self) -> bytes:
        capacity, ends, progress = self._size() + 64, (ctypes.c_int32 * 1)(), Progress()
        while True:
            out = ctypes.create_string_buffer(capacity)
            status = sketches.step(
                "hc_hll_state_encode", self._memory, self._size(), address(_ZEROS), address(self._capacities), 1, ALLOW_LONG,
                out, capacity, ends, ctypes.byref(progress),
            )  # fmt: skip
            if status == OK:
                return out.raw[: ends[0]]
            capacity = progress.need


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
