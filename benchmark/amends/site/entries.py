"""The page of one entry by one scorer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from amends.leaderboard.board import Board, Row, Table
from amends.records import DIMENSIONS
from amends.reports import examples, picture, wording
from amends.results import DimensionResult, Result
from amends.rubric.definitions import behaviours, rubric
from amends.site import choice, names
from amends.site.shown import Cell, Words, cell, cells, fields, words
from amends.site.slicing import FIELDS
from amends.site.tables import SEEN, Tier, seen_of, tiers_of

_AXES = {"share": (0.0, 1.0), "level": (1.0, 5.0)}
_OWN = ("name", "set", "dataset", "data", "kind", "submitted", "credit", "contamination", "settings", "schema", "meta")
FEW = 10
"""Under so many scenarios a slice is marked as small."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A number with its picture."""

    field: str
    name: str
    counts: str
    cell: Cell
    track: picture.Track | None


@dataclass(frozen=True, slots=True)
class Panel:
    """One dimension."""

    code: str
    name: str
    question: str
    tier: Tier | None
    tiers: int
    total: int
    stack: list[picture.Block]
    levels: list[tuple[int, str, int, str]]
    """Number, name, replies and share of each level."""
    measures: list[Measure]
    bounds: str
    not_scored: int


@dataclass(frozen=True, slots=True)
class Rate:
    """A behaviour or a step."""

    code: str
    name: str
    positive: bool
    cell: Cell
    track: picture.Track | None


@dataclass(frozen=True, slots=True)
class Slice:
    """Part of the replies."""

    value: Words
    n: str
    small: str
    """What a reader must know of its size; empty where there is enough."""
    dimensions: list[list[Cell]]


def page_values(board: Board, table: Table, row: Row, scorer: str, items: Sequence[examples.Item]) -> dict[str, Any]:
    """What the template of an entry's page may name.

    Args:
        board: the whole of it.
        table: the one that the entry stands in.
        row: the entry.
        scorer: by which.
        items: its replies with this scorer's annotations, for the examples.
    """
    result = row.results[scorer]
    reached = picture.reach(result)
    return {
        "name": row.name,
        "kind": row.kind,
        "scorer": scorer,
        "result": result,
        "scorer_line": wording.scorer_line(result),
        "set_line": wording.set_line(result),
        "others": [(s, _file(board, row.name, s), s == scorer) for s in row.results],
        **_stated(row),
        "panels": _panels(table, row, scorer, reached),
        "middle": picture.middle(reached),
        "top": f"{picture.top_rate(result.behaviours.values()):g}",
        "rates": _rates(result),
        "steps": _steps(result),
        "in_order": cell("share", wording.in_order(result), "share"),
        "mean_steps": cell("rate", result.steps.mean_steps, "steps"),
        "flags": [count for count in wording.flag_counts(result) if count.count],
        "left_out": wording.left_out(result),
        "slices": [(field, _slices(row, scorer, field)) for field in FIELDS if row.slices.get(field)],
        "rule": choice.RULE,
        "groups": choice.groups(items),
        "given": len(items),
    }


def _file(board: Board, name: str, scorer: str) -> str:
    return names.entry_page(board, name, scorer).removeprefix("entries/")


def _stated(row: Row) -> dict[str, Any]:
    """What the submitter says, as words that are shown and never believed."""
    card, entry = row.card, row.entry
    stated = entry.get("contamination")
    contamination = stated if isinstance(stated, Mapping) else {}
    settings = entry.get("settings")
    command = card.get("command")
    return {
        "verified": {key: words(value) for key, value in row.verified.items()} if row.verified else None,
        "project": row.project,
        "retrieval": row.retrieval,
        "unranked": words(row.unranked or ""),
        "overlap": row.overlap,
        "seen": SEEN.get(seen_of(row), SEEN["unknown"]),
        "statement": words(contamination.get("statement") or "No statement was made."),
        "description": words(card.get("description") or ""),
        "version": words(card.get("version") or "not given"),
        "licence": words(card.get("licence") or "not given"),
        "command": words(" ".join(str(part) for part in command)) if isinstance(command, list) else (),
        "submitted": words(entry.get("submitted") or "not given"),
        "credit": words(entry.get("credit") or "not given"),
        "dataset": words("@".join(str(entry[key]) for key in ("dataset", "data") if entry.get(key)) or "not given"),
        "settings": fields(settings) if isinstance(settings, Mapping) else [],
        "more": fields({key: value for key, value in entry.items() if key not in _OWN}),
    }


def _panels(table: Table, row: Row, scorer: str, reached: tuple[float, float]) -> list[Panel]:
    tiers = tiers_of(table, scorer)
    result = row.results[scorer]
    return [
        _panel(d, result.dimensions[d["code"]], tiers[d["code"]], None if row.unranked else row.name, reached)
        for d in rubric()["dimensions"]
    ]


def _panel(
    dimension: Mapping[str, Any],
    found: DimensionResult,
    tiers: Mapping[str, Tier],
    name: str | None,
    reached: tuple[float, float],
) -> Panel:
    total = sum(found.levels.values())
    levels = []
    for level in dimension["levels"]:
        count = found.levels.get(str(level["level"]), 0)
        levels.append((level["level"], level["name"], count, wording.part(count, total)))
    bounds = ""
    if found.bounds is not None:
        low, high = (wording.digits(end, "level") for end in found.bounds)
        bounds = f"With the replies that were not given at level 1 or at level 5, the mean would be {low} or {high}."
    return Panel(
        dimension["code"],
        dimension["name"],
        dimension["question"],
        tiers.get(name) if name else None,
        max((tier.number for tier in tiers.values()), default=0),
        total,
        picture.stack(found.levels, reached),
        levels,
        [
            Measure(field, title, counts, made, picture.track(getattr(found, field), *_AXES[unit]))
            for (field, title, counts, unit), made in zip(wording.MEASURES, cells(found), strict=True)
        ],
        bounds,
        found.not_scored,
    )


def _rates(result: Result) -> list[tuple[str, list[Rate]]]:
    """Plus behaviours, then minus, the most frequent first."""
    top = picture.top_rate(result.behaviours.values())
    known = behaviours()
    parts = []
    for title, sign in (("Plus: what serves the customer", True), ("Minus: what costs a level", False)):
        chosen = [(known[c], rate) for c, rate in result.behaviours.items() if c in known and known[c].positive == sign]
        chosen.sort(key=lambda pair: (-1.0 if pair[1].value is None else pair[1].value, pair[0].code), reverse=True)
        made = [
            Rate(
                wording.signed(definition),
                wording.spoken(definition.name),
                sign,
                cell("rate", rate, "rate"),
                picture.track(rate, 0.0, top),
            )
            for definition, rate in chosen
        ]
        parts.append((title, made))
    return parts


def _steps(result: Result) -> list[Rate]:
    return [
        Rate(
            str(step["number"]),
            step["name"],
            step["kind"] == "personal",
            cell("share", share := result.steps.shares[str(step["number"])], "share"),
            picture.track(share, 0.0, 1.0),
        )
        for step in rubric()["steps"]
    ]


def _slices(row: Row, scorer: str, field: str) -> list[Slice]:
    made = []
    for value, by in sorted(row.slices.get(field, {}).items()):
        if scorer in by:
            shares = by[scorer][DIMENSIONS[0]].breach
            made.append(
                Slice(words(wording.spoken(value)), f"{shares.n:,} ({shares.clusters:,})", small(shares.clusters), [
                    cells(by[scorer][d]) for d in DIMENSIONS
                ])
            )  # fmt: skip
    return made


def small(clusters: int) -> str:
    """What a reader must know of a slice's size.

    Args:
        clusters: scenarios in it.
    """
    from amends.statistics.clusters import MIN_CLUSTERS

    if clusters < MIN_CLUSTERS:
        return "too few for an interval"
    return "few" if clusters < FEW else ""
