# SPDX-License-Identifier: Apache-2.0
"""Loads the C libraries of this package and calls their functions."""

from __future__ import annotations

import ctypes
import os
import threading
from typing import Any, Mapping

from ._functions import ABI_VERSION, FUNCTIONS

OK = 0
NEED_SPACE = 16
AGAIN = 17

#: What a status of an error is called in ``HeadcountError.code``. The names are those of headcount.h.
CODES = {
    1: "malformed",
    2: "precision_range",
    3: "precision_mismatch",
    4: "too_large",
    5: "argument",
    15: "internal",
}
TOO_LARGE = 4


class HeadcountError(ValueError):
    """An invalid sketch, precision or argument. The text is the library's.

    Attributes:
        code: malformed, precision_range, precision_mismatch, too_large, argument or internal.
        row: the position of the value at fault in the argument, from 0; None if there is none.
    """

    __module__ = "headcount"

    def __init__(self, message: str, code: str = "argument", row: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.row = row


class Error(ctypes.Structure):
    """hc_error"""

    _fields_ = [("code", ctypes.c_int32), ("row", ctypes.c_int32), ("message", ctypes.c_char * 256)]

    def exception(self) -> HeadcountError:
        text = self.message.decode("utf-8", "ignore")  # the library may have cut it inside a character
        return HeadcountError(text, CODES.get(self.code, "internal"), self.row if self.row >= 0 else None)


class Progress(ctypes.Structure):
    """hc_progress"""

    _fields_ = [
        ("row", ctypes.c_int32),
        ("reserved", ctypes.c_int32),
        ("at", ctypes.c_int64),
        ("need", ctypes.c_int64),
    ]


class Library:
    """A C library of this package, loaded when a function of it is first called."""

    def __init__(self, name: str, functions: Mapping[str, tuple[Any, ...]], version: str, abi: int) -> None:
        self._path = os.path.join(os.path.dirname(os.path.abspath(__file__)), name)
        self._table, self._version, self._abi = functions, version, abi
        self._functions: dict[str, Any] = {}
        self._lock = threading.Lock()
        self._forked = False
        os.register_at_fork(after_in_child=self._after_fork)

    def _after_fork(self) -> None:
        self._forked = bool(self._functions)
        self._lock = threading.Lock()

    def __getitem__(self, symbol: str) -> Any:
        """The C function. It releases Python's lock while it runs."""
        if self._forked:
            raise RuntimeError(
                "headcount: this process was forked from one that uses the library, and Go's runtime does not survive a fork; "
                'use multiprocessing.get_context("spawn")'
            )
        if not self._functions:
            self._load()
        return self._functions[symbol]

    def _load(self) -> None:
        with self._lock:
            if self._functions:
                return
            try:
                library = ctypes.CDLL(self._path)
            except OSError as e:
                raise ImportError(f"headcount: {e}; install the wheel, which contains the library") from e
            functions = {}
            for symbol, parameters in self._table.items():
                function = getattr(library, symbol)
                function.argtypes, function.restype = parameters, ctypes.c_int32
                functions[symbol] = function
            found = functions[self._version]()
            if found != self._abi:
                raise ImportError(f"headcount: {self._path} has the ABI version {found}, expected {self._abi}; install the wheel again")
            self._functions = functions

    def call(self, symbol: str, *arguments: Any) -> None:
        """Calls a function whose last parameter is an hc_error. Raises its error."""
        error = Error()
        if self[symbol](*arguments, ctypes.byref(error)) != OK:
            raise error.exception()

    def step(self, symbol: str, *arguments: Any) -> int:
        """The same for a function that also has statuses that are not errors: returns the status."""
        error = Error()
        status: int = self[symbol](*arguments, ctypes.byref(error))
        if 0 < status < NEED_SPACE:
            raise error.exception()
        return status


sketches = Library("libheadcount.so", FUNCTIONS, "hc_abi_version", ABI_VERSION)


def describe() -> str:
    """One line on the library: version, kernel (avx2, neon or portable), Go version, architecture.

    >>> describe().startswith("headcount ")
    True
    """
    line = ctypes.create_string_buffer(256)
    sketches["hc_describe"](line, len(line))
    return line.value.decode()
