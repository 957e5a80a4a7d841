"""E-mail addresses: by a pattern, as people spell them out, and what email-validator takes for one (``contribute``).

The pattern finds the usual forms. The validator (RFC 5321, 5322 and 6531 by its documentation, no look-up) adds
quoted and unusual ones, where every word round an @ would be an alarm without it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

Spared = Callable[[str], bool]

_PLAIN = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@((?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24})(?![\w-])")
_SPELLED = re.compile(
    r"(?i)(?<![\w.+-])[\w.+-]{1,64}\s?[(\[{<]\s?at\s?[)\]}>]\s?([\w-]{1,63})"
    r"(?:\s?[(\[{<]\s?dot\s?[)\]}>]\s?|[ ]dot[ ]|\.)([a-z]{2,24})\b"
)
_PROVIDERS = (
    r"(?:gmail|googlemail|outlook|hotmail|live|yahoo|ymail|icloud|aol|gmx|proton|protonmail|web|t-online|freenet|orange"
    r"|wanadoo|laposte|free|libero|virgilio|btinternet|sky|ziggo|kpnmail|terra|uol|bol|rediffmail|bigpond|optusnet)"
)
_SAID = re.compile(
    rf"(?i)(?<![\w.+-])[\w.+-]{{2,64}}[ ](?:at[ ]|@[ ]?)({_PROVIDERS})[ ]?(?:[ ]dot[ ]|\.)[ ]?"
    r"((?:co(?:\.|[ ]dot[ ]))?[a-z]{2,3})\b"
)
"""Without brackets only at the providers whom people have their addresses from: "we met at example dot com"."""
_BRACKETED = re.compile(r"(?i)[(\[{<]\s?at\s?[)\]}>]")
_AT_PROVIDER = re.compile(rf"(?i)[ ](?:at[ ]|@[ ]?){_PROVIDERS}")
_GAPS = re.compile(
    r"(?<![\w.+-])[\w.+-]{2,64}(?:[ ]@[ ]?|@[ ])((?:[\w-]{2,63}\.){1,4}(?:com|net|org|de|fr|es|it|nl|uk|au|br|in))\b"
)
_WIDE = re.compile(r"(?:\"[^\"\s@]{1,60}\"|[^\s@<>()\[\],;:\"]{1,64})@([^\s@<>()\[\],;:\"'!?/]{3,250})")


def emails(text: str, spared: Spared) -> Iterator[tuple[int, int]]:
    """Spans of e-mail addresses, in no order; none lies in another.

    Args:
        text: of any kind; offsets are of its code points.
        spared: domains that are nobody's.
    """
    found = list(_all(text, spared))
    longest = sorted(set(found), key=lambda span: (span[0] - span[1], span[0]))
    kept: list[tuple[int, int]] = []
    for start, end in longest:
        if all(end <= a or start >= b for a, b in kept):
            kept.append((start, end))
    yield from sorted(kept)


def _all(text: str, spared: Spared) -> Iterator[tuple[int, int]]:
    if "@" in text:
        yield from (m.span() for pattern in (_PLAIN, _GAPS) for m in pattern.finditer(text) if not spared(m[1]))
        yield from _valid(text, spared)
    if "@" in text or may_be_spelled(text):
        yield from (m.span() for m in _SPELLED.finditer(text) if not spared(f"{m[1]}.{m[2]}"))
        if _AT_PROVIDER.search(text):
            yield from (m.span() for m in _SAID.finditer(text) if not spared(f"{m[1]}.{m[2]}"))


def may_be_spelled(text: str) -> bool:
    """Whether the word for an @ stands in a text as it does in an address.

    Args:
        text: of any kind.
    """
    lower = text.lower()
    said = " at " in lower
    if said and _AT_PROVIDER.search(text):
        return True
    closed = said or "at)" in lower or "at]" in lower or "at}" in lower or "at>" in lower
    return closed and _BRACKETED.search(text) is not None


@cache
def _validator() -> Any:
    """The package, or None without the extra."""
    try:
        import email_validator
    except ImportError:
        return None
    return email_validator


def _valid(text: str, spared: Spared) -> Iterator[tuple[int, int]]:
    package = _validator()
    if package is None:
        return
    for m in _WIDE.finditer(text):
        address = m[0].rstrip(".-_*~`…’”")
        domain = address.rsplit("@", 1)[-1]
        if len(domain) < 4 or spared(domain) or not re.fullmatch(r".+\.[^\W\d_]{2,24}", domain):
            continue
        try:
            package.validate_email(address, check_deliverability=False, allow_quoted_local=True)
        except package.EmailNotValidError:
            continue
        yield m.start(), m.start() + len(address)
