"""Replies by a field, and who wrote, as plain text."""

from __future__ import annotations

import textwrap

from amends.reports import wording
from amends.rubric.definitions import dimension_names
from amends.runs.groups import APART, CAUTION, FEWEST, Groups
from amends.runs.tally import Customers
from amends.terminal import WIDTH, plain, table_text


def groups_text(found: Groups, signature: str) -> str:
    """One table a dimension, one row a group.

    Args:
        found: the groups.
        signature: of the Result whose replies they are.
    """
    tables = []
    for dimension, name in dimension_names().items():
        rows = []
        for value, by in found.groups.items():
            cells = [plain(value)[:40]]
            for field, _, _, unit in wording.MEASURES:
                number = wording.printed(getattr(by[dimension], field), unit)
                cells += [number.value if number.known else "-", number.interval if number.bounded else "-"]
            rows.append((*cells, wording.printed(by[dimension].breach, "share").n))
        headings = (found.field, *[h for _, title, _, _ in wording.MEASURES for h in (f">{title}", ">95%")], ">n")
        tables.append(table_text(headings, rows, f"{name} by {plain(found.field)}"))
    told = [APART, "A dash: under five clusters there is no interval."] if found.groups else []
    absent = sum(by["empathy"].breach.n - by["empathy"].mean.n for by in found.groups.values())
    if absent:
        told.append(f"n is of breach and full: {absent:,} replies were not given, and no mean level covers them.")
    if found.without:
        told.append(f"{found.without:,} replies have no {plain(found.field)}: in no row.")
    if found.hidden:
        told.append(f"{found.hidden:,} with under {FEWEST} replies ({found.hidden_replies:,} in all) are hidden.")
    if found.persons:
        told.append(CAUTION)
    note = textwrap.fill(" ".join(told), WIDTH) + "\n"
    return "\n".join([*(tables if found.groups else []), note, f"{plain(signature)}\n"])


def customers_note(found: Customers | None) -> str:
    """Which customers a Result covers, where that needs a word; ends with a blank line.

    Args:
        found: who wrote, where that is known.
    """
    told = customers_told(found, "stand apart, below")
    return textwrap.fill(told, WIDTH) + "\n\n" if told else ""


def customers_told(found: Customers | None, rest: str) -> str:
    """The same in one line; empty where it needs no word.

    Args:
        found: who wrote, where that is known.
        rest: where the replies to customers who are not upset are.
    """
    if found is None:
        return ""
    told = []
    if found.unknown:
        total = found.unknown + found.upset + found.calm
        told.append(
            f"The emotion of the customer is unknown in {found.unknown:,} of {total:,} replies: they are covered as "
            "well, since who is not upset could not be told apart (the field emotion; none is a customer who is not)."
        )
    if found.calm and found.rest is None:
        told.append(f"No customer is upset: the numbers are of {found.calm:,} replies to customers who are not.")
    elif found.calm:
        told.append(f"{found.calm:,} replies to customers who are not upset (emotion is none) {rest}.")
    return " ".join(told)


def all_covered(found: Customers | None) -> str:
    """What numbers that cover every reply must say beside a Result that covers the upset; empty where it does not.

    Args:
        found: who wrote, where that is known.
    """
    if found is None or found.rest is None:
        return ""
    told = (
        f"Numbers corrected by labels, and outcomes, cover every reply: the {found.calm:,} to customers who are not "
        "upset as well, which the scorer's own table leaves out."
    )
    return textwrap.fill(told, WIDTH) + "\n"


def rest_text(found: Customers | None) -> str:
    """The numbers of replies to customers who are not upset; empty where there are none, or only those.

    Args:
        found: who wrote, where that is known.
    """
    if found is None or found.rest is None:
        return ""
    rows = []
    for dimension, name in dimension_names().items():
        for field, title, _, unit in wording.MEASURES:
            number = wording.printed(getattr(found.rest.dimensions[dimension], field), unit)
            rows.append((name if field == "breach" else "", title, number.value, number.interval, number.n))
    headings = ("Dimension", "Measure", ">Value", ">95% interval", ">n")
    return f"{table_text(headings, rows, 'Customers who are not upset')}\n{plain(found.rest.signature)}\n"
