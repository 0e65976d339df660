# SPDX-License-Identifier: Apache-2.0
"""Arguments that are one value or a list of values, and the results for them: values and lists of Python."""

from __future__ import annotations

from array import array
from itertools import accumulate
from typing import Any, Iterator, NamedTuple, Sequence

from . import _columns
from ._columns import Column, address
from ._library import HeadcountError


class Window(NamedTuple):
    """The rows of one call: those that have no NULL in any column."""

    columns: tuple[Column, ...]
    positions: Any  # of a list: of the rows in it. Of an array: which rows are valid, None if all are
    first: int = 0  # of an array: the row at which the window begins

    @property
    def rows(self) -> int:
        return self.columns[0].rows


class Plain:
    """Values, or lists of them of one length. A value meets every row of a list."""

    def __init__(self, arguments: Sequence[Any], ids: bool) -> None:
        lists = [a for a in arguments if isinstance(a, (list, tuple))]
        self._one = not lists
        self._rows = len(lists[0]) if lists else 1
        if any(len(a) != self._rows for a in lists):
            raise HeadcountError("headcount: " + " and ".join(str(len(a)) for a in lists) + " rows: the arguments need one length")
        self._arguments = [list(a) if isinstance(a, (list, tuple)) else [a] * self._rows for a in arguments]
        self._ids = ids

    def windows(self) -> Iterator[Window]:
        """The rows without None, in calls that the library can take."""
        missing = any(None in a for a in self._arguments)
        positions = [i for i in range(self._rows) if all(a[i] is not None for a in self._arguments)] if missing else range(self._rows)
        values = [[a[i] for i in positions] if missing else a for a in self._arguments]
        if self._ids and int in set(map(type, values[0])):
            yield Window((_integers(values[0], positions),), positions)
            return
        encoded = [_encoded(column, self._ids) for column in values]
        offsets = [array("q", accumulate(map(len, column), initial=0)) for column in encoded]
        for first, end in _columns.windows(*offsets):
            place = positions[first:end]
            yield Window(tuple(_columns.of_bytes(column[first:end], place.__getitem__) for column in encoded), place)

    @staticmethod
    def allocate(size: int) -> tuple[Any, int]:
        """Memory of size bytes, and its address."""
        memory = array("b", bytes(size))
        return memory, address(memory)

    def numbers(self, parts: Sequence[tuple[Window, Any]], code: str, row: Any) -> Any:
        """The result of a function that returns numbers: code q or d, one a row, or as many as the NamedTuple row has fields."""
        result: list[Any] = [None] * self._rows
        for window, memory in parts:
            numbers = memoryview(memory).cast("B").cast(code).tolist()  # type: ignore[call-overload]
            if row is not None:
                width = len(row._fields)
                numbers = [row(*numbers[i : i + width]) for i in range(0, len(numbers), width)]
            for position, number in zip(window.positions, numbers):
                result[position] = number
        return result[0] if self._one else result

    def sketches(self, parts: Sequence[tuple[Window, Sequence[tuple[Any, Any, int]]]]) -> Any:
        """The result of a function that returns sketches: each part has data and int32 offsets."""
        result: list[Any] = [None] * self._rows
        for window, pieces in parts:
            positions = iter(window.positions)
            for data, offsets, _ in pieces:
                view, ends = memoryview(data), memoryview(offsets).cast("B").cast("i")
                for i in range(len(ends) - 1):
                    result[next(positions)] = bytes(view[ends[i] : ends[i + 1]])
        return result[0] if self._one else result


def _integers(values: Sequence[Any], positions: Sequence[int]) -> Column:
    if set(map(type, values)) != {int}:
        raise TypeError("headcount: ids of one call are all integers, or all str and bytes")
    return _columns.of_integers(values, positions.__getitem__)


def _encoded(values: Sequence[Any], ids: bool) -> Sequence[bytes]:
    """The bytes of values. Lists of one type take no loop of Python's."""
    types = set(map(type, values))
    if types == {bytes}:
        return values
    if ids and types == {str}:
        return list(map(str.encode, values))
    return [_bytes(v, ids) for v in values]


def _bytes(value: Any, ids: bool) -> bytes:
    if isinstance(value, bytes):
        return value
    if isinstance(value, (bytearray, memoryview)):
        return bytes(value)
    if ids and isinstance(value, str):
        return value.encode()
    wanted = "str, bytes or int" if ids else "bytes"
    raise TypeError(f"headcount: {type(value).__name__}: {'an id' if ids else 'a sketch'} is {wanted}")
