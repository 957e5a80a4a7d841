"""The only user of pyarrow: Parquet and Zstandard in and out. Loads it inside the functions."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, cast


def open_zstd(file: str) -> BinaryIO:
    """Open a Zstandard file as a buffered stream of bytes.

    Raises:
        OSError: the file does not open.
    """
    import pyarrow

    source = pyarrow.input_stream(file, compression="zstd")
    # pyarrow's stream has no bounded readline; the buffered reader adds it
    return cast("BinaryIO", io.BufferedReader(source, 1 << 20))


def parquet_rows(file: str, batch: int = 1024) -> Iterator[dict[str, Any]]:
    """Rows of a Parquet file, one dict each, in flat memory.

    Raises:
        ValueError: the file is no Parquet file, is damaged, or names a column twice.
    """
    import pyarrow
    import pyarrow.parquet

    try:
        table = pyarrow.parquet.ParquetFile(file)
        names = table.schema_arrow.names
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"two columns are named {twice[0]!r}")
        for rows in table.iter_batches(batch_size=batch):
            yield from rows.to_pylist()
    except (pyarrow.ArrowException, OSError, OverflowError) as error:
        raise ValueError(str(error)) from None


def parquet_batches(file: str, batch: int = 256) -> Iterator[bytes]:
    """Rows of a Parquet file in batches, still in Arrow's form, for others to decode (``batch_rows``).

    Args:
        file: its path.
        batch: rows of each batch but the last.

    Raises:
        ValueError: the file is no Parquet file, is damaged, or names a column twice.
    """
    import pyarrow
    import pyarrow.parquet

    try:
        parquet_names(file)
        # with a buffer the pages of a column are read one by one, and a row group may be larger than memory
        table = pyarrow.parquet.ParquetFile(file, buffer_size=1 << 20)
        held: list[Any] = []
        try:
            # Arrow's own batches are shorter where a row group ends, if a column is a dictionary
            for rows in table.iter_batches(batch_size=batch):
                room = batch - sum(part.num_rows for part in held)
                held.append(rows.slice(0, room))
                if rows.num_rows >= room:
                    yield _in_one(held)
                    held = [rows.slice(room)] if rows.num_rows > room else []
        except (pyarrow.ArrowException, OSError, OverflowError):
            # what stood before the damage counts
            if held:
                yield _in_one(held)
            raise
        if held:
            yield _in_one(held)
    except (pyarrow.ArrowException, OSError, OverflowError) as error:
        raise ValueError(str(error)) from None


def _in_one(parts: list[Any]) -> bytes:
    import pyarrow

    sink = pyarrow.BufferOutputStream()
    with pyarrow.ipc.new_stream(sink, parts[0].schema) as stream:
        for part in parts:
            stream.write_batch(part)
    return cast("bytes", sink.getvalue().to_pybytes())


def batch_rows(batch: bytes) -> list[dict[str, Any]]:
    """Rows of one of ``parquet_batches``, one dict each.

    Raises:
        ValueError: a cell holds what Python cannot.
    """
    import pyarrow

    try:
        rows: list[dict[str, Any]] = pyarrow.ipc.open_stream(batch).read_all().to_pylist()
    except (pyarrow.ArrowException, OSError, OverflowError) as error:
        raise ValueError(str(error)) from None
    return rows


def parquet_names(file: str) -> list[str]:
    """The columns of a Parquet file.

    Raises:
        ValueError: the file is no Parquet file, is damaged, or names a column twice.
    """
    import pyarrow
    import pyarrow.parquet

    try:
        names: list[str] = pyarrow.parquet.ParquetFile(file).schema_arrow.names
    except (pyarrow.ArrowException, OSError, OverflowError) as error:
        raise ValueError(str(error)) from None
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"two columns are named {twice[0]!r}")
    return names


def zstd(data: bytes) -> bytes:
    """One Zstandard frame; frames one after another are one file."""
    import pyarrow

    return cast("bytes", pyarrow.compress(data, codec="zstd", asbytes=True))


def table_bytes(rows: list[dict[str, Any]], columns: Mapping[str, Any]) -> bytes:
    """Rows as a table in Arrow's form, for ``write_parquet``.

    Args:
        rows: by column; what is missing is null.
        columns: name to type: ``text``, ``number``, ``whole``, a list of one type, or an object of names and types.
    """
    import pyarrow

    table = pyarrow.Table.from_pylist(rows, schema=_schema(columns))
    sink = pyarrow.BufferOutputStream()
    with pyarrow.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return cast("bytes", sink.getvalue().to_pybytes())


def write_parquet(path: Path, columns: Mapping[str, Any], tables: Iterable[bytes], together: int) -> None:
    """Write a Parquet file in flat memory.

    Args:
        path: the file.
        columns: as for ``table_bytes``.
        tables: of ``table_bytes``.
        together: tables of a row group.
    """
    import pyarrow
    import pyarrow.parquet

    stream = iter(tables)
    with pyarrow.parquet.ParquetWriter(str(path), _schema(columns), compression="zstd") as writer:
        while some := list(itertools.islice(stream, together)):
            writer.write_table(pyarrow.concat_tables([pyarrow.ipc.open_stream(one).read_all() for one in some]))


def _schema(columns: Mapping[str, Any]) -> Any:
    import pyarrow

    return pyarrow.schema([(name, _type(kind)) for name, kind in columns.items()])


def _type(kind: Any) -> Any:
    import pyarrow

    if isinstance(kind, list):
        return pyarrow.list_(_type(kind[0]))
    if isinstance(kind, str):
        return {"text": pyarrow.string(), "number": pyarrow.float64(), "whole": pyarrow.int64()}[kind]
    return pyarrow.struct([(name, _type(inner)) for name, inner in kind.items()])
