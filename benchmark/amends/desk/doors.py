"""Who is who: a secret link for each person, good for one opening, swapped for a cookie.

Only hashes are kept, in memory and on disk. All secrets have 256 bits, so they are found by their hash at once:
there is nothing to guess one character after the other.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import orjson

from amends.desk.people import Person

LASTS = 7 * 24 * 3600
"""Seconds for which a cookie is good."""
MOST_SESSIONS = 10
"""Browsers in which one person is in at a time; one more sends the oldest out."""


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


class Doors:
    """Links that are still good, and the sessions that came of them.

    Sessions outlive the server, so that a page that stood open while it was killed goes on; links do not.
    """

    def __init__(self, people: Sequence[Person], file: Path, clock: Callable[[], float] = time.time) -> None:
        """Take up the sessions of an earlier start.

        Args:
            people: who may come in; sessions of others are dropped.
            file: where hashes of sessions lie, readable by the owner alone.
            clock: seconds since 1970.
        """
        self._people = {person.folder: person for person in people}
        self._file = file
        self._clock = clock
        self._links: dict[str, str] = {}
        self._sessions: dict[str, tuple[str, float]] = self._kept()

    def link(self, person: Person) -> str:
        """A new code for one opening; the person's last one, if unused, is void."""
        self._links = {code: folder for code, folder in self._links.items() if folder != person.folder}
        code = secrets.token_urlsafe(32)
        self._links[_hash(code)] = person.folder
        return code

    def enter(self, code: str) -> tuple[Person, str] | None:
        """Swap a code for a session.

        Args:
            code: as it stands in a link.

        Returns:
            The person and the secret of the session, or None for a code that is unknown or used.
        """
        folder = self._links.pop(_hash(code), None)
        if folder is None:
            return None
        secret = secrets.token_urlsafe(32)
        own = [key for key, (owner, _) in self._sessions.items() if owner == folder]
        for oldest in own[: max(0, len(own) - MOST_SESSIONS + 1)]:
            del self._sessions[oldest]
        self._sessions[_hash(secret)] = (folder, self._clock() + LASTS)
        with contextlib.suppress(OSError):  # then the session ends with the server
            self._keep()
        return self._people[folder], secret

    def who(self, cookies: Sequence[str]) -> Person | None:
        """Whose session it is.

        Args:
            cookies: every value that the browser sent under the cookie's name.

        Returns:
            The person; None for nobody, and where cookies of two people came: a server on another port of the same
            host can set the second, and what the one writes would be kept as the other's.
        """
        now = self._clock()
        sessions = [self._sessions.get(_hash(secret), ("", 0.0)) for secret in cookies]
        owners = {folder for folder, until in sessions if until > now}
        return self._people[owners.pop()] if len(owners) == 1 else None

    def mark(self, person: Person) -> str:
        """What a page carries to say whose it is, so that it never writes into the work of who came in after.

        No secret. It differs from desk to desk: the next one on the same port is not taken for this one.
        """
        return _hash(f"{self._file.resolve()}\0{person.folder}")[:16]

    def _kept(self) -> dict[str, tuple[str, float]]:
        try:
            stored = orjson.loads(self._file.read_bytes())
            read = {key: (str(folder), float(until)) for key, (folder, until) in stored.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}  # nothing is lost but a click on a new link
        now = self._clock()
        return {key: value for key, value in read.items() if value[0] in self._people and value[1] > now}

    def _keep(self) -> None:
        part = self._file.with_name(self._file.name + ".part")
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(orjson.dumps(self._sessions))
        part.replace(self._file)
