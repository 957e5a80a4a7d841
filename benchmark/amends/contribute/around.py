"""What stands around the customer's words and the reply: agent's turns, context, names, labels, and the form of it all.

All of it is published, or is read by annotators, so it is held to what the two texts are held to: no words of held-out
texts, no personal data, nothing that the eye does not see, and no more than a person reads.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from amends.checks.base import HELD_OUT, Base, runs
from amends.checks.personal import in_record
from amends.errors import Problem
from amends.records import CONTEXT_FIELDS, Json

LANGUAGES = ("en", None)
"""What the guideline, the rubric and every scorer are for."""
LONG = {"authority": 1000, "reason": 1000, "reply": 6000, "turn": 6000}
"""Most characters of a text, by field."""
SHORT = 300
"""Most characters of any other."""
MOST = {"turns": 40, "behaviours": 100, "names": 200}
"""Most entries of a list, by field."""
_JOINERS = "\u200c\u200d\ufe0f"
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_OF_TEXTS = ("reply", "turn")

_Place = tuple[str, int | None]


def around(example: Json, where: _Place, base: Base) -> Iterator[Problem]:
    """What is wrong beside the texts that ``checks.contribution`` looks at.

    Args:
        example: passed ``contribution.schema.json``.
        where: file and line.
        base: the dataset.
    """
    scenario, labels = example.get("scenario") or {}, example.get("labels") or {}
    if scenario.get("language") not in LANGUAGES:
        remedy = "write it in English; the rubric is for no other language yet"
        yield Problem(*where, "$.scenario.language", f'"{scenario["language"][:20]}"', "en", remedy)
    for name, some in (("turns", scenario), ("behaviours", labels), ("names", example)):
        if len(some.get(name) or ()) > MOST[name]:
            found = f"{len(some[name])} entries"
            yield Problem(*where, f"$.{name}", found, f"at most {MOST[name]}", "keep what belongs to the example")
    for path, field, text in _texts(example):
        yield from _form(path, field, text, where)
    for path, field, text in _texts(example):
        if not (path == "$.reply" or (field == "turn" and _customers(path, scenario))):
            yield from _held(path, text, where, base)
    yield from in_record({"labels": {"reason": labels.get("reason")}}, where)


def _texts(example: Json) -> Iterator[tuple[str, str, str]]:
    """Path, field and text of everything that is written."""
    scenario, labels = example.get("scenario") or {}, example.get("labels") or {}
    for name in ("id", "scenario_id", "credit", "model", "reply"):
        if isinstance(example.get(name), str):
            yield f"$.{name}", name, example[name]
    for name in CONTEXT_FIELDS:
        if isinstance(scenario.get(name), str):
            yield f"$.scenario.{name}", name, scenario[name]
    for i, turn in enumerate(scenario.get("turns") or ()):
        yield f"$.scenario.turns[{i}].text", "turn", turn["text"]
    for i, name in enumerate(example.get("names") or ()):
        yield f"$.names[{i}]", "name", name
    if isinstance(labels.get("reason"), str):
        yield "$.labels.reason", "reason", labels["reason"]


def _customers(path: str, scenario: Json) -> bool:
    at = int(path.partition("[")[2].partition("]")[0])
    return bool(scenario["turns"][at]["role"] == "customer")


def _form(path: str, field: str, text: str, where: _Place) -> Iterator[Problem]:
    most = LONG.get(field, SHORT)
    if len(text) > most:
        yield Problem(*where, path, f"{len(text):,} characters", f"at most {most:,}", "cut it")
    hidden = next((char for char in text if _hides(char, field)), None)
    if hidden is not None:
        found = f"a character that is not seen (U+{ord(hidden):04X} at {text.index(hidden)})"
        yield Problem(*where, path, found, "text as it is read", "take it out")


def _hides(char: str, field: str) -> bool:
    if field in (*_OF_TEXTS, "reason", "authority"):
        return char in _TURNING or (unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\r\t")
    return unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") and char not in _JOINERS


def _held(path: str, text: str, where: _Place, base: Base) -> Iterator[Problem]:
    """Words of a held-out text, word for word or reworded."""
    known = next((known for run in runs(text) if (known := base.held_runs.get(run))), None)
    if known is None:
        for kind in ("reply", "scenario"):
            alike = (base.texts[kind][i] for i, _ in base.index(kind).like(text))
            known = known or next((one for one in alike if one.split in HELD_OUT), None)
    if known is not None:
        remedy = "say it in words of your own"
        yield Problem(*where, path, f'the words of "{known.id}" of the dataset', f"no text of {known.split}", remedy)
