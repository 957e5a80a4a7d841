"""The only user of pyarrow: Parquet rows in, Zstandard streams in. Loads it inside the functions."""

from __future__ import annotations

import io
from collections.abc import Iterator
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
