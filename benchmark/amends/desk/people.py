"""Who may come to a desk: one person, or a team with a folder each."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from amends.errors import InputError, Problem, UsageError
from amends.jsonl import whole_file

MOST_PEOPLE = 500
MAX_NAME = 60
"""Characters of a name."""
_MOST_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a link of their own."""

    label: str
    """As whoever runs the desk calls them; never shown to anybody else and in no reply. Empty for a person alone."""
    folder: str
    """Folder of their files below the desk's; empty for a person alone, whose files lie in the desk's folder."""


ALONE = Person("", "")
"""The one person of a desk without a team."""


def fit(name: str) -> bool:
    """Tell whether a name can stand in records, ids and pages: 1 to 60 visible characters, no blanks at the ends."""
    return 0 < len(name) <= MAX_NAME and name == name.strip() and name.isprintable()


def _folder(label: str) -> str:
    """A folder's name on every file system: letters and digits of ASCII, and a dash for what lies between."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().casefold()
    # before the name a word of ours: no label becomes a reserved name, or one that the desk uses itself
    return "person-" + re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def team(labels: Iterable[str]) -> list[Person]:
    """People from their labels.

    Raises:
        UsageError: none, too many, one that is no name, or two that would share a folder.
    """
    people: dict[str, Person] = {}
    for label in labels:
        if not fit(label):
            raise UsageError(f"{label!r} is no name for a person: write 1 to {MAX_NAME} visible characters")
        person = Person(label, _folder(label))
        if person.folder == "person-":
            person = Person(label, "person-" + "-".join(f"{ord(c):x}" for c in label))
        if person.folder in people:
            raise UsageError(
                f"{people[person.folder].label!r} and {label!r} would share the folder {person.folder}; "
                "tell them apart by another letter or a number"
            )
        people[person.folder] = person
    if not 0 < len(people) <= MOST_PEOPLE:
        raise UsageError(f"a desk has 1 to {MOST_PEOPLE} people, not {len(people)}")
    return list(people.values())


def read_labels(file: Path) -> list[str]:
    """Labels from a file, one a line; blank lines and lines that begin with # are passed over.

    Raises:
        InputError: the file is missing, above 1 MB, not UTF-8, or holds a line that is no name.
    """
    expected, remedy = "a name a line, in UTF-8", "name another file with --people"
    try:
        with file.open("rb") as stream:
            data = stream.read(_MOST_BYTES + 1)
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise whole_file(str(file), error.strerror or str(error), expected, remedy) from None
    except UnicodeDecodeError as error:
        raise whole_file(str(file), f"bytes that are not UTF-8 ({error.reason})", expected, remedy) from None
    if len(data) > _MOST_BYTES:
        raise whole_file(str(file), "more than 1 MB", expected, remedy)
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1)]
    named = [(number, line) for number, line in lines if line and not line.startswith("#")]
    wrong = [
        Problem(
            str(file), number, "$", repr(line[:MAX_NAME]), f"a name of 1 to {MAX_NAME} visible characters", "mend it"
        )
        for number, line in named
        if not fit(line)
    ]
    if wrong:
        raise InputError(wrong)
    return [line for _, line in named]
