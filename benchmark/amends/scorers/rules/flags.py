"""Flags: what a reply is before it is good or bad. High precision; a doubt raises no flag."""

from __future__ import annotations

import functools
import re
import unicodedata

from amends.scorers.rules.combine import Found
from amends.scorers.rules.reading import Reading

_ENGLISH_WORDS = (
    "the and you your we our is are was were be been to of for in on at it that this with have has had i i'm i've"
    " we've we're we'll i'll not no does do did don't didn't can can't cannot will would could should what when"
    " where which who how why if but or as so from by about out up down off an any all some there their they them"
    " he she his her my me us its it's that's you're you've please sorry thank thanks hello dear hi just only now"
    " get got here more than then because after before back let know need want see help make made take over again"
)
_ENGLISH = frozenset(_ENGLISH_WORDS.split())
_FOREIGN = {
    "de": "der die das und ist nicht ich wir sie ihnen ihre ihr uns mit fur den dem ein eine einen auf zu es tut leid"
    " dass haben wird bei von im werden sehr bitte auch sind bis",
    "fr": "le la les et est pas nous vous votre vos notre pour dans un une des que qui avec sur ce cette avons avez je"
    " au aux par plus sommes tres merci ne etre",
    "es": "el la los las y es nos usted su sus para en un una de del que con por lo le hemos siento muy gracias esta"
    " como se al ha sido estamos",
    "it": "il la lo gli e di non per un una che con del della sono siamo suo sua mi ci dispiace grazie molto nel alla"
    " le abbiamo",
    "pt": "o os e de nao para um uma que com por seu sua nos voce lamento muito obrigado foi esta em da",
    "nl": "de het een en van niet voor u uw wij dat met op zijn aan te er ons onze hebben wordt heel bij ook",
    "pl": "nie jest sie na za z ze przepraszamy pan pani bardzo dla przez oraz panstwa",
    "sv": "och att det som en ett vi ni inte for med till har ar av den er om mycket ledsen",
    "da": "og at det som en et vi ikke for med til har er af den jer om meget",
    "tr": "bir ve bu icin cok sizin size ile da de ne biz olarak ozur dileriz",
    "ro": "si nu este pentru va cu de la pe ca sa un ne pare rau",
    "id": "yang dan di untuk kami anda ini dengan tidak kepada mohon maaf telah akan atas",
}
_FOREIGN_SETS = [frozenset(text.split()) for text in _FOREIGN.values()]
_LETTER = re.compile("[a-z]")
_BLOB = re.compile(r"\S{61}")
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>]+|\b[\w.-]{1,60}@[\w.-]{1,60}\.\w{2,10}\b", re.IGNORECASE)
_MACHINE = re.compile(
    r"\A\s*(?:[\[{].*[\]}]|<\?xml.*|traceback \(most recent call last\).*|(?:null|none|undefined|nan|n/a|n\.a\."
    r"|true|false|error(?: \d{3})?|todo|test|lorem ipsum.*|\[object object\]|internal server error|def \w+\(.*"
    r"|function\s*\w*\(.*|select .* from .*|import \w+.*|http/\d.*|(?:5\d\d|4\d\d) [a-z ]{3,40})[.!;]?)\s*\Z",
    re.DOTALL,
)
_MACHINE_STARTS = frozenset("[{<tnuefdislh45")
_CUT = frozenset(("the", "a", "an", "and", "or", "of", "your", "our", "my", "because", "if", "but", "than", "which"))
_BEYOND_LATIN = re.compile("[\u0250-\u1fff\u2c00-\ud7ff\uf900-\uffef\U00010000-\U0001ffff]")
_INVISIBLE = ("Cc", "Cf", "Zs", "Zl", "Zp", "Mn", "Me", "Cs", "Co", "Cn")
_FORBIDDEN = re.compile(
    r"\b(?:no|may not|cannot|can't|can not|must not|not|nor)\b(?: [\w']{1,12}){0,4}? (refund|discount|compensation"
    r"|voucher|replacement|goodwill|credit|waive)"
)
_ALLOWED = re.compile(r"\b(?:may|can|up to|only|except|unless|beyond|above|over|more than|half|part)\b")


def unscored_flag(reading: Reading, hits: int) -> str | None:
    """The flag under which a reply gets no levels, or None.

    Args:
        reading: of the reply.
        hits: how many English patterns were found in it.
    """
    reply = reading.exchange.reply
    if _LETTER.search(reading.text) is None and all(map(_unseen, reply)):
        return "empty"
    if _no_reply(reading):
        return "not_a_reply"
    return _language_flag(reading, hits)


def _unseen(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) in _INVISIBLE


def _no_reply(reading: Reading) -> bool:
    shown = reading.text.strip()
    if _LETTER.search(shown) is None:
        # Letters of another script are a language matter, not a text without words.
        return not _foreign_letters(reading.exchange.reply)
    first = shown.split(None, 1)[0]
    # A first word that is no link is enough to tell that there is more than links.
    linked = "@" in first or "://" in first or "www." in first or _LETTER.search(first) is None
    if linked and _LETTER.search(_LINK.sub("", shown)) is None:
        return True
    if shown[0] in _MACHINE_STARTS and len(shown) < 20_000 and _MACHINE.match(shown):
        return True
    if len(shown.split(None, 3)) < 4 and _BLOB.search(shown):
        return True
    reply = reading.exchange.reply
    if not reply.isascii() and reply.count("\ufffd") > 0.2 * len(reply):
        return True
    return _only_customers_words(reading)


def _only_customers_words(reading: Reading) -> bool:
    """All there is stands word for word in the customer's turns (three words or more)."""
    return len(reading.words) >= 3 and reading.customer.holds(reading.words)


def _foreign_letters(reply: str) -> bool:
    """Most letters are of no Latin alphabet."""
    if _BEYOND_LATIN.search(reply) is None:
        return False
    sample = [char for char in reply[:4000] if char.isalpha()]
    return bool(sample) and sum(map(_is_foreign, sample)) > 0.5 * len(sample)


def _is_foreign(char: str) -> bool:
    return ord(char) > 0x24F and not 0x1D400 <= ord(char) <= 0x1D7FF and not 0xFF00 <= ord(char) <= 0xFF5E


def _language_flag(reading: Reading, hits: int) -> str | None:
    """Another language by script or by its commonest words; a text of no language at all is no reply."""
    if not reading.exchange.reply.isascii() and _foreign_letters(reading.exchange.reply):
        # Look-alike letters that read as English when folded are an attack, not a language.
        return None if hits else "unsupported_language"
    tokens = reading.words
    count = len(tokens)
    if count < 3:
        return None
    half = count // 2 + 4
    english = sum(map(_ENGLISH.__contains__, tokens[:half]))
    if english * 4 >= count:
        return None
    english += sum(map(_ENGLISH.__contains__, tokens[half:]))
    if english * 4 >= count:
        return None
    foreign = max(sum(map(common.__contains__, tokens)) for common in _FOREIGN_SETS)
    if foreign >= 2 and foreign > 1.5 * english:
        return "unsupported_language"
    if count >= 8 and english == 0 and not hits:
        return "unsupported_language" if foreign or not reading.exchange.reply.isascii() else "not_a_reply"
    return None


def other_flags(reading: Reading, banned: bool) -> list[str]:
    """Flags that leave the levels standing: not_upset, unauthorised, truncated.

    Args:
        reading: of the reply.
        banned: whether it promises what the authority rules out.
    """
    flags = []
    if reading.exchange.context.emotion == "none":
        flags.append("not_upset")
    if banned:
        flags.append("unauthorised")
    if truncated(reading):
        flags.append("truncated")
    return flags


def truncated(reading: Reading) -> bool:
    """The text breaks off after a word that ends no sentence."""
    shown = reading.text.rstrip()
    return len(shown) >= 80 and shown[-1].isalpha() and reading.words[-1] in _CUT and shown.rsplit(None, 1)[-1] in _CUT


def forbidden(reading: Reading, found: list[Found]) -> list[Found]:
    """Commitments of a kind that the scenario's authority rules out in plain words."""
    authority = reading.exchange.context.authority
    if not authority:
        return []
    nouns = _ruled_out(authority)
    if not nouns:
        return []
    return [f for f in found if f.code == "X3" and any(noun in reading.text[f.start : f.end] for noun in nouns)]


@functools.lru_cache(maxsize=256)
def _ruled_out(authority: str) -> frozenset[str]:
    """What an authority says may not be given."""
    nouns = set()
    for clause in re.split(r"[.;,]", authority.lower()):
        match = _FORBIDDEN.search(clause)
        if match and not _ALLOWED.search(clause[: match.start()] + clause[match.end() :]):
            nouns.add(match[1])
    return frozenset(nouns)
