"""Why a hit may not count: quoted, echoed, negated, somebody else's speech, conditional, sarcastic."""

from __future__ import annotations

import re

from amends.scorers.rules.engine import Hit
from amends.scorers.rules.reading import Reading

MINUS = frozenset({"E5", "E6", "E7", "E8", "D6", "D7", "D8", "D9", "X5", "X6", "X7", "X8"})
"""The behaviours that cost."""

_NO = (
    r"(?:not|never|no|nor|nobody|no one|hardly|without|\w{2,8}n't|cannot|dont|cant|wont|isnt|rather than"
    r"|instead of|far from)"
)
_NEGATED = re.compile(_NO + r"(?: [\w']{1,14}){0,2} \Z")
_REFUSING = re.compile(
    r"\b(?:" + _NO + r"|refuse to)(?: [\w']{1,14}){0,3} (?:say|saying|said|tell|telling|ask|asking|pretend|pretending"
    r"|claim|claiming|call|calling|suggest|suggesting|blame|blaming|hide|hiding|use|using|plead|argue|imply|dismiss"
    r"|describe|treat|treating|think|mean|make|offer)\b[^.!?\n]{0,45}\Z"
)
_OWN_NO = re.compile(
    r"[ ,.]{0,2}(?:no|not|never|nothing|isn't|hardly|nobody|cannot|can't|don't|do not|wasn't|try not)\b"
)
_REPORTED = re.compile(
    r"(?<!\bi )(?<!\bi'm )(?<!\bwe )(?<!\bwe've )(?<!\bi've )\b(?:told|hear|heard|hearing|being asked|was asked|were asked"  # noqa: E501
    r"|called|read|made to feel|feel like|feeling like|treated like|treated as|someone says?|people say|he said"
    r"|she said|they said|you said|you wrote|you write|you were asked|advised|the words?|phrases? like)"
    r"(?: (?:you|that|to|it|was|is|were|a|an|the|her|him|them|me|us|it's|there's|there|like|so|,)){0,4} \Z"
)
_OWN_NEGATION = re.compile(r"\b(?:not|never|hardly|\w{2,8}n't|no)\b(?: [\w']{1,14}){0,2} (?:our|my|us|me|ours)\b")
_E1_NEGATION = re.compile(
    r"\b(?:not|never|hardly|isn't|wasn't|aren't|weren't)\b(?! (?:just|only|simply|surpris|how|an? easy))"
)
_UNSURE = re.compile(
    r"\b(?:try to|trying to|hope to|hoping|hopefully|might|may be able|perhaps|possibly|usually|normally|typically"
    r"|should be able|with luck|in theory|if you like|would you like|do you want)\b"
)
_IF_BEFORE = re.compile(r"\b(?:if|whether|unless|had|would have|could have|until|once|when|until we|before) \Z")
_ISSUE_NOT_REMEDY = re.compile(
    r"\b(?:been|is|are|was|were|be) (?:now )?(?:cancelled|removed|ordered|withdrawn|extended|reserved)\b"
)
_BURDEN = re.compile(
    r"\b(?:charge|charged|fee|bill|bills|fine|penalty|debt|notice|visit|visits|debit|invoice|cost|surcharge)"
)
_CUSTOMER_ACTS = re.compile(
    r"\byou(?:'ll| will)? (?:need|have|must)(?: to)?\b|\bplease (?:reply|send|call|allow|wait)\b"
)
_NO_EXCUSE_AFTER = re.compile(
    r"\b(?:is|was|are|were|that's|are not|isn't|but that is) (?:no|not an?|never an?|hardly an?|an?) ?(?:\w{3,8} )?(?:excuse|reason|defence|answer|comfort)"  # noqa: E501
)
_SHAMED = re.compile(r"\b(?:called|call|calling|feel|feeling|felt|treated|like|as|look|looked)(?: [\w']{1,10}){0,3} \Z")
_IRONY = ("d8-sarcasm", "d8-eye-roll")


def kept(hits: list[Hit], reading: Reading) -> list[Hit]:
    """The hits that count.

    Args:
        hits: of the matcher, by place.
        reading: of the same reply.
    """
    ironic = {reading.sentence(h.start) for h in hits if h.pattern.id in _IRONY}
    return [hit for hit in hits if _counts(hit, reading, ironic)]


def _counts(hit: Hit, reading: Reading, ironic: set[int]) -> bool:
    code = hit.pattern.code
    index = reading.sentence(hit.start)
    if reading.in_quotes(hit.start, hit.end) or reading.is_echo(index):
        return False
    if code in MINUS:
        return not _minus_denied(hit, reading)
    if code.startswith("_"):
        return True
    return index not in ironic and not _plus_denied(hit, reading)


def _minus_denied(hit: Hit, reading: Reading) -> bool:
    """Negated, refused, reported, or an excuse that is itself refused."""
    code = hit.pattern.code
    before = reading.before(hit.start)
    own_no = _OWN_NO.match(reading.text, hit.start) is not None
    if code in ("E8", "X7"):
        return False
    if not own_no and code not in ("X5", "X6", "D9") and _NEGATED.search(before):
        return True
    if _REFUSING.search(before) or _REPORTED.search(before):
        return True
    if code == "D8":
        return hit.pattern.id == "d8-insult" and _SHAMED.search(before) is not None
    return code == "X8" and _NO_EXCUSE_AFTER.search(reading.after(hit.end)) is not None


def _plus_denied(hit: Hit, reading: Reading) -> bool:
    """Negated, conditional, unsure, or the issue rather than its remedy."""
    code = hit.pattern.code
    said = reading.text[hit.start : hit.end]
    before = reading.before(hit.start, 40)
    if code in ("E1", "E3"):
        return (_E1_NEGATION.search(said) if code == "E1" else _NEGATED.search(before[-14:])) is not None
    if code == "X2":
        return _OWN_NEGATION.search(said) is not None or _IF_BEFORE.search(before) is not None
    if code == "X3":
        if _ISSUE_NOT_REMEDY.search(said) and not _BURDEN.search(said):
            return True
        return bool(
            _IF_BEFORE.search(before) or _UNSURE.search(before) or _UNSURE.search(said) or _NEGATED.search(before[-8:])
        )
    if code == "D3":
        past = hit.pattern.id == "d3-booked-for" and re.search(r"\b(?:was|were|had been) \Z", before)
        return bool(past or _UNSURE.search(said) or _UNSURE.search(before) or _CUSTOMER_ACTS.search(said))
    return False
