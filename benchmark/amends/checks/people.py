"""Words of a text that may be a person's name: a list for a person to confirm, never a reason to refuse.

No form tells an invented name from a real one, and texts of the dataset are full of invented ones. So whoever hands
in a text is shown each candidate once and says that it is invented.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from amends.checks.names import is_word, names

_INSIDE = re.compile(
    r"(?<=[a-zß-öø-ÿ0-9,;:][ ])[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ'’-]+(?:[ ](?:(?:van|von|de|da|del|di|der|la)[ ]){0,2}"
    r"[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ'’-]+){0,3}"
)
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_OTHER_CAPITALS = (
    "i i'm i've i'd i'll i’m i’ve i’d i’ll english german french spanish italian dutch european british american "
    "indian uk us usa eu tv pdf sms ok christmas easter ramadan diwali mon tue wed thu fri sat sun jan feb mar apr "
    "jun jul aug sep sept oct nov dec street road lane avenue hotel airport station app bank card order ticket"
)
_NO_PERSON = frozenset(_OTHER_CAPITALS.split())


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that may be a person's name."""

    name: str
    """As it stands in the text."""
    start: int
    """Where it begins the first time, in code points."""
    end: int
    why: str
    """What makes it one."""
    times: int
    """How often it stands in the text."""


def candidates(text: str, spared: Collection[str] = ()) -> list[Candidate]:
    """What may be a person's name in a text, each once, in order.

    Args:
        text: of any kind.
        spared: names of companies and the like, whose words are no candidates.
    """
    no = {word.casefold() for name in spared for word in _WORD.findall(name)}
    first: dict[str, Candidate] = {}
    for start, end, why in _spans(text):
        name = text[start:end].rstrip(".,")
        words = [w.casefold() for w in _WORD.findall(name)]
        if words and not all(w in no or w in _NO_PERSON or is_word(w) for w in words):
            times = len(re.findall(rf"(?<!\w){re.escape(name)}(?!\w)", text))
            first.setdefault(name.casefold(), Candidate(name, start, start + len(name), why, times))
    return sorted(first.values(), key=lambda c: c.start)


def _spans(text: str) -> Iterator[tuple[int, int, str]]:
    said: list[tuple[int, int]] = []
    for start, end in names(text):
        said.append((start, end))
        yield start, end, "stands where a name is said: a greeting, a sign-off, a title"
    for m in _INSIDE.finditer(text):
        if all(m.end() <= a or m.start() >= b for a, b in said):
            yield *m.span(), "has a capital inside a sentence"


def merged(found: Sequence[Candidate]) -> dict[str, int]:
    """Names of several texts, each with how often it stands in them all, the most frequent first.

    Args:
        found: candidates of any texts.
    """
    counts: dict[str, int] = {}
    for candidate in found:
        counts[candidate.name] = counts.get(candidate.name, 0) + candidate.times
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
