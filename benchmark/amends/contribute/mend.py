"""``--fix`` of a contribution: what can be mended without a judgement, each mend shown with before and after.

Blanks at the ends of short fields; a missing id; NFC of short fields; spans of the contributor's own labels: offsets of
a quote that stands in one other place, a quote whose white space was changed on the way, one that has blanks at its
ends. The customer's words and the reply are never touched, save for blanks at their very ends, with the spans moved.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from amends.checks.mend import lossless
from amends.checks.spans import fits, places
from amends.jsonl import dumps, raw_lines, write_whole
from amends.records import CONTEXT_FIELDS, Json

_SHORT = ("id", "scenario_id", "credit", "model", "written")


@dataclass(frozen=True, slots=True)
class Mend:
    """One thing that was mended."""

    file: str
    line: int
    path: str
    before: Any
    after: Any

    def __str__(self) -> str:
        """``file:line $.path: before -> after``."""
        return f"{self.file}:{self.line} {self.path}: {_shown(self.before)} -> {_shown(self.after)}"


def _shown(value: Any) -> str:
    text = "nothing" if value is None else orjson.dumps(value).decode()
    return text if len(text) <= 80 else f"{text[:38]}...{text[-38:]}"


def mend_file(file: str) -> list[Mend]:
    """Mend a contribution file in place; it is written whole or not at all.

    Args:
        file: JSON Lines; lines that are no JSON object stay as they are.

    Returns:
        What was done; nothing was written where it is empty. A file with a line too long to be read stays as it is.
    """
    lines: list[bytes] = []
    done: list[Mend] = []
    taken: set[str] = set()
    read = [line for _, line in raw_lines(file)]
    raw = [line for line in read if line is not None]
    if len(raw) < len(read):
        return done
    records = [_object(line) for line in raw]
    for record in records:
        if record is not None and isinstance(record.get("id"), str):
            taken.add(record["id"].strip())
    for number, (line, record) in enumerate(zip(raw, records, strict=True), start=1):
        if record is None:
            lines.append(line)
            continue
        mended, found = mended_example(record, taken, Path(file).stem)
        if found and not lossless(line, record):
            lines.append(line)
            continue
        done += [Mend(file, number, path, before, after) for path, before, after in found]
        lines.append(dumps(mended) if found else line)
    if done:
        write_whole(Path(file).resolve(), b"".join(line if line.endswith(b"\n") else line + b"\n" for line in lines))
    return done


def _object(line: bytes) -> Json | None:
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return value if isinstance(value, dict) else None


Change = tuple[str, Any, Any]


def mended_example(example: Json, taken: set[str], stem: str) -> tuple[Json, list[Change]]:
    """An example with what is safe to mend.

    Args:
        example: any JSON object.
        taken: ids of the file; a new one is added.
        stem: of the file's name, with which a new id begins.

    Returns:
        The example, and path, before and after of each mend.
    """
    found: list[Change] = []
    made = dict(example)
    if made.get("id") in (None, "") or (isinstance(made.get("id"), str) and not made["id"].strip()):
        new = next(f"{stem}-{n}" for n in range(1, len(taken) + 2) if f"{stem}-{n}" not in taken)
        taken.add(new)
        found.append(("$.id", made.get("id"), new))
        made = {"id": new} | made | {"id": new}
    for name in _SHORT:
        made |= _short(made, name, "$", found)
    if isinstance(made.get("scenario"), dict):
        made["scenario"] = _scenario(dict(made["scenario"]), found)
    if isinstance(made.get("reply"), str):
        made = _reply(made, found)
    return made, found


def _short(record: Json, name: str, path: str, found: list[Change]) -> Json:
    value = record.get(name)
    if not isinstance(value, str):
        return {}
    tidy = unicodedata.normalize("NFC", value.strip())
    if tidy == value:
        return {}
    found.append((f"{path}.{name}", value, tidy))
    return {name: tidy}


def _scenario(scenario: Json, found: list[Change]) -> Json:
    for name in CONTEXT_FIELDS:
        scenario |= _short(scenario, name, "$.scenario", found)
    turns = scenario.get("turns")
    if isinstance(turns, list):
        scenario["turns"] = [_turn(turn, f"$.scenario.turns[{i}]", found) for i, turn in enumerate(turns)]
    return scenario


def _turn(turn: Any, path: str, found: list[Change]) -> Any:
    if not isinstance(turn, dict) or not isinstance(turn.get("text"), str) or turn["text"].strip() == turn["text"]:
        return turn
    found.append((f"{path}.text", turn["text"], turn["text"].strip()))
    return turn | {"text": turn["text"].strip()}


def _reply(example: Json, found: list[Change]) -> Json:
    """The reply without blanks at its ends, and spans that fit it."""
    before: str = example["reply"]
    text = before.strip()
    if not text:
        return example
    lead = len(before) - len(before.lstrip())
    if text != before:
        found.append(("$.reply", before, text))
    labels = example.get("labels")
    spans = labels.get("behaviours") if isinstance(labels, dict) else None
    if not isinstance(labels, dict) or not isinstance(spans, list):
        return example | {"reply": text}
    mended = []
    for i, span in enumerate(spans):
        new = _span(span, text, lead)
        if new != span:
            path = f"$.labels.behaviours[{i}]"
            was, after = ({k: s.get(k) for k in ("start", "end", "quote")} for s in (span, new))
            found.append((path, was, after))
        mended.append(new)
    return example | {"reply": text, "labels": labels | {"behaviours": mended}}


def _span(span: Any, text: str, lead: int) -> Any:
    """A span moved to where its quote stands; as it was where that is nowhere or in several places."""
    if not isinstance(span, dict) or not isinstance(span.get("quote"), str) or not span["quote"].strip():
        return span
    quote = span["quote"]
    if isinstance(span.get("start"), int) and isinstance(span.get("end"), int):
        moved = span | {"start": span["start"] - lead, "end": span["end"] - lead}
        if fits(moved, text):
            return moved
    spots = [(at, at + len(quote)) for at in places(quote, text)] or list(_loosely(quote, text))
    if len(spots) != 1:
        return span
    start, end = spots[0]
    return span | {"start": start, "end": end, "quote": text[start:end]}


def _loosely(quote: str, text: str) -> Iterator[tuple[int, int]]:
    """Where a quote stands when any run of white space is as good as any other."""
    pattern = r"\s+".join(re.escape(word) for word in quote.split())
    for match in re.finditer(pattern, text):
        yield match.span()
