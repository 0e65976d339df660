# SPDX-License-Identifier: Apache-2.0
"""The functions over rows."""

from __future__ import annotations

import ctypes
from typing import Any, NamedTuple, overload

from . import _calls
from ._calls import inputs, whole
from ._library import Progress, sketches
from ._plain import Window

DEFAULT_PRECISION = 12


class Bounds(NamedTuple):
    """Lower and upper end of an interval around the number of distinct ids."""

    lower: float
    upper: float


class Intersection(NamedTuple):
    """The number of ids in both sketches, with its bounds at 2 sigmas."""

    estimate: float
    lower: float
    upper: float


def empty(precision: int = DEFAULT_PRECISION) -> bytes:
    """The sketch of no ids.

    Args:
        precision: 4 to 24; a dense sketch has 2 ** precision registers of one byte.
    Raises:
        HeadcountError: precision_range.

    >>> empty(12).hex()
    '030c'
    """
    out, ends = ctypes.create_string_buffer(64), (ctypes.c_int32 * 1)()
    sketches.call("hc_hll_empty", whole(precision, "precision"), out, len(out), ends, ctypes.byref(Progress()))
    return out.raw[: ends[0]]


@overload
def create(ids: str | bytes | int, precision: int = DEFAULT_PRECISION) -> bytes: ...
@overload
def create(ids: list[Any], precision: int = DEFAULT_PRECISION) -> list[bytes | None]: ...
@overload
def create(ids: Any, precision: int = DEFAULT_PRECISION) -> Any: ...
def create(ids: Any, precision: int = DEFAULT_PRECISION) -> Any:
    """The sketch of each id, as hll_create in SQL: n ids in, n sketches out. :func:`build` makes one sketch of many ids.

    Args:
        ids: an id, a list, or an array. Text is hashed by its UTF-8 bytes, an integer by its decimal text.
        precision: 4 to 24.
    Returns:
        bytes for one id, a list for a list, else an array of binary of the argument's kind. None and NULL stay.
    Raises:
        HeadcountError: precision_range.

    >>> create("a").hex()
    '030cc50202'
    >>> create(["a", None])
    [b'\\x03\\x0c\\xc5\\x02\\x02', None]
    """
    number = whole(precision, "precision")
    return _calls.sketches_of("hc_hll_create", inputs(ids, ids=True), lambda window: 32 * window.rows + 64, (number,))


def check(sketch: Any) -> None:
    """Checks that all values are valid sketches, as the cast to HLL in SQL. None and NULL are.

    Raises:
        HeadcountError: malformed, at the first row that is not.

    >>> check(b"\\x03\\x0c")
    >>> check([b"\\x03\\x0c", b"no"])
    Traceback (most recent call last):
    headcount.HeadcountError: hll: byte 0: type 6e, must be 02 (dense) or 03 (sparse)
    """
    _calls.check(inputs(sketch))


@overload
def precision(sketch: bytes) -> int: ...
@overload
def precision(sketch: list[bytes | None]) -> list[int | None]: ...
@overload
def precision(sketch: Any) -> Any: ...
def precision(sketch: Any) -> Any:
    """The precision of each sketch, 4 to 24: int64 of the argument's shape.

    >>> precision(empty(14))
    14
    """
    return _calls.numbers("hc_hll_precision", inputs(sketch), "q")


@overload
def cardinality(sketch: bytes) -> int: ...
@overload
def cardinality(sketch: list[bytes | None]) -> list[int | None]: ...
@overload
def cardinality(sketch: Any) -> Any: ...
def cardinality(sketch: Any) -> Any:
    """The number of distinct ids of each sketch: the same integer as in SQL and in spark-hyperloglog.

    Args:
        sketch: bytes, a list of bytes, or an array of binary.
    Returns:
        int, a list of int, or an array of int64 of the argument's kind. None and NULL stay.
    Raises:
        HeadcountError: malformed.

    >>> cardinality(build(["a", "b", "a"]))
    2
    >>> cardinality([empty(), None])
    [0, None]
    """
    return _calls.numbers("hc_hll_cardinality", inputs(sketch), "q")


@overload
def estimate(sketch: bytes) -> float: ...
@overload
def estimate(sketch: list[bytes | None]) -> list[float | None]: ...
@overload
def estimate(sketch: Any) -> Any: ...
def estimate(sketch: Any) -> Any:
    """The number of distinct ids by Ertl's improved estimator (arXiv:1702.01284), float64 of the argument's shape.

    It has no bias between 2 and 5 times 2 ** precision ids, where :func:`cardinality` has one of up to 3 %.

    Raises:
        HeadcountError: malformed.

    >>> round(estimate(build(range(10))))
    10
    """
    return _calls.numbers("hc_hll_estimate", inputs(sketch), "d")


@overload
def bounds(sketch: bytes, sigmas: int = 2) -> Bounds: ...
@overload
def bounds(sketch: list[bytes | None], sigmas: int = 2) -> list[Bounds | None]: ...
@overload
def bounds(sketch: Any, sigmas: int = 2) -> Any: ...
def bounds(sketch: Any, sigmas: int = 2) -> Any:
    """Bounds of the number of distinct ids at 1, 2 or 3 standard errors (68, 95 and 99.7 %).

    Returns:
        Bounds(lower, upper), a list of them, an array of struct<lower: double, upper: double>, or in pandas a DataFrame.
    Raises:
        HeadcountError: malformed; argument for other sigmas.

    >>> lower, upper = bounds(build(range(1000)))
    >>> lower < 1000 < upper
    True
    """
    return _calls.numbers("hc_hll_bounds", inputs(sketch), "d", Bounds, (whole(sigmas, "sigmas"),))


@overload
def union(a: bytes, b: bytes) -> bytes: ...
@overload
def union(a: Any, b: Any) -> Any: ...
def union(a: Any, b: Any) -> Any:
    """The union of each row of a with the same row of b. bytes meet every row of an array. :func:`merge` unites rows.

    Raises:
        HeadcountError: malformed; precision_mismatch; argument if the lengths differ.

    >>> cardinality(union(create("a"), create("b")))
    2
    """
    return _calls.sketches_of("hc_hll_union", inputs(a, b), _bytes_in)


def _bytes_in(window: Window) -> int:
    """About the bytes of all columns: those of sketches of a column are close to each other or few."""
    return sum(min(column.size, 1 << 24) for column in window.columns) + 16 * window.rows + 64


@overload
def intersection(a: bytes, b: bytes) -> Intersection: ...
@overload
def intersection(a: Any, b: Any) -> Any: ...
def intersection(a: Any, b: Any) -> Any:
    """The number of ids in both sketches of each row, with bounds at 2 sigmas, by Ertl's joint estimate (arXiv:1702.01284).

    The bounds are wide where the intersection is small compared with the union: read them before the estimate.

    Returns:
        Intersection(estimate, lower, upper), a list, an array of struct of three doubles, or in pandas a DataFrame.
    Raises:
        HeadcountError: malformed; precision_mismatch; argument if the lengths differ.

    >>> both = intersection(build(range(0, 900)), build(range(300, 1200)))
    >>> both.lower < 600 < both.upper
    True
    """
    return _calls.numbers("hc_hll_intersection", inputs(a, b), "d", Intersection)


@overload
def jaccard(a: bytes, b: bytes) -> float: ...
@overload
def jaccard(a: Any, b: Any) -> Any: ...
def jaccard(a: Any, b: Any) -> Any:
    """The Jaccard index of the sketches of each row, 0 to 1: the size of the intersection by that of the union.

    Raises:
        HeadcountError: malformed; precision_mismatch; argument if the lengths differ.

    >>> round(jaccard(build(range(100)), build(range(100))), 6)
    1.0
    """
    return _calls.numbers("hc_hll_jaccard", inputs(a, b), "d")


@overload
def reduce(sketch: bytes, precision: int) -> bytes: ...
@overload
def reduce(sketch: list[bytes | None], precision: int) -> list[bytes | None]: ...
@overload
def reduce(sketch: Any, precision: int) -> Any: ...
def reduce(sketch: Any, precision: int) -> Any:
    """Each sketch at a lower precision, exactly as if it had been built there. Sketches of two precisions can meet so.

    Raises:
        HeadcountError: malformed; precision_range, below 4 or above the sketch's.

    >>> reduce(create("a", 14), 12) == create("a", 12)
    True
    """
    return _calls.sketches_of("hc_hll_reduce", inputs(sketch), _bytes_in, (whole(precision, "precision"),))
