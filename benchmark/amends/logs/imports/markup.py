"""HTML of messages as the text that a reader sees."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_BLOCKS = frozenset(
    ("p", "div", "br", "li", "ul", "ol", "table", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre")
    + ("hr", "section", "article", "header", "footer")
)
_HIDDEN = frozenset({"script", "style", "head", "title", "template"})
_VOID = frozenset(
    ("br", "hr", "img", "input", "meta", "link", "area", "base", "col", "embed", "source", "track", "wbr")
)
_QUOTES = re.compile(r"(?:gmail_quote|yahoo_quoted|moz-cite-prefix|zmail_extra|protonmail_quote)", re.IGNORECASE)
_DEEPEST = 2_000
"""Open elements after which a text is no longer followed into: nobody writes one."""


def plain_text(markup: str, quoted: bool = True) -> str:
    """The visible text: blocks on lines of their own, list items with a dash, entities resolved, no tags.

    Args:
        markup: HTML, whole or in part, however broken.
        quoted: keep what the markup itself calls quoted history (``blockquote type=cite``, ``gmail_quote``).
    """
    reader = _Reader(quoted)
    reader.feed(markup)
    reader.close()
    text = "".join(reader.parts)
    lines = [re.sub(r"[ \t\r\f\u00a0]+", " ", line).strip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Reader(HTMLParser):
    def __init__(self, quoted: bool) -> None:
        super().__init__(convert_charrefs=True)
        self._quoted = quoted
        self._open: list[tuple[str, bool]] = []
        self._silent = 0
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS and not self._silent:
            self.parts.append("\n" if tag in ("br", "li", "tr", "div") else "\n\n")
            if tag == "li":
                self.parts.append("- ")
        if tag in _VOID or len(self._open) > _DEEPEST:
            return
        named = dict(attrs)
        history = tag == "blockquote" and (named.get("type") or "").lower() == "cite"
        history = history or _QUOTES.search(named.get("class") or "") is not None
        silent = tag in _HIDDEN or (not self._quoted and history)
        self._open.append((tag, silent))
        self._silent += silent

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS and tag not in _VOID and tag not in ("li", "tr") and not self._silent:
            self.parts.append("\n")
        if all(name != tag for name, _ in self._open):
            return
        while self._open:
            name, silent = self._open.pop()
            self._silent -= silent
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(re.sub(r"\s+", " ", data) if not self._in("pre") else data)

    def _in(self, tag: str) -> bool:
        return any(name == tag for name, _ in self._open)
