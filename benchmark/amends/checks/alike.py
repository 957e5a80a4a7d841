"""What stands for the exchanges of a group, so that near-duplicates are found without their texts."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence

from amends.checks.near import Match, Taken
from amends.checks.prints import Prints


class Alike:
    """Texts as they come, and where each stands: 12 bytes more than ``near.Taken`` keeps of each."""

    def __init__(self) -> None:
        """None yet."""
        self._taken: Taken | None = Taken()
        self._found: list[Match] = []
        self._files = array("i")
        self._lines = array("q")

    def add(self, file: int, lines: Sequence[int], some: Prints, splits: Sequence[str | None]) -> None:
        """Take the next texts.

        Args:
            file: which of the group's files they stand in.
            lines: of each its line.
            some: what stands for them.
            splits: of each its split.
        """
        self._files.extend([file] * len(lines))
        self._lines.extend(lines)
        if self._taken is None:
            raise RuntimeError("the matches are found already")
        self._taken.add(some, splits)

    def matches(self, note: Callable[[str], None]) -> list[Match]:
        """Texts that nearly are an earlier one, found when somebody asks first.

        Args:
            note: told then what was not compared.
        """
        if self._taken is not None:
            self._found = list(self._taken.matches(note))
            self._taken = None
        return self._found

    def place(self, text: int) -> tuple[int, int]:
        """File and line of a text.

        Args:
            text: its index.
        """
        return self._files[text], self._lines[text]
