"""``--fix``: what can be mended without a judgement, and nothing else.

The form of a file (a UTF-8 mark, CRLF, blanks at line ends, no final line end) and spans whose quote stands in
exactly one other place. Records of a released version are never edited, so their spans stay.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

from amends.checks.built import indices
from amends.checks.files import File, Group, Line
from amends.checks.spans import fits, meant, places, reply_texts
from amends.checks.texts import Texts
from amends.errors import InputError, Problem
from amends.jsonl import dumps, raw_lines, write_whole
from amends.records import Json

_BOM = b"\xef\xbb\xbf"
_BLANKS = b" \t\r\n"
_MARK, _CRLF, _TRAILING, _UNENDED = "a UTF-8 mark", "CRLF line ends", "blanks at line ends", "no final line end"
_EXPECTED = {
    _MARK: "UTF-8 without a mark",
    _CRLF: "LF line ends",
    _TRAILING: "lines that end with their record",
    _UNENDED: "a line end after the last record",
}


def form_problems(group: Group) -> Iterator[Problem]:
    """Files of a data folder whose bytes differ from what this package writes; elsewhere the form is free."""
    for file in group.files if group.folder is not None else ():
        if file.kind is not None and not file.built:
            for fault, line in sorted(_faults(file, _raw(file)).items(), key=lambda item: item[1]):
                yield Problem(file.name, line, "$", fault, _EXPECTED[fault], "run amends check --fix")


def _raw(file: File) -> list[bytes]:
    """Lines of a file with their line ends; none where the file holds a line too long to be read."""
    try:
        lines = [line for _, line in raw_lines(file.name)]
    except (InputError, OSError):
        return []
    return [line for line in lines if line is not None] if None not in lines else []


def _faults(file: File, lines: Sequence[bytes]) -> dict[str, int]:
    """Faults of form, each with the first line that has it."""
    found: dict[str, int] = {}
    if lines and _starts_with_mark(file):
        found[_MARK] = 1
    for number, line in enumerate(lines, start=1):
        body = line.rstrip(_BLANKS)
        if line == body + b"\n":
            continue
        if line.endswith(b"\r\n"):
            found.setdefault(_CRLF, number)
        elif not line.endswith(b"\n"):
            found.setdefault(_UNENDED, number)
        if line.rstrip(b"\r\n") != body:
            found.setdefault(_TRAILING, number)
    return found


def _starts_with_mark(file: File) -> bool:
    with Path(file.name).open("rb") as stream:
        return stream.read(len(_BOM)) == _BOM


def mend(groups: Sequence[Group]) -> Iterator[str]:
    """Mend what is safe; each file is written whole or not at all.

    Args:
        groups: as they were read; what is mended must be read again.

    Yields:
        What was done, a line for each file and each span.
    """
    for group in groups:
        texts = reply_texts(group)
        kept = _released(group)
        for file in group.files:
            if file.kind is not None and not file.built and file.name.endswith(".jsonl"):
                yield from _mend_file(file, texts, kept)


def _released(group: Group) -> set[str]:
    """Ids of annotations that a released version holds."""
    if group.folder is None:
        return set()
    return {key for _, index in indices(group.folder) for key in index.get("annotations", ())}


def _mend_file(file: File, texts: Texts, kept: Collection[str]) -> Iterator[str]:
    lines = _raw(file)
    done = [f"{file.name}:{line}: {fault} mended" for fault, line in _faults(file, lines).items()]
    mended = [line.rstrip(_BLANKS) + b"\n" for line in lines]
    for line in file.lines if lines and file.kind == "annotation" else ():
        if line.good and line.record.get("id") not in kept:
            record, moved = _with_spans(line, texts)
            if moved and lossless(lines[line.number - 1], line.record):
                mended[line.number - 1] = dumps(record)
                done.extend(f"{file.name}:{line.number} {what}" for what in moved)
    if not done:
        return
    try:
        write_whole(Path(file.name).resolve(), b"".join(mended))
    except OSError as error:
        yield f"{file.name}: nothing mended, the file cannot be written ({error})"
        return
    yield from done


def _with_spans(line: Line, texts: Texts) -> tuple[Json, list[str]]:
    """The record with the spans that can be moved, and what was moved."""
    record = line.record
    behaviours = record.get("behaviours") or []
    own = texts.get(record["reply_id"])
    if not own:
        return record, []
    text = meant(behaviours, own)
    moved: list[str] = []
    kept: list[Json] = []
    for i, span in enumerate(behaviours):
        at = [] if fits(span, text) else places(span["quote"], text)
        if len(at) == 1:
            start, end = at[0], at[0] + len(span["quote"])
            moved.append(f"$.behaviours[{i}]: {span['start']} to {span['end']} moved to {start} to {end}")
            span = {**span, "start": start, "end": end}
        kept.append(span)
    return {**record, "behaviours": kept}, moved


def lossless(line: bytes, record: Json) -> bool:
    """Tell whether writing a record again loses nothing: no key twice, no number beyond 64 bits.

    Args:
        line: as it stands in the file.
        record: as it was read.
    """
    keys: Counter[bool] = Counter()

    def unique(pairs: list[tuple[str, Any]]) -> Json:
        keys[len({key for key, _ in pairs}) == len(pairs)] += 1
        return dict(pairs)

    return bool(json.loads(line, object_pairs_hook=unique) == record) and not keys[False]
