"""What the hosting service's CI keeps of a check: a small JSON, which another job reads as if anybody had written it.

The job that checks a pull request has no right to write; the job that comments takes this file from it. So the file
is made small here (``kept``), and read here with a limit, by its schema, before anything is done with it
(``read_artifact``).
"""

from __future__ import annotations

import os
import stat
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from amends.errors import InputError, Problem
from amends.jsonl import parse, pretty
from amends.records import DIMENSIONS, Json
from amends.schema import problems
from amends.signature import scorer_tag

MAX_ARTIFACT = 64_000
"""Bytes of the file."""
MAX_PACKED = 100_000
"""Bytes of the file as the hosting service packs it."""
MAX_PROBLEMS = 40
MAX_PROBLEM = 500
"""Characters of a problem."""
MEMBER = "leaderboard-check.json"
"""Name of the file in the archive that the hosting service makes of it."""

_REMEDY = "nothing is said on the pull request; look at the check's own log"
_SHARES = ("breach", "full", "mean")
_TOLD = 200


def kept(number: int, head: str, base: str, request: Mapping[str, Any], checked: Sequence[Mapping[str, Any]]) -> Json:
    """What is kept of a check.

    Args:
        number: of the pull request.
        head: its commit, 40 hex.
        base: the commit whose code checked, 40 hex.
        request: found.json of ``.github/leaderboard/request.py``: state, name, change, other_files, problems.
        checked: what ``amends leaderboard check --json`` printed; empty where it did not get so far.

    Returns:
        A record by ``schemas/checked.schema.json``, of at most MAX_ARTIFACT bytes.
    """
    told = [str(one) for one in request["problems"]]
    name = request["name"]
    found = next((one for one in checked if one["name"] == name), None)
    if request["state"] == "taken" and found is None:
        told.append(f"{name} $: found no result of the check, expected one; see the end of the check's log")
    if found is not None:
        told += [str(one) for one in (*found["problems"], *([] if found["written"] else found["differences"]))]
    good = request["state"] == "taken" and found is not None and bool(found["good"]) and not told
    if not good and not told:
        told.append(f"{name or 'the request'} $: found a refusal without a reason, expected one; see the check's log")
    record = {
        "schema": 1,
        "pull_request": number,
        "head": head,
        "base": base,
        "name": name,
        "change": request["change"],
        "other_files": min(int(request["other_files"]), 1_000_000),
        "state": "good" if good else "refused",
        "problems": [_cut(one, MAX_PROBLEM) for one in told[:MAX_PROBLEMS]],
        "left_out": max(0, len(told) - MAX_PROBLEMS),
        "row": None if found is None or not found["results"] else _row(found),
    }
    while len(pretty(record)) > MAX_ARTIFACT:
        record["problems"].pop()
        record["left_out"] += 1
    return record


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 3] + "..."


def _row(found: Mapping[str, Any]) -> Json:
    overlap = found["overlap"]
    return {
        "set": found["set"],
        "unranked": None if found["unranked"] is None else _cut(found["unranked"], 100),
        "overlap": None if overlap is None else {key: overlap[key] for key in ("sequences", "found")},
        "scorers": [_scorer(one) for one in found["results"].values()],
    }


def _scorer(result: Mapping[str, Any]) -> Json:
    by = result["scorer"]
    return {
        "scorer": scorer_tag(by["name"], by["version"], by.get("weights")),
        "signature": result["signature"],
        "dimensions": {
            dimension: {share: _estimate(result["dimensions"][dimension][share]) for share in _SHARES}
            for dimension in DIMENSIONS
        },
    }


def _estimate(raw: Mapping[str, Any]) -> Json:
    number = {key: None if raw[key] is None else round(float(raw[key]), 4) for key in ("value", "low", "high")}
    note = raw["note"]
    return number | {"n": raw["n"], "clusters": raw["clusters"], "note": None if note is None else _cut(note, _TOLD)}


def read_artifact(file: Path, head: str | None = None) -> Json:
    """Read what is kept of a check, whoever may have written it.

    Args:
        file: the JSON, or the archive in which the hosting service hands it out.
        head: the commit that it must be about.

    Returns:
        A record by its schema.

    Raises:
        InputError: it is too large, is something else, or is about another commit.
    """
    shown = str(file)
    data = _bytes(file, shown)
    try:
        record = parse(data)
    except ValueError as error:
        raise _wrong(shown, f"broken JSON ({str(error)[:60]})", "one JSON object in UTF-8") from None
    if wrong := problems(record, "checked", shown, None):
        raise InputError(wrong)
    if head is not None and record["head"] != head:
        raise _wrong(shown, f"a check of the commit {record['head']}", f"one of {head}", "$.head")
    checked: Json = record
    return checked


def _wrong(shown: str, found: str, expected: str, path: str = "$") -> InputError:
    return InputError([Problem(shown, None, path, found, expected, _REMEDY)])


def _bytes(file: Path, shown: str) -> bytes:
    number = os.open(file, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(number, "rb") as opened:
        if not stat.S_ISREG(os.fstat(number).st_mode):
            raise _wrong(shown, "no plain file", "a file")
        data = opened.read(MAX_PACKED + 1)
        if len(data) > MAX_PACKED:
            raise _wrong(shown, f"more than {MAX_PACKED:,} bytes", f"at most {MAX_PACKED:,}")
        if data.startswith(b"PK"):
            opened.seek(0)
            return _unpacked(opened, shown)
    if len(data) > MAX_ARTIFACT:
        raise _wrong(shown, f"{len(data):,} bytes", f"at most {MAX_ARTIFACT:,}")
    return data


def _unpacked(opened: Any, shown: str) -> bytes:
    """The one member of an archive, never written to a disk and never unpacked beyond the limit."""
    expected = f"one member, {MEMBER}, of at most {MAX_ARTIFACT:,} bytes"
    try:
        with zipfile.ZipFile(opened) as archive:
            members = archive.infolist()
            if [one.filename for one in members] != [MEMBER]:
                raise _wrong(shown, f"{len(members)} members of an archive, or one of another name", expected)
            with archive.open(members[0]) as member:
                # the size that an archive states may be a lie
                data = member.read(MAX_ARTIFACT + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise _wrong(shown, f"an archive that does not open ({type(error).__name__})", expected) from None
    if len(data) > MAX_ARTIFACT:
        raise _wrong(shown, f"a member of more than {MAX_ARTIFACT:,} bytes", expected)
    return data
