"""Spans: inside the reply, and quoting what stands there.

Offsets count Unicode code points of the stored text, the end exclusive: ``quote == text[start:end]``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from amends.checks.files import File, Group, Line, shown, step
from amends.checks.texts import Texts
from amends.errors import Problem
from amends.records import Json
from amends.schema import problems as schema_problems

_MOST = 5


def reply_texts(group: Group) -> Texts:
    """Texts of the group's replies and exchanges by the id that an annotation names; two files may use one id."""
    texts = Texts()
    for _, line in group.lines("reply", "exchange"):
        text = line.record.get("text", line.record.get("reply"))
        key = line.record.get("id")
        if isinstance(text, str) and isinstance(key, str):
            texts.add(key, text)
    return texts


def fits(span: Json, text: str) -> bool:
    """Tell whether a behaviour's span lies in the text and its quote stands there."""
    start, end = span["start"], span["end"]
    return bool(0 <= start < end <= len(text) and text[start:end] == span["quote"])


def places(quote: str, text: str) -> list[int]:
    """Offsets at which a quote stands in a text, overlapping ones too, the first five at most."""
    found: list[int] = []
    at = text.find(quote)
    while at >= 0 and len(found) < _MOST:
        found.append(at)
        at = text.find(quote, at + 1)
    return found


def meant(behaviours: Sequence[Json], texts: Sequence[str]) -> str:
    """Of several texts under one id the one that the most spans fit, the first among equals."""
    return max(texts, key=lambda text: sum(fits(span, text) for span in behaviours))


def problems(group: Group) -> Iterator[Problem]:
    """Spans of annotations and of gold that lie outside their reply, or quote something else."""
    texts = reply_texts(group) if any(file.kind == "annotation" for file in group.files) else Texts()
    for file, line in group.good("annotation"):
        own = texts.get(line.record["reply_id"])
        behaviours = line.record.get("behaviours") or ()
        if own:
            yield from _of_list(behaviours, meant(behaviours, own), "$.behaviours", (file.name, line.number))
        else:
            yield from schema_problems(line.record, "annotation", file.name, line.number)
    for one in group.files:
        yield from one.each("spans", of_line)


def of_line(file: File, line: Line) -> Iterator[Problem]:
    """Spans of an exchange's gold that lie outside its reply, or quote something else.

    Args:
        file: where it stands.
        line: a record of any kind.
    """
    if file.kind != "exchange" or not line.good:
        return
    for kind, gold in (line.record.get("gold") or {}).items():
        path = f"$.gold.{kind}.behaviours"
        yield from _of_list(gold["behaviours"] if gold else (), line.record["reply"], path, (file.name, line.number))


def _of_list(behaviours: Sequence[Json], text: str, path: str, where: tuple[str, int]) -> Iterator[Problem]:
    for i, span in enumerate(behaviours):
        if not fits(span, text):
            yield _problem(span, text, step(path, i), where)


def _problem(span: Json, text: str, path: str, where: tuple[str, int]) -> Problem:
    start, end = span["start"], span["end"]
    remedy = _remedy(span["quote"], text)
    if not start < end <= len(text):
        inside = f"a span inside the reply (0 to {len(text)}), its start before its end"
        return Problem(*where, path, f"the span {start} to {end}", inside, remedy)
    expected = f"quote == text[start:end], which is {shown(text[start:end])}"
    return Problem(*where, f"{path}.quote", f"{shown(span['quote'])} at {start} to {end}", expected, remedy)


def _remedy(quote: Any, text: str) -> str:
    at = places(quote, text)
    if not at:
        return "the quote stands nowhere in the reply; copy it from the text"
    where = " or ".join(f"start {start}, end {start + len(quote)}" for start in at)
    mended = " (amends check --fix does it)" if len(at) == 1 else ""
    return f"the quote stands at {where}{mended}"
