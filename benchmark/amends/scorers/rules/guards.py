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
    r"\b(?:"
    + _NO
    + r"|refuse to)(?: [\w']{1,14}){0,3} (?:say|says|saying|said|tell|tells|telling|ask|asks|asking|pretend|pretending"
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
    r"|\b(?:is|are|was|were|will be|shall be) (?:not|never|nowhere) (?:being )?(?:advanced|offered|given|pleaded|put forward|used|claimed)"  # noqa: E501
)
_DISOWNED_AFTER = re.compile(
    r"[^.!?\n]{0,40}\b(?:(?:this|that|it|these words) (?:i|we) (?:do not|don't|will not|won't|never|shall not) (?:say|claim|write|tell)"  # noqa: E501
    r"|(?:is|are) (?:no word|not (?:a word|what|words?)) (?:\w{2,8} ){0,2}(?:i|we|anyone)\b)"
)
"""What was just said is disowned ("that we know how you feel, this I do not say")."""
_UNSAID = re.compile(
    r"\b(?:won't|will not|shall not|shan't|not going to|not here to|never|do not|don't|not stand here and) "
    r"(?:\w{2,8} ){0,3}(?:hear|get|tell|say|claim|pretend|promise|be told|find|read|offer)\b[^.!?\n]{0,45}\Z"
)
"""The speaker says that the words will not be heard from them."""
_SHAMED = re.compile(r"\b(?:called|call|calling|feel|feeling|felt|treated|like|as|look|looked)(?: [\w']{1,10}){0,3} \Z")
_WAS_BEFORE = re.compile(r"\b(?:was|were|had been) \Z")
_IRONY = ("d8-sarcasm", "d8-eye-roll")


_FREE = frozenset({"E2", "E4", "X1", "X4", "D1", "D2", "D4", "D5"})
"""Plus behaviours that only quotation, echo and irony take away."""
_DENIED = MINUS - {"E8", "X7"}
"""Minus behaviours that are also taken away where they are denied or reported."""
_NO_MARKS = ("no", "n't", "nt ", "never", "hardly", "without", "rather than", "instead of", "far from")
"""One of them stands in whatever ``_NO`` matches."""
_REPORT_MARKS = (
    "told", "hear", "ask", "call", "read", "feel", "treated", "someone say", "people say", "said", "wrote", "write",
    "advised", "the word", "phrase",
)  # fmt: skip
"""One of them stands in whatever ``_REPORTED`` matches."""
_UNSURE_MARKS = (
    "try", "hop", "might", "may be able", "perhaps", "possibly", "ally", "should be able", "with luck", "in theory",
    "if you like", "would you like", "do you want",
)  # fmt: skip
"""One of them stands in whatever ``_UNSURE`` matches."""
_IF_MARKS = ("if ", "whether ", "unless ", "had ", "have ", "until ", "once ", "when ", "until we ", "before ")
"""With one of them ends whatever ``_IF_BEFORE`` matches."""
_REMEDY_MARKS = ("cancelled", "removed", "ordered", "withdrawn", "extended", "reserved")
"""One of them stands in whatever ``_ISSUE_NOT_REMEDY`` matches."""


def _any_in(marks: tuple[str, ...], text: str) -> bool:
    """A quick look before an expression is tried."""
    return True in map(text.__contains__, marks)


def kept(hits: list[Hit], reading: Reading) -> list[Hit]:
    """The hits that count.

    Args:
        hits: of the matcher, by place.
        reading: of the same reply.
    """
    ironic = {reading.sentence(hit.start) for hit in hits if hit.id in _IRONY}
    counting: list[Hit] = []
    begin = stop = 0
    said_no: bool | None = None
    for hit in hits:
        start, end, code, _, _ = hit
        if not begin <= start < stop:
            # The first hit in its sentence: what all hits of the sentence have in common is asked once.
            index = reading.sentence(start)
            begin, stop = reading.sentences[index]
            echo = reading.is_echo(index)
            said_no = None
        if echo or (reading.quoted and reading.in_quotes(start, end)):
            continue
        if code in MINUS or code == "_CHANGE":
            if said_no is None:
                said_no = _any_in(_NO_MARKS, reading.text[begin:stop])
            if (said_no or end > stop) and _unsaid(hit, reading, begin):
                continue
            if code in _DENIED and _minus_denied(hit, reading, begin, said_no):
                continue
        elif code[0] != "_" and (index in ironic or (code not in _FREE and _plus_denied(hit, reading, begin))):
            continue
        counting.append(hit)
    return counting


def _unsaid(hit: Hit, reading: Reading, begin: int) -> bool:
    """The words are named as what the speaker does not say, in the sentence that begins there."""
    before = reading.text[max(begin, hit.start - 70) : hit.start]
    if _any_in(_NO_MARKS, before) and _UNSAID.search(before):
        return True
    after = reading.after(hit.end)
    return _any_in(_NO_MARKS, after) and _DISOWNED_AFTER.match(after) is not None


def _minus_denied(hit: Hit, reading: Reading, begin: int, said_no: bool) -> bool:
    """Negated, refused, reported, or an excuse that is itself refused; whether its sentence holds a no is known."""
    start, end, code, _, name = hit
    before = reading.text[max(begin, start - 70) : start]
    if said_no and _any_in(_NO_MARKS, before):
        if code not in ("X5", "X6", "D9") and _NEGATED.search(before) and not _OWN_NO.match(reading.text, start):
            return True
        if _REFUSING.search(before):
            return True
    elif "refuse to" in before and _REFUSING.search(before):
        return True
    if before[-1:] == " " and _any_in(_REPORT_MARKS, before) and _REPORTED.search(before):
        return True
    if code == "D8":
        return name == "d8-insult" and _SHAMED.search(before) is not None
    return code == "X8" and _NO_EXCUSE_AFTER.search(reading.after(end)) is not None


def _plus_denied(hit: Hit, reading: Reading, begin: int) -> bool:
    """Negated, conditional, unsure, or the issue rather than its remedy."""
    start, end, code, _, name = hit
    said = reading.text[start:end]
    if code == "E1":
        return _any_in(_NO_MARKS, said) and _E1_NEGATION.search(said) is not None
    before = reading.text[max(begin, start - 40) : start]
    if code == "E3":
        return _NEGATED.search(before[-14:]) is not None
    if code == "X2":
        owned = _any_in(_NO_MARKS, said) and _OWN_NEGATION.search(said) is not None
        return owned or _conditional(before)
    if code == "X3":
        if _any_in(_REMEDY_MARKS, said) and _ISSUE_NOT_REMEDY.search(said) and not _BURDEN.search(said):
            return True
        tail = before[-8:]
        negated = _any_in(_NO_MARKS, tail) and _NEGATED.search(tail)
        return bool(negated or _unsure(before, said) or _conditional(before))
    if code == "D3":
        past = name == "d3-booked-for" and _WAS_BEFORE.search(before)
        return bool(past or _unsure(before, said) or _CUSTOMER_ACTS.search(said))
    return False


def _conditional(before: str) -> bool:
    """A condition directly before."""
    return before.endswith(_IF_MARKS) and _IF_BEFORE.search(before) is not None


def _unsure(before: str, said: str) -> bool:
    """A word of doubt in what was said, or before it in the same sentence."""
    if not _any_in(_UNSURE_MARKS, before + said):
        return False
    return _UNSURE.search(before) is not None or _UNSURE.search(said) is not None
