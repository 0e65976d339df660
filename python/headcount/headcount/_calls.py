# SPDX-License-Identifier: Apache-2.0
"""Calls of the C library over whole columns: what headcount.h calls numbers and sketches out."""

from __future__ import annotations

import ctypes
from typing import Any, Callable, Sequence

from ._arrow import Arrow
from ._columns import MAX_BYTES, Column
from ._library import NEED_SPACE, OK, TOO_LARGE, Error, HeadcountError, Progress, sketches
from ._plain import Plain, Window

_PLAIN = (bytes, bytearray, memoryview, str, int, list, tuple, type(None))


def inputs(*arguments: Any, ids: bool = False) -> Plain | Arrow:
    """The arguments of a function over rows: values and lists, or arrays."""
    if all(isinstance(a, _PLAIN) for a in arguments):
        return Plain(arguments, ids)
    return Arrow(arguments, ids)


def many(values: Any) -> Any:
    """Iterables that are not arrays as lists. One value is an error: an aggregate takes many."""
    if isinstance(values, (bytes, str, int, bytearray)) or values is None:
        raise TypeError(f"headcount: {type(values).__name__}: needs a list or an array")
    if isinstance(values, (list, tuple)) or hasattr(values, "__arrow_c_stream__") or hasattr(values, "__arrow_c_array__"):
        return values
    if type(values).__module__.partition(".")[0] in ("pandas", "numpy", "polars"):
        return values
    return list(values)


def whole(value: Any, name: str) -> int:
    """A parameter that is a whole number."""
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise TypeError(f"headcount: {name} {value!r}: needs a whole number")
    number: int = value.__index__()
    if not -(2**63) <= number < 2**63:
        raise HeadcountError(f"headcount: {name} {number}: outside of 64 bits", "argument")
    return number


def located(error: HeadcountError, column: Column) -> HeadcountError:
    """The error with the row's position in the argument, where it was one in a column."""
    if error.row is not None and error.row < column.rows:
        error.row = column.position(error.row)
    return error


def numbers(symbol: str, rows: Plain | Arrow, code: str, row: Any = None, extra: Sequence[int] = ()) -> Any:
    """Calls a function that writes numbers: code q for int64, d for float64, for each row one, or a NamedTuple."""
    width = 1 if row is None else len(row._fields)
    parts = []
    for window in rows.windows():
        memory, at = rows.allocate(8 * width * window.rows)
        arguments = [a for column in window.columns for a in column.arguments()]
        try:
            sketches.call(symbol, *arguments, window.rows, *extra, at)
        except HeadcountError as e:
            raise located(e, window.columns[0]) from None
        parts.append((window, memory))
    return rows.numbers(parts, code, row)


def check(rows: Plain | Arrow) -> None:
    """Raises the error of the first row that is not a sketch."""
    for window in rows.windows():
        column = window.columns[0]
        try:
            sketches.call("hc_hll_check", *column.arguments(), column.rows)
        except HeadcountError as e:
            raise located(e, column) from None


def sketches_of(symbol: str, rows: Plain | Arrow, guess: Callable[[Window], int], extra: Sequence[int] = ()) -> Any:
    """Calls a function that writes a sketch for each row. guess is about how many bytes they have together."""
    parts = []
    for window in rows.windows():
        pieces: list[tuple[Any, Any, int]] = []
        _pieces(symbol, rows, window.columns, min(guess(window), MAX_BYTES), extra, pieces)
        parts.append((window, pieces))
    return rows.sketches(parts)


def _pieces(
    symbol: str,
    rows: Plain | Arrow,
    columns: tuple[Column, ...],
    capacity: int,
    extra: Sequence[int],
    pieces: list[tuple[Any, Any, int]],
) -> None:
    """Appends (data, offsets, rows), in halves where the result is larger than a call can return."""
    count = columns[0].rows
    offsets, at = rows.allocate(4 * (count + 1))
    ctypes.memset(at, 0, 4)
    arguments = [a for c in columns for a in c.arguments()]
    function = sketches[columns[0].symbol(symbol)]
    progress, error = Progress(), Error()
    while True:
        data, out = rows.allocate(capacity)
        status = function(*arguments, count, *extra, out, capacity, at + 4, ctypes.byref(progress), ctypes.byref(error))
        if status == OK:
            break
        if status == NEED_SPACE:
            capacity = progress.need
        elif status == TOO_LARGE and count > 1:
            half = count // 2
            for first, end in ((0, half), (half, count)):
                _pieces(symbol, rows, tuple(c.part(first, end) for c in columns), capacity // 2, extra, pieces)
            return
        else:
            raise located(error.exception(), columns[0])
    used = ctypes.c_int32.from_address(at + 4 * count).value
    if hasattr(data, "resize"):
        data.resize(used)
    pieces.append((data, offsets, count))
