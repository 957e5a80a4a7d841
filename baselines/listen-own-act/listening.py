"""What the customer's turn offers to somebody who listens: the feeling, the thing, a phrase, what it did, whose it is.

Everything found is put into slots that take it in any number and tense; where nothing is found for certain, the slot
falls away.
"""

import re
from dataclasses import dataclass

import lexicon


@dataclass(frozen=True)
class Heard:
    """What was found; None or empty where nothing was."""

    feeling: str | None
    calm: bool
    thing: str | None
    """With its article: "your suit", "the wardrobe"."""
    phrase: str | None
    """The customer's own words, whole and unchanged but for white space and the stop at the end."""
    effects: tuple[str, ...]
    """Sentences on what it did to the customer, the heaviest first."""
    whose: str
    """"own" where the customer takes the fault, "firm" where the words put it on the firm, else "open"."""


def plain(text):
    """Lower case with straight apostrophes."""
    return text.lower().replace("’", "'")


def feeling_of(text):
    """The heaviest feeling that the words name, or that capitals and exclamation marks show."""
    low = plain(text)
    for name, pattern in lexicon.FEELINGS:
        if any(
            not lexicon.NOT_SO.search(low[max(0, at.start() - 30) : at.start()])
            for at in re.finditer(rf"\b(?:{pattern})", low)
        ):
            return name
    return "anger" if "!!" in text or len(lexicon.SHOUT.findall(text)) >= 3 else None


def shared_thing(low, authority):
    """What the authority and the customer both name with an article in front: "the hammock"; None if nothing."""
    found = []
    for match in lexicon.NAMED.finditer(authority.lower()):
        thing = match["thing"]
        said = [
            m["whose"] for m in re.finditer(rf"\b(?P<whose>my|our|the|this|a|an) {re.escape(thing)}\b(?!['’-])", low)
        ]
        if said and thing not in lexicon.GENERAL:
            own = any(whose in ("my", "our") for whose in said)
            found.append((own, len(said), f"{'your' if own else 'the'} {thing}"))
    # of equals the first: max keeps it
    return max(found, key=lambda one: one[:2])[2] if found else None


def thing_of(text, domain, authority):
    """The thing that is meant, with its article.

    What the authority names too comes first; then the customer's own things by how often they are named, where a
    thing that people merely carry about must be named twice; then what the line of business deals in.
    """
    low, about = plain(text), f"{domain} {authority}".lower()
    shared = shared_thing(low, authority)
    if shared and shared.startswith("your"):
        return shared
    found = {}
    for match in lexicon.OWNED.finditer(low):
        thing = match["thing"]
        mine = match["whose"] in ("my", "our")
        start = 2 * bool(re.search(rf"\b{re.escape(thing)}\b", about)) - (thing in lexicon.CARRIED)
        weight, best = found.get(thing, (start, ""))
        article = "your" if match["whose"] in ("my", "our") else "the"
        found[thing] = (weight + 1 + 2 * mine, "your" if "your" in (article, best) else "the")
    thing = max(found, key=lambda name: found[name][0]) if found else None
    if thing and found[thing][0] >= 3:
        return f"{found[thing][1]} {thing}"
    return shared or next((usual for word, usual in lexicon.USUAL if word in domain.lower()), None)


def parts(text):
    """Sentences, and of long ones the pieces between commas."""
    for sentence in re.split(r"(?<=[.!?…])\s+|\n+", text):
        if len(sentence.split()) <= lexicon.MOST_WORDS:
            yield sentence
        else:
            yield from re.split(r"[,;:]\s+|\s[–-]\s|\s*\.\.+\s*", sentence)


def phrase_of(text):
    """The words of the customer that tell most of what it was like, fit to be quoted; None if there are none.

    Never a question, an insult, a greeting, or anything with a name's number, a link or quotation marks in it.
    """
    best, most = None, 0
    for part in parts(text):
        words = " ".join(part.split()).strip(" .!,;:-–…")
        words = lexicon.LEAD.sub("", words)
        count = len(words.split())
        if (
            not lexicon.LEAST_WORDS <= count <= lexicon.MOST_WORDS
            or "?" in part
            or not lexicon.STARTS.match(words)
            or not words.isprintable()
        ):
            continue
        if re.search(r"[\"“”()@#/<>{}*]|(?:^|\s)['‘]|['’](?:\s|$)|\d{5}", words) or lexicon.UNFIT.search(words):
            continue
        weight = (
            3 * len(lexicon.TELLING.findall(words))
            + bool(re.match(r"(?:I|my|we)\b", words, re.I))
            + min(count, 10) / 10
        )
        if lexicon.TELLING.search(words) and weight > most:
            best, most = words, weight
    return best


def effects_of(text, grief):
    """What it did, in the agent's words; at most two."""
    low = plain(text)
    found = []
    if lexicon.NOT_SLEPT.search(low):
        found.append("It has cost you sleep on top of everything else.")
    if lexicon.CRIED.search(low):
        found.append("It has brought you to tears.")
    if match := lexicon.EVENT.search(low):
        found.append(f"You mention the {match['event']}, and with that in view this weighs more.")
    if (match := lexicon.FAMILY.search(low)) and not grief:
        found.append(f"You mention your {match['kin']} as well, and I have taken that in.")
    if match := lexicon.EFFORTS.search(low):
        found.append(f"You have put {match['n']} {match['unit']} into this, which is {match['n']} too many.")
    elif match := lexicon.WAITED.search(low):
        found.append(f"You speak of {match['n']} {match['unit']}, and that is a long time to carry this.")
    if lexicon.DAY_OFF.search(low):
        found.append("It has cost you working time.")
    if sums := lexicon.MONEY.findall(text):
        largest = max((one.rstrip(",") for one in sums), key=lambda one: float(re.sub(r"[^\d.]", "", one)[:12] or 0))
        if len(largest) <= 12:
            found.append(f"There is {largest} at stake for you as well.")
    return tuple(found[:2])


def whose_is(text):
    """Where the words put the fault."""
    low = plain(text)
    if lexicon.OWN_FAULT.search(low):
        return "own"
    return "firm" if lexicon.FIRM.search(low) and not lexicon.OTHERS.search(low) else "open"


def listen(turns, domain="", authority=""):
    """What the last turn says, and the customer's earlier ones where the last is silent.

    Args:
        turns: the conversation.
        domain: hints at what it is about.
        authority: so does what the agent may give.
    """
    said = [turn["text"][:20000] for turn in turns if turn["role"] == "customer"]
    last, whole = said[-1], "\n".join(said)[:40000]
    feeling = feeling_of(last) or feeling_of(whole)
    mild = feeling in (None, "worry", "frustration", "disappointment")
    calm = bool(mild and lexicon.CALM.search(plain(last)) and "!!" not in last)
    return Heard(
        None if calm else feeling,
        calm,
        thing_of(whole, domain, authority),
        phrase_of(last) or phrase_of(whole),
        () if calm else effects_of(whole, feeling == "grief"),
        whose_is(whole),
    )
