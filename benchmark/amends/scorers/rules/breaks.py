"""Whether a reply breaks off before its end. High precision: chat and notes leave the last full stop out."""

from __future__ import annotations

import re

from amends.scorers.rules.languages import begins_word, is_known
from amends.scorers.rules.reading import Reading

_OPEN_WORDS = (
    # no sentence ends with one of these
    "the a an and or of your our my their his its because if but than which whose every with from at for to by into"
    " i we they he she i'm we're i've we've i'll we'll you're you've you'll they're i'd we'd it's that's there's"
    " although while whereas unless whether until during regarding between among within upon onto"
    " towards per via as very unable such these who where when so's re"
)
_OPEN = frozenset(_OPEN_WORDS.split())
_STRANDED = frozenset(
    "with from at for to by into i we they he she where when who as until".split()  # noqa: SIM905
)
"""Of these, what can end a sentence after a question word or a relative ("what it is for", "so do I")."""
_HELPERS = frozenset(
    (  # noqa: SIM905
        "is are was were am be been have has had will would shall should must may might can could does did being"
        " having sending making giving getting taking"
    ).split()
)
"""They end a sentence only where something is left out ("as soon as I can")."""
_PRONOUNS = frozenset("it this they you".split())  # noqa: SIM905
_JOINED = re.compile(
    r"\b(?:found|see|hear|understand|learn|say|tell|confirm|sorry|sure|know) that \Z|, (?:and|but|because) \Z"
)
"""Before a pronoun: a clause begins with it."""
_ASKING = frozenset("how what why where".split())  # noqa: SIM905
_TOLD = re.compile(r"\b(?:imagine|understand|see|explain|appreciate|realise|realize|exactly) (?:just |exactly )?\Z")
_VERBS = frozenset("bring send give make let ensure provide take put offer issue inform replace".split())  # noqa: SIM905
_DRIVEN = re.compile(r"(?:\b(?:will|to|can|could|would|must|should|we|i|cannot|not)|'ll|'d|n't) \Z")
"""What stands before a verb that wants an object."""
_ANSWER = re.compile(r"\b(?:yes|no|sure|thanks?|thank you)\b")
_ELLIPTIC = re.compile(
    r"\b(?:what|where|who|how|why|when|which|whatever|whoever|wherever)\b(?![^,]*,)"
    r"|\b(?:(?:some|any)(?:one|body|thing)|nobody|no one|nothing|people|person|place|line|number) to \w+ \Z"
    r"|\b(?:that|as|than|if|so|nor|neither|one|all|ones|those|things?|everything|nothing|anything|something"
    r"|need|hope|think|know|believe|much|many|most|best|only|way)(?: (?!your|the|my|our|this|their)[\w']+){0,2} \Z"
)
"""Before an open word that may end a sentence after all ("what it is for", "as fast as we can")."""
_FIRST_PERSON = ("i", "i'm", "i've", "i'll", "i'd")
_OPEN_MARKS = ",;([:"
_EMOTICON = re.compile(r"[:;=8x]['^-]?[(\[/|\\]\Z")
_EMOTICONS = re.compile(r"[:;=8x]['^-]?\(")
_VALEDICTION = re.compile(
    r"\b(?:regards|wishes|sincerely|faithfully|truly|yours|thanks|thank you|best|love|cheers|warmly|respectfully),\Z"
)
_CUT_MARK = re.compile(r"[a-z0-9][ ]?[-&/+]\Z")
_CLIPPED = re.compile(r" (?:i|we|you|they|he|she|it|that|there|don|isn|won|can|didn|wasn|couldn)'\Z")
_CLOSED = ".!?"
_CHAT = (" i ", " i'", " u ", " pls", " ur ", " tbh", "ont ", " tho", " thats ", " im ", " ive ", " cant ", "..")
"""Of a writer who leaves marks out."""
_CLOSING = re.compile(
    r"\b(?:it|them|you|us|me|that|this|him|her)\Z"
    r"|\b(?:are|is|was|do|does|did|can|could|would|will|shall) (?:you|there|it|that|we|i)\b"
    r"|\A\w+(?: \w+){0,2}, \w+(?: \w+)?\Z"
    r"|\b(?:greetings|regards|wishes|sincerely|faithfully|yours|thanks|thank you|thx|ta|cheers|love|best|warmly|team"
    r"|desk|care|hearing from you|contacting us|patience|understanding|evening|day|weekend|week|soon|sorry|pls|please"
    r"|lol|x+)\b"
)
"""Last sentences that go without a mark: farewells, signatures, questions, those that end with a pronoun."""


def truncated(reading: Reading) -> bool:
    """The text ends inside a sentence or a word.

    Told by an open word ("because the", "we have"), an open mark (a comma, a bracket), a word that is the beginning
    of one that stands before it, or no word at all where all sentences before are closed.

    Args:
        reading: of the reply.
    """
    shown = reading.text.rstrip()
    count = len(reading.words)
    if count < 2 or (shown[-1] in '.!?"~' and not shown.endswith("..")):
        return False
    if reading.folded.span(len(shown) - 1, len(shown))[1] < len(reading.exchange.reply.rstrip()):
        # Something hidden follows, a signature say: its greeting ends with a comma.
        return False
    if not shown[-1].isalnum() and shown[-1] not in ".'":
        return _open_mark(shown)
    if shown[-1] == "'":
        return _CLIPPED.search(shown) is not None
    if not shown[-1].isalpha() and shown[-1] != ".":
        return False
    last = reading.words[-1]
    bare = shown.rstrip(". ")
    if not bare.endswith(last):
        return False
    if (last in _OPEN or last == "please") and len(reading.sentences) > 1 and _closed_before(reading, 1):
        start, end = reading.sentences[-1]
        if reading.text[start:end].strip() == last:
            return True
    start, end = reading.sentences[-1]
    sentence = reading.text[start:end].strip(". \n")
    if _capital(reading, last):
        return False
    if shown[-1] == ".":
        return last in _OPEN and last not in _STRANDED and count >= 3
    if count >= 5 and sentence.rfind("(") > max(sentence.rfind(")"), 0) and not _EMOTICONS.search(sentence):
        return True
    return count >= 3 and (
        _open_word(sentence, last, count) or _cut_word(reading, last) or _unclosed(reading, sentence)
    )


def _capital(reading: Reading, last: str) -> bool:
    """The last word is written with a capital, as names are (and ``I`` is)."""
    written = reading.exchange.reply.rstrip(" .\n\t\r")[-len(last) :]
    return written[:1].isupper() and last not in _FIRST_PERSON


def _open_mark(shown: str) -> bool:
    if shown[-1] in _OPEN_MARKS:
        return _EMOTICON.search(shown) is None and _VALEDICTION.search(shown) is None
    return _CUT_MARK.search(shown) is not None and _EMOTICON.search(shown) is None


def _open_word(sentence: str, last: str, count: int) -> bool:
    before = sentence[: -len(last)]
    if last in _OPEN:
        return last not in _STRANDED or not _left_out(before)
    if last in _PRONOUNS:
        return _JOINED.search(before) is not None
    if last in _ASKING:
        return _TOLD.search(before) is not None
    if last in _VERBS and _DRIVEN.search(before) is None:
        return False
    return (last in _HELPERS or last in _VERBS) and count >= 5 and not _left_out(before)


def _left_out(before: str) -> bool:
    """What stands before lets the last word end the sentence."""
    return _ANSWER.search(before) is not None or _ELLIPTIC.search(before[-60:]) is not None


def _closed_before(reading: Reading, least: int) -> bool:
    """All sentences before the last are closed and begin with a capital: so many, and not in chat's manner."""
    reply = reading.exchange.reply
    if any(mark in reply for mark in _CHAT):
        return False
    closed = 0
    for start, end in reading.sentences[:-1]:
        sentence = reading.text[start:end].rstrip()
        if sentence.endswith(","):
            continue
        first = reading.folded.span(start, end)[0]
        if sentence[-1] not in _CLOSED or reply[first].islower():
            return False
        closed += 1
    return closed >= least


def _cut_word(reading: Reading, last: str) -> bool:
    """The last word is unknown, and the text closes its sentences or has a word that begins so."""
    if len(last) < 2 or not last.isalpha() or is_known(last) or last in reading.words[:-1]:
        return False
    shown = reading.text.rstrip()
    before = shown[: -len(last)]
    if before[-1:] != " " or before[-2:-1] in "/^-|":
        return False
    if begins_word(last) or any(len(word) > len(last) and word.startswith(last) for word in reading.customer.words):
        return True
    return _closed_before(reading, 1)


def _unclosed(reading: Reading, sentence: str) -> bool:
    """A last sentence of some words without its mark, in the line of sentences that have theirs."""
    start = reading.sentences[-1][0]
    if start and reading.text[start - 1] == "\n":
        return False
    return len(sentence.split()) >= 3 and _closed_before(reading, 3) and _CLOSING.search(sentence) is None
