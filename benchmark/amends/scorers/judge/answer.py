"""From what a model wrote to a judgement, or to the reason why it cannot be used."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from amends.endpoint.protocol import Answer
from amends.records import DIMENSIONS, Behaviour, Json
from amends.rubric.levels import OFF_TOPIC, OFF_TOPIC_MOST, UNSCORED_FLAGS
from amends.scorers.judge.form import answer_schema, complaints
from amends.scorers.judge.spans import located

HINT_STRENGTH = 0.3
"""Strength of what a judge calls a passing hint."""
_LONGEST = 200_000
"""Characters of an answer that are read."""
_TRIES = 200
"""Opening braces at which an object is looked for."""
_SHOWN = 3
_THINKING = re.compile(r"\A(?:\s*<think(?:ing)?>.*?|[^{]*)</think(?:ing)?>", re.DOTALL)
"""Some servers leave the opening mark out."""


class Unusable(Exception):
    """An answer that is no judgement."""

    def __init__(self, kind: str, problem: str) -> None:
        """Say why.

        Args:
            kind: what such answers are counted by ("refusal", "half JSON").
            problem: in words that can go back to the model: never words of the answer.
        """
        super().__init__(problem)
        self.kind = kind
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Judged:
    """What one answer says."""

    levels: dict[str, int | None]
    """Dimension to 1..5, None where it cannot be judged."""
    behaviours: tuple[Behaviour, ...]
    """With their spans, ordered by place."""
    flags: tuple[str, ...]
    reason: str
    lost: int
    """Quotes that do not stand in the reply."""


def read(answer: Answer, reply: str) -> Judged:
    """Read an answer against the reply that it judges.

    Args:
        answer: of the endpoint.
        reply: the stored text.

    Raises:
        Unusable: it is a refusal, empty, cut, or of another form.
    """
    if answer.refusal:
        raise Unusable("refusal", "it was a refusal; you are asked only to judge how a text is worded")
    if answer.finish == "content_filter":
        raise Unusable("content filter", "a filter emptied it")
    if not (answer.content or "").strip():
        raise Unusable("no text", "it was empty")
    found = extracted(answer.content or "", answer.finish)
    wrong = list(complaints(found, answer_schema()))
    if wrong:
        more = f"; and {len(wrong) - _SHOWN} more" if len(wrong) > _SHOWN else ""
        raise Unusable("wrong form", "; ".join(wrong[:_SHOWN]) + more)
    return _judged(found, reply)


def extracted(content: str, finish: str | None = None) -> Json:
    """The JSON object in an answer: the answer itself, in a fence, or among words.

    Args:
        content: what the model wrote; thinking before the answer is passed over.
        finish: ``length`` where the endpoint cut it.

    Returns:
        The object; where there are several, the one that has levels.

    Raises:
        Unusable: there is none, half of one, or several with levels that differ (one may be quoted from the reply).
    """
    text = _THINKING.sub("", content[:_LONGEST], count=1)
    objects = _objects(text)
    scored = [one for _, one in objects if "levels" in one]
    if any(one != scored[0] for one in scored[1:]):
        raise Unusable("several answers", "it held several JSON objects that differ")
    if scored:
        return scored[0]
    if objects and objects[0][0] == text.find("{"):  # else these are parts of an object that broke off
        return objects[0][1]
    if "{" in text:
        why = "it was cut off" if finish == "length" else "its JSON is broken or not complete"
        raise Unusable("half JSON", f"{why}; write shorter quotes and reasons")
    raise Unusable("no JSON", "it held no JSON object")


def _objects(text: str) -> list[tuple[int, Json]]:
    """The outermost JSON objects of a text with their offsets, in order."""
    decoder = json.JSONDecoder()
    found: list[tuple[int, Json]] = []
    at = text.find("{")
    for _ in range(_TRIES):
        if at < 0:
            break
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            end = at + 1
        else:
            found.append((at, value))
        at = text.find("{", end)
    return found


def _judged(found: Json, reply: str) -> Judged:
    flags = tuple(dict.fromkeys(found["flags"]))
    levels = {d: None if found["levels"][d] is None else int(found["levels"][d]) for d in DIMENSIONS}
    if not UNSCORED_FLAGS.isdisjoint(flags):
        levels = dict.fromkeys(DIMENSIONS)
    if OFF_TOPIC in flags:
        levels = {d: None if level is None else min(level, OFF_TOPIC_MOST) for d, level in levels.items()}
    marks, lost = _marks(found["behaviours"], reply)
    return Judged(levels, marks, flags, _clean(found["reason"]), lost)


def _marks(marks: list[Any], reply: str) -> tuple[tuple[Behaviour, ...], int]:
    """Behaviours whose quotes stand in the reply, each once and ordered by place; and how many do not."""
    made: dict[tuple[int, str, int], Behaviour] = {}
    lost = 0
    for mark in marks:
        span = located(reply, mark["quote"], int(mark["occurrence"]))
        if span is None:
            lost += 1
            continue
        strength = HINT_STRENGTH if mark["passing_hint"] else 1.0
        key = (span[0], mark["code"], span[1])
        if key not in made or made[key].strength < strength:
            made[key] = Behaviour(mark["code"], *span, reply[slice(*span)], strength)
    return tuple(made[key] for key in sorted(made)), lost


def _clean(text: str) -> str:
    """A model's words in one line that UTF-8 can hold."""
    line = " ".join(text.encode("utf-8", "replace").decode("utf-8").split())
    return line if len(line) <= 500 else line[:497] + "..."
