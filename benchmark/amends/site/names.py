"""What the files of a site are called, and which names may become a file's."""

from __future__ import annotations

import re

from amends.errors import UsageError
from amends.leaderboard.board import Board

ENTRY = re.compile(r"[a-z0-9][a-z0-9-]{1,40}")
"""Names of entries, as the leaderboard takes them; a name becomes a file's, so it is checked here once more."""
_WORD = re.compile(r"[a-z0-9][a-z0-9-]{0,40}")


def check(board: Board) -> None:
    """Refuse a board with a name that could leave the folder or meet another one's file.

    Args:
        board: from files or made by hand.

    Raises:
        UsageError: naming what is wrong.
    """
    seen: dict[str, str] = {}
    for kind, names in (("set", list(board.tables)), ("scorer", [str(one["name"]) for one in board.scorers])):
        for name in names:
            if not _WORD.fullmatch(name):
                raise UsageError(f"{kind} {name!r} cannot name a page: lower-case letters, digits and hyphens only")
    for table in board.tables.values():
        for row in table.rows:
            if not ENTRY.fullmatch(row.name):
                raise UsageError(f"entry {row.name!r} cannot name a page: it does not match {ENTRY.pattern}")
            if row.name in seen:
                raise UsageError(f"two entries are named {row.name}: in {seen[row.name]} and in {table.set}")
            seen[row.name] = table.set


def table_page(board: Board, chosen: str, scorer: str) -> str:
    """File of a table; the first set by the first scorer is the index."""
    first = next(iter(board.tables), ""), str(board.scorers[0]["name"])
    return "index.html" if (chosen, scorer) == first else f"{chosen}-{scorer}.html"


def behaviours_page(chosen: str, scorer: str) -> str:
    """File of the behaviours of a table."""
    return f"behaviours-{chosen}-{scorer}.html"


def compare_page(chosen: str, scorer: str) -> str:
    """File on which two entries are compared."""
    return f"compare-{chosen}-{scorer}.html"


def entry_page(board: Board, name: str, scorer: str) -> str:
    """File of an entry, by one scorer; a dot parts them, which no name holds."""
    return f"entries/{name}.html" if scorer == board.scorers[0]["name"] else f"entries/{name}.{scorer}.html"
