"""What stands in an entry beside what its replies come to: levels within 0.05 a reply, estimates within 0.01."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from amends.errors import Problem
from amends.leaderboard.files import ANNOTATIONS, DOCUMENTS, REPLIES, EntryFiles
from amends.leaderboard.values import document, lines
from amends.records import DIMENSIONS, Annotation, Json
from amends.schema import problems

LEVEL_WITHIN = 0.05
"""A reply's level may differ by so much: processors round differently."""
ESTIMATE_WITHIN = 0.01
"""An estimate or an end of its interval may differ by so much (behaviours, which are per 100 replies, by 1)."""
SHIFT_WITHIN = 0.005
"""The mean over an entry's replies may differ by so much: rounding goes up as often as down.

Where every reply stands 0.04 too high every tie with another entry is won.
"""
CHECK_SCHEMA = 2
"""Version of the form of check.json."""
_SHOWN = 5
_REMEDY = "`amends leaderboard check NAME --write` puts the recomputed one there"
_NOISE = 1e-9


def annotations_file(scorer: str) -> str:
    """Where a scorer's annotations stand in an entry."""
    return f"{ANNOTATIONS}/{scorer}.jsonl"


def sums(data: Mapping[str, bytes], scorers: Sequence[str]) -> dict[str, str]:
    """SHA-256 of the files that a row is made of, by which ``read_board`` knows that nobody touched them since.

    Args:
        data: path below the entry to bytes; what is not there counts as empty.
        scorers: the official ones.
    """
    names = (*DOCUMENTS, REPLIES, "result.json", *map(annotations_file, scorers))
    return {name: hashlib.sha256(data.get(name, b"")).hexdigest() for name in names}


def annotation_differences(files: EntryFiles, scorer: str, made: Sequence[Annotation]) -> list[Problem]:
    """Where the annotations of an entry are not those that its replies get.

    Args:
        files: of the entry.
        scorer: whose annotations.
        made: recomputed, in the order of the replies.
    """
    name = annotations_file(scorer)
    shown = files.file(name)
    if name not in files.data:
        told_already = any(problem.file == shown for problem in files.problems)
        missing = Problem(shown, None, "$", "nothing", f"annotations by {scorer}", _REMEDY)
        return [] if told_already else [missing]
    shift = dict.fromkeys(DIMENSIONS, 0.0)
    found = list(_lines(files, name, {a.reply_id: a for a in made}, shift))
    for dimension, total in shift.items() if not found else ():
        mean = total / max(1, len(made))
        if abs(mean) > SHIFT_WITHIN + _NOISE:
            said, most = f"levels {mean:+.3f} on average from those recomputed", f"at most {SHIFT_WITHIN}"
            found.append(Problem(shown, None, f"$.levels.{dimension}", said, most, _REMEDY))
    if len(found) > _SHOWN:
        found[_SHOWN:] = [Problem(shown, None, "$", f"{len(found) - _SHOWN:,} more such lines", "none", _REMEDY)]
    return found


def _lines(files: EntryFiles, name: str, made: Mapping[str, Annotation], shift: dict[str, float]) -> Iterator[Problem]:
    shown = files.file(name)
    waiting = dict(made)
    for number, raw in lines(files, name):
        wrong = [raw] if isinstance(raw, Problem) else problems(raw, "annotation", shown, number)
        if wrong:
            yield from wrong
            continue
        own = waiting.pop(raw["reply_id"], None)
        if own is None:
            again = raw["reply_id"] in made
            what = f"{'a second' if again else 'an'} annotation of {raw['reply_id'][:60]!r}"
            yield Problem(shown, number, "$.reply_id", what, "one annotation of each reply", _REMEDY)
            continue
        who = raw["annotator"]
        if (who["name"], who["version"]) != (own.annotator.name, own.annotator.version):
            expected = f"{own.annotator.name} {own.annotator.version}"
            said = f"{who['name'][:40]} {who['version'][:20]}"
            yield Problem(shown, number, "$.annotator", said, expected, _REMEDY)
            continue
        for dimension in DIMENSIONS:
            level, right = raw["levels"][dimension], own.levels[dimension]
            both = level is not None and right is not None
            shift[dimension] += level - right if both else 0.0
            if (level is None) != (right is None) or (both and abs(level - right) > LEVEL_WITHIN + _NOISE):
                yield Problem(shown, number, f"$.levels.{dimension}", _number(level), _number(right), _REMEDY)
    for reply_id in waiting:
        yield Problem(shown, None, "$", f"no annotation of {reply_id[:60]!r}", "one of each reply", _REMEDY)


def document_differences(files: EntryFiles, name: str, made: Json) -> list[Problem]:
    """Where a computed document of an entry is not what its replies come to.

    Args:
        files: of the entry.
        name: of the file.
        made: recomputed, as JSON.
    """
    shown = files.file(name)
    stored = document(files, name)
    if isinstance(stored, Problem):
        return [Problem(shown, stored.line, "$", stored.found, "what check computed", _REMEDY)]
    if stored is None:
        return []
    found = [Problem(shown, None, path, said, right, _REMEDY) for path, said, right in _differing(stored, made, "$")]
    if len(found) > _SHOWN:
        found[_SHOWN:] = [Problem(shown, None, "$", f"{len(found) - _SHOWN:,} more such fields", "none", _REMEDY)]
    return found


def _differing(stored: Any, made: Any, path: str) -> Iterator[tuple[str, str, str]]:
    if isinstance(made, dict) and isinstance(stored, dict):
        for key in made:
            yield from _differing(stored.get(key, _NOTHING), made[key], f"{path}.{key}")
        for key in stored.keys() - made.keys():
            yield f"{path}.{str(key)[:60]}", "a field", "nothing"
    elif isinstance(made, list | tuple) and isinstance(stored, list) and len(made) == len(stored):
        for i, (one, other) in enumerate(zip(stored, made, strict=True)):
            yield from _differing(one, other, f"{path}[{i}]")
    elif isinstance(made, float) and isinstance(stored, int | float) and not isinstance(stored, bool):
        within = ESTIMATE_WITHIN * (100 if ".behaviours." in path else 1)
        if not abs(stored - made) <= within + _NOISE:
            yield path, _number(stored), _number(made)
    elif path.endswith(".signature") and isinstance(stored, str):
        # the last part is the version of this package, which need not change a score
        if stored.rpartition("|")[0] != made.rpartition("|")[0]:
            yield path, repr(stored[:200]), made
    elif path.endswith(".amends"):
        return
    elif type(stored) is not type(made) or stored != made:
        yield path, _text(stored), _text(made)


class _Nothing:
    """A field that is not there."""

    def __repr__(self) -> str:
        return "nothing"


_NOTHING = _Nothing()


def _text(value: Any) -> str:
    if isinstance(value, dict | list | tuple):
        return f"{'an object' if isinstance(value, dict) else 'a list'} of {len(value)}"
    return repr(value)[:80]


def _number(value: float | None) -> str:
    return "null" if value is None else f"{value:g}" if isinstance(value, int) else f"{value:.4f}"
