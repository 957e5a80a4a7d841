"""Folding: a stored text as plain lower-case ASCII with single spaces, one character for one, with a way back."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

from amends.text.hidden import hidden_spans

_DROP = "\x00"
"""A character that is not seen: zero width, bidi control, combining mark, masked inline markup."""
_BLOCK = "\x0c"
"""A masked block: it parts paragraphs."""
OTHER = "~"
"""Every visible character that has no ASCII likeness."""
CONTEMPT = "\x7f"
"""An emoji that rolls its eyes, yawns or clowns."""

_LIKENESS = {
    **dict.fromkeys("‘’‚‛′`´ʼ＇ꞌ", "'"),
    **dict.fromkeys("“”„‟″«»＂", '"'),
    **dict.fromkeys("‐‑‒–—―−﹣－", "-"),
    **dict.fromkeys("£€¥₹¢₤₦₩₽฿", "$"),
    **dict.fromkeys("🙄🥱🤡🤪🙃😏🤷", CONTEMPT),
    **dict(zip("аеорсухіјѕԁһӏԛԝ", "aeopcyxijsdhlqw", strict=True)),
    **dict(zip("АВЕКМНОРСТУХІЈЅ", "abekmhopctyxijs", strict=True)),
    **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαορνικυ", "abezhikmnoptyxaopviku", strict=True)),
    **dict(zip("ıłøđðßæœþ", "ilodds" + "eop", strict=True)),
    "İ": "i",
    "…": ".",
    "\t": " ",
    "\r": _DROP,
    "\x0b": "\n",
    "\x0c": _BLOCK,
    "\x85": "\n",
    "\u2028": "\n",
    "\u2029": _BLOCK,
}


def _fold_one(char: str) -> str:
    """The single ASCII character that stands for one code point."""
    if char in _LIKENESS:
        return _LIKENESS[char]
    if " " <= char <= "~" or char == "\n":
        return char.lower()
    kind = unicodedata.category(char)
    if kind == "Zs":
        return " "
    if kind in ("Cc", "Cf", "Mn", "Me", "Cs", "Cn"):
        return _DROP
    plain = unicodedata.normalize("NFKD", char)[:1]
    return plain.lower() if " " < plain <= "~" else OTHER


class _Table(dict[int, str]):
    """Translation table that fills itself, up to a size that keeps hostile text from growing it."""

    def __missing__(self, code: int) -> str:
        found = _fold_one(chr(code))
        if len(self) < 20_000:
            self[code] = found
        return found


_TABLE = _Table()
_ASCII = "".join(_TABLE[code] for code in range(128)).encode("ascii") + bytes(128)
"""The same table for bytes: folding a text of ASCII alone is one pass in C."""
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_FEW = 12
"""So many different characters outside ASCII are replaced one after the other; more go through the table."""
_RUN = re.compile(r"[ \n\x00\x0c]{2,}|[\n\x00\x0c]")
_BREAK = re.compile(r"[\n\x00\x0c][ \n\x00\x0c]*")
"""The same as ``_RUN`` for a text without two spaces in a row, but for a space that stands before it."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A text made ready for matching, and the way back."""

    text: str
    """Lower-case ASCII, single spaces, ``\\n`` between paragraphs and at the end."""
    source: str
    """The stored text."""
    starts: tuple[int, ...] = ()
    """Offsets in ``text`` where a run that was kept whole begins; empty: the offsets are the same."""
    origins: tuple[int, ...] = ()
    """Offsets in ``source`` of the same places."""

    def origin(self, at: int) -> int:
        """Offset in the stored text of one character of ``text``."""
        if not self.starts:
            return at
        run = bisect_right(self.starts, at) - 1
        return self.origins[run] + at - self.starts[run]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Stretch of the stored text for a stretch of ``text`` without the blanks at its ends.

        Args:
            start: first character in ``text``.
            end: one past the last.
        """
        text = self.text
        end = min(end, len(text))
        while start < end and text[start] in " \n":
            start += 1
        while end > start and text[end - 1] in " \n":
            end -= 1
        if start == end:
            return (0, 0)
        starts = self.starts
        if not starts:
            return start, end
        run = bisect_right(starts, start)
        begin = self.origins[run - 1] + start - starts[run - 1]
        if run < len(starts) and end > starts[run]:
            return begin, self.origin(end - 1) + 1
        return begin, begin + end - start


def _translated(text: str) -> str:
    """Every character by the one that stands for it."""
    if not text.isascii():
        found = set(_NOT_ASCII.findall(text))
        likeness = {char: _TABLE[ord(char)] for char in found} if len(found) <= _FEW else {}
        if not likeness or CONTEMPT in likeness.values():
            # CONTEMPT stands for nothing as a character of its own: a second pass would drop it.
            return text.translate(_TABLE)
        for char, like in likeness.items():
            text = text.replace(char, like)
    return text.encode("ascii").translate(_ASCII).decode("ascii")


def fold(text: str, hide: bool = True) -> Folded:
    """Normalise a text for matching.

    Args:
        text: as stored.
        hide: mask what is not part of the reply (see ``hidden_spans``).
    """
    flat = _translated(_masked(text) if hide else text)
    doubled = "  " in flat
    if not doubled and "\n" not in flat and _DROP not in flat and _BLOCK not in flat:
        return Folded(flat + "\n", text)
    pieces: list[str] = []
    starts: list[int] = []
    origins: list[int] = []
    length = at = 0
    for run in (_RUN if doubled else _BREAK).finditer(flat):
        begin, end = run.span()
        if begin and flat[begin - 1] == " ":
            begin -= 1
        if begin > at:
            starts.append(length)
            origins.append(at)
            pieces.append(flat[at:begin])
            length += begin - at
        gap = _gap(flat[begin:end], flat[end : end + 2])
        if gap:
            starts.append(length)
            origins.append(begin)
            pieces.append(gap)
            length += 1
        at = end
    starts.append(length)
    origins.append(at)
    pieces.append(flat[at:])
    pieces.append("\n")
    return Folded("".join(pieces), text, tuple(starts), tuple(origins))


def _gap(run: str, follows: str) -> str:
    """What a run of blanks and dropped characters becomes: nothing, a space or a paragraph break."""
    lines = run.count("\n")
    if lines > 1 or _BLOCK in run or (lines and follows in ("- ", "* ", "~ ")):
        return "\n"
    return " " if lines or " " in run else ""


def plain(text: str) -> str:
    """The folded text in one line, without a way back: for texts that are only compared with (nothing is hidden)."""
    return " ".join(_translated(text).replace(_DROP, "").split())


_ENTITIES = {
    "nbsp": " ",
    "amp": "&",
    "lt": "<",
    "gt": ">",
    "quot": '"',
    "#39": "'",
    "rsquo": "'",
    "lsquo": "'",
}
_ENTITY = re.compile(r"&(" + "|".join(_ENTITIES) + ");", re.IGNORECASE)


def _masked(text: str) -> str:
    """The text, as long as before, with everything hidden replaced by marks that ``fold`` drops or breaks at."""
    found = hidden_spans(text)
    if "&" in text:
        text = _ENTITY.sub(lambda m: _ENTITIES[m[1].lower()].ljust(len(m[0]), _DROP), text)
    if not found:
        return text
    shown: list[str] = []
    at = 0
    for start, end, kind in sorted(found):
        if end <= at:
            continue
        start = max(start, at)
        shown.append(text[at:start])
        shown.append((_BLOCK if kind == "block" else _DROP) * (end - start))
        at = end
    shown.append(text[at:])
    return "".join(shown)
