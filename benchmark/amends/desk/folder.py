"""The desk's folder: which scenarios its work is about, and that one server at a time works in it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from amends.errors import UsageError
from amends.records import Scenario
from amends.runs.settings import read_settings, write_settings
from amends.signature import digest


def claim(path: Path, split: str, scenarios: Sequence[Scenario]) -> None:
    """Take up a folder, or refuse.

    Args:
        path: the folder's desk.json.
        split: what is answered.
        scenarios: all of the split: how many of them are asked for may change from one start to the next.

    Raises:
        UsageError: the work there is about another split, or about other wordings of its scenarios; or desk.json is a
            link.
    """
    if path.is_symlink():
        raise UsageError(f"{path} is a link; the desk writes only what lies in its own folder: remove it")
    now = {"split": split, "data": digest(scenario.for_generator() for scenario in scenarios)}
    try:
        before = read_settings(path)
    except UsageError:
        raise UsageError(f"{path} is damaged; put it back as it was, or name another folder with -o") from None
    if before is None:
        write_settings(path, now)
        return
    for name, value in now.items():
        if before.get(name) != value:
            raise UsageError(
                f"{path.parent} holds work on other scenarios ({name}: there {before.get(name)!r}, asked for "
                f"{value!r}); what people wrote is not thrown away, so name another folder with -o"
            )


@contextlib.contextmanager
def private() -> Iterator[None]:
    """Files that are made in the block are for this account alone, also in a folder that others may open."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)
