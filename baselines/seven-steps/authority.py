"""What the agent may offer and may not, read from the scenario's ``authority``.

Nothing is promised that is not named there: an offer is quoted clause by clause with its own limits, and
whatever is not understood counts against an offer, never for one.
"""

import re
from dataclasses import dataclass

ACTOR = r"(?:(?:the |our )?(?:\w+ )?(?:agent|support|staff|team|desk|service|clerk|rep|advis[eo]r|you|we|they|it)s? )?"
MAY = re.compile(
    rf"^{ACTOR}(?:may|can|(?:is|are) (?:allowed|authori[sz]ed|permitted) to) (?:only |also )?(?P<what>\S.*)$", re.I
)
MAY_NOT = re.compile(rf"^{ACTOR}(?:(?:may|can|must|shall|should) ?(?:not|never)|can't|mustn't) (?P<what>\S.*)$", re.I)
NOTHING_MAY = re.compile(r"^no (?P<what>.+?) (?:may|can) be (?P<done>.+)$", re.I)
THING_MAY_NOT = re.compile(r"^(?P<what>.+?) (?:may not|cannot|can not|must not) be (?P<done>.+)$", re.I)
ONLY_MAY = re.compile(r"^only (?P<what>.+?) (?:may|can) be (?P<done>.+)$", re.I)
NONE_OF = re.compile(r"^no (?P<what>\S.*)$", re.I)

NEGATED = re.compile(
    r"\b(?:no|not|never|nor|none|nothing|neither|without|unless|except|excluding|but|however|cannot)\b|n't\b", re.I
)
TELLING = re.compile(r"^(?:only )?(?:state|say|tell|explain|point|give|confirm|mention|describe|name|see)\b", re.I)
CONDITION = re.compile(
    r"\b(?:or|if|once|only|after|when|until|before|provided|subject|pending|approv\w+|discretion|manager|supervisor|"
    r"agree\w*|at most)\b",
    re.I,
)
ONLY = re.compile(r"\b(?:may|can) only\b|\bonly\b.+\b(?:may|can) be\b", re.I)
WORDS_FOR_YOU = (
    (re.compile(r"\b(?:the )?(?:customer|guest|caller|passenger|member|tenant|patient)(?:'s)(?= \w)", re.I), "your"),
    (re.compile(r"\bthe (?:customer|guest|caller|passenger|member|tenant|patient)\b(?!')", re.I), "you"),
    (re.compile(r"^rebook on\b", re.I), "rebook you on"),
    (re.compile(r"^point to\b", re.I), "point you to"),
)
LONGEST = 220


@dataclass(frozen=True)
class Authority:
    """Sentences about what can and cannot be done; each is whole but for its first capital and last stop."""

    offers: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    forbidden: str = ""
    """Everything that was not read as an offer, in lower case: words that a promise must keep clear of."""
    only: bool = False
    """Whether the offers are all that may be said: then not even a time for an answer is promised."""


def small(text):
    """Without a capital at the start, where the first word is an everyday one."""
    first = text.split(" ", 1)[0]
    return first.lower() + text[len(first) :] if re.fullmatch(r"(?:The|An?|This|Any|All|It|Only|No)", first) else text


def to_customer(clause):
    """The clause as said to the customer."""
    clause = clause.strip(" ,.;")
    for pattern, words in WORDS_FOR_YOU:
        clause = pattern.sub(words, clause)
    return clause


def before_colon(clause):
    """Reasons stand after a colon; they are for the agent, not for the customer."""
    return re.split(r":\s", clause, maxsplit=1)[0]


def limit_of(clause):
    """What cannot be done, as a sentence; None if the clause does not say so in a form that is known."""
    clause = before_colon(clause)
    if match := NOTHING_MAY.match(clause):
        return f"no {match['what']} can be {match['done']}"
    if match := MAY_NOT.match(clause):
        what = match["what"]
        return None if NEGATED.search(what) or what.lower().startswith("be ") else f"I cannot {to_customer(what)}"
    if match := THING_MAY_NOT.match(clause):
        return None if NEGATED.search(match["done"]) else f"{small(match['what'])} cannot be {match['done']}"
    if match := NONE_OF.match(clause):
        return None if re.search(r"\b(?:may|can|must)\b", clause) else f"I have no {match['what']} to offer"
    if (match := MAY.match(clause)) and re.match(r"\w+ no\b", match["what"]):
        return f"I can {to_customer(match['what'])}"
    return None


def offer_of(clause):
    """What can be done, as a sentence; None if the clause is anything else."""
    if NEGATED.search(clause) or re.search(r":\s", clause):
        return None
    if match := ONLY_MAY.match(clause):
        return f"{small(match['what'])} can be {match['done']}"
    match = MAY.match(clause)
    if match is None or match["what"].lower().startswith("be "):
        return None
    what = to_customer(match["what"])
    sure = not TELLING.match(what) and not CONDITION.search(what)
    return f"I {'will' if sure else 'can'} {what}"


def clauses(text):
    """Sentences, and the parts between semicolons; a stop inside a number or before a small letter is none."""
    return [part.strip(" .;") for part in re.split(r"(?<=[.!?])\s+(?=[A-Z])|;\s+|\n+", text) if part.strip(" .;")]


def read(text):
    """Offers and limits of an authority text (None: nothing is known, so nothing is offered)."""
    offers, limits, other = [], [], []
    for clause in clauses(text or ""):
        offer, limit = offer_of(clause), limit_of(clause)
        if len(clause) > LONGEST:
            offer = limit = None
        if offer:
            offers.append(offer)
            continue
        other.append(clause)
        if limit:
            limits.append(limit)
        else:
            # it may well bound what was allowed before ("A manager has to agree.")
            offers.clear()
    return Authority(tuple(offers[:3]), tuple(limits[:2]), " ".join(other).lower(), bool(ONLY.search(text or "")))
