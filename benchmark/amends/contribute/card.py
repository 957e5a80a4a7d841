"""What of the card, and of the list of changes, follows from the records: versions, counts, who contributed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from amends.dataset.build import joined
from amends.dataset.folder import SPLITS, DataFolder, read_records
from amends.dataset.versions import current_records
from amends.errors import InputError, Problem
from amends.jsonl import write_whole
from amends.records import Exchange, Json
from amends.terminal import plain

CHANGES = "CHANGES.md"
_OPEN, _CLOSE = "<!-- contributed -->", "<!-- /contributed -->"
_REWORDED = (
    (
        "**The labels here are by language-model annotators of one family under a written guideline, "
        "not yet by people.**",
        "**The labels here are by language-model annotators of one family under a written guideline;\n"
        "those of contributed replies are by whom `annotations/` names, people or models (see Contributed).**",
    ),
    (
        "Every text was written for this dataset by language-model contexts (`meta.writer` names the context)",
        "Every text was written for this dataset: contributed ones by whom `contributed.jsonl` names, the others by\n"
        "language-model contexts (`meta.writer` names the context)",
    ),
)
"""What the card says before the first contribution, and what it says after it, until the last one is withdrawn."""

_FALSE = (
    r"not\s+yet\s+by\s+people",
    r"no\s+labels\s+by\s+people",
    r"every\s+text\s+was\s+written\s+[^.:;]*by\s+language-model",
)
"""What a card must not say of a dataset with contributions, in whatever words around it."""

_HEAD = "# Changes of the data\n\nWritten by `amends contribute accept` and `withdraw`, the newest first.\n"


def contributed(folder: DataFolder) -> list[Json]:
    """Where contributed replies came from, those that are still listed."""
    path = folder.path / "contributed.jsonl"
    if not path.is_file() or not path.stat().st_size:
        return []
    gone = folder.withdrawn("reply")
    return [record for _, record in read_records(path, "contributed") if record["id"] not in gone]


def update_card(folder: DataFolder, version: str) -> None:
    """Write version, counts and the part about contributions into the card; other words stay as they are.

    Args:
        folder: with a README.md or without one.
        version: of the dataset, the new one.

    Raises:
        InputError: it says what contributions make false, in words that are not known here.
    """
    card = folder.path / "README.md"
    if not card.is_file():
        return
    exchanges = joined(current_records(folder), str(folder.path))
    text = card.read_text(encoding="utf-8")
    text = re.sub(r"^(## What is in it \(version )[^)]+\)", rf"\g<1>{version})", text, flags=re.MULTILINE)
    for name, counts in _counts(exchanges).items():
        row = " | ".join(f"{counts[split]:,}" for split in SPLITS)
        text = re.sub(rf"^\| {name} \|(?: [\d,]+ \|){{3}}$", f"| {name} | {row} |", text, flags=re.MULTILINE)
    text = _true(_domains(text, exchanges), bool(contributed(folder)), str(card))
    write_whole(card, _with_block(text, _block(folder, exchanges, version)).encode())


def _true(text: str, given: bool, file: str) -> str:
    """The card without sentences that contributions make false, or with them again when none is left."""
    for pair in _REWORDED:
        old, new = pair if given else pair[::-1]
        spaced = r"\s+".join(re.escape(word) for word in old.split())
        text = re.sub(spaced, new.replace("\\", r"\\"), text)
    wrong = next((match for claim in _FALSE if given and (match := re.search(claim, text, re.IGNORECASE))), None)
    if wrong is not None:
        line = text.count("\n", 0, wrong.start()) + 1
        expected = "a card that is true of contributed replies, too"
        remedy = "reword the sentence, then do it again; nothing was changed"
        raise InputError([Problem(file, line, "$", f'"{" ".join(wrong[0].split())}"', expected, remedy)])
    return text


def said(text: str) -> str:
    """A name as Markdown shows it, whatever stands in it.

    Args:
        text: one line.
    """
    return re.sub(r"([\\`*_{}\[\]<>|#~&!@])", r"\\\1", plain(text))


def _counts(exchanges: list[Exchange]) -> dict[str, Mapping[str, int]]:
    replies = Counter(str(e.split) for e in exchanges)
    scenarios = Counter(split for split, _ in {(str(e.split), e.scenario_id) for e in exchanges})
    return {"scenarios": scenarios, "replies": replies}


def _domains(text: str, exchanges: list[Exchange]) -> str:
    every = {e.context.domain for e in exchanges if e.context.domain}
    alone = sorted(every - {e.context.domain for e in exchanges if e.split != "test"} - {None})
    line = f"{len(every)} domains in the exchanges, {len(alone)} of them in test only ({', '.join(map(str, alone))})"
    return re.sub(r"^\d+ domains in the exchanges, \d+ of them in test only \([^)]*\)", line, text, flags=re.MULTILINE)


def _block(folder: DataFolder, exchanges: list[Exchange], version: str) -> str:
    given = contributed(folder)
    if not given:
        return ""
    written = Counter(record["written"].replace("_", " ") for record in given)
    ids = {record["id"] for record in given}
    by_people = sum("person" in (e.gold or {}) for e in exchanges if e.id in ids)
    credits = sorted({str(record["credit"]) for record in given}, key=str.casefold)
    lines = [
        _OPEN,
        "## Contributed",
        "",
        f"{len(given)} replies of version {version} were contributed, {sum(r['new_scenario'] for r in given)} with a "
        f"scenario of their own; written by {', '.join(f'{k}: {n}' for k, n in sorted(written.items()))}. "
        f"{by_people} of them have labels by people. `contributed.jsonl` says of each who wrote it, when they agreed "
        "to CC BY 4.0, and the contributor's own labels, which are no gold. What this page says of how texts came "
        "about and were labeled, and its figures of agreement and of the plan, are of the release before the first "
        "contribution; AUDIT.md is computed anew for each version, "
        f"and [{CHANGES}]({CHANGES}) lists the changes.",
        "",
        f"Thanks to {', '.join(map(said, credits))}.",
        _CLOSE,
        "",
    ]
    return "\n".join(lines) + "\n"


def _with_block(text: str, block: str) -> str:
    start = text.find(_OPEN)
    if start >= 0:
        end = text.index(_CLOSE, start) + len(_CLOSE)
        return text[:start] + block + text[end:].lstrip("\n")
    if not block:
        return text
    at = text.find("\n## Licence")
    return text + "\n" + block if at < 0 else text[: at + 1] + block + text[at + 1 :]


def add_change(folder: Path, version: str, day: str, lines: list[str]) -> None:
    """Put an entry before the others of the list of changes."""
    path = folder / CHANGES
    text = path.read_text(encoding="utf-8") if path.is_file() else _HEAD
    head, mark, rest = text.partition("\n## ")
    entry = f"\n## {version} ({day})\n\n" + "".join(f"- {line}\n" for line in lines)
    write_whole(path, (head.rstrip("\n") + "\n" + entry + (mark + rest if mark else "")).encode())
