"""What the customer's own words offer to a template: the thing, a figure, a date, a phrase."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from amends.records import Scenario

_OWNED = re.compile(r"\b(?:my|our|the|this|your)\s+([a-z]{4,14})\b")
_PLURAL = re.compile(r"[^su]s$")
_NO_THING = frozenset(
    re.findall(
        r"\w+",
        "first last next same other whole only very best worst most more less thing things time times days week weeks "
        "month months year years morning night evening afternoon moment point people person name mother father wife "
        "husband daughter sister brother friend mind life hand hands head eyes way rest third second fourth half front "
        "back bottom middle lady woman answer question word words place fact reason staff company team service line "
        "kind sort lovely nice little small great good poor right wrong left new old own",
    )
)
_SUM = re.compile(r"[£$€]\s?\d[\d,.]*\d|[£$€]\s?\d|\b\d[\d,.]*\s?(?:quid|pounds?|euros?|dollars?)\b", re.I)
_FIGURE = re.compile(
    rf"{_SUM.pattern}|\b\d[\d,.]*\s?(?:minutes|hours|days|weeks|months|years)\b|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\s(?:minutes|hours|days|weeks|months|years|times|"
    r"calls|emails|people|boxes|pounds|hundred)\b",
    re.I,
)
_DATE = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|the \d{1,2}(?:st|nd|rd|th)|\d{1,2}(?:st|nd|rd|th)? (?:of )?"
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)|yesterday|last night|"
    r"this morning|last week|last month)\b",
    re.I,
)
_CLAUSE = re.compile(r"[^.!?;:,\n\"“”()]+")
_PHRASE_WORDS = range(4, 10)


def read(scenario: Scenario) -> dict[str, str]:
    """Slots that the customer's turns can fill.

    Args:
        scenario: whose customer speaks.

    Returns:
        Some of thing (a noun in the singular with an article or a possessive before it, the one said most), sum (of
        money), figure (a sum or a count), date, phrase (the clause of four to nine words with the longest words); a
        slot that nothing fills is absent.
    """
    said = "\n".join(turn.text for turn in scenario.turns if turn.role == "customer").replace("’", "'")
    found = {
        "thing": _thing(said.lower()),
        "sum": _first(_SUM.findall(said)),
        "figure": _first(_FIGURE.findall(said), lower=True),
        "date": _first(_DATE.findall(said)),
        "phrase": _phrase(said),
    }
    return {name: text for name, text in found.items() if text}


def _first(found: Sequence[str], lower: bool = False) -> str | None:
    first = found[0].strip() if found else None
    return first.lower() if first and lower else first


def _thing(said: str) -> str | None:
    """The owned noun that is said most often; of equals the first."""
    owned = [word for word in _OWNED.findall(said) if word not in _NO_THING and not _PLURAL.search(word)]
    counts = Counter(re.findall(r"[a-z]+", said))
    return max(owned, key=lambda word: counts[word], default=None)


def _phrase(said: str) -> str | None:
    clauses = [clause.split() for clause in _CLAUSE.findall(said)]
    fit = [words for words in clauses if len(words) in _PHRASE_WORDS]
    best = max(fit, key=lambda words: sum(map(len, words)) / len(words), default=None)
    return " ".join(best) if best else None


def filled(fragments: Iterable[str], slots: dict[str, str]) -> list[str]:
    """Fragments that the slots can fill, filled."""
    needed = {fragment: set(re.findall(r"\{(\w+)\}", fragment)) for fragment in fragments}
    return [fragment.format_map(slots) for fragment, names in needed.items() if names <= slots.keys()]
