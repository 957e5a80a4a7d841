"""Tables and numbers as the audit's Markdown has them."""

from __future__ import annotations

from collections.abc import Sequence

from amends.statistics.estimate import Estimate


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table.

    Args:
        headings: one a column.
        rows: cells.
    """
    lines = ["| " + " | ".join(headings) + " |", "|" + "---|" * len(headings)]
    return "\n".join([*lines, *["| " + " | ".join(row) + " |" for row in rows]]) + "\n"


def cell(estimate: Estimate | None, share: bool = False) -> str:
    """A number with its interval, or why there is none.

    Args:
        estimate: None where nothing could be computed.
        share: print as a percentage.
    """
    if estimate is None or estimate.value is None:
        return "not computable" + (f": {estimate.note}" if estimate and estimate.note else "")

    def number(x: float) -> str:
        return f"{100 * x:.0f}%" if share else f"{x:.2f}"

    if estimate.low is None or estimate.high is None:
        return f"{number(estimate.value)} ({estimate.note})"
    return f"{number(estimate.value)} [{number(estimate.low)}, {number(estimate.high)}]"


def n_of(estimate: Estimate) -> str:
    """Replies and, in brackets, clusters."""
    return f"{estimate.n} ({estimate.clusters})"
