# SPDX-License-Identifier: Apache-2.0
"""Calls of the functions over states. The states are slots in a piece of this process's memory (headcount.h)."""

from __future__ import annotations

import ctypes
from typing import Any, Callable, TypeVar

from ._calls import located
from ._columns import Column
from ._library import AGAIN, NEED_SPACE, OK, Error, Progress, sketches

ALLOW_LONG = 1
Buffer = TypeVar("Buffer")


def add(symbol: str, column: Column, numbers: tuple[int, ...], slots: Callable[[], tuple[Any, ...]], grow: Callable[[int, int], None]) -> None:
    """Adds each row of a column to its slot.

    Args:
        symbol: the function, without the suffix of the column's type.
        numbers: the function's arguments after the column.
        slots: gives the memory, its size in bytes, and the addresses of each row's slot and capacity.
        grow: gives a row's slot a capacity of need bytes or more.
    Raises:
        HeadcountError: the library's, with the position of the row.
    """
    function, progress, error = sketches[column.symbol(symbol)], Progress(), Error()
    while True:
        status = function(
            *slots(), *column.arguments(), column.rows, *numbers, ALLOW_LONG, ctypes.byref(progress), ctypes.byref(error)
        )
        if status == OK:
            return
        if status == NEED_SPACE:
            grow(progress.row, progress.need)
        elif status != AGAIN:
            raise located(error.exception(), column)


def encode(slots: tuple[Any, ...], count: int, ends: int, capacity: int, allocate: Callable[[int], tuple[Buffer, int]]) -> Buffer:
    """Writes the sketch of each slot, empty where a slot has none.

    Args:
        slots: the memory, its size in bytes, and the addresses of each slot and its capacity.
        count: the number of slots.
        ends: the address of count int32, which get the end of each sketch.
        capacity: the expected size of the result in bytes.
        allocate: gives a buffer of a capacity in bytes, and its address.
    Returns:
        The buffer with the sketches.
    """
    progress = Progress()
    while True:
        out, address = allocate(capacity)
        status = sketches.step(
            "hc_hll_state_encode", *slots, count, ALLOW_LONG, address, capacity, ends, ctypes.byref(progress)
        )  # fmt: skip
        if status == OK:
            return out
        capacity = progress.need
