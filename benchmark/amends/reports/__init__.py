"""Reports: pure functions from a Result (and the texts, where there are some) to a text.

``REPORTS`` is the one list. A new report is one file here and one line there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from amends.records import Annotation, Exchange
from amends.reports import machine, page, terminal
from amends.results import Result

Item = tuple[Exchange, Annotation]
"""A reply with what the customer said, and its judgement: what a report takes its examples from."""

REPORTS: dict[str, Callable[[Result, Sequence[Item]], str]] = {
    "terminal": terminal.report,
    "json": machine.report,
    "html": page.report,
}
"""Name to the function that writes the report."""
