"""The questions of a contribution, one after the other: what is asked, how an answer is read, when it is asked at all.

Answers are texts as typed; ``example_of`` makes an example of what was read from them. The terminal asks them one by
one, the page all at once; both keep the same words.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from amends.checks.spans import places
from amends.records import DIMENSIONS, Json, Scenario
from amends.rubric.definitions import behaviours, dimension_names, rubric

LICENCE = "CC BY 4.0"
CONSENT = (
    "I wrote these texts myself, or had a language model write them as I say, and copied them from nowhere; they "
    "describe no real person. I agree that they are published under CC BY 4.0 with the name that I choose here, in "
    "this and every later version until I withdraw them; earlier versions keep them."
)
"""What a contributor agrees to."""

WRITTEN = {
    "person": "by a person",
    "person_with_model": "by a person with a language model's help",
    "model": "by a language model",
}
HINT = 0.3
"""Strength of a passing hint."""
CHANNELS = ("email", "chat", "phone", "social", "ticket")
FAULTS = ("company", "customer", "third_party", "unclear")
RELATIONSHIPS = ("new", "established")

ABOUT = ("agreed", "credit", "written", "model")
"""Asked once and kept for the examples that follow."""
LABELS = (*DIMENSIONS, "behaviours", "reason")
LABELS_FIRST = LABELS[0]
"""With it the contributor's own labels begin."""


class Unclear(Exception):
    """An answer that cannot be read; the words say what is expected."""


@dataclass(frozen=True, slots=True)
class Known:
    """What answers are read against."""

    scenarios: Mapping[str, Scenario]
    """Released scenarios of train: no other is ever shown."""
    thin: Sequence[str] = ()
    """Domains of train with the fewest replies."""


@dataclass(frozen=True, slots=True)
class Step:
    """One question."""

    name: str
    """Of the answer."""
    ask: str
    explain: str
    read: Callable[[str, Json, Known], Any]
    """Raises ``Unclear``; a blank answer is read too, where it may be left open."""
    when: Callable[[Json], bool] = lambda answers: True
    lines: bool = False
    """Takes several lines."""


_KEYS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def _seen(text: str) -> str:
    """A text, if nothing in it is what a terminal makes of an arrow key.

    Raises:
        Unclear: it has such characters; who types on learns of them while the text can still be typed again.
    """
    if _KEYS.search(text):
        raise Unclear("there are characters in it that are not seen, such as arrow keys leave; type it again without")
    return text


def _text(required: str = "", most: int = 300) -> Callable[[str, Json, Known], Any]:
    def read(typed: str, answers: Json, known: Known) -> Any:
        text = _seen(typed.strip())
        if not text and required:
            raise Unclear(required)
        if len(text) > most or not text.isprintable():
            raise Unclear(f"one line of at most {most} characters, please")
        return text or None

    return read


def _one_of(*choices: str, required: bool = False) -> Callable[[str, Json, Known], Any]:
    def read(typed: str, answers: Json, known: Known) -> Any:
        text = typed.strip().casefold().replace(" ", "_").replace("-", "_")
        if not text and not required:
            return None
        near = [choice for choice in choices if choice == text] or [c for c in choices if text and c.startswith(text)]
        if len(near) != 1:
            raise Unclear(f"one of {', '.join(choices)}" + ("" if required else ", or nothing"))
        return near[0]

    return read


def _yes(typed: str, answers: Json, known: Known) -> bool:
    if typed.strip().casefold() in ("y", "yes"):
        return True
    raise Unclear("type yes if you agree; without it nothing can be taken (Ctrl+C ends this)")


def _written(typed: str, answers: Json, known: Known) -> str:
    numbered = dict(zip("123", WRITTEN, strict=True))
    return str(numbered.get(typed.strip()) or _one_of(*WRITTEN, required=True)(typed, answers, known))


def _level(typed: str, answers: Json, known: Known) -> int | None:
    text = typed.strip()
    if text in ("", "0", "-"):
        return None
    if text not in ("1", "2", "3", "4", "5"):
        raise Unclear("1 to 5, or nothing")
    return int(text)


def _scenario(typed: str, answers: Json, known: Known) -> str:
    """``new``, or the id of a train scenario; other words are looked for."""
    text = typed.strip()
    if text.casefold() in ("", "new", "n"):
        return "new"
    if text in known.scenarios:
        return text
    found = search(text, known)
    if not found:
        raise Unclear("no train scenario has these words; type new, an id, other words, or wanted")
    shown = "\n".join(f"  {s.id}  {s.context.domain}: {_shortly(s)}" for s in found)
    raise Unclear(f"{shown}\ntype the id of one, other words, or new")


def search(text: str, known: Known, most: int = 6) -> list[Scenario]:
    """Train scenarios with all words of a text in domain or turns; for ``wanted`` some of each thin domain."""
    if text.casefold() == "wanted":
        by_domain = {d: [s for s in known.scenarios.values() if s.context.domain == d] for d in known.thin}
        in_turn = [s for row in itertools.zip_longest(*by_domain.values()) for s in row if s is not None]
        return in_turn[:most]
    words = text.casefold().split()
    found = []
    for scenario in known.scenarios.values():
        whole = f"{scenario.context.domain} {scenario.context.company} " + " ".join(t.text for t in scenario.turns)
        if words and all(word in whole.casefold() for word in words):
            found.append(scenario)
    return found[:most]


def _shortly(scenario: Scenario) -> str:
    text = " ".join(scenario.turns[-1].text.split())
    return text if len(text) <= 70 else text[:67] + "..."


_ROLE = re.compile(r"^\s*(customer|agent)\s*:\s*", re.IGNORECASE)


def read_turns(typed: str) -> list[Json]:
    """Turns of a text in which a line that begins with ``Customer:`` or ``Agent:`` begins a turn.

    Args:
        typed: a text without such a line is one turn of the customer.

    Raises:
        Unclear: nothing in it, or the agent has the last word.
    """
    turns: list[Json] = []
    for line in typed.strip().splitlines():
        mark = _ROLE.match(line)
        if mark or not turns:
            turns.append({"role": mark[1].lower() if mark else "customer", "text": line[mark.end() if mark else 0 :]})
        else:
            turns[-1]["text"] += "\n" + line
    made = [{"role": turn["role"], "text": turn["text"].strip()} for turn in turns if turn["text"].strip()]
    if not made:
        raise Unclear("what does the customer say?")
    if made[-1]["role"] != "customer":
        raise Unclear("the customer has the last word; the agent's answer is the reply, which comes next")
    return made


def _turns(typed: str, answers: Json, known: Known) -> list[Json]:
    return read_turns(_seen(typed))


def _reply(typed: str, answers: Json, known: Known) -> str:
    text = _seen(typed.strip())
    if not text:
        raise Unclear("what does the agent reply?")
    return text


def read_behaviours(typed: str, reply: str) -> list[Json]:
    """Behaviours, one a line: a code, then the words of the reply that show it; ``~`` before it for a passing hint.

    Args:
        typed: e.g. ``E2 three weeks without a fridge``.
        reply: its text.

    Raises:
        Unclear: an unknown code, or words that do not stand in the reply exactly once.
    """
    found = []
    for line in filter(None, map(str.strip, typed.splitlines())):
        match = re.match(r"(~?)\s*([EDXedx]\d)\b[\s:]*(.*)$", line)
        code = match[2].upper() if match else ""
        if not match or code not in behaviours():
            raise Unclear(f"{line[:60]!r} does not begin with a behaviour's code, such as E2 (? lists them)")
        quote = match[3].strip().strip('"“”')
        at = places(quote, reply) if quote else []
        if len(at) != 1:
            why = "does not stand in the reply word for word" if not at else "stands in it several times: quote more"
            raise Unclear(f"{quote[:60]!r} {why}")
        strength = HINT if match[1] else 1.0
        found.append({"code": code, "start": at[0], "end": at[0] + len(quote), "quote": quote, "strength": strength})
    return sorted(found, key=lambda span: (span["start"], span["code"]))


def _behaviours(typed: str, answers: Json, known: Known) -> list[Json]:
    return read_behaviours(typed, answers["reply"])


def _new(answers: Json) -> bool:
    return answers.get("scenario") == "new"


def _anchors(dimension: str) -> str:
    own = next(d for d in rubric()["dimensions"] if d["code"] == dimension)
    levels = "\n".join(f"  {level['level']} {level['name']}: {level['anchor']}" for level in own["levels"])
    return f"{own['question']}\n{levels}\n  nothing: you cannot or would rather not say"


def _codes() -> str:
    return "\n".join(f"  {b.code} {b.name.replace('_', ' ')}: {b.definition}" for b in behaviours().values())


def steps() -> list[Step]:
    """All questions, in their order."""
    return [*_about(), *_texts(), *_labels()]


def _about() -> list[Step]:
    return [
        Step("agreed", "Do you agree? (yes)", CONSENT, _yes),
        Step("credit", "Under which name or pseudonym are you credited?",
             "It is published with your texts, so a made-up name is as good as your own.",
             _text("a name of your choice", 60)),
        Step("written", "Who writes the texts: 1 a person, 2 a person with a model's help, 3 a language model?",
             "Any of the three is welcome; what is not said is not.", _written),
        Step("model", "Which language model, with its version?", "As its maker names it.",
             _text("the model's name"), lambda a: a["written"] != "person"),
    ]  # fmt: skip


def _texts() -> list[Step]:
    return [
        Step("scenario", "A scenario of your own (new), or the id of a released one, or words to look for?",
             "new: you write what the customer says. An id such as sc-0001: you answer that one; only train is open. "
             "Other words look through the train scenarios; wanted shows those of the thinnest domains.", _scenario),
        Step("domain", "Which business?", "E.g. parcel delivery, dentist, bike rental.",
             _text("a business, in a word or two"), _new),
        Step("company", "The company's name, made up?", "Invent one that no company bears. May stay empty.",
             _text(), _new),
        Step("channel", f"Channel ({', '.join(CHANNELS)})?", "How the customer writes. May stay empty.",
             _one_of(*CHANNELS), _new),
        Step("fault", f"Who is at fault ({', '.join(FAULTS)})?", "As the facts of your scenario are. May stay empty.",
             _one_of(*FAULTS), _new),
        Step("relationship", f"A {' or '.join(RELATIONSHIPS)} customer?", "May stay empty.",
             _one_of(*RELATIONSHIPS), _new),
        Step("customer_org", "Does the customer write for an organisation? Its name, made up?",
             "Nothing for a private customer.", _text(), _new),
        Step("emotion", "What does the customer feel?", "In a word: anger, worry, disappointment ... ; none if not "
             "upset. May stay empty.", _text(), _new),
        Step("intensity", "How strongly, 1 to 5?", "5 is the strongest. May stay empty.", _level, _new),
        Step("authority", "What may the agent offer, and what not?",
             "E.g. May refund up to 50 pounds; may not promise a date. May stay empty.", _text(most=1000), _new),
        Step("turns", "What does the customer say?",
             "One text, or a conversation: begin a line with Customer: or Agent: for a new turn. The customer has the "
             "last word. Invent every name and number.", _turns, _new, lines=True),
        Step("reply", "And the agent's reply?",
             "Good, bad or middling: all levels are wanted. Whole, as it would be sent.", _reply, lines=True),
    ]  # fmt: skip


def _labels() -> list[Step]:
    names = dimension_names()
    return [
        *[Step(d, f"{names[d]}, 1 to 5?", _anchors(d), _level) for d in DIMENSIONS],
        Step("behaviours", "Behaviours that the reply shows? One a line: code and words of the reply.",
             f"E.g. E2 three weeks without a fridge; ~ before the code for a passing hint.\n{_codes()}",
             _behaviours, lines=True),
        Step("reason", "Why these levels, in a sentence?", "May stay empty.", _text(most=1000)),
    ]  # fmt: skip


def example_of(key: str, answers: Mapping[str, Any], day: str) -> Json:
    """An example of what was answered so far; what is missing is left out.

    Args:
        key: its id.
        answers: read ones by their step's name.
        day: of the consent, ISO.
    """
    made: Json = {"id": key}
    if answers.get("scenario") == "new":
        fields = ("domain", "channel", "fault", "relationship", "company", "customer_org", "emotion", "intensity")
        known = {name: answers.get(name) for name in (*fields, "authority")}
        made["scenario"] = {"language": "en", **known, "turns": answers.get("turns") or []}
    elif answers.get("scenario"):
        made["scenario_id"] = answers["scenario"]
    if answers.get("reply"):
        made["reply"] = answers["reply"]
    labels = labels_of(answers)
    if labels:
        made["labels"] = labels
    if answers.get("agreed"):
        made["consent"] = {"licence": LICENCE, "agreed": True, "day": day}
    made |= {name: answers[name] for name in ("credit", "written") if answers.get(name)}
    if answers.get("model"):
        made["model"] = answers["model"]
    if answers.get("names"):
        made["names"] = list(answers["names"])
    return made


def labels_of(answers: Mapping[str, Any]) -> Json:
    """The contributor's own labels; empty where nothing was said."""
    levels = {d: answers[d] for d in DIMENSIONS if answers.get(d) is not None}
    made: Json = {"levels": levels} if levels else {}
    if answers.get("behaviours"):
        made["behaviours"] = answers["behaviours"]
    if answers.get("reason"):
        made["reason"] = answers["reason"]
    return made
