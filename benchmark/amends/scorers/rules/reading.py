"""One reply as the rules read it: the folded text, its sentences, and what the customer said, each worked out once."""

from __future__ import annotations

import functools
import re
from bisect import bisect_right

from amends.records import Exchange, Turn
from amends.scorers.rules.stems import stems
from amends.text import Folded, fold, plain, sentences, words

_QUOTED = re.compile(r"\"[^\"\n]{1,400}\"|(?:(?<=[\s(:])|^)'[^'\n]{3,160}'(?=[\s.,;:!?)])")
_TURNED = {"i": "you", "me": "you", "my": "your", "mine": "yours", "we": "you", "our": "your", "us": "you"}
_TURNED |= {
    "i'm": "you're",
    "i've": "you've",
    "i'd": "you'd",
    "i'll": "you'll",
    "am": "are",
    "we've": "you've",
}
_TURNED |= {"your": "our", "you": "we"}
_TURNINGS = frozenset(_TURNED.values())
Run = tuple[str, str, str]


class Customer:
    """What the customer said, for all replies to the same turns."""

    __slots__ = ("_runs", "_turned", "stems", "text", "vocabulary", "words")

    def __init__(self, said: str) -> None:
        """Fold it, and take its words and their stems.

        Args:
            said: the customer's turns.
        """
        self.text = plain(said)
        self.words = words(self.text)
        self.vocabulary = set(self.words)
        self.stems = stems(self.vocabulary)
        self._turned: frozenset[str] | None = None
        self._runs: set[Run] | None = None

    def holds(self, tokens: list[str]) -> bool:
        """Tell whether these words stand in a row in what the customer said.

        Args:
            tokens: of a reply.
        """
        for token in tokens[:4]:
            if token not in self.text:
                return False
        return f" {' '.join(tokens)} " in f" {' '.join(self.words)} "

    def echoes(self, tokens: list[str]) -> bool:
        """Tell whether most of a sentence's runs of three words are the customer's (also with the persons turned).

        Args:
            tokens: the words of a sentence.
        """
        runs = len(tokens) - 2
        if runs < 1:
            return False
        if self._turned is None:
            self._turned = _TURNINGS.union(self.vocabulary)
        # A word that the customer did not use breaks at least one run, so that three in ten are too many.
        strange = len(tokens) - sum(map(self._turned.__contains__, tokens))
        if runs - min(strange, runs) <= 0.7 * runs:
            return False
        own = zip(tokens, tokens[1:], tokens[2:], strict=False)
        return sum(map(self._said_runs().__contains__, own)) > 0.7 * runs

    def _said_runs(self) -> set[Run]:
        """Runs of three words, as they stand and with the persons turned."""
        if self._runs is None:
            own = self.words
            turned = [_TURNED.get(word, word) for word in own]
            self._runs = {*zip(own, own[1:], own[2:], strict=False), *zip(turned, turned[1:], turned[2:], strict=False)}
        return self._runs


_customer = functools.lru_cache(maxsize=256)(Customer)
"""Many replies answer the same turns."""


def _said(turns: tuple[Turn, ...]) -> Customer:
    return _customer("\n\n".join([turn.text for turn in turns if turn.role == "customer"]))


@functools.lru_cache(maxsize=256)
def company_word(company: str | None) -> str:
    """First telling word of a company's name, folded; empty if there is none."""
    for word in words(plain(company or "")):
        if len(word) > 3:
            return word
    return ""


class Reading:
    """What guards and combination rules ask about a reply."""

    __slots__ = (
        "_echoes",
        "_starts",
        "customer",
        "exchange",
        "folded",
        "quoted",
        "sentences",
        "shared",
        "stems",
        "text",
        "vocabulary",
        "words",
    )

    def __init__(self, exchange: Exchange, folded: Folded | None = None) -> None:
        """Take the reply apart.

        Args:
            exchange: whose reply is read.
            folded: the reply, where it was folded before.
        """
        self.exchange = exchange
        self.folded = folded or fold(exchange.reply)
        self.text = self.folded.text
        self.sentences = sentences(self.text)
        """The sentences of the reply."""
        self.words = words(self.text)
        """The words of the reply in order."""
        self.vocabulary = set(self.words)
        """The different words of the reply."""
        self.stems = stems(self.vocabulary)
        """Stems of its telling words."""
        self.quoted = _quoted(self.text)
        """Stretches in quotation marks, unless they are nearly all there is."""
        self.customer = _said(exchange.turns)
        self.shared = self.customer.stems & self.stems
        """Those that the customer used too."""
        self._starts = [start for start, _ in self.sentences]
        self._echoes: dict[int, bool] = {}

    def sentence(self, at: int) -> int:
        """Index of the sentence that holds an offset (the one before it where it falls between two)."""
        return bisect_right(self._starts, at, 1) - 1 if self._starts else 0

    def before(self, start: int, reach: int = 70) -> str:
        """The words of the same sentence before an offset, at most ``reach`` characters."""
        begin = self.sentences[self.sentence(start)][0] if self.sentences else 0
        return self.text[max(begin, start - reach) : start]

    def after(self, end: int, reach: int = 70) -> str:
        """The words of the same sentence after an offset, at most ``reach`` characters."""
        stop = self.sentences[self.sentence(max(0, end - 1))][1] if self.sentences else len(self.text)
        return self.text[end : min(stop, end + reach)]

    def in_quotes(self, start: int, end: int) -> bool:
        """Tell whether a stretch begins within quotation marks, or holds a quotation that is most of it."""
        return any(s <= start < e or (start <= s and end > s and e - s > 0.6 * (end - start)) for s, e in self.quoted)

    def is_echo(self, index: int) -> bool:
        """Tell whether a sentence of five words or more stands word for word in the customer's turns."""
        known = self._echoes.get(index)
        if known is None:
            start, end = self.sentences[index]
            said = self.text[start:end].strip(" \n\"'.!?>")
            known = said in self.customer.text and len(said.split(None, 4)) == 5
            self._echoes[index] = known
        return known


def _quoted(text: str) -> list[tuple[int, int]]:
    if '"' not in text and not _opens_quote(text):
        return []
    spans = [m.span() for m in _QUOTED.finditer(text)]
    return [] if sum(e - s for s, e in spans) > 0.8 * len(text) else spans


def _opens_quote(text: str) -> bool:
    """Tell whether an apostrophe stands where a quotation can begin."""
    return "'" in text and any(before[-1:] in " \n(:" for before in text.split("'")[:-1])
