"""Annotations of a file, line by line: the good ones, and the problems of the others."""

from __future__ import annotations

from collections.abc import Iterator

from amends.errors import Problem
from amends.jsonl import read
from amends.records import Annotation
from amends.schema import problems


def read_annotations(file: str) -> Iterator[Annotation | Problem]:
    """Read a file of annotations.

    Args:
        file: JSON Lines, or ``-`` for standard input.

    Yields:
        Each good line's annotation, and each problem of the others (a line may have several).

    Raises:
        InputError: the file fails as a whole.
    """
    for line, record in read(file):
        wrong = [record] if isinstance(record, Problem) else problems(record, "annotation", file, line)
        if wrong:
            yield from wrong
        else:
            yield Annotation.from_dict(record)
