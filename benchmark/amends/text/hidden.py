"""What stands in a stored text and is not the reply.

Quoted mail, signatures and footers, markup, made-up turns, instructions to whoever judges. Every detector runs in
linear time.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable

from amends.text.literals import Groups

_INLINE = re.compile(r"</?[a-z][a-z0-9:-]*(?:\s[^<>]*)?/?>", re.IGNORECASE)
_BREAKING = re.compile(r"</?(?:br|p|div|li|ul|ol|tr|td|table|h[1-6]|blockquote|hr)\b", re.IGNORECASE)
_CONCEALED = re.compile(
    r"<(?P<raw>script|style|template|head|title|noscript)\b[^<>]*>"
    r"|<(?P<tag>[a-z][a-z0-9]*)\s[^<>]*?(?:display\s{0,3}:\s{0,3}none|visibility\s{0,3}:\s{0,3}hidden"
    r"|font-size\s{0,3}:\s{0,3}0|opacity\s{0,3}:\s{0,3}0(?![.\d])|color\s{0,3}:\s{0,3}(?:white|#fff)"
    r"|\shidden\b|aria-hidden)[^<>]*>",
    re.IGNORECASE,
)
# A line with a second bar is the row of a table, which is seen.
_QUOTED_LINE = re.compile(r"^[ \t]{0,3}(?:(?:>|&gt;).*|\|[ \t][^|\n]*)$", re.MULTILINE)
_WROTE = re.compile(
    r"^[ \t]*(?:on [^\n]{4,120}\bwrote:|-{2,}[ ]?(?:original|forwarded) message\b[^\n]*"
    r"|from: [^\n]{2,120}\n(?:sent|to|date): [^\n]*)[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_DELIMITER = re.compile(r"^--[ \t]?\r?$", re.MULTILINE)
_SIGN_OFFS = frozenset(
    (  # noqa: SIM905
        "regards,rgds,kind regards,kindest regards,best regards,warm regards,warmest regards,with kind regards"
        ",best wishes,kind wishes,with best wishes,sincerely,yours sincerely,sincerely yours,yours faithfully"
        ",yours truly,yours,best,all the best,cheers,many thanks,thanks,thank you,thanks again,with thanks,kr,br"
        ",warmly,respectfully,take care,cordially,with regards"
    ).split(",")
)
_POSTSCRIPT = re.compile(r"^[ \t]*p\.? ?s\b", re.IGNORECASE | re.MULTILINE)
_FOOTER = re.compile(
    r"\b(?:this (?:e-?mail|message|communication)[^\n]{0,60} (?:confidential|intended|sent (?:from|by|to))"
    r"|intended (?:only )?for the (?:addressee|named recipient|recipient|individual)|unsubscribe\b"
    r"|registered (?:in england|office|company)|do not reply to this (?:e-?mail|message)|sent from my \w+"
    r"|consider the environment before|all rights reserved|if you are not the intended|please rate (?:this|your))",
    re.IGNORECASE,
)
_TURN = re.compile(
    r"^[ \t]*[*_#\[]{0,2}(?P<who>customer|user|client|caller|human|guest|agent|support|assistant|advisor|adviser|rep)"
    r"[\]*_]{0,2}[ \t]?:[*_]{0,2}",
    re.IGNORECASE | re.MULTILINE,
)
_JUDGE = re.compile(
    r"\b(?:(?:note|attention|instructions?|message|dear|hello|hint|memo|reminder)[ ,:-]{0,3}(?:to|for|,)?[ ,:-]{0,2}"
    r"(?:the |any |all |whoever )?(?:\w{1,12} )?"
    r"(?:judges?|scorers?|graders?|evaluators?|annotators?|raters?|labell?ers?|grading|scoring|reviewing model)\b"
    r"|(?:ignore|disregard|forget) (?:all |any |the )?(?:previous|prior|above|earlier|other) (?:instructions?|rules|prompts?)"  # noqa: E501
    r"|system ?(?:prompt|message|note|override) ?:|\[/?(?:system|inst)\]"
    r"|(?:this|the|above) (?:reply|response|answer|message|text) (?:should|must|deserves|shall|is to|earns|scores|merits|meets"  # noqa: E501
    r"|fully (?:meets|shows)|demonstrates|exhibits|contains (?:full|all))\b"
    r"|(?:rate|score|grade|mark|label) (?:this|the|my|it)(?: \w{1,12}){0,3} (?:as )?(?:a )?(?:5|five|full|highest|top|maximum)"  # noqa: E501
    r"|(?:empathy|depersonali[sz]ation|excuse[ _]avoidance) ?(?:level|score)? ?[:=] ?[1-5]"
    r"|\b(?:behaviou?rs?|codes?) (?:shown|present|found)? ?:)",
    re.IGNORECASE,
)
_FENCE = re.compile(r"```[^`]*```")
_COMMENT = re.compile(r"^\[//\][^\n]*$", re.MULTILINE)


def hidden_spans(text: str) -> list[tuple[int, int, str]]:
    """Stretches of a stored text that are not the reply, as (start, end, kind); they may overlap.

    Args:
        text: as stored.

    Returns:
        Kinds: ``markup`` (seen as nothing), ``block`` (it parts paragraphs).
    """
    found: list[tuple[int, int, str]] = []
    for index in _gates().present("\n" + text.lower()):
        found += _DETECTORS[index][1](text)
    return found


def _blocks(pattern: re.Pattern[str]) -> Callable[[str], list[tuple[int, int, str]]]:
    """A detector of stretches that a pattern finds."""
    return lambda text: [(m.start(), m.end(), "block") for m in pattern.finditer(text)]


def _lines(pattern: re.Pattern[str]) -> Callable[[str], list[tuple[int, int, str]]]:
    """A detector of sentences to the end of their line, by a pattern in them."""
    return lambda text: [(*_line_around(text, m.start(), m.end()), "block") for m in pattern.finditer(text)]


def _delimiter(text: str) -> list[tuple[int, int, str]]:
    """Everything from the usual signature delimiter, a line of two dashes."""
    mark = _DELIMITER.search(text)
    return [(mark.start(), len(text), "block")] if mark else []


def _line_around(text: str, start: int, end: int) -> tuple[int, int]:
    """From the start of the sentence that holds ``start`` to the end of its line (a bracket ends it earlier)."""
    line = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", end)
    stop = len(text) if stop < 0 else stop
    begin = max(line, *(text.rfind(mark, line, start) + 1 for mark in ("[", "(", ". ", "! ", "? ")))
    if begin > line and text[begin - 1] in "[(":
        close = text.find("]" if text[begin - 1] == "[" else ")", end, stop)
        return begin - 1, (close + 1 if close >= 0 else stop)
    return begin, stop


def _signature(text: str) -> list[tuple[int, int, str]]:
    """The last sign-off line with what follows it, except a postscript."""
    at = 0
    for line in text.split("\n"):
        start, at = at, at + len(line) + 1
        if len(line) > 40 or line.strip(" ,.!\t\r").lower() not in _SIGN_OFFS:
            continue
        first = text[at : at + 120].lstrip("\n\r \t").split("\n", 1)[0]
        if not text[:start].strip() or len(first.split()) > 7 or first.endswith(("?", ":")):
            continue
        post = _POSTSCRIPT.search(text, at)
        return [(start, post.start() if post else len(text), "block")]
    return []


def _quoted(text: str) -> list[tuple[int, int, str]]:
    """Mail that is quoted: lines with a mark, and everything under a header unless marked lines follow it."""
    found = _blocks(_QUOTED_LINE)(text)
    header = _WROTE.search(text)
    if header:
        rest = text[header.end() :].lstrip()
        end = header.end() if rest.startswith((">", "&gt;", "|")) else len(text)
        found.append((header.start(), end, "block"))
    return found


def _markup(text: str) -> list[tuple[int, int, str]]:
    """Comments, elements that a page does not show, and tags."""
    found: list[tuple[int, int, str]] = []
    at = 0
    while (at := text.find("<!--", at)) >= 0:
        end = text.find("-->", at)
        end = len(text) if end < 0 else end + 3
        found.append((at, end, "markup"))
        at = end
    low = text.lower()
    unclosed: set[str] = set()
    for m in _CONCEALED.finditer(text):
        tag = (m["raw"] or m["tag"]).lower()
        close = -1 if tag in unclosed or len(low) != len(text) else low.find(f"</{tag}", m.end())
        if close < 0:
            # Remembering the tags that are never closed keeps a row of open ones linear.
            unclosed.add(tag)
        found.append((m.start(), m.end() if close < 0 else close, "markup"))
    for m in _INLINE.finditer(text):
        found.append((m.start(), m.end(), "block" if _BREAKING.match(text, m.start()) else "markup"))
    return found


def _turns(text: str) -> list[tuple[int, int, str]]:
    """Turns that the reply makes up for the customer; of the agent's own turns only the name before the colon."""
    marks = list(_TURN.finditer(text))
    found: list[tuple[int, int, str]] = []
    for mark, following in zip(marks, [*marks[1:], None], strict=False):
        if mark["who"].lower() in ("customer", "user", "client", "caller", "human", "guest"):
            found.append((mark.start(), following.start() if following else len(text), "block"))
        else:
            found.append((mark.start(), mark.end(), "block"))
    return found


_Detector = Callable[[str], list[tuple[int, int, str]]]
# A detector runs only where one of its literals stands in the lower-case text, with a line break before it: most
# replies pay for none.
_DETECTORS: tuple[tuple[tuple[str, ...], _Detector], ...] = (
    (("regards", "rgds", "sincer", "best", "wishes", "cheers", "thank", "yours", "\nkr", "\nbr", "warmly",
      "respectfully", "take care", "cordially"), _signature),
    (("<",), _markup),
    (("```",), _blocks(_FENCE)),
    (("[//]",), _blocks(_COMMENT)),
    (("\n>", "\n&gt;", "\n|", "wrote:", " message-", "from: ", "\n >"), _quoted),
    (("customer", "user", "client", "caller", "human", "guest", "agent:", "support:", "assistant:", "advisor:",
      "adviser:", "rep:"), _turns),
    (("confidential", "intended", "unsubscribe", "registered ", "not reply", "sent from", "environment",
      "rights reserved", "please rate"), _lines(_FOOTER)),
    (("judge", "scor", "grad", "evaluator", "annotator", "rater", "label", "ignore ", "disregard ", "forget ",
      "system", "[inst", "reviewing model", "rate ", "mark ", "empathy", "personali", "avoidance", "behavio",
      "codes", "this reply", "this response", "this answer", "the reply", "the response", "this message",
      "this text", "above "), _lines(_JUDGE)),
    (("--",), _delimiter),
)  # fmt: skip


@functools.cache
def _gates() -> Groups:
    return Groups([literals for literals, _ in _DETECTORS])
