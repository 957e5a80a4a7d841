"""Text for a terminal: the only user of rich, which loads on the first table or bar.

Tables go to standard output and stay readable when piped (no colour, 100 columns). Progress goes to standard
error, and only where a person watches. Cells are plain text: no markup is read from them, and a control
character in them cannot steer the terminal.
"""

from __future__ import annotations

import contextlib
import io
import sys
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table

WIDTH = 100
"""Columns of a table that does not go to a terminal."""

Row = Sequence[str]
"""Cells as they print; a row may not be longer than the headings."""


def plain(text: str) -> str:
    r"""One line of text with control, bidirectional and zero-width characters as ``\u....`` escapes."""
    return "".join(
        f"\\u{ord(char):04x}" if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") else char for char in text
    )


def _built(headings: Row, rows: Sequence[Row]) -> Table:
    """A rich table; a heading that starts with ``>`` stands over a column that is set right."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    built = Table(
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        show_edge=False,
        header_style="bold",
    )
    for heading in headings:
        right = heading.startswith(">")
        # a word longer than its column goes on below: names that differ in their ends must not read alike
        name = Text(plain(heading.removeprefix(">")))
        built.add_column(name, justify="right" if right else "left", overflow="fold")
    for row in rows:
        built.add_row(*[Text(plain(cell)) for cell in row])
    return built


def table_text(headings: Row, rows: Sequence[Row], title: str | None = None, width: int = WIDTH) -> str:
    """A table as plain text, the same on every machine.

    Args:
        headings: one a column; a leading ``>`` sets the column right and is not printed.
        rows: the cells.
        title: a line above the table.
        width: columns of the terminal at most; longer cells wrap.

    Returns:
        Lines without blanks at their ends, the last with a line end.
    """
    from rich.console import Console

    stream = io.StringIO()
    console = Console(file=stream, width=width, color_system=None, legacy_windows=False, force_terminal=False)
    console.print(_built(headings, rows))
    lines = [plain(title)] if title else []
    lines += stream.getvalue().splitlines()
    return "".join(line.rstrip() + "\n" for line in lines)


def table(headings: Row, rows: Sequence[Row], title: str | None = None) -> None:
    """Print a table to standard output: in the terminal's width and with bold headings there, else plain.

    Args:
        headings: as for ``table_text``.
        rows: the cells.
        title: a line above the table.
    """
    if not sys.stdout.isatty():
        sys.stdout.write(table_text(headings, rows, title))
        return
    from rich.console import Console

    console = Console(file=sys.stdout)
    if title:
        console.print(plain(title), style="bold", markup=False, highlight=False)
    console.print(_built(headings, rows))


@contextlib.contextmanager
def progress(what: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """Show a bar on standard error while the block runs; show nothing where that is not a terminal.

    Args:
        what: what is being done ("scoring").
        total: how many steps there are; None where nobody knows.

    Yields:
        A function that takes the number of steps just done.
    """
    if not sys.stderr.isatty():
        yield lambda done: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(plain(what), total=total)
        yield lambda done: bar.advance(task, done)
