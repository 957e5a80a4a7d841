"""A Result's replies by a field: one row a group, each with n and intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from amends.errors import UsageError
from amends.logs.fields import names_people, reader
from amends.records import Annotation, Exchange
from amends.results import DimensionResult, Row, cluster_of, dimension_results, missing_row, row_of
from amends.runs.tally import covered

FEWEST = 30
"""Replies under which nothing is said of a single person."""
CAUTION = (
    "Labels are observers' judgement of wording, made for comparing many replies. They are not for decisions about "
    "single employees: agents get different cases, and a scorer errs more on some than on others."
)
APART = "The rows are not tested against each other; `amends compare` does that, clusters and all."


@dataclass(frozen=True, slots=True)
class Groups:
    """Replies by the values of a field."""

    field: str
    groups: Mapping[str, Mapping[str, DimensionResult]]
    """Value to dimension; most replies first."""
    replies: Mapping[str, int]
    """Value to replies."""
    without: int
    """Replies that do not have the field: in no row."""
    hidden: int
    """Persons of whom too little is there to say anything."""
    hidden_replies: int
    persons: bool
    """The field names single people."""

    def to_dict(self) -> dict[str, Any]:
        """As ``--json`` prints it."""
        return asdict(self) | {"caution": CAUTION if self.persons else None}


def grouped(
    items: Sequence[tuple[Exchange, Annotation]], field: str, seed: int, missing: Sequence[Exchange] = ()
) -> Groups:
    """Replies by a field: those that the Result covers, so without customers who are not upset where others are.

    Args:
        items: judged exchanges.
        field: a FIELD.
        seed: of the resampling.
        missing: replies that were asked for and not given; they count as in the Result.

    Raises:
        UsageError: no texts are at hand, or no reply has the field.
    """
    if not items and not missing:
        raise UsageError(f"--by {field} needs the exchanges; with annotations alone, name them with --source FILE")
    of = reader(field)
    rows: dict[str, list[Row]] = {}
    without = 0
    for exchange, annotation in [*covered(items), *((exchange, None) for exchange in missing)]:
        value = of(exchange)
        if value is None:
            without += 1
            continue
        cluster = cluster_of(exchange.scenario_id, exchange.meta, exchange.id)
        row = missing_row(cluster) if annotation is None else row_of(annotation, cluster, exchange.context.language)
        rows.setdefault(str(value), []).append(row)
    if not rows:
        own = sorted({f"meta.{key}" for exchange, _ in items for key in exchange.meta})
        raise UsageError(f"no reply has {field}; fields of its own: {', '.join(own) or 'none'}")
    persons = names_people(field)
    hidden = {value for value, found in rows.items() if persons and len(found) < FEWEST}
    shown = sorted(rows.keys() - hidden, key=lambda value: (-len(rows[value]), value))
    return Groups(
        field,
        {value: dimension_results(rows[value], seed) for value in shown},
        {value: len(rows[value]) for value in shown},
        without,
        len(hidden),
        sum(len(rows[value]) for value in hidden),
        persons,
    )
