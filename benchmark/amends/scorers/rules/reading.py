"""One reply as the rules read it: the folded text, its sentences, and the customer's words, each worked out once."""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from functools import cached_property

from amends.records import Exchange
from amends.text import Folded, fold, plain, sentences, words

_QUOTED = re.compile(r"\"[^\"\n]{1,400}\"|(?:(?<=[\s(:])|^)'[^'\n]{3,160}'(?=[\s.,;:!?)])")


_plain = functools.lru_cache(maxsize=256)(plain)
"""Many replies answer the same turns."""


class Reading:
    """What guards and combination rules ask about a reply; nothing is worked out before it is asked for."""

    def __init__(self, exchange: Exchange) -> None:
        """Fold the reply; the rest waits."""
        self.exchange = exchange
        self.folded: Folded = fold(exchange.reply)
        self.text = self.folded.text

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        """The sentences of the reply."""
        return sentences(self.text)

    @cached_property
    def words(self) -> list[str]:
        """The words of the reply in order."""
        return words(self.text)

    @cached_property
    def _starts(self) -> list[int]:
        return [start for start, _ in self.sentences]

    def sentence(self, at: int) -> int:
        """Index of the sentence that holds an offset (the one before it where it falls between two)."""
        return max(0, bisect_right(self._starts, at) - 1)

    def before(self, start: int, reach: int = 70) -> str:
        """The words of the same sentence before an offset, at most ``reach`` characters."""
        begin = self.sentences[self.sentence(start)][0] if self.sentences else 0
        return self.text[max(begin, start - reach) : start]

    def after(self, end: int, reach: int = 70) -> str:
        """The words of the same sentence after an offset, at most ``reach`` characters."""
        stop = self.sentences[self.sentence(max(0, end - 1))][1] if self.sentences else len(self.text)
        return self.text[end : min(stop, end + reach)]

    @cached_property
    def quoted(self) -> list[tuple[int, int]]:
        """Stretches in quotation marks, unless they are nearly all there is."""
        if '"' not in self.text and "'" not in self.text:
            return []
        spans = [m.span() for m in _QUOTED.finditer(self.text)]
        return [] if sum(e - s for s, e in spans) > 0.8 * len(self.text) else spans

    def in_quotes(self, start: int, end: int) -> bool:
        """Tell whether a stretch lies within quotation marks."""
        return any(s <= start and end <= e for s, e in self.quoted)

    @cached_property
    def customer(self) -> str:
        """Everything the customer said, folded."""
        return _plain("\n\n".join([turn.text for turn in self.exchange.turns if turn.role == "customer"]))

    @cached_property
    def customer_words(self) -> list[str]:
        """The customer's words in order."""
        return words(self.customer)

    @cached_property
    def _echoes(self) -> dict[int, bool]:
        return {}

    def is_echo(self, index: int) -> bool:
        """Tell whether a sentence of five words or more stands word for word in the customer's turns."""
        if index not in self._echoes:
            start, end = self.sentences[index]
            said = self.text[start:end].strip(" \n\"'.!?>")
            self._echoes[index] = len(said.split()) >= 5 and said in self.customer
        return self._echoes[index]

    @cached_property
    def company_word(self) -> str:
        """First telling word of the company's name, folded; empty if there is none."""
        for word in words(_plain(self.exchange.context.company or "")):
            if len(word) > 3:
                return word
        return ""
