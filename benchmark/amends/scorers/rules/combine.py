"""What single patterns cannot say: rules over all hits of a reply, as the rubric's rulings ask."""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Iterator

from amends.scorers.rules.engine import Hit
from amends.scorers.rules.playback import playback_spans
from amends.scorers.rules.reading import Reading, company_word


class _Bag:
    """Hits by code, with what the rules need to ask of them."""

    __slots__ = ("by", "place", "reading")

    def __init__(self, hits: list[Hit], reading: Reading) -> None:
        self.reading = reading
        self.place = reading.sentence
        by: dict[str, list[Hit]] = {}
        for hit in hits:
            code = hit[2]
            if code in by:
                by[code].append(hit)
            else:
                by[code] = [hit]
        self.by = by

    def add(self, start: int, end: int, code: str, strength: float = 1.0) -> None:
        rows = self.by.get(code)
        if rows is None:
            self.by[code] = [Hit(start, end, code, strength)]
        else:
            rows.append(Hit(start, end, code, strength))

    def has(self, *codes: str) -> bool:
        return any(map(self.by.__contains__, codes))

    def one(self, code: str) -> list[Hit]:
        return self.by.get(code, _NONE)

    def of(self, *codes: str) -> list[Hit]:
        return [found for code in codes for found in self.by.get(code, _NONE)]

    def places(self, *codes: str) -> set[int]:
        return {self.place(found.start) for code in codes for found in self.by.get(code, _NONE)}

    def drop(self, code: str) -> None:
        self.by.pop(code, None)

    def keep(self, code: str, wanted: list[Hit]) -> None:
        if wanted:
            self.by[code] = wanted
        else:
            self.drop(code)

    def drop_overlapping(self, code: str, *others: str) -> None:
        """Drop what overlaps a hit of the other codes."""
        if code in self.by and self.has(*others):
            against = self.of(*others)
            self.keep(code, [f for f in self.by[code] if not any(_overlap(f, o) for o in against)])


_NONE: list[Hit] = []
"""Stands for no hits; never changed."""


def _overlap(a: Hit, b: Hit) -> bool:
    return a.start < b.end and b.start < a.end


def combined(hits: list[Hit], reading: Reading) -> list[Hit]:
    """Behaviours of a reply, merged and ordered, from the hits that passed the guards.

    Args:
        hits: of behaviours and frames.
        reading: of the same reply.
    """
    bag = _Bag(hits, reading)
    _by_company(bag)
    for start, end in playback_spans(reading):
        bag.add(start, end, "E2", 0.8)
    _empathy(bag)
    _excuses(bag)
    _expectations(bag)
    _refusals(bag)
    return _merged(bag)


def _empathy(bag: _Bag) -> None:
    """A stock phrase is one only where it is all the empathy; a hedge or a put-down is no sympathy."""
    bag.drop_overlapping("E3", "E8", "X7")
    bag.drop_overlapping("E1", "E5", "E6", "E7", "X7", "D7")
    bag.drop_overlapping("E2", "D6", "X7")
    bag.drop_overlapping("E8", "X7")
    bag.drop_overlapping("X2", "X7")
    if bag.has("E2"):
        # A promise, a remedy or a process step is told for what follows, not as playback.
        forward = bag.places("X3", "D3", "D5", "D4")
        bag.keep("E2", [f for f in bag.one("E2") if f.strength == 1 or bag.place(f.start) not in forward])
    if bag.has("_EXPERIENCE"):
        bag.drop("E5")
    if bag.has("E1", "E2", "E3"):
        bag.drop("E8")


def _excuses(bag: _Bag) -> None:
    """X4 against X8: ownership and a change to the cause make an explanation; without them it is an excuse."""
    changes = bag.of("_CHANGE", "X4")
    bag.drop("X4")
    if not bag.has("X2"):
        return _excuse_spans(bag)
    if changes:
        causes = bag.of("_CAUSE", "X8")
        bag.drop("X8")
        change = changes[0]
        here = bag.place(change.start)
        near = [c for c in causes if abs(bag.place(c.start) - here) <= 1]
        start = min([change.start, *(c.start for c in near)])
        end = max([change.end, *(c.end for c in near)])
        bag.add(start, end, "X4", 1.0 if causes else 0.6)
    elif bag.has("_NOEXCUSE"):
        refused = bag.places("_NOEXCUSE")
        bag.keep("X8", [f for f in bag.one("X8") if refused.isdisjoint((p := bag.place(f.start), p + 1))])
    _excuse_spans(bag)


def _excuse_spans(bag: _Bag) -> None:
    bag.drop_overlapping("X8", "X6", "X5")


_PAST = re.compile(r"\b(?:was|were|had|did|arrived|came|left|went|since)\b")


def _expectations(bag: _Bag) -> None:
    """D3 is an act and its moment, in one sentence or in neighbours; D4 checks something that was said before."""
    moments = [(bag.place(moment.start), moment) for moment in bag.one("_WHEN")]
    for act in bag.one("X3") if moments else _NONE:
        _promise(bag, act, moments)
    if bag.has("D8"):
        hostile = bag.places("D8")
        bag.keep("D3", [f for f in bag.one("D3") if bag.place(f.start) not in hostile])
    if bag.has("D4"):
        bag.keep("D4", [f for f in bag.one("D4") if len(bag.reading.text[: f.start].split(None, 5)) >= 5])
    bag.drop_overlapping("D2", "D4", "E4")


def _promise(bag: _Bag, act: Hit, moments: list[tuple[int, Hit]]) -> None:
    """Add the D3 of an act with the first moment that is near it and not past."""
    place = bag.place(act.start)
    text = bag.reading.text
    for where, moment in moments:
        if where - place not in (0, 1) or _PAST.search(bag.reading.before(moment.start, 30)):
            continue
        if where == place:
            bag.add(min(act.start, moment.start), max(act.end, moment.end), "D3", 1.0)
        elif not _PAST.search(text[moment.start - 30 : moment.end]):
            bag.add(act.start, moment.end, "D3", 0.7)
        return


def _refusals(bag: _Bag) -> None:
    """A refusal that names a route, or stands beside a remedy, closes nothing."""
    if bag.has("_ROUTE", "X3"):
        bag.drop("D9")
    elif bag.has("D3", "D4", "E4", "X2"):
        # A plain no (under full strength) beside a date, a check or an offer leaves a way forward; an end does not.
        bag.keep("D9", [f for f in bag.one("D9") if f.strength == 1])
    bag.drop_overlapping("X2", "X6")


@functools.lru_cache(maxsize=512)
def _company_patterns(word: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    name = re.escape(word)
    acts = (
        rf"\b{name}(?:'s)?(?: [\w&']{{1,14}}){{0,3}} (?:has|had|have|did|was|were|left|sent|lost|took|made|put|gave|kept"  # noqa: E501
        r"|let|broke|sold|ran|set|failed|missed|charged|billed|closed|crossed|cancelled|delayed|delivered|wiped|damaged"
        r"|booked|entered|promised|started|wrote|built)\b[^.!?\n]{2,60}"
    )
    owns = (
        rf"\b{name}(?:'s)?(?: [\w&']{{1,14}}){{0,2}}(?:'s)? (?:own )?(?:responsibility|fault|mistake|error|failure)\b"
    )
    return re.compile(acts), re.compile(owns)


_NOT = re.compile(r"\b(?:not|never|no)\b|n't")
_MENDS = re.compile(r"\b(?:refund|credit|replac|will|pay|repaid|sorry|apolog)")


def _by_company(bag: _Bag) -> None:
    """The company named as the actor states the issue neutrally (D1); named as the one at fault it owns (X2)."""
    word = company_word(bag.reading.exchange.context.company)
    if not word or word not in bag.reading.text:
        return
    acts, owns = _company_patterns(word)
    for match in acts.finditer(bag.reading.text):
        if not _MENDS.search(match.group()):
            bag.add(match.start(), match.end(), "D1", 1.0)
    for match in owns.finditer(bag.reading.text):
        if not _NOT.search(bag.reading.before(match.start(), 12)):
            bag.add(match.start(), match.end(), "X2", 1.0)


def _merged(bag: _Bag) -> list[Hit]:
    """Overlapping spans of one code joined, with the greater strength; ordered by start, then code."""
    done: list[Hit] = []
    for code, rows in bag.by.items():
        if code[0] != "_":
            done += rows if len(rows) == 1 else _joined(rows)
    done.sort(key=_BY_PLACE)
    return done


def _joined(rows: list[Hit]) -> Iterator[Hit]:
    """Spans of one code, those that overlap as one."""
    rows.sort()
    last = rows[0]
    for one in rows[1:]:
        if one.start < last.end:
            last = Hit(last.start, max(last.end, one.end), last.code, max(last.strength, one.strength))
        else:
            yield last
            last = one
    yield last


_BY_PLACE = operator.itemgetter(0, 2, 1)
"""Start, code, end."""
