"""In which language a reply is written: by its letters, its commonest words, and the words that English has."""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from pathlib import Path

_ENGLISH_WORDS = (
    "the and you your we our is are was were be been to of for in on at it that this with have has had i i'm i've"
    " we've we're we'll i'll not no does do did don't didn't can can't cannot will would could should what when"
    " where which who how why if but or as so from by about out up down off an any all some there their they them"
    " he she his her my me us its it's that's you're you've please sorry thank thanks hello dear hi just only now"
    " get got here more than then because after before back let know need want see help make made take over again"
)
ENGLISH = frozenset(_ENGLISH_WORDS.split())
"""The commonest English words."""
_ALSO_FOREIGN = "no me he a so on in is we was as an by over us her at all or want of do i for but"
_TELLING = ENGLISH.difference(_ALSO_FOREIGN.split())
"""Those that no other language of the lists spells so."""
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
FOREIGN_SETS = tuple(frozenset(text.split()) for text in _FOREIGN.values())
_MARKERS_WORDS = (
    # words of service that no English reply uses, as folded: they tell a language in a text of few words
    "entschuldigung entschuldigen entschuldigt verzeihung danke vielen dank gern gerne leider erledigt bestellung"
    " ruckerstattung erstattet geld zuruck morgen heute ihnen wir ihre"
    " desole desolee desoles merci bonjour beaucoup excuses veuillez remboursement rembourse commande demain nous vous"
    " siento lamento lamentamos gracias disculpe disculpa disculpas perdon perdone hola buenos reembolso pedido manana"
    " usted dinero hemos estamos lamentablemente"
    " dispiace scusi scusa scusate grazie mille buongiorno rimborso rimborsato ordine domani purtroppo abbiamo"
    " obrigado obrigada desculpe desculpa desculpas lamentamos pedido amanha reembolso ola voce"
    " bedankt dank excuses helaas bestelling terugbetaald morgen vriendelijke groet onze wij spijt spijtig het"
    " przepraszam przepraszamy dziekuje dziekujemy prosze zamowienie zwrot jutro niestety"
    " forlat tyvarr tack ledsen ledsna beklagar beklager undskyld takk tak desvaerre dessverre bestilling ursakta"
    " ozur dilerim dileriz tesekkurler tesekkur siparisiniz uzgunum uzgunuz maalesef yarin"
    " imi pare rau multumesc multumim scuze comanda maine regretam"
    " maaf mohon terima kasih pesanan uang kembali besok"
    " kiitos anteeksi pahoittelemme valitettavasti tilauksesi pahoittelut"
    " koszonom koszonjuk elnezest sajnos rendeles bocsanat"
    " dekuji dekujeme omlouvame omlouvam objednavka bohuzel prosim dakujem ospravedlnujeme"
    " hvala oprostite zao narudzba nazalost zal"
    " aitah vabandust vabandame paldies atvainojiet aciu atsiprasome"
    " unnskyld affedin ayudarle alegra sajnaljuk kesesert affeder scusate scusarci regrettons bedauern bedauere"
    " estimado estimada cliente clienti prezado cher kunde klant verzogerung entschuldige unannehmlichkeiten mensaje"
    " xin cam salamat paumanhin samahani asante pole pesa"
)
_MARKERS = frozenset(_MARKERS_WORDS.split()) - frozenset("mille morgen pole cam tack tak dank pare comanda".split())  # noqa: SIM905
_BEYOND_LATIN = re.compile("[\u0250-\u1fff\u2c00-\ud7ff\uf900-\uffef\U00010000-\U0001ffff]")
_SUFFIXES = (
    ("'s", ""), ("ies", "y"), ("ied", "y"), ("ing", ""), ("ing", "e"), ("ed", ""), ("ed", "e"), ("es", ""), ("s", ""),
    ("ly", ""), ("er", ""), ("er", "e"), ("ers", ""), ("est", ""), ("ness", ""), ("ment", ""), ("able", ""),
    ("ful", ""), ("less", ""), ("n't", ""), ("'ll", ""), ("'re", ""), ("'ve", ""), ("'d", ""), ("y", ""),
)  # fmt: skip
_DOUBLED = re.compile(r"(.)\1(?:ing|ed|er|ers)\Z")


def english_share(words: Sequence[str]) -> float:
    """Share of folded words that are among the commonest of English, 0..1; 0 of fewer than two such words."""
    found = sum(map(ENGLISH.__contains__, words[:400]))
    return found / min(len(words), 400) if found > 1 else 0.0


@functools.cache
def vocabulary() -> frozenset[str]:
    """English words, without inflections: of two of the scenarios or more of the train split, and of the trade."""
    text = Path(__file__).with_name("vocabulary.txt").read_text("utf-8")
    return ENGLISH.union(text.split())


def is_known(word: str) -> bool:
    """Tell whether English has a word or its stem, as far as the vocabulary goes.

    Args:
        word: of a folded text.
    """
    known = vocabulary()
    if word in known:
        return True
    if any(word.endswith(end) and word[: -len(end)] + rest in known for end, rest in _SUFFIXES):
        return True
    doubled = _DOUBLED.search(word)
    return doubled is not None and word[: doubled.start() + 1] in known


@functools.cache
def _ordered() -> list[str]:
    return sorted(vocabulary())


def begins_word(start: str) -> bool:
    """Tell whether a longer word of the vocabulary begins with these letters.

    Args:
        start: two letters or more.
    """
    words = _ordered()
    at = bisect_right(words, start)
    return at < len(words) and words[at].startswith(start)


def foreign_letters(reply: str) -> bool:
    """Most letters are of no Latin alphabet.

    Args:
        reply: as stored.
    """
    if _BEYOND_LATIN.search(reply) is None:
        return False
    sample = [char for char in reply[:4000] if char.isalpha()]
    return bool(sample) and sum(map(_is_foreign, sample)) > 0.5 * len(sample)


def _is_foreign(char: str) -> bool:
    return ord(char) > 0x24F and not 0x1D400 <= ord(char) <= 0x1D7FF and not 0xFF00 <= ord(char) <= 0xFF5E


def reads_as_english(words: Sequence[str]) -> bool:
    """Tell whether folded words are English: look-alike letters are an attack, not a language."""
    some = words[:60]
    return sum(len(word) for word in some if word in ENGLISH or (len(word) > 2 and is_known(word))) * 2 > sum(
        map(len, some)
    )


def language_of(reply: str, words: Sequence[str]) -> str | None:
    """``unsupported_language``, ``not_a_reply`` for words of no language, or None for what may be English.

    Args:
        reply: as stored.
        words: of the folded reply.
    """
    if not reply.isascii() and foreign_letters(reply):
        return None if reads_as_english(words) else "unsupported_language"
    count = len(words)
    half = count // 2 + 4
    if sum(map(_TELLING.__contains__, words[:half])) * 4 >= half:
        return None
    english = sum(map(ENGLISH.__contains__, words))
    if english * 5 >= count * 2:
        return None
    return _unlike_english(reply, words, english)


def _unlike_english(reply: str, words: Sequence[str], english: int) -> str | None:
    """For a text with few of the commonest English words."""
    plain = [word for word in words if not word[0].isdigit() and word[0] != "$"]
    strange = sum(not is_known(word) for word in plain[:400])
    share = strange / max(1, min(len(plain), 400))
    if share < 0.3:
        return None
    foreign = max(sum(map(common.__contains__, words)) for common in FOREIGN_SETS)
    marked = not _MARKERS.isdisjoint(words)
    if foreign >= 2 and foreign > 1.5 * english:
        return "unsupported_language"
    if share < 0.6:
        return None
    if marked or (foreign >= 2 and not english):
        return "unsupported_language"
    if share > 0.6 and len(plain) >= 3 and not english and _accented(reply) and any(_lower(reply)):
        return "unsupported_language"
    uncapped = [word for word in _lower(reply) if not is_known(word)]
    if len(plain) >= 3 and len(uncapped) >= 2 and share > 0.8 and not english:
        return "unsupported_language" if foreign or _accented(reply) else "not_a_reply"
    return None


def _lower(reply: str) -> Iterator[str]:
    """Words that are written small: no names."""
    for word in reply[:4000].split():
        bare = word.strip(".,;:!?\"'()")
        if bare.isalpha() and bare.islower() and len(bare) > 2:
            yield bare


def _accented(reply: str) -> bool:
    return any(ord(char) > 0xBF and char.isalpha() for char in reply[:4000])
