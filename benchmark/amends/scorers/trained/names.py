"""Names of customer and agent out of sight: each becomes one neutral entry, so that no name moves a level.

A name is found by where it stands, never by which name it is: after a greeting or a title, in a signature, where
somebody is addressed or says who they are, and wherever one found so stands again. Only words that are no names at
such places (there, customer, team ...) are listed.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import NamedTuple

from amends.records import Turn
from amends.scorers.trained.pieces import Part
from amends.text import Folded, fold

NEUTRAL = "alex"
"""What stands for every name."""
_TOKEN = re.compile(r"[a-z~]+(?:['-][a-z~]+)*")
_MOST = 4
"""Words of a name at most."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_GREETINGS = _set("hi hello dear hey hiya heya hullo howdy greetings")
_HOURS = _set("morning afternoon evening day")
_TITLES = _set("mr mrs ms mx dr prof professor miss")
_CLOSINGS = _set(
    "regards rgds wishes thanks thx cheers sincerely faithfully truly best yours respectfully warmly bye ta"
)
_THANKS = _set("thanks cheers sorry welcome bye apologies")
_PARTICLES = _set("van von der den de del della la le al bin ibn da dos du ter ten st")
_CALENDAR = _set(
    "monday tuesday wednesday thursday friday saturday sunday january february march april june july august"
    " september october november december today tomorrow yesterday tonight christmas easter"
)
_STOP = _CALENDAR | _set(
    "i i'm i've i'd i'll im ive we we're we've we'd we'll you you're you've your yours our ours my me us he she it"
    " its it's they them their this that that's these those there there's here here's what what's who when where why"
    " how which if as at by for from in into of off on once one onto or so then to too under until up upon with"
    " without and but nor not no nope yes yeah yep aye nay the a an any all again both each every everyone everybody"
    " anyone is are was were be been being am do does did done has have had having can can't cannot could couldn't"
    " would won't don't didn't isn't wasn't haven't hasn't shall should might must let let's please just still also"
    " now sorry apologies thanks thank thx ta cheers hi hello hiya heya hey dear morning afternoon evening good day"
    " right ok okay well oh ah aw ach och ha eh ee eeh eek oof ooh ouch ugh um argh whoa gosh goodness crikey god"
    " lord lady look listen fair true noted understood agreed confirmed granted indeed honestly however meanwhile"
    " instead otherwise therefore thus hence finally first second third next last lastly secondly firstly overall"
    " besides certainly sure absolutely exactly perhaps maybe clearly obviously sadly unfortunately regrettably"
    " fortunately sir sirs madam ma'am mate mates pal love darling pet babe hun friend friends folks folk guys guest"
    " guests member members patient customer customers client subscriber traveller passenger tenant resident valued"
    " team staff crew care desk support service services department office customer-care billing aftersales sales"
    " membership accounts complaints resolutions relations manager lead head director operations correspondence"
    " property privacy two three four five six mind anyway bravo nobody somebody someone useful awful see thing"
    " things yesterday scared frightened mortified gutted annoyed satisfied baffled equally rushing decorative"
    " company group limited ltd plc inc bank regards rgds best kind kindest warm warmest many sincerely faithfully"
    " truly respectfully warmly bye wishes highness majesty honour refund order account note update pity mr mrs ms"
    " mx dr prof professor miss new same more most some such very much only even ever never after before while"
    " because since though although whatever whoever welcome congratulations x xx xxx"
)
_EITHER = _CALENDAR | _set("day best good kind new pet lord last order head lead pity welcome same most due")
"""Words of the list that are names too, where a greeting or a title says so."""
_TELLS = frozenset((("name", "is"), ("this", "is"), ("i", "am"), ("speaking", "to"), ("speaking", "with")))
_MARKS = frozenset(",.!?;:\n-()")
_ENDS = frozenset(".!?")
_PARTINGS = frozenset(".!?\n-")


class _Token(NamedTuple):
    word: str
    """Without a closing 's."""
    start: int
    end: int
    high: bool
    """Its first letter is a capital, or of a script that has none."""
    gap: str
    """What stands between the one before and it."""
    after: str
    """The character behind it."""


def _tokens(folded: Folded) -> list[_Token]:
    text, source = folded.text, folded.source
    made: list[_Token] = []
    last = 0
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        word = match[0]
        if word.endswith("'s"):
            word, end = word[:-2], end - 2
        first = source[folded.origin(start)]
        made.append(_Token(word, start, end, not first.islower(), text[last:start], text[end : end + 1]))
        last = match.end()
    return made


def _is_cased(source: str) -> bool:
    """Tell whether capitals say something: most letters are small, and some are not."""
    high = sum(map(str.isupper, source))
    return 0 < high < sum(map(str.islower, source))


class _Search:
    """The names of one text."""

    def __init__(self, folded: Folded, company: str) -> None:
        self.tokens = _tokens(folded)
        self.company = frozenset(_TOKEN.findall(company))
        self.cased = _is_cased(folded.source)
        self.runs: list[tuple[int, int]] = []
        self.sure: set[int] = set()
        at = 0
        while at < len(self.tokens):
            end = self._name_at(at)
            if end and (self._titled(at) or not self.company.issuperset(t.word for t in self.tokens[at:end])):
                self.runs.append((at, end))
            at = max(end, at + 1)

    def words(self) -> set[str]:
        """Words of the names that may be looked for elsewhere: not those that only open a sentence before a comma."""
        found = {self.tokens[n].word for first, last in self.runs if first in self.sure for n in range(first, last)}
        return {word for word in found if len(word) > 1} - (_STOP - _EITHER) - _PARTICLES - self.company

    def _name_at(self, at: int) -> int:
        """One past the last word of a name that begins here; 0 if none does."""
        end = self._surely(at)
        if end:
            self.sure.add(at)
        elif self.cased and self._may_be(at) and self._opens(at, self._end(at)):
            end = self._end(at)
        return end

    def _may_be(self, at: int) -> bool:
        own = self.tokens[at]
        greeted, titled = self._greeted(at), self._titled(at)
        small = greeted or (titled and own.word in _PARTICLES)
        odd = own.high and (titled or ((greeted or self._told(at)) and own.word in _EITHER))
        return (own.word not in _STOP or odd) and (own.high or not self.cased or small)

    def _titled(self, at: int) -> bool:
        before = self.tokens[at - 1].word if at else ""
        return before in _TITLES and self.tokens[at].gap in (" ", ". ") and (self.cased or before != "miss")

    def _surely(self, at: int) -> int:
        """The same, where more than a comma tells."""
        own = self.tokens[at]
        if not self._may_be(at):
            return 0
        end = self._end(at)
        before = self.tokens[at - 1].word if at else ""
        if self._greeted(at):
            if self.cased and all(own.high for own in self.tokens[at:end]):
                return end
            short = end - at == 1 + (len(own.word) == 1)
            return end if short and self.tokens[end - 1].after in _MARKS else 0
        if self._titled(at):
            return end if self.cased else at + 1
        if self._signed(at, end, before):
            return end
        return end if self.cased and self._addressed(at, end, before) else 0

    def _greeted(self, at: int) -> bool:
        if at == 0 or self.tokens[at].gap != " ":
            return False
        before = self.tokens[at - 1].word
        hour = before in _HOURS and (at == 1 or self.tokens[at - 2].word == "good")
        return hour or before in _GREETINGS

    def _end(self, at: int) -> int:
        """One past the last word that belongs to a name."""
        end = at + 1
        while end < len(self.tokens) and end - at < _MOST:
            own = self.tokens[end]
            joined = own.gap == " " or (own.gap == ". " and len(self.tokens[end - 1].word) == 1)
            usual = own.word not in _STOP or (self.cased and own.high and own.word in _EITHER)
            named = usual and (own.high or not self.cased or own.word in _PARTICLES)
            if not joined or not named:
                break
            end += 1
        while end - at > 1 and self.cased and not self.tokens[end - 1].high:
            end -= 1
        return end

    def _signed(self, at: int, end: int, before: str) -> bool:
        """Tell whether a name closes the text: after a closing formula, or as a last sentence of its own."""
        if len(self.tokens) - end > _MOST:
            return False
        rest = self.tokens[end:]
        office = bool(rest) and all(own.high or own.word in _STOP for own in rest)
        over = not rest or all(own.word in ("x", "xx", "xxx") for own in rest)
        parted = not _MARKS.isdisjoint(self.tokens[at].gap)
        if before in _CLOSINGS and parted and (over or office):
            return self.cased or end - at <= 2
        closes = over and self.tokens[end - 1].after not in _ENDS
        return closes and self.cased and at > 0 and not _PARTINGS.isdisjoint(self.tokens[at].gap)

    def _addressed(self, at: int, end: int, before: str) -> bool:
        """Tell whether somebody is addressed by name or says who they are."""
        own, after = self.tokens[at], self.tokens[end - 1].after
        if own.gap == ", " and (after in _MARKS or self._kisses(end)):
            return True
        two = self.tokens[at - 2].word if at > 1 else ""
        if own.gap == " " and (before in _THANKS or (two, before) == ("thank", "you")):
            return True
        return self._told(at)

    def _told(self, at: int) -> bool:
        """Tell whether somebody says who they are."""
        if at == 0 or self.tokens[at].gap != " ":
            return False
        before, two = self.tokens[at - 1].word, self.tokens[at - 2].word if at > 1 else ""
        return before in ("i'm", "im") or (two, before) in _TELLS

    def _opens(self, at: int, end: int) -> bool:
        """Tell whether a name opens a sentence, with a mark behind it or "here"."""
        own = self.tokens[at]
        if at and _PARTINGS.isdisjoint(own.gap):
            return False
        here = end < len(self.tokens) and self.tokens[end].word == "here" and end - at == 1
        return here or (self.tokens[end - 1].after in (",", "!") and not own.word.endswith("ing", 3))

    def _kisses(self, end: int) -> bool:
        return end == len(self.tokens) - 1 and self.tokens[end].word in ("x", "xx", "xxx")


def name_spans(folded: Folded, known: frozenset[str] = frozenset(), company: str = "") -> list[tuple[int, int]]:
    """Stretches of a folded text that are names, in order; two that stand side by side are one.

    Args:
        folded: the text.
        known: names that were found elsewhere in the conversation.
        company: whose words are no person's name, folded.
    """
    search = _Search(folded, company)
    words = known | search.words()
    inside = {n for first, last in search.runs for n in range(first, last)}
    for number, own in enumerate(search.tokens):
        if own.word in words and (own.high or not search.cased):
            inside.add(number)
    made: list[tuple[int, int]] = []
    for number in sorted(inside):
        own = search.tokens[number]
        joined = number - 1 in inside and own.gap in (" ", ". ")
        made.append((made.pop()[0] if joined else own.start, own.end))
    return made


@functools.lru_cache(maxsize=256)
def names_in(turns: tuple[Turn, ...], company: str = "") -> frozenset[str]:
    """Names that stand in the turns of a conversation.

    Args:
        turns: of customer and agent.
        company: whose words are no person's name, folded.
    """
    return frozenset().union(*(_Search(fold(turn.text), company).words() for turn in turns))


def masked(found: Sequence[Part], spans: Sequence[tuple[int, int]]) -> list[Part]:
    """Words and marks with one neutral entry for each name; it keeps the name's place.

    Args:
        found: words and marks of a folded text.
        spans: from ``name_spans``.
    """
    made: list[Part] = []
    left = list(reversed(spans))
    for part in found:
        while left and part[1] >= left[-1][1]:
            left.pop()
        if not left or part[1] < left[-1][0]:
            made.append(part)
        elif not made or made[-1][1:] != left[-1]:
            made.append((NEUTRAL, *left[-1]))
    return made
