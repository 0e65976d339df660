# SPDX-License-Identifier: Apache-2.0
"""Columns of byte strings and integers as the C library takes them, made from bytes and lists of Python."""

from __future__ import annotations

import ctypes
from array import array
from bisect import bisect_right
from itertools import accumulate
from typing import Any, Callable, Iterator, NamedTuple, Sequence

from ._library import HeadcountError

#: The largest offset and length of a column.
MAX_BYTES = 2**31 - 1
#: The largest number of rows of a call.
MAX_ROWS = 2**31 - 2


class Column(NamedTuple):
    """Rows without NULLs: row i is the lengths[i] bytes at data + starts[i]. Fields are addresses.

    A column of integers has its values at data, and neither size, starts nor lengths.
    """

    data: int
    size: int
    starts: int
    lengths: int
    rows: int
    owner: Any  # keeps the memory
    position: Callable[[int], int] = lambda row: row  # of a row in the argument
    is_integers: bool = False

    def part(self, first: int, end: int) -> Column:
        """Rows first to end - 1."""
        position = self.position
        moved = self._replace(rows=end - first, position=lambda row: position(first + row))
        if self.is_integers:
            return moved._replace(data=self.data + 8 * first)
        return moved._replace(starts=self.starts + 4 * first, lengths=self.lengths + 4 * first)

    def arguments(self) -> tuple[int, ...]:
        """The arguments of a C function for the column, without the number of rows."""
        return (self.data,) if self.is_integers else (self.data, self.size, self.starts, self.lengths)

    def symbol(self, name: str) -> str:
        """The C function for the column's type."""
        return name + "_int64" if self.is_integers else name


def address(memory: Any) -> int:
    """The address of the first byte of an array.array, a bytes or a ctypes array."""
    if isinstance(memory, array):
        return memory.buffer_info()[0]
    if isinstance(memory, bytes):
        return ctypes.cast(ctypes.c_char_p(memory), ctypes.c_void_p).value or 0
    return ctypes.addressof(memory)


def of_one(value: bytes, rows: int = 1) -> Column:
    """A column whose every row is value, which is not copied."""
    if len(value) > MAX_BYTES:
        raise HeadcountError(f"headcount: {len(value)} bytes: a value has at most 2^31 - 1", "too_large", 0)
    starts, lengths = array("i", [0]) * rows, array("i", [len(value)]) * rows
    return Column(address(value), len(value), address(starts), address(lengths), rows, (value, starts, lengths))


def windows(*offsets: Any) -> Iterator[tuple[int, int]]:
    """Ranges of rows that one call takes: at most 2^31 - 1 bytes of each column, whose rows end at offsets[1:]."""
    first, rows = 0, len(offsets[0]) - 1
    while first < rows:
        end = min(bisect_right(o, o[first] + MAX_BYTES, first, min(rows, first + MAX_ROWS) + 1) for o in offsets) - 1
        if end == first:
            raise HeadcountError("headcount: a value of more than 2^31 - 1 bytes", "too_large", first)
        yield first, end
        first = end


def of_bytes(values: Sequence[bytes], position: Callable[[int], int]) -> Column:
    """A column of a copy of the values, of at most 2^31 - 1 bytes together."""
    data, lengths = b"".join(values), array("i", map(len, values))
    starts = array("i", accumulate(lengths[:-1], initial=0))
    return Column(address(data), len(data), address(starts), address(lengths), len(values), (data, starts, lengths), position)


def of_integers(values: Sequence[int], position: Callable[[int], int]) -> Column:
    """A column of integers. One outside int64 is an error."""
    try:
        memory = array("q", values)
    except OverflowError as e:
        raise HeadcountError("headcount: an integer id is outside of 64 bits; use its decimal text", "argument") from e
    return Column(address(memory), 0, 0, 0, len(memory), memory, position, True)
