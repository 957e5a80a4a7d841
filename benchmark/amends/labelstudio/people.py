"""Who labelled, under a pseudonym: what Label Studio knows of them stays out of the records."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Any

from amends.errors import UsageError

LONGEST = 60
_KEYS = ("id", "email", "username")


@dataclass(frozen=True, slots=True)
class Who:
    """A user of Label Studio: all by which an export names them."""

    names: tuple[str, ...]
    """The number first where it is known, then e-mail address and user name."""

    @property
    def key(self) -> str:
        """The same for every annotation of one user: an export may give the address with some only."""
        return self.names[0].lower()

    @property
    def shown(self) -> str:
        """For the terminal: the number; without it the name, an address cut."""
        first = self.names[0]
        local, at, domain = first.partition("@")
        return f"{local[:1]}...@{domain}" if at else first


def who(completed_by: Any) -> Who | None:
    """The user that ``completed_by`` (JSON) or ``annotator`` (JSON-MIN) names; None where it names nobody.

    Args:
        completed_by: a number, an e-mail address, or an object with ``id``, ``email``, ``username``.
    """
    given = [completed_by.get(key) for key in _KEYS] if isinstance(completed_by, dict) else [completed_by]
    names = tuple(
        str(one) for one in given if isinstance(one, int | str) and not isinstance(one, bool) and str(one).strip()
    )
    return Who(names) if names else None


def parse_names(given: Iterable[str]) -> dict[str, str]:
    """``EMAIL_OR_ID=pseudonym`` as a mapping; the first is compared without regard to case.

    Raises:
        UsageError: one has no ``=``, an empty side, a pseudonym that is too long or invisible, or comes twice.
    """
    found: dict[str, str] = {}
    for one in given:
        left, equals, right = (part.strip() for part in one.partition("="))
        if not (equals and left and right):
            raise UsageError(f"--name takes EMAIL_OR_ID=PSEUDONYM, not {one!r}")
        if len(right) > LONGEST or not right.isprintable():
            raise UsageError(f"--name {left}=...: a pseudonym has 1 to {LONGEST} visible characters")
        if found.setdefault(left.lower(), right) != right:
            raise UsageError(f"--name gives {left} two pseudonyms")
    return found


def pseudonyms(people: Iterable[Who], names: Mapping[str, str]) -> dict[str, str]:
    """Everybody's pseudonym: the one asked for, else ``person-1``, ``person-2`` ... by their numbers.

    Args:
        people: all of an export; those that only an address names come after those with a number, as they come.
        names: from ``parse_names``.

    Returns:
        ``Who.key`` to pseudonym.

    Raises:
        UsageError: a name that is given belongs to nobody of the export, or to two users.
    """
    everybody: dict[str, list[Who]] = {}
    for one in people:
        everybody.setdefault(one.key, []).append(one)
    known = {key: {name.lower() for one in same for name in one.names} for key, same in everybody.items()}
    strangers = [name for name in names if not any(name in own for own in known.values())]
    order = sorted(everybody, key=_number)
    if strangers:
        there = ", ".join(everybody[key][0].shown for key in order) or "nobody"
        raise UsageError(f"--name {strangers[0]}: nobody of this export; those who labelled: {there}")
    _apart(names, known)
    chosen = {key: _asked(key, own, names, known) for key, own in known.items()}
    free = (name for i in range(1, 10**9) if (name := f"person-{i}") not in names.values())
    return {key: chosen[key] or next(free) for key in order}


def _asked(key: str, own: Set[str], names: Mapping[str, str], everybody: Collection[str]) -> str | None:
    """The pseudonym asked for a user; the number of another is not theirs by a user name."""
    return next((names[name] for name in names if name == key or (name in own and name not in everybody)), None)


def _apart(names: Mapping[str, str], known: Mapping[str, Set[str]]) -> None:
    """Refuse a name by which two numbered users go: a user name is whatever its user calls themselves."""
    for name in names:
        fits = sorted((key for key, own in known.items() if name in own and _number(key)[0] == 0), key=_number)
        if name not in known and len(fits) > 1:
            raise UsageError(f"--name {name}: users {' and '.join(fits)} both go by it; name them by their numbers")


def _number(name: str) -> tuple[int, int]:
    plain = name.isascii() and name.isdigit() and len(name) < 20
    return (0, int(name)) if plain else (1, 0)
