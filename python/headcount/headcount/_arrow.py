# SPDX-License-Identifier: Apache-2.0
"""Arguments that are arrays of pyarrow, Polars, pandas or NumPy, and the results for them, of the same kind.

Bytes and integers are read where the array has them. Starts are the array's own offsets; lengths are computed by Arrow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Iterator, Sequence

from . import _columns
from ._columns import MAX_BYTES, Column
from ._library import HeadcountError
from ._plain import Window

__all__ = ["Arrow", "address", "binary", "of", "one_array", "pa", "pc", "required"]

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.compute as pc
else:
    try:
        import pyarrow as pa
        import pyarrow.compute as pc
    except ImportError:  # needed for arrays only
        pa = pc = None


def required() -> None:
    if pa is None:
        raise ImportError('headcount: arrays need pyarrow: pip install "headcount[arrow]"')


def of(values: Any, grouped: bool = False) -> tuple[pa.ChunkedArray, Callable[[pa.ChunkedArray], Any]]:
    """An array as Arrow has it, and the function that makes a result of the same kind, which has a row a group if grouped."""
    required()
    if isinstance(values, (list, tuple)):
        return _chunked(pa.array(values)), pa.ChunkedArray.to_pylist
    if isinstance(values, pa.Array):
        return pa.chunked_array([values]), one_array
    if isinstance(values, pa.ChunkedArray):
        return values, lambda result: result
    kind = type(values).__module__.partition(".")[0], type(values).__name__
    if kind == ("polars", "Series"):
        return _chunked(pa.chunked_array(values)), lambda result: _polars(values, result)
    if kind == ("pandas", "Series"):
        return _chunked(pa.array(values, from_pandas=True)), lambda result: _pandas(values, result, None if grouped else values.index)
    if kind == ("numpy", "ndarray") or hasattr(values, "__arrow_c_array__"):
        return _chunked(pa.array(values)), one_array
    if hasattr(values, "__arrow_c_stream__"):
        return pa.chunked_array(values), lambda result: result
    raise TypeError(f"headcount: {type(values).__name__}: needs bytes, a list, or an array of pyarrow, Polars, pandas or NumPy")


def _chunked(values: Any) -> pa.ChunkedArray:
    return values if isinstance(values, pa.ChunkedArray) else pa.chunked_array([values])


def one_array(result: pa.ChunkedArray) -> pa.Array:
    """The chunks as one array, of large_binary where binary is too small."""
    if result.num_chunks == 1:
        return result.chunk(0)
    if pa.types.is_binary(result.type) and result.nbytes > MAX_BYTES:
        result = result.cast(pa.large_binary())
    return pa.concat_arrays(result.chunks) if result.num_chunks else pa.array([], result.type)


def _polars(source: Any, result: pa.ChunkedArray) -> Any:
    import polars

    return polars.Series(source.name, result)


def _pandas(source: Any, result: pa.ChunkedArray, index: Any) -> Any:
    import pandas

    if pa.types.is_struct(result.type):
        frame = pa.Table.from_struct_array(result).to_pandas()
        return frame if index is None else frame.set_index(index)
    values: Any = pandas.arrays.ArrowExtensionArray(result)
    if not isinstance(source.dtype, pandas.ArrowDtype):
        nullable = {pa.int64(): pandas.Int64Dtype()} if result.null_count else {}
        values = result.to_pandas(types_mapper=nullable.get).array
    return pandas.Series(values, index=index, name=source.name)


class Arrow:
    """Arrays of one length, or arrays and single values, which meet every row."""

    def __init__(self, arguments: Sequence[Any], ids: bool) -> None:
        required()
        arrays: dict[int, pa.ChunkedArray] = {}
        self._restore: Callable[[pa.ChunkedArray], Any] | None = None
        for i, argument in enumerate(arguments):
            if not isinstance(argument, (bytes, type(None))):
                arrays[i], restore = of(argument)
                if not isinstance(argument, (list, tuple)):
                    self._restore = self._restore or restore
        if len({len(a) for a in arrays.values()}) != 1:
            raise HeadcountError("headcount: " + " and ".join(str(len(a)) for a in arrays.values()) + " rows: the arguments need one length")
        table = pa.table({str(i): readable(a, ids) for i, a in arrays.items()})
        self._arguments, self._batches = arguments, table.to_batches()

    def windows(self) -> Iterator[Window]:
        """The rows without NULL, in calls that the library can take."""
        before = 0
        for batch in self._batches:
            for first, end in _windows(batch.columns):
                yield self._window(batch.slice(first, end - first), before + first)
            before += len(batch)

    def _window(self, batch: pa.RecordBatch, before: int) -> Window:
        """The window of a part of a batch that begins at row before."""
        valid = _valid(batch)
        single = [a for a in self._arguments if isinstance(a, (bytes, type(None)))]
        if None in single:
            valid = pa.repeat(False, len(batch))
        columns, rows = [], len(batch) if valid is None else valid.true_count
        for i, argument in enumerate(self._arguments):
            if isinstance(argument, (bytes, type(None))):
                columns.append(_columns.of_one(argument or b"", rows))
            else:
                columns.append(_column(batch.column(str(i)), valid))
        position = _position(valid, before)
        return Window(tuple(c._replace(position=position) for c in columns), valid, before)

    @staticmethod
    def allocate(size: int) -> tuple[Any, int]:
        """Memory of size bytes, and its address."""
        memory = pa.allocate_buffer(size, resizable=True)
        return memory, memory.address

    def numbers(self, parts: Sequence[tuple[Window, Any]], code: str, row: Any) -> Any:
        """The result of a function that returns numbers: code q or d, one a row, or as many as the NamedTuple row has fields."""
        element = pa.int64() if code == "q" else pa.float64()
        fields = None if row is None else row._fields
        kind = element if fields is None else pa.struct([(name, element) for name in fields])
        chunks = []
        for window, memory in parts:
            if fields is None:
                values = pa.Array.from_buffers(element, window.rows, [None, memory])
            else:
                flat = pa.Array.from_buffers(element, window.rows * len(fields), [None, memory])
                lists = pa.FixedSizeListArray.from_arrays(flat, len(fields))
                values = pa.StructArray.from_arrays([pc.list_element(lists, i) for i in range(len(fields))], names=list(fields))
            chunks.append(_with_nulls(values, window.positions))
        return self._result(chunks, kind)

    def sketches(self, parts: Sequence[tuple[Window, Sequence[tuple[Any, Any, int]]]]) -> Any:
        """The result of a function that returns sketches: each part has data and int32 offsets."""
        chunks = []
        for window, pieces in parts:
            arrays = [binary(*piece) for piece in pieces]
            if window.positions is None:
                chunks += arrays
            else:
                whole = one_array(pa.chunked_array(arrays, pa.binary()))
                chunks.append(_with_nulls(whole, window.positions).cast(pa.binary()))
        return self._result(chunks, pa.binary())

    def _result(self, chunks: list[pa.Array], kind: pa.DataType) -> Any:
        assert self._restore is not None
        return self._restore(pa.chunked_array(chunks, kind))


def binary(data: Any, offsets: Any, rows: int) -> pa.Array:
    """The array of the byte strings in data, of which row i is offsets[i] to offsets[i+1]."""
    return pa.Array.from_buffers(pa.binary(), rows, [None, offsets, data])


def readable(values: pa.ChunkedArray, ids: bool) -> pa.ChunkedArray:
    """The array in one of the types that _column reads. Views, dictionaries and fixed sizes are converted."""
    kind = values.type
    if pa.types.is_dictionary(kind):
        return readable(values.cast(kind.value_type), ids)
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return values
    if pa.types.is_null(kind):
        return values.cast(pa.binary())
    if pa.types.is_fixed_size_binary(kind) or kind == pa.binary_view():
        return values.cast(pa.large_binary())
    if ids and (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        return values
    if ids and kind == pa.string_view():
        return values.cast(pa.large_string())
    if ids and pa.types.is_integer(kind):
        return values.cast(pa.int64())
    wanted = "string, binary or integer" if ids else "binary"
    raise TypeError(f"headcount: an array of {kind}: {'ids are' if ids else 'sketches are'} {wanted}")


def _is_large(kind: pa.DataType) -> bool:
    return bool(pa.types.is_large_binary(kind) or pa.types.is_large_string(kind))


def _offsets(values: pa.Array) -> pa.Array:
    kind = pa.int64() if _is_large(values.type) else pa.int32()
    return pa.Array.from_buffers(kind, len(values) + 1, [None, values.buffers()[1]], offset=values.offset)


def _windows(arrays: Sequence[pa.Array]) -> Iterator[tuple[int, int]]:
    rows = len(arrays[0])
    large = [a for a in arrays if _is_large(a.type) and rows > 0]
    if not large:
        return iter([(0, rows)])
    views = []
    for a in large:
        view = memoryview(a.buffers()[1]).cast("B").cast("q")
        views.append(view[a.offset : a.offset + rows + 1])
    return _columns.windows(*views)


def _valid(batch: pa.RecordBatch) -> pa.Array | None:
    """Which rows have no NULL in any column; None if all."""
    valid = None
    for values in batch.columns:
        if values.null_count:
            valid = values.is_valid() if valid is None else pc.and_(valid, values.is_valid())
    return valid


def _position(valid: pa.Array | None, before: int) -> Callable[[int], int]:
    if valid is None:
        return lambda row: before + row
    return lambda row: before + int(pc.indices_nonzero(valid)[row].as_py())


def _column(values: pa.Array, valid: pa.Array | None) -> Column:
    if pa.types.is_integer(values.type):
        values = values if valid is None else values.filter(valid)
        return Column(address(values), 0, 0, 0, len(values), values, is_integers=True)
    if len(values) == 0 or valid is not None and valid.true_count == 0:
        return Column(0, 0, 0, 0, 0, values)
    starts, lengths = _offsets(values)[:-1], pc.binary_length(values)
    base, data = 0, values.buffers()[2]
    if _is_large(values.type):
        base = starts[0].as_py()
        starts, lengths = pc.subtract(starts, base).cast(pa.int32()), lengths.cast(pa.int32())
    if valid is not None:
        starts, lengths = starts.filter(valid), lengths.filter(valid)
    size = 0 if data is None else data.size - base
    return Column(
        0 if data is None else data.address + base, size, address(starts), address(lengths), len(starts), (values, starts, lengths)
    )


def address(values: pa.Array) -> int:
    """The address of the first value of an array of integers without NULL; 0 of an empty array."""
    if not len(values):
        return 0
    return int(values.buffers()[1].address + values.type.bit_width // 8 * values.offset)


def _with_nulls(values: pa.Array, valid: pa.Array | None) -> pa.Array:
    """The values at the rows that are valid, and NULL at the others."""
    if valid is None:
        return values
    counts = pc.cumulative_sum(valid.cast(pa.int32()))
    return values.take(pc.if_else(valid, pc.subtract(counts, 1), None))
