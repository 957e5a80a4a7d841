"""The report for programs: a Result as JSON, exactly what result.json holds."""

from __future__ import annotations

from collections.abc import Sequence

from amends.jsonl import pretty
from amends.records import Annotation, Exchange
from amends.results import Result


def report(result: Result, items: Sequence[tuple[Exchange, Annotation]] = ()) -> str:
    """A Result as indented JSON; ``Result.from_dict`` of what it decodes to gives the Result back.

    Args:
        result: what is reported.
        items: not used: the texts stay in their own files.
    """
    return pretty(result.to_dict()).decode()
