"""What ``rules`` said when it was frozen, it says: whoever changes an annotation bumps the version and the digest."""

from __future__ import annotations

import hashlib

import orjson

from amends.records import Context, Exchange, Turn
from amends.scorers.rules.engine import load_patterns
from amends.scorers.rules.scorer import Rules

_FROZEN = (3, "033bf9bd5469fb2b")
"""Version and digest of all annotations of ``_exchanges``, taken from the code before it was made faster."""
_SENTENCES = sorted({text for p in load_patterns() for text in (p.example, p.counter) if text})
_BETWEEN = (
    " ",
    " ",
    "\n\n",
    " ",
    "... ",
    " \u201cno\u201d ",
    "\n- ",
    " Not that ",
    " If ",
    ", ",
    " <b>so</b> ",
    "\r\n> ",
)
_SAID = (
    "My parcel came late and the box was torn, and the lamp in it broke in 3 places.",
    "I waited five days for the boiler engineer. You said Friday and nobody rang me back.",
    "Where is my refund for the flight to Porto?",
    "",
)
_WHOLE = (
    "",
    "\u200b",
    "null",
    "Kind regards,\nAnn",
    "Es tut uns leid, wir sind sehr bald bei Ihnen.",
    "We will",
    "x = 1;",
)
"""Replies that get a flag."""


def _exchanges() -> list[Exchange]:
    """Mixtures of the patterns' own examples with what comes between, after and from customers; no chance in it."""
    made = []
    for number in range(1200):
        said = _SAID[number % 4]
        parts = [_SENTENCES[(number * 37 + k * 101 + k * k) % len(_SENTENCES)] for k in range(1 + number % 7)]
        if number % 9 == 4 and said:
            parts.append(said.split(".")[0].replace("My ", "Your ") + " \u2013 that is clear")
        reply = "".join(part + _BETWEEN[(number + k * 5) % len(_BETWEEN)] for k, part in enumerate(parts))
        if number % 11 == 3:
            reply = reply[: -7 - number % 13]
        context = Context(
            company=("Brackley", None, "Acme Parcels")[number % 3],
            emotion=("angry", None, "none")[number // 3 % 3],
            fault=("company", None, "customer")[number // 2 % 3],
            authority=(None, "No refund. May offer a voucher.")[number // 5 % 2],
        )
        made.append(Exchange(str(number), (Turn("customer", said),) if said else (), reply, context))
    return made + [Exchange(text, (Turn("customer", _SAID[0]),), text) for text in _WHOLE]


def test_frozen() -> None:
    """Levels, spans, quotes, strengths, flags and reasons of all are the same, and there is something of each."""
    found = Rules().annotate(_exchanges())
    assert len({b.code for one in found for b in one.behaviours}) == 25
    assert len({flag for one in found for flag in one.flags}) >= 6
    written = b"\n".join(orjson.dumps(one.to_dict(), option=orjson.OPT_SORT_KEYS) for one in found)
    assert (Rules.version, hashlib.sha256(written).hexdigest()[:16]) == _FROZEN
