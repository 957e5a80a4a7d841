"""Flags: what a reply is before it is good or bad. High precision; a doubt raises no flag."""

from __future__ import annotations

import re
import unicodedata

from amends.scorers.rules.combine import Found
from amends.scorers.rules.reading import Reading

_ENGLISH = frozenset(
    (
        "the and you your we our is are was were be been to of for in on at it that this with have has had i i'm i've"
        " we've we're we'll i'll not no do does did don't didn't can can't cannot will would could should what when"
        " where which who how why if but or as so from by about out up down off an any all some there their they them"
        " he she his her my me us its it's that's you're you've please sorry thank thanks hello dear hi just only now"
        " get got here more than then because after before back let know need want see help make made take over again"
    ).split()
)
_FOREIGN = {
    "de": "der die das und ist nicht ich wir sie ihnen ihre ihr uns mit für fur den dem ein eine einen auf zu es tut leid"
    " dass haben wird bei von im werden sehr bitte auch sind bis",
    "fr": "le la les et est pas nous vous votre vos notre pour dans un une des du que qui avec sur ce cette avons avez je"
    " au aux par plus sommes tres merci ne etre",
    "es": "el la los las y es no nos usted su sus para en un una de del que con por lo le hemos siento muy gracias esta"
    " como se al ha sido estamos",
    "it": "il la lo gli e di non per un una che con del della sono siamo suo sua mi ci dispiace grazie molto nel alla le"
    " abbiamo",
    "pt": "o a os as e de nao para um uma que com por seu sua nos voce lamento muito obrigado foi esta em do da",
    "nl": "de het een en van niet voor u uw wij we dat met op zijn is aan te er ons onze hebben wordt heel bij ook",
    "pl": "nie jest sie na do za i w z ze to przepraszamy pan pani bardzo dla przez oraz panstwa",
    "sv": "och att det som en ett vi du ni inte for med till har ar av den er om mycket ledsen",
    "da": "og at det som en et vi du ikke for med til har er af den jer om meget",
    "tr": "bir ve bu icin cok sizin size ile da de ne biz olarak ozur dileriz",
    "ro": "si nu este pentru va cu in de la pe ca sa un o ne pare rau",
    "id": "yang dan di untuk kami anda ini dengan tidak kepada mohon maaf telah akan atas",
}
_FOREIGN_SETS = {
    language: frozenset(text.split()) - {"we", "is", "a", "do", "no", "me", "as", "in", "to", "i", "du"}
    for language, text in _FOREIGN.items()
}
_LETTER = re.compile("[a-z]")
_BLOB = re.compile(r"\S{61}")
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>]+|\b[\w.-]{1,60}@[\w.-]{1,60}\.\w{2,10}\b", re.IGNORECASE)
_MACHINE = re.compile(
    r"\A\s*(?:[\[{].*[\]}]|<\?xml.*|traceback \(most recent call last\).*|(?:null|none|undefined|nan|n/a|n\.a\.|true|false"
    r"|error(?: \d{3})?|todo|test|lorem ipsum.*|\[object object\]|internal server error|def \w+\(.*|function\s*\w*\(.*"
    r"|select .* from .*|import \w+.*|http/\d.*|(?:5\d\d|4\d\d) [a-z ]{3,40})[.!;]?)\s*\Z",
    re.IGNORECASE | re.DOTALL,
)
_CUT = frozenset("the a an and or of your our my we'll because if but than which i'll we've you'll i'm we're".split())
_BEYOND_LATIN = re.compile("[\u0250-\u1fff\u2c00-\ud7ff\uf900-\uffef\U00010000-\U0001ffff]")
_INVISIBLE = ("Cc", "Cf", "Zs", "Zl", "Zp", "Mn", "Me", "Cs", "Co", "Cn")
_FORBIDDEN = re.compile(
    r"\b(?:no|may not|cannot|can't|can not|must not|not|nor)\b(?: [\w']{1,12}){0,4}? (refund|discount|compensation|voucher"
    r"|replacement|goodwill|credit|waive)"
)
_ALLOWED = re.compile(r"\b(?:may|can|up to|only|except|unless|beyond|above|over|more than|half|part)\b")


def unscored_flag(reading: Reading, hits: int) -> str | None:
    """The flag under which a reply gets no levels, or None.

    Args:
        reading: of the reply.
        hits: how many English patterns were found in it.
    """
    reply = reading.exchange.reply
    if _LETTER.search(reading.text) is None and all(
        unicodedata.category(char) in _INVISIBLE or char.isspace() for char in reply[:4000]
    ):
        return "empty"
    if _no_reply(reading):
        return "not_a_reply"
    return _language_flag(reading, hits)


def _no_reply(reading: Reading) -> bool:
    shown = reading.text.strip()
    if _LETTER.search(shown) is None:
        # Letters of another script are a language matter, not a text without words.
        return not _foreign_letters(reading.exchange.reply)
    if "://" in shown or "www." in shown or "@" in shown:
        if _LETTER.search(_LINK.sub("", shown)) is None:
            return True
    if shown[0] in "[{<tnuefdislhTN45" and len(shown) < 20_000 and _MACHINE.match(shown):
        return True
    if _BLOB.search(shown) and len(shown.split()) < 4:
        return True
    if reading.exchange.reply.count("\ufffd") > 0.2 * len(reading.exchange.reply):
        return True
    return _only_customers_words(reading)


def _only_customers_words(reading: Reading) -> bool:
    """All there is stands word for word in the customer's turns (three words or more)."""
    tokens = reading.words
    if len(tokens) < 3 or not reading.exchange.turns or tokens[0] not in reading.customer_words:
        return False
    bare = " ".join(tokens)
    return f" {bare} " in f" {' '.join(reading.customer_words)} "


def _foreign_letters(reply: str) -> bool:
    if _BEYOND_LATIN.search(reply) is None:
        return False
    sample = [char for char in reply[:4000] if char.isalpha()]
    return bool(sample) and sum(_is_foreign(char) for char in sample) > 0.5 * len(sample)


def _is_foreign(char: str) -> bool:
    return ord(char) > 0x24F and not 0x1D400 <= ord(char) <= 0x1D7FF and not 0xFF00 <= ord(char) <= 0xFF5E


def _language_flag(reading: Reading, hits: int) -> str | None:
    """Another language by script or by its commonest words; a text of no language at all is no reply."""
    if not reading.exchange.reply.isascii() and _foreign_letters(reading.exchange.reply):
        # Look-alike letters: if the folded text reads as English, a homoglyph attack is no foreign language.
        return None if hits else "unsupported_language"
    tokens = reading.words
    count = len(tokens)
    if count < 3:
        return None
    english = sum(map(_ENGLISH.__contains__, tokens))
    if english * 4 >= count:
        return None
    foreign = max(sum(token in common for token in tokens) for common in _FOREIGN_SETS.values())
    if foreign >= 2 and foreign > 1.5 * english:
        return "unsupported_language"
    if count >= 8 and english == 0 and not hits:
        return "unsupported_language" if foreign or not reading.exchange.reply.isascii() else "not_a_reply"
    return None


def other_flags(reading: Reading, found: list[Found]) -> list[str]:
    """Flags that leave the levels standing: not_upset, unauthorised, truncated."""
    flags = []
    if reading.exchange.context.emotion == "none":
        flags.append("not_upset")
    if forbidden(reading, found):
        flags.append("unauthorised")
    if truncated(reading):
        flags.append("truncated")
    return flags


def truncated(reading: Reading) -> bool:
    """The text breaks off after a word that ends no sentence."""
    shown = reading.text.rstrip()
    if len(shown) < 80 or not (shown[-1].isalpha() or shown[-1] == ","):
        return False
    last = shown.rsplit(None, 1)[-1]
    return last in _CUT


def forbidden(reading: Reading, found: list[Found]) -> list[Found]:
    """Commitments of a kind that the scenario's authority rules out in plain words."""
    authority = reading.exchange.context.authority
    if not authority:
        return []
    nouns = set()
    for clause in re.split(r"[.;,]", authority.lower()):
        match = _FORBIDDEN.search(clause)
        if match and not _ALLOWED.search(clause[: match.start()] + clause[match.end() :]):
            nouns.add(match[1])
    if not nouns:
        return []
    return [f for f in found if f.code == "X3" and any(n in reading.text[f.start : f.end] for n in nouns)]
