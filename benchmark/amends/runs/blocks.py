"""JSON Lines in blocks of whole lines: bytes that one process cuts and others decode."""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from amends.jsonl import (
    MAX_LINE,
    UTF8_MARK,
    Item,
    check_start,
    decode,
    long_line,
    not_utf8,
    open_bytes,
    whole_file,
)

BLOCK = 1 << 18
"""Bytes of a block: some 300 exchanges of 80 words."""
SMALL = 64
"""Blocks of that size; those of a longer file are four times as large from there on. Small ones share a short file out
evenly, and a scorer that matches replies together is a fifth quicker on large ones."""


@dataclass(frozen=True, slots=True)
class Block:
    """Whole lines of a file that stand together."""

    first: int
    """Number of the first of them."""
    body: bytes | None
    """The lines with their line ends; None for a single line that is too long, which was passed over unread."""


def blocks(file: str, max_line: int = MAX_LINE, size: int = BLOCK) -> Iterator[Block]:
    """A file in blocks of whole lines, without the UTF-8 mark, for others to decode (``decoded``).

    Where a block ends depends on the bytes of the file alone.

    Args:
        file: path (.jsonl, .jsonl.gz, .jsonl.zst), or ``-`` for standard input.
        max_line: bytes a line may have.
        size: bytes of a block, as long as its lines fit; of a block behind the first ``SMALL`` a quarter.

    Raises:
        InputError: the file is missing, a folder, UTF-16 or UTF-32, or damaged.
    """
    with open_bytes(file) as stream:
        try:
            yield from _numbered(_cut(file, stream, max_line, _sizes(size)))
        except (EOFError, OSError, zlib.error) as error:
            raise whole_file(
                file, f"a damaged or cut file ({error})", "a whole file", "copy or compress it again"
            ) from None


def _numbered(parts: Iterator[bytes | None]) -> Iterator[Block]:
    first = 1
    for body in parts:
        yield Block(first, body)
        first += 1 if body is None else body.count(b"\n")


def _sizes(size: int) -> Iterator[int]:
    return itertools.chain(itertools.repeat(size, SMALL), itertools.repeat(4 * size))


def _cut(file: str, stream: BinaryIO, max_line: int, sizes: Iterator[int]) -> Iterator[bytes | None]:
    rest = stream.read(next(sizes))
    check_start(file, rest)
    rest = rest.removeprefix(UTF8_MARK)
    while rest:
        end = rest.rfind(b"\n") + 1
        if end:
            yield rest[:end]
            rest = rest[end:]
        size = next(sizes)
        more = stream.read(size)
        if not more:
            break
        rest += more
        if len(rest) > max_line + size and b"\n" not in rest:
            yield None
            rest = _after_line(stream, size)
    if rest:
        yield rest


def _after_line(stream: BinaryIO, size: int) -> bytes:
    """What was read behind the end of the line at hand."""
    while more := stream.read(size):
        _, ended, rest = more.partition(b"\n")
        if ended:
            # a file that goes on must not look as if it ended here
            return rest or stream.read(size)
    return b""


def decoded(file: str, block: Block, max_line: int = MAX_LINE) -> Iterator[Item]:
    """Numbered JSON values of a block, or Problems; blank lines are passed over.

    Args:
        file: its name, for the problems.
        block: of that file.
        max_line: bytes a line may have.
    """
    if block.body is None:
        yield block.first, long_line(file, block.first, max_line)
        return
    for number, line in enumerate(block.body.split(b"\n"), start=block.first):
        if len(line) > max_line and len(line.rstrip(b"\r")) > max_line:
            yield number, long_line(file, number, max_line)
        elif line and not line.isspace():
            yield number, decode(file, number, line, max_line)


def is_readable(block: Block) -> bool:
    """Whether a line of a block is UTF-8.

    Args:
        block: of any file.
    """
    if block.body is None:
        return True
    return any(line.strip() and not_utf8("", 0, line) is None for line in block.body.split(b"\n"))
