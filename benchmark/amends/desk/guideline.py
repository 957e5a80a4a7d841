"""The released guideline as a page shows it: its text whole, and for each dimension its levels, behaviours and doubts.

Nothing is worded anew: every sentence is one of data/GUIDELINE.md, names of behaviours and flags are the rubric's.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Iterable, Sequence

import orjson

from amends.errors import UsageError
from amends.records import DIMENSIONS, Json
from amends.resources import shipped
from amends.rubric.definitions import behaviours, rubric

NOT_FOR_PEOPLE = frozenset({"refused_by_judge"})
"""Flags that a person has no use for: who will not judge a reply skips it."""

_CODE = re.compile(r"([EDX][1-9]) (?:\((minus)\) )?(.+)")
_MARK = re.compile(r"\*\*(.+?)\*\*|\*(.+?)\*|`(.+?)`")


@functools.cache
def text() -> str:
    """data/GUIDELINE.md.

    Raises:
        UsageError: it is not the one that was released.
    """
    data = shipped("data", "GUIDELINE.md").read_bytes()
    manifest = orjson.loads(shipped("data", "manifest.json").read_bytes())
    if hashlib.sha256(data).hexdigest() != manifest["files"]["GUIDELINE.md"]["sha256"]:
        raise UsageError(
            "data/GUIDELINE.md is not the one of the released dataset (data/manifest.json has another checksum), and "
            "labels must name the guideline that they follow; put it back, or release the new one"
        )
    return data.decode()


@functools.cache
def version() -> str:
    """The guideline's version, as it stands in ``annotator.guideline``.

    Raises:
        UsageError: its first line does not say it.
    """
    said = re.match(r"# .*version ([0-9][0-9.]*[0-9])\s", text())
    if said is None:
        raise UsageError("data/GUIDELINE.md does not say its version in its first line")
    return said[1]


def runs(words: str) -> list[list[str]]:
    """A line of the guideline as pieces: each a text and how it stands (plain, strong, em or code)."""
    out, at = [], 0
    for mark in _MARK.finditer(words):
        if mark.start() > at:
            out.append([words[at : mark.start()], "plain"])
        strong, em, code = mark.groups()
        out.append([strong, "strong"] if strong else [em, "em"] if em else [code, "code"])
        at = mark.end()
    return [*out, [words[at:], "plain"]] if at < len(words) else out


def blocks() -> list[Json]:
    """The whole guideline: ``h`` (with ``level``), ``p``, ``li`` and ``table`` blocks in order, none of them markup."""
    out: list[Json] = []
    for part in re.split(r"\n\s*\n", text()):
        lines = part.strip().splitlines()
        if lines[0].startswith("|"):
            rows = [[runs(cell) for cell in _cells(line)] for line in lines if not line.startswith("|---")]
            out.append({"kind": "table", "rows": rows})
            continue
        for line in _joined(lines):
            heading = re.match(r"(#+) (.*)", line)
            if heading:
                out.append({"kind": "h", "level": len(heading[1]), "runs": runs(heading[2])})
            else:
                item = line.startswith("- ") or _CODE.fullmatch(line) is not None
                out.append({"kind": "li" if item else "p", "runs": runs(line.removeprefix("- "))})
    return out


def _joined(lines: Sequence[str]) -> Iterable[str]:
    """Lines of one part; a line that goes on with the one before is joined to it."""
    whole = ""
    for line in lines:
        own = line.startswith(("- ", "#", "`")) or _CODE.fullmatch(line) or whole.startswith("#") or _ends(whole)
        if whole and own:
            yield whole
            whole = line
        else:
            whole = f"{whole} {line}".strip()
    yield whole


def _ends(line: str) -> bool:
    """A line after which the next one begins anew: a heading in bold, or a line of the section on flags or caps."""
    return bool(re.fullmatch(r"\*\*[^*]+\*\*", line)) or bool(re.match(r"[A-Z][a-z]+( [a-z]+)?: ", line))


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _section(title: str) -> str:
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", text(), re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


def _levels() -> list[list[str]]:
    """Rows of the table: the level, and a text for each dimension."""
    rows = [_cells(line) for line in _section("The three dimensions").splitlines() if line.startswith("|")]
    return [row for row in rows if row[0].isdecimal()]


def dimensions() -> list[Json]:
    """For each dimension: code, name, question, levels, behaviours, caps and doubts, in the guideline's words.

    Raises:
        UsageError: the guideline no longer has the form in which this reads it.
    """
    names = {d["code"]: d["name"] for d in rubric()["dimensions"]}
    words, doubts = _behaviours()
    levels, known = _levels(), behaviours()
    if set(words) != set(known) or len(levels) != 5:
        raise UsageError("data/GUIDELINE.md has another form than this version of amends reads")
    columns = [_cells(line) for line in _section("The three dimensions").splitlines() if line.startswith("| level")][0]
    out = []
    for number, code in enumerate(DIMENSIONS, start=1):
        own = [b for b in known.values() if b.dimension == code]
        letter = own[0].code[0]
        out.append(
            {
                "code": code,
                "name": names[code],
                "letter": letter,
                "question": columns[number].partition(": ")[2].capitalize(),
                "levels": [{"level": int(row[0]), "runs": runs(row[number])} for row in reversed(levels)],
                "behaviours": [
                    {"code": b.code, "name": b.name.replace("_", " "), "plus": b.positive, "runs": runs(words[b.code])}
                    for b in own
                ],
                "notes": [runs(line) for line in [*doubts.get(letter, []), *_notes(names[code], letter)]],
            }
        )
    return out


def _behaviours() -> tuple[dict[str, str], dict[str, list[str]]]:
    """Each behaviour's words, and by letter what else stands among them ("X4 or X8? ...")."""
    words: dict[str, str] = {}
    doubts: dict[str, list[str]] = {}
    for line in _section("The behaviours").splitlines():
        said = _CODE.fullmatch(line)
        if said is None:
            continue
        code, _, rest = said.groups()
        if code in words:
            doubts.setdefault(code[0], []).append(line)
        else:
            words[code] = rest
    return words, doubts


def _notes(name: str, letter: str) -> list[str]:
    """What caps a dimension, and the settled doubts about it: lines that begin with its name or tell of its codes."""
    caps = _section("How minus behaviours cap").splitlines()
    doubts = [line.removeprefix("- ") for line in _section("Settled doubts").splitlines() if line.startswith("- ")]
    own = [line for line in doubts if not line.startswith(f"{name}: ") and re.search(rf"\b{letter}[1-9]\b", line)]
    named = [line.removeprefix(f"{name}: ") for line in (*caps, *doubts) if line.startswith(f"{name}: ")]
    return [*named, *own]


def flags() -> list[Json]:
    """Flags that a person may set: code, name, meaning, and whether the reply then gets no levels."""
    return [
        {
            "code": flag["code"],
            "name": flag["code"].replace("_", " "),
            "meaning": flag["meaning"],
            "unscored": flag["levels"] == "null",
        }
        for flag in rubric()["flags"]
        if flag["code"] not in NOT_FOR_PEOPLE
    ]
