"""Names of people where a text says that they are names: after a greeting, in a sign-off, after a title.

No list of names: what stands there is a name unless it is a word that stands there without one ("Hi there").
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_PARTICLE = r"(?:van|von|de|del|della|di|da|dos|der|den|la|le|bin|al|ter|ten|zu)"
_NAME = r"(?:[A-Z]\.|[^\W\d_a-zß-öø-ÿ](?:[^\W\d_]|['’\-](?=[^\W\d_]))*)"
_SEQUENCE = rf"(?:{_PARTICLE}[ ]){{0,2}}{_NAME}(?:[ ](?:{_PARTICLE}[ ]){{0,2}}{_NAME}){{0,3}}"
_TITLE = r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Madam|Herrn?|Frau|Mme|M|Señora?|Sr|Sra)\.?"
_GREETINGS = (
    r"(?:hi|hello|hey|dear|hallo|hiya|greetings|good[ ](?:morning|afternoon|evening|day)|guten[ ](?:tag|morgen|abend)"
    r"|liebe[rs]?|sehr[ ]geehrte[rs]?|bonjour|ch[eè]re?|hola|estimad[oa])"
)
_CLOSINGS = (
    r"(?:(?:kind(?:est)?|best|warm(?:est)?|with[ ]kind|many)[ ](?:regards|wishes|thanks)|regards|best|all[ ]the[ ]best"
    r"|thanks(?:[ ]again)?|thank[ ]you|cheers|sincerely|yours(?:[ ](?:sincerely|faithfully|truly))?|sincerely[ ]yours"
    r"|respectfully|(?:take[ ]care)|mit[ ]freundlichen[ ]gr(?:ü|ue)(?:ß|ss)en|viele[ ]gr(?:ü|ue)(?:ß|ss)e|cordialement)"
)
_PATTERNS = (
    re.compile(rf"(?im:(?:^|(?<=[.!?\n])[ ]*)[ ]*{_GREETINGS})[ ,]{{1,3}}(?:{_TITLE}[ ])?({_SEQUENCE})"),
    re.compile(
        rf"(?im:(?:^|(?<=[.!?,\n])[ ]?)[ ]*{_CLOSINGS})[ ]*[,.!–—-]?[ \n]{{1,4}}(?:{_TITLE}[ ])?({_SEQUENCE})[ ]*\.?$",
        re.M,
    ),
    re.compile(rf"(?:^|(?<=[\s(,;]))(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Herrn?|Frau)\.?[ ]({_SEQUENCE})"),
    re.compile(rf"(?:\b[Mm]y name(?:[ ]is|['’]s)|\b[Ii]ch hei(?:ß|ss)e|\b[Mm]ein Name ist)[ ]({_SEQUENCE})"),
    re.compile(
        rf"\b(?:[Tt]his is|[Ii] am|[Ii]['’]m|[Ss]poke (?:to|with)|[Ss]peaking (?:to|with)|[Hh]ere is)[ ]"
        rf"({_SEQUENCE})(?=[ ](?:from|at|in|of|with|on|and)\b|[ ]here\b|,|\.|[ ]?[<(])"
    ),
    re.compile(rf"(?m)^[ ]*[-–—~*]{{1,2}}[ ]?({_SEQUENCE})[ ]*$(?![\s\S]*\S)"),
    re.compile(rf"\n[ ]*({_SEQUENCE})\s*\Z"),
    re.compile(rf"(?:^|(?<=[,.!\n])[ ]?)({_NAME})[ ]here\b(?![ ](?:is|are|was|were)\b)"),
)
_LOWER = re.compile(r"(?im:^[ ]*(?:hi|hello|hey|dear)[ ])([a-z][a-z'’-]{1,20})(?=[ ]*[,!\n])")
_LOWER_END = re.compile(rf"(?im:^[ ]*{_CLOSINGS})[ ]*[,.!]?[ ]*\n[ ]*([a-z][a-z'’-]{{1,20}})[ ]*\Z")

_NO_NAMES = (
    "a again all am an and another anyone april are as at august back be because both but by can care chat "
    "company contact could customer customers december department desk did do does each either every "
    "everybody everyone february folks for friday from good great guys hello help here hi how i if in is it "
    "its january july june just ladies gentlemen let madam manager march may me monday more most my no none "
    "not november now octobre october of office ok okay on one only or order our please re refund regards "
    "relations sales saturday september service services shop sir so some sorry still store sunday support "
    "sure team thank thanks that the their them then there these they this those thursday to today tomorrow "
    "too truly tuesday unfortunately until us very was we wednesday well what when where which who why will "
    "wishes with yes yesterday you your yours zusammen damen herren kunde kundin advisor agent assistant "
    "complaints director executive lead officer representative specialist supervisor mr mrs ms miss mx dr "
    "prof attention concern whom first after before apologies congratulations hope hoping having received "
    "regarding following further best kind warm cheers sincerely"
)
NO_NAMES = frozenset(_NO_NAMES.split())
"""Words that stand where names stand, and are none."""

_ALSO_WORDS = (
    "will mark may hope grace joy rose bill sue pat rob art faith april june dawn jack frank grant chase drew "
    "miles guy dean earl rich ray sunny bob max page price long short young small brown white black green "
    "gray grey king bishop cook baker carpenter mason taylor smith wood woods hill rivers stone field bush "
    "reed wolf fox swan bird rain day summer winter love sharp strong best good gold silver case major prior "
    "post ward park lane street"
)
ALSO_WORDS = frozenset(_ALSO_WORDS.split())
"""Names that are words as well: taken for names only where a text uses them as such."""


_MONTHS_AND_WILL = frozenset({"april", "june", "may", "will"})
"""No names in running text; behind a greeting, in a sign-off or behind a title they are."""


def is_word(word: str) -> bool:
    """Whether a word stands where names stand, and is none.

    Args:
        word: in any letters.
    """
    return word.lower() in NO_NAMES and word.lower() not in _MONTHS_AND_WILL


def names(text: str) -> Iterator[tuple[int, int]]:
    """Spans of names where a text says that they are names; a name of several words gives one span.

    Args:
        text: a message.
    """
    for pattern in _PATTERNS:
        for found in pattern.finditer(text):
            span = _trimmed(text, *found.span(1))
            if span is not None:
                yield span
    for pattern in (_LOWER, _LOWER_END):
        yield from (m.span(1) for m in pattern.finditer(text) if not is_word(m[1]))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The sequence up to its first word that is no name; None where that is its first."""
    place = start
    for word in text[start:end].split(" "):
        bare = word.rstrip(".").lower()
        if is_word(bare) or (len(bare) == 1 and not word.endswith(".") and place == start):
            break
        place += len(word) + 1
    stop = min(place - 1, end)
    if stop <= start:
        return None
    return start, stop
