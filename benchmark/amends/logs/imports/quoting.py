"""What a mail carries along beside its own words: quoted history and signature blocks, cut by stated rules.

Cut are, from where they begin to the end: a line that a help desk or a mail program sets above what it quotes
("-----Original Message-----", "please type your reply above this line"), the line "On ... wrote:" with nothing but
quotes behind it or above quoted lines, a block of From/Sent/To/Subject lines, a signature behind the line "-- "
(RFC 3676, 4.3), and the line of a device ("Sent from my ..."). Lines that begin with ">" go wherever they stand.
A sign-off with a name ("Kind regards, Tom") belongs to the message and stays.
"""

from __future__ import annotations

import re

_MARK = re.compile(
    r"(?im)^[ \t>]*(?:-{2,}[ ]?(?:original message|forwarded message|urspr(?:ü|ue)ngliche nachricht|message d'origine)"
    r"[ ]?-{2,}|[#\-_ ]{0,6}(?:please )?(?:type|write|enter) your reply above this line[#\-_ .]{0,6}|_{20,})[ \t]*$"
)
_WROTE = re.compile(
    r"(?m)^[ \t]*(?:On\b[^\n]{5,200}(?:\n(?![ \t]*>)[^\n]{0,120})?\bwrote"
    r"|Am\b[^\n]{5,200}(?:\n(?![ \t]*>)[^\n]{0,120})?\bschrieb[^\n:]{0,120}"
    r"|Le\b[^\n]{5,200}(?:\n(?![ \t]*>)[^\n]{0,120})?\ba écrit)[ \u00a0]?:[ \t]*$"
)
_DATED = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[:.]\d\d\b|<[^<>\s]+@[^<>\s]+>|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b")
"""What a mail program names in the line above a quote; "On Monday your driver wrote:" is the customer's own."""
_FIELD = re.compile(r"(?i)^[ \t]*\*?(from|sent|date|to|cc|subject|von|gesendet|an|betreff)\*?[ ]?:\*?[ \t]\S")
_SIGNATURE = re.compile(r"(?m)^--[ ]?$")
_DEVICE = re.compile(
    r"(?im)^(?:sent from (?:my |an? )?[\w ®™'-]{2,40}|get outlook for \w+"
    r"|gesendet von mein(?:em|er) [\w -]{2,40})\.?[ \t]*$"
)
_FIELDS = 3
"""Header lines in a row that make a block of them."""


def own_words(text: str) -> str:
    """A mail's text without quoted history and signature blocks.

    Args:
        text: plain text of a mail.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    ends = [m.start() for pattern in (_MARK, _SIGNATURE) if (m := pattern.search(text))]
    attributions = [m for m in _WROTE.finditer(text) if _DATED.search(m[0])]
    ends += [m.start() for m in attributions if _only_quotes(text[m.end() :])]
    for m in reversed(attributions):
        # blanked, not cut, so that the places found stay true
        text = text[: m.start()] + re.sub(r"[^\n]", " ", m[0]) + text[m.end() :]
    block = _header_block(text)
    if block is not None:
        ends.append(block)
    text = text[: min(ends, default=len(text))]
    lines = [line for line in text.split("\n") if not line.lstrip().startswith(">")]
    text = "\n".join(lines).strip()
    device = next((m for m in _DEVICE.finditer(text) if not text[m.end() :].strip()), None)
    if device is not None:
        text = text[: device.start()]
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _only_quotes(rest: str) -> bool:
    """Whether quoted lines follow at once, or nothing that answers inside them."""
    lines = [line for line in rest.split("\n") if line.strip()]
    if not lines:
        return True
    # a mail program that does not mark what it quotes puts all of it behind the line
    return not any(line.lstrip().startswith(">") for line in lines) or all(
        line.lstrip().startswith(">") for line in lines
    )


def _header_block(text: str) -> int | None:
    """Where a block of header lines begins."""
    start, names, place = 0, set[str](), 0
    for line in text.split("\n"):
        found = _FIELD.match(line)
        if found:
            start = start if names else place
            names.add(found[1].lower())
            if len(names) >= _FIELDS and names & {"from", "von"}:
                return start
        elif line.strip() or not names:
            names = set()
        place += len(line) + 1
    return None
