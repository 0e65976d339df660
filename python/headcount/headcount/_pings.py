# SPDX-License-Identifier: Apache-2.0
"""Samples of raw pings, which the library libheadcount-pings.so reads (cgo/pings/headcount_pings.h)."""

from __future__ import annotations

import ctypes
import datetime
import json
import os
from array import array
from ctypes import POINTER, byref, c_int32, c_int64, c_void_p
from typing import TYPE_CHECKING, Any, Iterable, Iterator, Mapping, Sequence, Union

from . import _arrow
from ._columns import address
from ._library import AGAIN, HeadcountError, Library

if TYPE_CHECKING:
    from typing import Literal

    import polars

    Filter = Union[str, datetime.date, tuple[Any, Any], Iterable[str], None]
    Path = Union[str, Sequence[str]]

ABI_VERSION = 1

#: The functions of headcount_pings.h with the types of their parameters.
FUNCTIONS: dict[str, tuple[Any, ...]] = {
    "hc_pings_abi_version": (),
    "hc_pings_open": (c_void_p, c_int64, POINTER(c_int64), c_void_p),
    "hc_pings_next": (c_int64, c_int32, POINTER(c_void_p), POINTER(c_int64), c_void_p),
    "hc_pings_table": (c_int64, c_int32, c_void_p, c_void_p),
    "hc_pings_counts": (c_int64, POINTER(c_void_p), POINTER(c_int64), c_void_p),
    "hc_pings_close": (c_int64, c_void_p),
    "hc_pings_percentiles": (c_void_p, c_void_p, c_int32, c_void_p, c_int32, c_void_p, c_void_p),
}

_library = Library("libheadcount-pings.so", FUNCTIONS, "hc_pings_abi_version", ABI_VERSION)

#: How long a call waits for pings, so that Ctrl-C is noticed.
_WAIT_MS = 100

#: Where a ping has what the filters compare. The first path with a value counts.
_FILTERS = {
    "channel": [["application", "channel"], ["meta", "appUpdateChannel"]],
    "version": [["application", "version"], ["meta", "appVersion"]],
    "build_id": [["application", "buildId"], ["meta", "appBuildId"]],
    "submission_date": [["meta", "submissionDate"]],
}
_RANGES = ("build_id", "submission_date")


def pings(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    channel: Filter = None,
    version: Filter = None,
    build_id: Filter = None,
    submission_date: Filter = None,
    fraction: float = 1.0,
    sample: Literal["clients", "pings"] = "clients",
    properties: Sequence[Path] | Mapping[str, Path] | None = None,
    only_median: bool = False,
    percentiles: Sequence[float] | None = None,
    max_rejects: float = 0.01,
    max_bytes: int = 2 << 30,
    threads: int | None = None,
) -> Pings:
    """Pings in files: those that pass all filters and are in the sample, with the chosen properties.

    Nothing is read until the result is iterated or made a table. Filters and the sample are applied while files are read.

    Args:
        paths: files or folders, of one ping a line or framed Heka records, plain or compressed with gzip or zstd.
        channel: a text, or several. It is application.channel of the ping, or else meta.appUpdateChannel.
        version: application.version: a text, or several, each the whole version, as 52.0a1.
        build_id: application.buildId: a text, several in a list, or a tuple (from, to), both included. A range compares as many
            characters as its end has: ("20161101", "20161107") takes the builds of seven days.
        submission_date: meta.submissionDate, YYYYMMDD, in the same ways. A datetime.date is a date.
        fraction: the part that is taken, above 0 to 1.
        sample: "clients" takes all pings of a part of the clients: those with CRC-32(client id) mod 100 < 100 * fraction, as
            ``headcount longitudinal`` does, so that fraction is a multiple of 0.01. "pings" takes a part of the pings, by
            CRC-32 of the document id. It is biased to clients with many pings. Both are the same in each run.
        properties: paths as "environment/system/os/name", or as a list of keys where a key has a slash. A mapping gives them
            other names. None gives whole pings, which costs Python the time to parse them.
        only_median: a histogram becomes its median.
        percentiles: 0 to 100. A histogram becomes the list of these percentiles.
        max_rejects: the part of documents that may be unreadable. Above it, and for a damaged file, reading ends with an error.
        max_bytes: of the properties of a table while it is made.
        threads: default is one for each processor.
    Returns:
        Pings. In what order they come is not defined.
    Raises:
        HeadcountError: for a wrong argument here; for files that cannot be read while they are read.
    """
    request: dict[str, Any] = {
        "inputs": [os.fspath(p) for p in ([paths] if isinstance(paths, (str, os.PathLike)) else paths)],
        "filters": [
            _filter(name, value)
            for name, value in (("channel", channel), ("version", version), ("build_id", build_id), ("submission_date", submission_date))
            if value is not None
        ],
        "fraction": fraction,
        "sample": sample,
        "only_median": only_median,
        "percentiles": list(percentiles or []),
        "max_rejects": max_rejects,
        "max_bytes": max_bytes,
        "threads": threads or 0,
    }
    if properties is not None:
        if isinstance(properties, str):
            raise TypeError("headcount: properties is a list of paths, or a mapping of names to paths")
        keys = [_keys(p) for p in (properties.values() if isinstance(properties, Mapping) else properties)]
        request["properties"] = keys
        request["names"] = list(properties) if isinstance(properties, Mapping) else ["/".join(k) for k in keys]
        if len(set(request["names"])) != len(keys):
            raise HeadcountError("pings: a property is there twice")
    return Pings(request)


def _keys(path: Path) -> list[str]:
    return path.split("/") if isinstance(path, str) else list(path)


def _filter(name: str, value: Any) -> dict[str, Any]:
    if isinstance(value, tuple):
        if name not in _RANGES:
            raise HeadcountError(f"pings: {name} {value!r}: a range is for build_id and submission_date; list the values")
        if len(value) != 2:
            raise HeadcountError(f"pings: {name} {value!r}: a range is (from, to)")
        return {"paths": _FILTERS[name], "from": _text(value[0]), "to": _text(value[1])}
    values = [value] if isinstance(value, (str, datetime.date)) else list(value)
    return {"paths": _FILTERS[name], "in": [_text(v) for v in values]}


def _text(value: Any) -> str:
    if isinstance(value, datetime.date):
        return value.strftime("%Y%m%d")
    if not isinstance(value, str):
        raise TypeError(f"headcount: a filter compares text, not {type(value).__name__}")
    return value


class _Reader:
    """A reader of the library."""

    def __init__(self, request: Mapping[str, Any]) -> None:
        text, number = json.dumps(request).encode(), c_int64()
        _library.call("hc_pings_open", text, len(text), byref(number))
        self._number, self._data, self._size = number, c_void_p(), c_int64()

    def next(self) -> bytes:
        """The next pings as a JSON array; empty at the end."""
        while _library.step("hc_pings_next", self._number, _WAIT_MS, byref(self._data), byref(self._size)) == AGAIN:
            pass
        return ctypes.string_at(self._data, self._size.value) if self._size.value else b""

    def table(self) -> Any:
        stream = (c_void_p * 5)()  # ArrowArrayStream
        while _library.step("hc_pings_table", self._number, _WAIT_MS, stream) == AGAIN:
            pass
        return _arrow.pa.RecordBatchReader._import_from_c(ctypes.addressof(stream)).read_all()

    def counts(self) -> dict[str, Any]:
        _library.call("hc_pings_counts", self._number, byref(self._data), byref(self._size))
        counts: dict[str, Any] = json.loads(ctypes.string_at(self._data, self._size.value))
        return counts

    def close(self) -> None:
        _library.call("hc_pings_close", self._number)


class Pings:
    """The result of :func:`pings`. It can be read again and again, and is read from the files each time.

    Attributes:
        counts: what became of the documents in the last reading: selected, filtered, unsampled, without_client, rejected by
            reason, and other_type: values that are NULL in a table, by property. Empty before it.
    """

    def __init__(self, request: dict[str, Any]) -> None:
        _Reader({**request, "table": False, "inputs": [os.devnull]}).close()  # a wrong argument is an error now
        self._request = request
        self.counts: dict[str, Any] = {}

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """The pings as dicts: property to value, None where a ping has none.

        A histogram is a dict of bounds (the lower bound of each bucket), counts and sum (None if it is no whole number of 64
        bits); of a flag histogram it is a bool, of a
        count histogram its number. All else is what json.loads makes of it.
        """
        reader = _Reader({**self._request, "table": False})
        try:
            while text := reader.next():
                yield from json.loads(text.decode("utf-8", "replace"))
        finally:
            self.counts = reader.counts()
            reader.close()

    def to_arrow(self) -> _arrow.pa.Table:
        """The pings as a pyarrow.Table with a column for each property, which have to be named.

        A column has the type that most of its values have: bool, int64, double, string; struct<bounds: list<int64>,
        counts: list<int64>, sum: int64> for histograms, list<double> for percentiles; JSON as string for arrays and objects.
        Values of another type are NULL, and counted.
        """
        _arrow.required()
        reader = _Reader({**self._request, "table": True})
        try:
            return reader.table()
        finally:
            self.counts = reader.counts()
            reader.close()

    def to_pandas(self) -> Any:
        """The same as a pandas.DataFrame."""
        return self.to_arrow().to_pandas()

    def to_polars(self) -> polars.DataFrame:
        """The same as a polars.DataFrame."""
        import polars

        frame = polars.from_arrow(self.to_arrow())
        assert isinstance(frame, polars.DataFrame)
        return frame


def percentile(histogram: Mapping[str, Sequence[int]], p: float) -> float | None:
    """The value below which p percent of a histogram's counts are, linear within a bucket; the last bucket is its lower bound.

    Args:
        histogram: bounds, ascending, and counts, of one length: a histogram of :func:`pings`, or one like it.
        p: 0 to 100.
    Returns:
        The value in the unit of the bounds; None if there are no counts.
    Raises:
        HeadcountError: the lengths differ, bounds descend, or p is out of range.

    >>> percentile({"bounds": [0, 10, 20], "counts": [2, 2, 0]}, 75)
    15.0
    """
    bounds, counts = array("q", histogram["bounds"]), array("q", histogram["counts"])
    if len(bounds) != len(counts):
        raise HeadcountError(f"pings: {len(bounds)} bounds with {len(counts)} counts: must be of one length")
    wanted, out = array("d", [p]), array("d", [0.0])
    _library.call("hc_pings_percentiles", address(bounds), address(counts), len(bounds), address(wanted), 1, address(out))
    return None if out[0] != out[0] else out[0]
