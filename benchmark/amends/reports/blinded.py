"""What raters of a blinded sheet said, as plain text."""

from __future__ import annotations

from amends.comparison.blinded import Rated
from amends.reports import wording
from amends.rubric.definitions import dimension_names
from amends.terminal import plain, table_text


def rated_text(found: Rated) -> str:
    """P(B better) by people, and how often the scorer prefers the same reply.

    Args:
        found: what the raters said.
    """
    rows: list[tuple[str, ...]] = []
    for dimension, name in dimension_names().items():
        one = found.dimensions[dimension]
        number = wording.printed(one.better.estimate, "share")
        p = "none" if one.p_adjusted is None else "<0.001" if one.p_adjusted < 0.001 else f"{one.p_adjusted:.3f}"
        both, same = one.same_as_scorer
        agree = f"{same:,} of {both:,}"
        rows.append((name, number.value, number.interval, number.n, p, agree, f"{found.empty[dimension]:,}"))
    headings = ("Dimension", ">B better", ">95% interval", ">n", ">p, Holm", ">Scorer agrees", ">Empty")
    who = "1 rater" if found.raters == 1 else f"{found.raters} raters"
    title = f"{plain(found.sides[1])} against {plain(found.sides[0])}, judged blind by {who} (ties half)"
    return f"{table_text(headings, rows, title)}\n{plain(found.signature)}\n"
