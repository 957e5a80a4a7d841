"""What is no reply: nothing but symbols, links, code or machine output, signatures, noise, or the customer's words."""

from __future__ import annotations

import functools
import re
import unicodedata

from amends.scorers.rules.languages import english_share, foreign_letters, is_known
from amends.scorers.rules.phrases import Phrase
from amends.scorers.rules.reading import Reading
from amends.text import words

_LETTER = re.compile("[a-z]")
_LONG = re.compile(r"\S{25}")
_BLOB = re.compile(r"\S{61}")
_LINK = re.compile(
    r"(?:https?://|www\.|mailto:|ftp://|tel:)[^\s<>]+|\b[\w.+-]{1,60}@[\w.-]{1,60}\.\w{2,10}\b"
    r"|\b[\w-]{1,60}(?:\.[\w-]{1,60}){0,4}\.(?:com|org|net|uk|io|eu|de|fr|info|example|ly|me|app)\b(?:/[^\s<>]*)?",
    re.IGNORECASE,
)
_LINKED = re.compile(r"@|://|www\.|\w\.\w|mailto:|tel:")
_WHOLE = (
    r"[\[{].*[\]}]",
    r"<\?(?:xml|php).*",
    r"(?:uncaught )?[\w.]{2,60}(?:error|exception)(?: \d{1,4})?:\s.*",
    r"error(?: \d{1,4})?: (?:cannot|could not|undefined|unexpected|invalid|failed|module|null|no such|e[a-z]{5,9}\b).*",
    r"traceback \(most recent call last\).*",
)
"""Machine output with nothing behind it."""
_PART = (
    r"null|none|undefined|nan|n/a|n\.a\.|nil|void|tbd|tba|todo|true|false|error(?: \d{3})?|placeholder|lorem ipsum.*",
    r"test(?:ing)?(?: (?:test(?:ing)?|\d+|message|reply)){0,9}",
    r"\(?(?:no (?:text|reply|response|answer|content|message|comment)|empty|blank|none)\)?",
    r"(?:reply|response|answer|text): ?(?:null|none|n/a)?",
    r"(?:no )?(?:response|reply|answer|output|content|text|data)",
    r"(?:insert|your|agent|sample|example) (?:reply|response|answer|text)(?: (?:goes )?here)?",
    r"[\w-]{1,60}\.(?:png|jpe?g|gif|pdf|docx?|txt|html?|csv|zip|mp[34])",
    r"(?::\w{2,20}: ?)+|(?:[@\#/]\w[\w-]* ?)+|(?:\\[nrt] ?)+|0x[0-9a-f]+|%\w|\$\{?\w+\}?|<\w+>|\#\w+\#",
    r"\[object object\]|internal server error|http/\d.*|(?:5\d\d|4\d\d) [a-z ]{3,40}|data:\w+/[\w+.-]+;base64,.*",
    r"def \w+\(.*|class \w+[(:].*|(?:async )?function\s*\w*\(.*|public (?:static|class) .*|\#include .*|\#!/.*",
    r"select .{1,200} from .*|insert into .*|update \w+ set .*|(?:get|post|put) /.*",
    r"(?:import|from) [\w.]+ import .*|import [\w.]+;?|(?:const|let|var) \w+ = .*|(?:print|echo|console\.log)\s?\(.*",
    r"\d{4}-\d\d-\d\d[t ]\d\d:\d\d:\d\d\S* (?:\[?(?:error|info|warn|debug|fatal)).*",
    r"(?:segmentation fault|core dumped|connection refused|(?:connection |request |operation )?timed? ?out"
    r"|undefined is not an? |loading|access denied|permission denied|out of memory|rate limit exceeded)\b[^.!?]{0,60}",
)
"""Machine output, which may end with a mark."""
_MACHINE = re.compile(rf"\A\s*(?:{'|'.join(_WHOLE)}|(?:{'|'.join(_PART)})[.!;]{{0,3}})\s*\Z", re.DOTALL)
_AUTOMATIC = Phrase(
    r"\b(?:auto(?:matic|mated)?[- ]?(?:reply|response|generated)\b"
    r"|out[- ]of[- ](?:the )?office (?:reply|message|notice|notification)\b"
    r"|i(?:'m| am) (?:currently |now )?(?:out of|away from) (?:the|my) (?:office|desk) (?:until|from|on|with|and)\b"
    r"|mailer-daemon|delivery status notification|undeliver(?:ed|able)(?: mail| message|:)"
    r"|mail delivery (?:failed|system|subsystem)"
    r"|(?:could not|couldn't|was not) be delivered to (?:one or more|the following) (?:recipients?|address)"
    r"|this is an automat(?:ed|ic(?:ally generated)?) (?:message|e-?mail|reply|response|notification))"
)
_CODE_MARK = re.compile(
    r"[{};]\s*$|==|=>|\(\)|</?\w+>|\w\(\w*\)|\+\+|&&|\|\||^\s*(?:#|//)|\w = \S|\w\.\w+\(", re.MULTILINE
)
_PAIR = re.compile(r"^\s*[-\w\" ]{1,30}:\s*\S{0,40}\s*$")
_RECORD = re.compile(r"^\s*[^\s,;|]{1,30}(?:[,;|][^\s,;|]{0,30}){2,}\s*$")
_LABEL = re.compile(
    r"\A\W*(?:re|fw|fwd|quote|quoted?|you (?:said|wrote)|(?:your|original) message|message|they wrote)\s?:\s*"
)
_VALEDICTION = re.compile(
    r"\A\W*(?:(?:with )?(?:(?:kind|kindest|best|warm|warmest) )?regards|(?:with )?(?:best|kind|warm) wishes|rgds|kr|br"
    r"|(?:yours )?(?:sincerely|faithfully|truly)|sincerely yours|all the best)\W*(?:\Z|[,\n])"
)
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "poiuytrewq", "lkjhgfdsa", "mnbvcxz", "abcdefghijklmnopqrstuvwxyz")
_CLUSTER = re.compile(r"[bcdfghjklmnpqrstvwxz]{6}|(.)\1{3}")
_LOREM = frozenset(
    "lorem ipsum dolor amet consectetur adipiscing elit eiusmod tempor incididunt labore dolore magna aliqua".split()  # noqa: SIM905
)
_EMOTICONS = frozenset(("d", "p", "xd", "o", "s", "x", "xx", "xxx", "v", "c", "b", "t", "m"))
_UNSEEN_KINDS = ("Cc", "Cf", "Zs", "Zl", "Zp")
_IGNORED = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Code points that Unicode says are shown as nothing (DerivedCoreProperties, Default_Ignorable_Code_Point), and the
blank Braille pattern."""


def is_unseen(char: str) -> bool:
    """Tell whether a code point is shown as nothing: blanks, controls, fillers; boxes and loose accents are seen.

    Args:
        char: one code point.
    """
    return char.isspace() or unicodedata.category(char) in _UNSEEN_KINDS or _IGNORED.match(char) is not None


def no_reply(reading: Reading) -> bool:
    """Tell whether a reply with something visible holds no words of an agent.

    Args:
        reading: of the reply.
    """
    shown = reading.text.strip()
    reply = reading.exchange.reply
    own = reading.words
    if _LETTER.search(shown) is None:
        # Letters of another script are a language matter, not a text without words.
        return not (foreign_letters(reply) and _spells(reply))
    if len(own) < 4 and (_is_noise(own, shown) or (not reply.isascii() and _face(reply))):
        return True
    if _only_links(shown) or _blobs(shown):
        return True
    if shown[0] not in _PLAIN_STARTS and len(shown) < 20_000 and _MACHINE.match(shown):
        return True
    if not reply.isascii() and _unreadable(reply):
        return True
    if _AUTOMATIC.occurs(shown):
        return True
    if _is_code(reply, shown, own) or _repeats(reading, shown) or _signature_alone(shown, own):
        return True
    return only_customers_words(reading)


_PLAIN_STARTS = "jkqvwxyz"
"""No machine output begins so."""


def _spells(reply: str) -> bool:
    """Letters enough for a word, without the letters that are shown as nothing or only lengthen or modify others."""
    sample = [char for char in reply[:4000] if unicodedata.category(char) == "Lo" or char.isupper() or char.islower()]
    letters = [char for char in sample if not is_unseen(char)]
    return bool(letters) and not _face(reply)


def _face(reply: str) -> bool:
    """A face of letters and marks, as ``(╯°□°)╯`` is: few letters, none beside another, and marks that draw."""
    seen = [char for char in reply if not is_unseen(char)]
    letters = sum(char.isalpha() for char in seen)
    beside = any(a.isalpha() and b.isalpha() for a, b in zip(reply, reply[1:], strict=False))
    drawn = any(char in "_()\\/<>^" or unicodedata.category(char)[0] == "S" for char in seen)
    return 0 < letters <= 4 and drawn and not beside


def _unreadable(reply: str) -> bool:
    """Replacement, private and unassigned characters, loose surrogates: a fifth of the text or more."""
    sample = reply[:4000]
    if len(sample.encode("utf-8", "surrogatepass")) <= 1.2 * len(sample):
        return False
    bad = [char for char in set(sample) if char > "\x7f" and _is_bad(char)]
    return sum(map(sample.count, bad)) > 0.2 * len(sample)


@functools.lru_cache(maxsize=2048)
def _is_bad(char: str) -> bool:
    return char == "\ufffd" or unicodedata.category(char) in ("Co", "Cn", "Cs")


def _only_links(shown: str) -> bool:
    first = shown.split(None, 1)[0]
    # A first word that is no link is enough to tell that there is more than links.
    linked = _LINKED.search(first) is not None or _LETTER.search(first) is None
    return linked and _LETTER.search(_LINK.sub("", shown)) is None


def _blobs(shown: str) -> bool:
    """Runs without a blank, too long for words: base64, hashes, keys."""
    if shown.count(" ") * 8 > len(shown) or _LONG.search(shown) is None:
        # Words of English take six letters and a blank; where they take eight, runs may be the most of a text.
        return False
    if len(shown.split(None, 3)) < 4 and _BLOB.search(shown):
        return True
    runs = _LINK.sub("", shown[:4000]).split()
    long = sum(len(run) for run in runs if len(run) > 24)
    return long > 0.6 * sum(map(len, runs))


def _is_noise(own: list[str], shown: str) -> bool:
    """One to three words that are none: keys in a row, a letter held down, an emoticon, a shortened nothing."""
    if not own:
        return True
    if all(word in _EMOTICONS for word in own) and len(shown) <= 8:
        return True
    return all(len(word) >= 4 and not is_known(word) and _mashed(word) for word in own)


def _mashed(word: str) -> bool:
    if _CLUSTER.search(word):
        return True
    return any(word[at : at + 4] in row for row in _KEYS for at in range(len(word) - 3))


def _is_code(reply: str, shown: str, own: list[str]) -> bool:
    """Lines of code, settings or a table of values, with no sentence among them."""
    if ("\n" not in reply and not any(map(reply.__contains__, "{};="))) or english_share(own[:16]) >= 0.25:
        return False
    lines = [line for line in reply[:4000].split("\n") if line.strip()]
    coded = sum(_CODE_MARK.search(line) is not None for line in lines)
    if coded * 2 > len(lines) and (coded >= 2 or _dense(shown)):
        return True
    if len(lines) < 3:
        return False
    pairs = sum(_PAIR.match(line) is not None for line in lines)
    records = sum(_RECORD.match(line) is not None for line in lines)
    return max(pairs, records) == len(lines)


def _dense(shown: str) -> bool:
    """Marks of code are a tenth of what is shown."""
    marks = sum(map(shown.count, "{}();=<>[]_&|$"))
    return marks * 10 > len(shown.replace(" ", ""))


def _repeats(reading: Reading, shown: str) -> bool:
    """A word or two, over and over; a text to fill a page."""
    own = reading.words
    if len(own) >= 12 and len(reading.vocabulary) <= 3 and len(set(own[:400])) <= 2:
        return True
    return ("dolor" in shown or "ipsum" in shown) and len(_LOREM.intersection(own[:60])) >= 4


def _signature_alone(shown: str, own: list[str]) -> bool:
    """A valediction with names and no sentence (thanks are a reply)."""
    if len(own) > 40 or not (found := _VALEDICTION.match(shown)):
        return False
    rest = shown[found.end() :].strip()
    return not any(mark in rest for mark in ("? ", "! ", ". ")) and rest[-1:] not in ("?", "!") and len(rest) < 160


def only_customers_words(reading: Reading) -> bool:
    """All there is stands word for word in the customer's turns (three words or more, or all that was said).

    Args:
        reading: of the reply.
    """
    own = reading.words
    if len(own) < 3:
        last = reading.exchange.turns[-1] if reading.exchange.turns else None
        said = reading.customer.words
        return last is not None and len(said) == len(own) == 2 and own == said and not _POLITE.issuperset(own)
    customer = reading.customer
    if customer.holds(own):
        return True
    label = _LABEL.match(reading.text)
    if len(own) < 6 or (label is None and own[0] not in customer.text):
        return False
    skipped = label.end() if label else 0
    pieces = (words(reading.text[max(start, skipped) : end]) for start, end in reading.sentences)
    return all(customer.holds(piece) for piece in pieces if piece)


_POLITE = frozenset("thanks thank you ok okay yes no hi hello bye good please sorry great perfect right sure".split())  # noqa: SIM905
