"""Light rewrites of a text, by a seed: what somebody does who hands in a text of the dataset as a new one.

Each leaves most words as they are. The tables are small and are not those that any check reads.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

Rewrite = Callable[[str, random.Random], str]

_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*\s*|\n+")
_WORD = re.compile(r"[A-Za-z][a-z'’]*")

_SYNONYMS = {
    "sorry": ["apologetic", "regretful"],
    "help": ["assist"],
    "get": ["receive", "obtain"],
    "got": ["received"],
    "now": ["at this moment"],
    "today": ["this day"],
    "problem": ["issue", "trouble"],
    "issue": ["problem"],
    "money": ["cash", "funds"],
    "back": ["returned"],
    "call": ["ring", "phone"],
    "called": ["rang", "phoned"],
    "send": ["post", "ship"],
    "sent": ["posted", "shipped"],
    "told": ["informed"],
    "said": ["stated"],
    "want": ["wish for"],
    "need": ["require"],
    "just": ["simply"],
    "very": ["really", "extremely"],
    "really": ["truly"],
    "again": ["once more"],
    "still": ["even now"],
    "please": ["kindly"],
    "check": ["look at", "verify"],
    "wrong": ["incorrect"],
    "right": ["correct"],
    "new": ["fresh"],
    "big": ["large"],
    "start": ["begin"],
    "started": ["began"],
    "know": ["am aware"],
    "fix": ["repair", "mend"],
    "fixed": ["repaired", "mended"],
    "buy": ["purchase"],
    "bought": ["purchased"],
    "ask": ["enquire"],
    "asked": ["enquired"],
    "understand": ["see"],
    "frustrating": ["annoying"],
    "angry": ["furious"],
    "because": ["since"],
    "but": ["yet", "however"],
    "also": ["too"],
    "about": ["regarding"],
    "before": ["prior to"],
    "after": ["following"],
    "every": ["each"],
    "all": ["the whole of"],
    "only": ["merely"],
    "refund": ["reimbursement"],
    "parcel": ["package"],
    "order": ["purchase"],
    "charge": ["fee"],
    "charged": ["billed"],
    "customer": ["client"],
    "team": ["crew"],
    "people": ["folks"],
    "children": ["kids"],
    "wait": ["hang on"],
    "waited": ["hung around"],
    "waiting": ["hanging around"],
    "happened": ["occurred"],
    "tomorrow": ["the next day"],
    "happy": ["glad"],
}
_NAMES = ("Odalys", "Henrike", "Tobiah", "Marit", "Quentin", "Zofia", "Ansel", "Priya", "Leocadia", "Ruairi")
_STARTS = (
    "Hi there,",
    "Hello,",
    "Good morning,",
    "Hey team,",
    "Dear all,",
    "Hi, hope you are well.",
    "To whom it may concern,",
)
_ENDS = (
    "Thanks",
    "Kind regards",
    "Best wishes, {name}",
    "Cheers, {name}",
    "Thank you for your time.",
    "Regards, {name}",
)


def sentences(text: str) -> list[str]:
    """Sentences with what follows them; line breaks stand alone."""
    return _SENTENCE.findall(text)


def _words(text: str) -> list[re.Match[str]]:
    return list(_WORD.finditer(text))


def _share(count: int, share: float) -> int:
    return max(1, round(count * share))


def _put(text: str, changes: list[tuple[int, int, str]]) -> str:
    for start, end, new in sorted(changes, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def swaps(text: str, rng: random.Random) -> str:
    """One word in twenty changes places with the next."""
    pieces = re.split(r"(\s+)", text)
    at = [i for i in range(0, len(pieces) - 2, 2) if pieces[i] and pieces[i + 2]]
    for i in rng.sample(at, min(len(at), _share(len(at), 1 / 20))):
        pieces[i], pieces[i + 2] = pieces[i + 2], pieces[i]
    return "".join(pieces)


def typos(text: str, rng: random.Random) -> str:
    """One word in twelve gets a slip of the keys: letters exchanged, dropped, doubled or another in their place."""
    long = [m for m in _words(text) if len(m[0]) > 3]
    return _put(
        text, [(*m.span(), _slip(m[0], rng)) for m in rng.sample(long, min(len(long), _share(len(long), 1 / 12)))]
    )


def _slip(word: str, rng: random.Random) -> str:
    at = rng.randrange(1, len(word) - 1)
    return rng.choice(
        (
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + rng.choice("abcdefghijklmnopqrstuvwxyz") + word[at + 1 :],
        )
    )


def reordered(text: str, rng: random.Random) -> str:
    """All sentences in another order."""
    found = [s.strip() for s in sentences(text) if s.strip()]
    if len(found) < 2:
        return greeting(text, rng)
    before = list(found)
    while found == before:
        rng.shuffle(found)
    return " ".join(found)


def synonyms(text: str, rng: random.Random) -> str:
    """Words of a small table by others of their meaning, at most one in eight."""
    known = [m for m in _words(text) if m[0].lower() in _SYNONYMS]
    most = _share(len(_words(text)), 1 / 8)
    if not known:
        return swaps(text, rng)
    return _put(
        text, [(*m.span(), rng.choice(_SYNONYMS[m[0].lower()])) for m in rng.sample(known, min(len(known), most))]
    )


def greeting(text: str, rng: random.Random) -> str:
    """A greeting before it and a close behind."""
    return f"{rng.choice(_STARTS)} {text}\n{rng.choice(_ENDS).format(name=rng.choice(_NAMES))}"


def facts(text: str, rng: random.Random) -> str:
    """Every number another number, and every name inside a sentence another name."""
    text = re.sub(r"\d", lambda m: rng.choice("123456789"), text)
    new: dict[str, str] = {}
    return re.sub(r"(?<=[a-z,] )[A-Z][a-z]{2,}", lambda m: new.setdefault(m[0], rng.choice(_NAMES)), text)


REWRITES: dict[str, Rewrite] = {
    "words swapped": swaps,
    "typos": typos,
    "sentences reordered": reordered,
    "synonyms": synonyms,
    "greeting and close added": greeting,
    "names and numbers changed": facts,
}


def two_at_once(text: str, rng: random.Random) -> str:
    """Two different ones of them, one after the other."""
    for name in rng.sample(list(REWRITES), 2):
        text = REWRITES[name](text, rng)
    return text
