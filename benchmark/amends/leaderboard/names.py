"""Names that pretend to be others, and characters that make a text look like what it is not.

Names of entries are of ``[a-z0-9][a-z0-9-]{1,40}``, so that only ASCII look-alikes are left; cards hold free text, in
which look-alikes of other scripts are folded as the scorers fold them (after the idea of Unicode Technical Standard
39, section 4: two names are confusable when their skeletons are equal).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from typing import Any

from amends.scorers import SCORERS
from amends.text.folding import plain

NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,40}")
"""What the name of an entry matches, whole."""
MAX_CARD_NAME = 100
"""Characters of a name in a card."""

_OTHER_MEANING = (
    "judge calibrated gold model person people human humans program baseline baselines reference test train validation "
    "systems dataset all none null total average mean median best winner leader first"
)
_FILES = (
    "index compare comparison entry entries leaderboard assets static data table tables scripts styles about license "
    "readme con prn aux nul com0 com1 com2 com3 com4 com5 com6 com7 com8 com9 lpt0 lpt1 lpt2 lpt3 lpt4 lpt5 lpt6 lpt7 "
    "lpt8 lpt9"
)
_CLAIMS = frozenset(("amends", "official", "verified", "unverified", "project", "maintainer", "maintainers"))
"""Words that no part of an outsider's name may be."""
_PAIRS = (("rn", "m"), ("vv", "w"))
_LIKE = str.maketrans("01i582", "ollsbz")
_IGNORABLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_JOINERS = frozenset("\u200d\ufe0f")
_MARKS = 3
_MOST_TOLD = 3


def reserved() -> frozenset[str]:
    """Names that mean something else here: scorers, sets, words of tables, files of the pages, devices."""
    return frozenset((*SCORERS, *_OTHER_MEANING.split(), *_FILES.split()))


def skeleton(name: str) -> str:
    """What a name looks like: names of one skeleton are taken for each other.

    Args:
        name: of an entry or in a card.
    """
    flat = re.sub(r"[^a-z0-9]+", "-", plain(name).lower()).strip("-")
    # "1-5" and "15" are two versions, "a-b" and "ab" one name
    flat = re.sub(r"(?<![0-9])-|-(?![0-9])", "", flat)
    for pair, single in _PAIRS:
        flat = flat.replace(pair, single)
    return flat.translate(_LIKE)


def wrong_name(name: str, others: Collection[str], project: Collection[str]) -> tuple[str, str, str] | None:
    """Why an entry may not be called so: found, expected, remedy. None for a good name.

    Args:
        name: of the entry.
        others: names of the other entries.
        project: names that are the project's own; they may sound official.
    """
    if not NAME.fullmatch(name):
        expected = "2 to 41 of a-z, 0-9 and -, a letter or digit first"
        return f"the name {_shown(name)}", expected, "choose another name"
    if name in project:
        return None
    looks = skeleton(name)
    for taken in sorted({*others, *project} - {name}):
        if skeleton(taken) == looks:
            return f"{name!r}, which reads like the entry {taken!r}", "a name of its own", "choose another name"
    for taken in sorted(reserved()):
        if skeleton(taken) == looks:
            return f"{name!r}, which reads like {taken!r}", "a name that means nothing else here", "choose another name"
    claims = sorted(_CLAIMS.intersection(name.split("-")) | {c for c in _CLAIMS if skeleton(c) == looks})
    if claims:
        return f"{name!r}, which says {claims[0]!r}", "no claim to speak for the project", "choose another name"
    return None


def wrong_card_name(name: str, entry: str, project: Collection[str]) -> tuple[str, str, str] | None:
    """Why a card may not call its generator so.

    Args:
        name: in generator.json, or of a reply's author.
        entry: the entry's name.
        project: names that are the project's own.
    """
    if len(name) > MAX_CARD_NAME or "\n" in name or "\t" in name:
        return _shown(name), f"one line of at most {MAX_CARD_NAME} characters", "shorten it"
    if mixed := mixed_script(name):
        return f"{_shown(name)}, with {mixed}", "letters of one script in a word", "write it in one script"
    if entry in project:
        return None
    looks = skeleton(name)
    for taken in sorted({*project, *SCORERS, *_CLAIMS}):
        if skeleton(taken) == looks:
            return f"{_shown(name)}, which reads like {taken!r}", "a name of its own", "name what it is"
    return None


def mixed_script(text: str) -> str | None:
    """The first word of a text that mixes Latin letters with look-alikes of Cyrillic or Greek; None where none does.

    Args:
        text: any.
    """
    for word in text.split():
        scripts = {name for char in word if char.isalpha() and (name := _script(char))}
        if len(scripts) > 1:
            return f"{' and '.join(sorted(scripts))} in one word"
    return None


def _script(char: str) -> str | None:
    name = unicodedata.name(char, "")
    first = next((script for script in ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE") if script in name), None)
    return first.title() if first else None


def tricks(text: str) -> list[str]:
    """Characters of a text that are not seen or change how the rest is seen, each with its place.

    A joiner or variation selector between two parts of an emoji is none.

    Args:
        text: any.
    """
    if text.isascii() and text.isprintable():
        return []
    found = []
    marks = 0
    for at, char in enumerate(text):
        kind = unicodedata.category(char)
        marks = marks + 1 if kind in ("Mn", "Me") else 0
        if char in "\n\t" or (char in _JOINERS and at and unicodedata.category(text[at - 1]) in ("So", "Sk", "Mn")):
            continue
        hidden = kind in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") or char in _IGNORABLE or _selects(char)
        if hidden or marks > _MARKS:
            name = unicodedata.name(char, "control character")
            found.append(f"U+{ord(char):04X} {name} at character {at + 1}")
    return found


def _selects(char: str) -> bool:
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef" or "\u180b" <= char <= "\u180f"


def texts_of(value: Any, path: str = "$") -> Iterator[tuple[str, str]]:
    """Every text in a JSON value with its path, keys too.

    Args:
        value: any JSON value.
        path: of the value.
    """
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield path, key
            yield from texts_of(one, f"{path}.{key}")
    elif isinstance(value, list):
        for i, one in enumerate(value):
            yield from texts_of(one, f"{path}[{i}]")


def told(found: list[str]) -> str:
    """Some of what ``tricks`` found, in one line.

    Args:
        found: not empty.
    """
    more = f" and {len(found) - _MOST_TOLD} more" if len(found) > _MOST_TOLD else ""
    return ", ".join(found[:_MOST_TOLD]) + more


def _shown(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "...")
