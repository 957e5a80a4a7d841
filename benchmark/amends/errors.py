"""What can go wrong, said for the person who reads it.

One root, ``AmendsError``, knows its exit code; only the command line turns it into one. A ``Problem`` is one
thing wrong in one place of one input: file, line, JSON path, what was found, what was expected, what to do.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in one place of an input."""

    file: str
    """Path as the user gave it; ``-`` for standard input."""
    line: int | None
    """Line (or row) number from 1; None when the file as a whole is meant."""
    path: str
    """JSON path of the field (``$.turns[0].role``); ``$`` for the whole record."""
    found: str
    """What stands there."""
    expected: str
    """What should stand there."""
    remedy: str
    """What to do about it."""

    def __str__(self) -> str:
        """``file:line $.path: found ..., expected ...; remedy``, in one line of visible characters."""
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return _visible(f"{place} {self.path}: found {self.found}, expected {self.expected}; {self.remedy}")


def _visible(text: str) -> str:
    """The text with control characters (of an input that is not trusted) as escapes."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or unicodedata.category(c) == "Zs" else ascii(c)[1:-1] for c in text)


class AmendsError(Exception):
    """Root of everything this package raises on purpose."""

    exit_code = 2


class UsageError(AmendsError):
    """The command or call was wrong: an unknown name, options that do not go together, other settings."""

    exit_code = 2


class InputError(AmendsError):
    """The input has problems; ``problems`` holds them all."""

    exit_code = 1

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep every problem; the message is one line for each."""
        self.problems: list[Problem] = list(problems)
        super().__init__("\n".join(str(p) for p in self.problems))


class GeneratorError(AmendsError):
    """A generator failed as a whole (it did not start, its function raised); replies already given are kept."""

    exit_code = 1


class ScorerError(AmendsError):
    """A scorer gave something else than a judgement for each exchange; what was written stands."""

    exit_code = 1


class WorkerError(AmendsError):
    """A process of a pool died; what was written stands."""

    exit_code = 1


def unknown_name(what: str, name: str, known: Iterable[str]) -> UsageError:
    """Error for an unknown name that says what exists and what is close.

    Args:
        what: the kind of thing, in the singular ("scorer").
        name: what was asked for.
        known: the names that exist.
    """
    names = sorted(known)
    close = difflib.get_close_matches(name, names, n=2)
    hint = f" Did you mean {' or '.join(close)}?" if close else ""
    return UsageError(f"unknown {what} {name!r}.{hint} Known: {', '.join(names) or 'none'}.")
