"""Which groups of literal strings occur in a text, asked in one pass; the only place that imports google-re2.

A search for one short string costs half a microsecond in a reply, and there are some seventy strings to look for:
one automaton for all of them costs a microsecond altogether. Without the wheel the strings are looked for in turn.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

try:
    import re2  # type: ignore[import-not-found, import-untyped, unused-ignore]
except ImportError:  # a platform without the wheel
    re2 = None

__all__ = ["Groups", "re2"]


class Groups:
    """Groups of ASCII strings; a group is present where one of its strings stands in the text."""

    def __init__(self, groups: Sequence[Sequence[str]], engine: str = "auto") -> None:
        """Compile the automaton.

        Args:
            groups: each at least one string.
            engine: ``re2``, ``plain``, or ``auto`` (re2 where it is installed).
        """
        self._groups = [tuple(group) for group in groups]
        self._set: Any = None
        if engine == "re2" or (engine == "auto" and re2 is not None):
            self._set = re2.Set.SearchSet()
            for group in self._groups:
                self._set.Add("|".join(map(re.escape, group)))
            self._set.Compile()

    def present(self, text: str) -> Sequence[int]:
        """Indexes of the groups that are present, in order.

        Args:
            text: compared as it is; a lone surrogate is like no string.
        """
        if self._set is not None:
            return sorted(self._set.Match(text.encode("utf-8", "surrogatepass")) or ())
        return [index for index, group in enumerate(self._groups) if any(map(text.__contains__, group))]
