"""What is said on a pull request of its check: Markdown, in which no text of a request is anything but text.

The hosting service turns Markdown into HTML and then looks through the text of it for mentions, references, links and
emoji, but not inside of ``<code>``. So every text that may come from a request stands in ``<code>``, on one line, each
ASCII character of it that is no letter, digit or space as a numeric reference (CommonMark 0.31, section 2.5: such a
character never has a meaning of structure), and each character that is not seen, joins others or runs from right to
left as its escape. Numbers are formatted from numbers.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from amends.records import DIMENSIONS
from amends.rubric.definitions import dimension_names

MARK = "<!-- amends leaderboard check -->"
"""The comment's first line: by it the next check finds the comment and replaces its text."""
MAX_COMMENT = 30_000
"""Characters of a comment; the hosting service takes 65,536."""
MAX_SHOWN = 20
"""Problems in it."""

_LONGEST = 400
_MOST_ROW = 20_000
_RUNS_LEFT = frozenset(("R", "AL", "AN", "RLE", "RLO", "RLI", "LRE", "LRO", "LRI", "PDF", "PDI", "FSI"))
_UNSEEN = frozenset("\u00ad\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")


def escaped(text: str, most: int = _LONGEST) -> str:
    """Any text as HTML code of one line, in which nothing of it has a meaning.

    Args:
        text: any.
        most: characters of it that are shown.

    Returns:
        ``<code>...</code>``.
    """
    cut = text if len(text) <= most else text[: most - 3] + "..."
    return f"<code>{''.join(map(_character, cut)) or '&#32;'}</code>"


def _character(char: str) -> str:
    if char == " " or (char.isascii() and char.isalnum()):
        return char
    if char.isascii() and char.isprintable():
        return f"&#{ord(char)};"
    seen = unicodedata.category(char)[0] in "LNPS" and char not in _UNSEEN
    if seen and unicodedata.bidirectional(char) not in _RUNS_LEFT:
        return char
    return f"&#92;u{ord(char):04x}"


def comment(record: Mapping[str, Any]) -> str:
    """What is said of a check.

    Args:
        record: by ``schemas/checked.schema.json``; its texts may be anybody's.

    Returns:
        Markdown of at most MAX_COMMENT characters, that begins with MARK.
    """
    start = [MARK, f"### Leaderboard: {_title(record)}", "", _about(record)]
    row = [] if record["row"] is None else ["", *_row(record["row"])]
    if len("\n".join(row)) > _MOST_ROW:
        row = ["", "What it came to is too long to be shown here."]
    end = ["", *_ending(record), ""]
    left = MAX_COMMENT - len("\n".join([*start, *row, *end]))
    return "\n".join([*start, *row, *_told(record, left), *end])


def _told(record: Mapping[str, Any], left: int) -> list[str]:
    """The problems, as many as fit."""
    problems = record["problems"]
    if not problems and not record["left_out"]:
        return []
    told = ["", "What stands in the way:", ""]
    more = "and {} more: the local check names all of them."
    left -= len("\n".join([*told, "", more])) + 20
    shown = 0
    for problem in problems[:MAX_SHOWN]:
        line = f"{shown + 1}. {escaped(problem)}"
        left -= len(line) + 1
        if left < 0:
            break
        told.append(line)
        shown += 1
    rest = len(problems) - shown + record["left_out"]
    return [*told, "", more.format(f"{rest:,}")] if rest else told


def distrusted(record: Mapping[str, Any]) -> str:
    """What is said where the request changes the workflows, so that its check may have reported anything.

    Args:
        record: by its schema; nothing of it is repeated but the commit, which was compared.
    """
    return "\n".join(
        [
            MARK,
            "### Leaderboard: the check of this request is not repeated here",
            "",
            f"The request ({escaped(record['head'])}) changes `.github/`, by which it is checked, so that what the "
            "check reported proves nothing. Send the entry in a request of its own, or a maintainer runs `amends "
            "leaderboard check` on it.",
            "",
        ]
    )


def _title(record: Mapping[str, Any]) -> str:
    name = "the request" if record["name"] is None else escaped(record["name"])
    return f"{name} {'passes the check' if record['state'] == 'good' else 'is refused'}"


def _about(record: Mapping[str, Any]) -> str:
    change = {"new": "A new entry", "changed": "**A change of an entry that stands there**", None: "Not one entry"}
    by = f"Commit {escaped(record['head'])}, checked by the code and the data of {escaped(record['base'])}."
    other = record["other_files"]
    if not other:
        return f"{change[record['change']]}. {by}"
    files = "1 other file" if other == 1 else f"{other:,} other files"
    return f"{change[record['change']]}. {by} The request's {files} had no part in it."


def _row(row: Mapping[str, Any]) -> Iterator[str]:
    names = dimension_names()
    for scorer in row["scorers"]:
        by = f"{escaped(scorer['scorer'])}, set {escaped(row['set'])}"
        yield f"| {by} | breach | full | mean level | replies/scenarios |"
        yield "|---|---|---|---|---|"
        for dimension in DIMENSIONS:
            found = scorer["dimensions"][dimension]
            cells = [_number(found[share]) for share in ("breach", "full", "mean")]
            of = f"{found['breach']['n']:,}/{found['breach']['clusters']:,}"
            yield f"| {names[dimension]} | {' | '.join(cells)} | {of} |"
        yield ""
        yield escaped(scorer["signature"])
        yield ""
    if row["overlap"] is not None and row["overlap"]["sequences"]:
        share = row["overlap"]["found"] / row["overlap"]["sequences"]
        yield f"{share:.1%} of its {row['overlap']['sequences']:,} distinct 8-word sequences stand in replies of train."
    yield (
        "It would stand in the tiers, which are computed when the pages are built."
        if row["unranked"] is None
        else f"It would stand outside the tiers: {escaped(row['unranked'])}."
    )


def _number(estimate: Mapping[str, Any]) -> str:
    if estimate["value"] is None:
        return f"none ({escaped(estimate['note'] or 'no reason given', 100)})"
    if estimate["low"] is None or estimate["high"] is None:
        return f"{estimate['value']:.3f} ({escaped(estimate['note'] or 'no interval', 100)})"
    return f"{estimate['value']:.3f} [{estimate['low']:.3f}, {estimate['high']:.3f}]"


def _ending(record: Mapping[str, Any]) -> Iterator[str]:
    name = record["name"] or "NAME"
    # a name is of a-z, 0-9 and -, by the schema
    yield f"The same check on your machine: `amends leaderboard check {name}`. What it refuses, and why:"
    yield "`leaderboard/README.md`. There is no total over the dimensions, and there are no ranks."
