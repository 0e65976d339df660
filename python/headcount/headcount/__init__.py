# SPDX-License-Identifier: Apache-2.0
"""HyperLogLog sketches of client ids, as Headcount's SQL functions read and write them, and samples of telemetry pings.

A sketch is bytes. Functions over rows take one sketch, a list, or an array of pyarrow, Polars, pandas or NumPy, and return the same
kind. An array is one call of the C library, which reads the array's own memory.

>>> import headcount
>>> monday = headcount.build(["ada", "grace"])
>>> tuesday = headcount.build(["grace", "edsger"])
>>> headcount.cardinality(headcount.merge([monday, tuesday]))
3
"""

from pkgutil import extend_path

from ._by import build_by, merge_by
from ._groups import build, merge
from ._library import HeadcountError, describe
from ._pings import Pings, percentile, pings
from ._sketches import (
    Bounds,
    Intersection,
    bounds,
    cardinality,
    check,
    create,
    empty,
    estimate,
    intersection,
    jaccard,
    precision,
    reduce,
    union,
)

# The wheel headcount-spark has headcount.spark, maybe in another folder of sys.path.
__path__ = extend_path(__path__, __name__)

__all__ = [
    "Bounds",
    "HeadcountError",
    "Intersection",
    "Pings",
    "bounds",
    "build",
    "build_by",
    "cardinality",
    "check",
    "create",
    "describe",
    "empty",
    "estimate",
    "intersection",
    "jaccard",
    "merge",
    "merge_by",
    "percentile",
    "pings",
    "precision",
    "reduce",
    "union",
]
