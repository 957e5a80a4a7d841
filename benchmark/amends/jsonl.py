"""JSON Lines: numbered lines in, whole lines out.

Reading goes line by line in flat memory. A bad line (not UTF-8, not JSON, too long) is a ``Problem`` in the
stream, so that every other line still counts; a file that fails as a whole (missing, a folder, empty, UTF-16,
nothing in it is UTF-8) raises ``InputError`` before the first record. Writing appends whole lines and flushes.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import os
import sys
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, cast

import orjson

from amends.errors import InputError, Problem

MAX_LINE = 10_000_000
"""Bytes a line may have (``--max-line``); a longer one is refused without being read into memory."""

UTF8_MARK = b"\xef\xbb\xbf"
"""What may stand before the first line, and is no part of it."""
_FOREIGN_MARKS = {
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}
_DEEPEST = 200
_SKIP = 1 << 20
_BUFFER = 1 << 18

Item = tuple[int, Any]
"""Line number from 1, and the decoded JSON value or a Problem."""


def whole_file(file: str, found: str, expected: str, remedy: str) -> InputError:
    """Error for a file that fails as a whole."""
    return InputError([Problem(file, None, "$", found, expected, remedy)])


def check_path(file: str) -> None:
    """Refuse what cannot be read as a file at all.

    Raises:
        InputError: the file is missing or is a folder.
    """
    path = Path(file)
    if path.is_dir():
        raise whole_file(file, "a folder", "a file of records", "name a file inside it")
    if not path.exists():
        raise whole_file(file, "no such file", "a file of records", "check the path")


def is_read_once(file: str) -> bool:
    """Whether a file gives its bytes once: standard input, a pipe (``<(zcat FILE)``).

    Args:
        file: its path, or ``-``.
    """
    path = Path(file)
    return file == "-" or (path.exists() and not path.is_file() and not path.is_dir())


def open_bytes(file: str) -> BinaryIO:
    """Open a .jsonl, .jsonl.gz or .jsonl.zst file, or standard input for ``-``, as bytes.

    Raises:
        InputError: the file is missing, a folder, or cannot be opened.
    """
    if (begun := _BEGUN.pop(file, None)) is not None:
        return begun
    if file == "-":
        if sys.stdin.buffer.closed:
            raise whole_file(
                file, "standard input, which was read already", "one - alone", "save it, and name the file"
            )
        return sys.stdin.buffer
    check_path(file)
    try:
        if file.lower().endswith(".gz"):
            return cast("BinaryIO", gzip.open(file, "rb"))
        if file.lower().endswith(".zst"):
            from amends.arrow import open_zstd

            return open_zstd(file)
        return Path(file).open("rb", buffering=_BUFFER)
    except OSError as error:
        raise whole_file(file, f"a file that does not open ({error})", "a readable file", "check its rights") from None


class _Begun(io.RawIOBase):
    """A stream from its start, of which somebody has read the head."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = head
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        some, self._head = self._head[: len(buffer)], self._head[len(buffer) :]
        some = some or self._rest.read(len(buffer))
        buffer[: len(some)] = some
        return len(some)

    def close(self) -> None:
        self._rest.close()
        super().close()


_BEGUN: dict[str, BinaryIO] = {}
"""Files that give their bytes once and whose head somebody has seen, for whoever reads them next."""


def first_value(file: str, max_line: int = MAX_LINE) -> Any:
    """The first JSON value of a file that gives its bytes once; whoever reads the file next gets all of it.

    Args:
        file: a pipe, or ``-`` for standard input.
        max_line: bytes among which it is sought.

    Returns:
        None where there is none.

    Raises:
        InputError: the file cannot be opened.
    """
    stream, head, found = open_bytes(file), bytearray(), None
    while found is None and len(head) < max_line and (line := stream.readline(max_line)):
        head += line
        with contextlib.suppress(orjson.JSONDecodeError):
            found = parse(line.removeprefix(UTF8_MARK))
    _BEGUN[file] = io.BufferedReader(_Begun(bytes(head), stream), _BUFFER)
    return found


def _chunks(file: str, stream: BinaryIO, max_line: int) -> Iterator[bytes | None]:
    """Lines with their line ends; None for a line that is too long, which is passed over unread."""
    mark = len(UTF8_MARK)
    while line := stream.readline(max_line + 2 + mark):
        ended = line.endswith(b"\n")
        if mark:
            check_start(file, line)
            line, mark = line.removeprefix(UTF8_MARK), 0
        if len(line.rstrip(b"\r\n") if ended else line) <= max_line:
            yield line
            continue
        while not ended and (rest := stream.readline(_SKIP)):
            ended = rest.endswith(b"\n")
        yield None


def raw_lines(file: str, max_line: int = MAX_LINE) -> Iterator[tuple[int, bytes | None]]:
    """Numbered lines of a file, with their line ends and without the UTF-8 mark; None for one that is too long.

    Raises:
        InputError: the file is missing, a folder, UTF-16 or UTF-32, or damaged.
    """
    with open_bytes(file) as stream:
        try:
            yield from enumerate(_chunks(file, stream, max_line), start=1)
        except (EOFError, OSError, zlib.error) as error:
            raise whole_file(
                file, f"a damaged or cut file ({error})", "a whole file", "copy or compress it again"
            ) from None


def check_start(file: str, body: bytes) -> None:
    """Refuse a file that begins as UTF-16 or UTF-32.

    Raises:
        InputError: it does.
    """
    for mark, name in _FOREIGN_MARKS.items():
        if body.startswith(mark):
            raise whole_file(file, f"{name} text", "UTF-8", "save the file as UTF-8")


def utf8_problem(file: str, number: int, error: UnicodeDecodeError) -> Problem:
    """The problem of a line that is not UTF-8."""
    found = f"a byte that is not UTF-8 at position {error.start} (0x{error.object[error.start]:02x})"
    return Problem(file, number, "$", found, "UTF-8 text", "save this line as UTF-8")


def long_line(file: str, number: int, max_line: int) -> Problem:
    """The problem of a line that is too long."""
    found = f"a line of more than {max_line:,} bytes"
    return Problem(file, number, "$", found, "a record a line", "split it, or raise --max-line")


def parse(body: bytes | str) -> Any:
    """A JSON value; one nested so deep that it could not be written again counts as broken.

    Raises:
        orjson.JSONDecodeError: the text is no JSON value.
    """
    value = orjson.loads(body)
    opening = ("[", "{") if isinstance(body, str) else (b"[", b"{")
    if sum(map(body.count, opening)) > _DEEPEST and _is_deep(value):  # type: ignore[arg-type]
        raise orjson.JSONDecodeError(f"nested more than {_DEEPEST} deep", "", 0)
    return value


def _is_deep(value: Any) -> bool:
    layer = [value]
    for _ in range(_DEEPEST + 1):
        inner = [part for part in layer if isinstance(part, dict | list)]
        layer = [one for part in inner for one in (part.values() if isinstance(part, dict) else part)]
    return bool(layer)


def decode(file: str, number: int, body: bytes | None, max_line: int) -> Any:
    """A line's JSON value, or its Problem."""
    if body is None:
        return long_line(file, number, max_line)
    body = body.rstrip(b"\r\n")  # so that the column of an error is one of this line
    try:
        return parse(body)
    except orjson.JSONDecodeError as error:
        found = f"broken JSON ({error.msg}, column {error.colno})"
        broken = Problem(file, number, "$", found, "one JSON object", "mend or remove this line")
        return not_utf8(file, number, body) or broken


def not_utf8(file: str, number: int, body: bytes) -> Problem | None:
    """The problem of a line that is not UTF-8; None for one that is."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        return utf8_problem(file, number, error)
    return None


def read(file: str, max_line: int = MAX_LINE) -> Iterator[Item]:
    """Read JSON Lines.

    Args:
        file: path (.jsonl, .jsonl.gz, .jsonl.zst), or ``-`` for standard input.
        max_line: bytes a line may have.

    Yields:
        Line number and JSON value, or line number and ``Problem``. Blank lines are passed over.

    Raises:
        InputError: the file fails as a whole; then nothing was yielded (save for a compressed file that
            breaks off).
    """
    held: list[Problem] = []
    readable = False
    for number, line in raw_lines(file, max_line):
        if line is not None and not line.strip():
            continue
        if not readable:
            wrong = not_utf8(file, number, line or b"")
            if wrong is not None:
                held.append(wrong)
                continue
            readable = True
            for problem in held:
                yield problem.line or 0, problem
            held.clear()
        yield number, decode(file, number, line, max_line)
    if held:
        raise whole_file(file, "no line that is UTF-8", "UTF-8 text", "save the file as UTF-8")
    if not readable:
        raise whole_file(file, "an empty file", "at least one record", "check how the file was written")


def dumps(record: Any) -> bytes:
    """One record as one line, keys in the order given, with the line end; NaN and the infinities become null.

    Numbers of numpy, which a scorer of one's own may give, are numbers.

    Raises:
        ValueError: a string holds a lone surrogate, a number has more than 64 bits, or a value is not of JSON.
    """
    try:
        return orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_SERIALIZE_NUMPY)
    except orjson.JSONEncodeError as error:
        raise ValueError(str(error)) from None


def canonical(record: Any) -> bytes:
    """One record as canonical bytes (sorted keys, no blanks): what checksums are taken of."""
    return orjson.dumps(record, option=orjson.OPT_SORT_KEYS)


def pretty(document: Any) -> bytes:
    """A document (run.json, result.json, a manifest) as indented JSON with a line end."""
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def write_whole(path: Path, data: bytes | Iterable[bytes]) -> None:
    """Write a file so that it is there whole or not at all; a device or a pipe takes the bytes as they come.

    Args:
        path: the file; what it holds may be read while ``data`` is made, it changes at the end.
        data: its bytes, or parts of them in order.
    """
    if _is_device(path):
        with path.open("wb") as stream:
            stream.writelines([data] if isinstance(data, bytes) else data)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as stream:
            stream.writelines([data] if isinstance(data, bytes) else data)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    except OSError:
        # on a full disk half a file would take the room that the next try needs
        with contextlib.suppress(OSError):
            part.unlink()
        raise


def _is_device(path: Path) -> bool:
    """Whether a path is ``/dev/null``, ``/dev/stdout``, a pipe: a file in its place takes it from every program."""
    if path.is_symlink():
        # a link elsewhere is replaced, never followed: it may be somebody else's
        return path.exists() and path.absolute().parts[1] in ("dev", "proc")
    return path.exists() and not path.is_file() and not path.is_dir()


def cut_torn_line(path: Path) -> None:
    """Cut what stands after the last line end: a write that was killed half way."""
    if not path.exists():
        return
    with path.open("r+b") as stream:
        end = stream.seek(0, io.SEEK_END)
        keep = end
        while keep > 0:
            start = max(0, keep - _SKIP)
            stream.seek(start)
            block = stream.read(keep - start)
            newline = block.rfind(b"\n")
            if newline >= 0:
                keep = start + newline + 1
                break
            keep = start
        if keep < end:
            stream.truncate(keep)


class Appender:
    """Appends records to a file, each line whole and flushed; a torn last line is cut when it opens."""

    def __init__(self, path: Path) -> None:
        """Open ``path`` for appending, making its folder.

        Args:
            path: the file; what it already holds stays.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        cut_torn_line(path)
        self._stream = path.open("ab")

    def write(self, *records: Any) -> None:
        """Append records and flush once."""
        self._stream.write(b"".join(dumps(record) for record in records))
        self._stream.flush()

    def write_lines(self, lines: bytes) -> None:
        """Append lines that are written already, each whole with its line end, and flush.

        Args:
            lines: as ``dumps`` makes them.
        """
        self._stream.write(lines)
        self._stream.flush()

    def __enter__(self) -> Appender:
        """Nothing to prepare."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self._stream.close()
