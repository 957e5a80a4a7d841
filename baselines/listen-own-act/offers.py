"""What the agent may offer, read from the scenario's ``authority``; nothing that is not named there is promised.

Only sentences of two forms are taken, "<the agent> may <do something>" and "<something> may be <done>", and only
without a no, an exception or a condition. Any sentence that is neither a permission nor a plain prohibition may well
bound the others, so that nothing is offered then.
"""

import re

ACTOR = re.compile(
    r"^(?:(?:(?:the|our|any) )?(?:[\w'-]+ ){0,3}?(?:agents?|staff|team|desk|support|service|clerk|reception|office|you|"
    r"we|they|it|shop|store|garage|school|clinic|practice|hotel|bank|agency|marketplace|council|pharmacy|company|firm|gym|"
    r"workshop|department|press|studio|rep|advis[eo]rs?|account) )?(?:may|can|(?:is|are) allowed to) (?:also |always )?"
    r"(?P<what>[a-z]\S* .+)$",
    re.I,
)
PASSIVE = re.compile(r"^(?P<what>[A-Z][^;:]{3,90}?) (?:may|can) be (?P<done>[a-z].+)$")
NO = re.compile(
    r"\b(?:no|not|never|nor|none|nothing|neither|unless|except|excluding|but|however|cannot|only)\b|n't\b",
    re.I,
)
FREE = re.compile(r"\b(?:at|with) no (?:extra |further |additional )?(?:cost|charge|return needed)\b", re.I)
CONDITION = re.compile(
    r"\b(?:if|until|provided|subject to|pending|approv\w+|discretion|at most|where|"
    r"(?<!at )once (?:the|it|they|you|he|she|a))\b",
    re.I,
)
PROHIBITED = re.compile(r"\b(?:not|never|no|nothing|neither|nor|none|cannot)\b|n't\b", re.I)
PERSON = (
    r"(?:customer|guest|caller|passenger|member|tenant|patient|learner|traveller|student|hirer|"
    r"subscriber|resident|client)"
)
WORDS_FOR_YOU = (
    (re.compile(rf"\b(?:the|a) {PERSON}'s(?= \w)", re.I), "your"),
    (re.compile(rf"\b(?:the|a) {PERSON} (?P<verb>name|choose|want|prefer|like|need)s\b", re.I), r"you \g<verb>"),
    (re.compile(rf"\b(?:the|a) {PERSON}\b(?!'|s\b)", re.I), "you"),
    (re.compile(r"^rebook (?=on|within)", re.I), "rebook you "),
    (re.compile(r"^point to\b", re.I), "point you to"),
    (re.compile(r"\b(?P<and>and|or) (?:may|can) (?:also )?(?!be )"), r"\g<and> "),
    (re.compile(r" may be (?=\w+)"), " can be "),
    (re.compile(r"\bthe (?:firm|agency|garage|shop|workshop|practice|clinic|school|hotel|company)'s "
                r"(?=cost|expense|own)"), "our "),
    (re.compile(r"\b(?P<verb>send|correct) its (?=own staff|records)"), r"\g<verb> our "),
    (re.compile(r" themselves\b"), ""),
)  # fmt: skip
NOT_SAID = re.compile(r"\b(?:it|they) (?:chooses?|names?|decides?)\b", re.I)
SAYING = re.compile(
    r"^(?:say|state|tell|explain|confirm|describe|give (?:facts|information)|discuss|point|name)\b", re.I
)
NO_DATES = re.compile(r"\b(?:deadlines?|time ?frames?|dates?|a time|times|when|timetable|call ?backs?)\b", re.I)
LONGEST = 200


def sentences(text):
    """Sentences, and the parts between semicolons."""
    return [part.strip(" .;") for part in re.split(r"(?<=[.!?])\s+(?=[A-Z])|;\s+|\n+", text) if part.strip(" .;")]


def to_customer(words):
    """The words as said to the customer."""
    for pattern, instead in WORDS_FOR_YOU:
        words = pattern.sub(instead, words)
    return words.strip(" ,")


def offer_of(sentence):
    """What can be done, as a clause; None for anything else."""
    if (
        NO.search(FREE.sub("free", sentence))
        or CONDITION.search(sentence)
        or ":" in sentence
        or NOT_SAID.search(sentence)
        or len(sentence) > LONGEST
    ):
        return None
    if match := ACTOR.match(sentence):
        what = match["what"]
        return None if re.match(r"be\b", what) or SAYING.match(what) else f"I can {to_customer(what)}"
    if match := PASSIVE.match(sentence):
        what = match["what"]
        first, _, rest = what.partition(" ")
        # two capitals in a row are a name
        small = first if rest[:1].isupper() else first.lower()
        return to_customer(f"{f'{small} {rest}'.strip()} can be {match['done']}")
    return None


def read(authority):
    """Clauses that can be offered, and whether a date may be named.

    Args:
        authority: the scenario's text; None where nothing is known.

    Returns:
        At most two clauses, and False where dates are among the things that must not be promised.
    """
    found, bounds = [], []
    for sentence in sentences((authority or "")[:5000]):
        offer = offer_of(sentence)
        if offer:
            found.append(offer)
        else:
            bounds.append(sentence)
    plain = all(PROHIBITED.search(sentence) for sentence in bounds)
    return (tuple(found[:2]) if plain else ()), not NO_DATES.search(" ".join(bounds))
