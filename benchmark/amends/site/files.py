"""The board for programs: JSON with a schema, CSV whose text cells no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from amends.jsonl import dumps, pretty
from amends.leaderboard.board import Board, Row, Table
from amends.records import DIMENSIONS
from amends.reports import wording
from amends.results import Result
from amends.site.facts import Facts
from amends.site.tables import scorer_of, seen_of
from amends.statistics.estimate import Estimate

SCHEMA = 1
"""Version of the form of leaderboard.json."""
_FORMULA = tuple("=+-@\t\r\n") + ("＝", "＋", "－", "＠")
_MEASURES = [(d, field) for d in DIMENSIONS for field, *_ in wording.MEASURES]


def text_cell(value: object) -> str:
    """A text for a CSV file: one that a spreadsheet would take for a formula gets an apostrophe before it.

    Args:
        value: any; null characters, which break readers, are dropped.
    """
    plain = str(value).replace("\x00", "")
    bare = plain.lstrip(" \u00a0\u200b\ufeff")
    return "'" + plain if plain.startswith(_FORMULA) or bare.startswith(_FORMULA) else plain


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.6g}"


def _csv(head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows(rows)
    return out.getvalue().encode("utf-8", "replace")


def board_json(board: Board, facts: Mapping[str, Facts]) -> bytes:
    """leaderboard.json: everything but the slices, which stand in each entry's file."""
    document = {
        "schema": SCHEMA,
        "amends": board.version,
        "dataset": board.dataset,
        "scorers": [dict(scorer) for scorer in board.scorers],
        "facts": [found.raw for found in facts.values()],
        "tables": {name: _table(table) for name, table in board.tables.items()},
    }
    return pretty(document)


def _table(table: Table) -> dict[str, Any]:
    return {
        "tiers": {s: {d: [list(t) for t in tiers] for d, tiers in by.items()} for s, by in table.tiers.items()},
        "signatures": dict(table.signatures),
        "notes": list(table.notes),
        "rows": [_row(row) for row in table.rows],
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "name": row.name,
        "kind": row.kind,
        "verified": dict(row.verified) if row.verified else None,
        "project": row.project,
        "overlap": {**asdict(row.overlap), "share": row.overlap.share},
        "retrieval": row.retrieval,
        "unranked": row.unranked,
        "entry": dict(row.entry),
        "card": dict(row.card),
        "results": dict(row.results),
    }


def entry_json(board: Board, table: Table, row: Row) -> bytes:
    """An entry's file: its row with its slices."""
    head = {"schema": SCHEMA, "amends": board.version, "dataset": board.dataset, "set": table.set}
    return dumps({**head, **_row(row), "slices": row.slices})


def board_csv(board: Board) -> bytes:
    """leaderboard.csv: one line an entry and scorer."""
    head = ["set", "scorer", "name", "kind", "verified", "project", "retrieval", "unranked", "seen", "statement"]
    head += ["train_overlap", "replies", "scenarios", "no_reply"]
    head += [f"{d}_tier" for d in DIMENSIONS]
    head += [f"{d}_{field}{end}" for d, field in _MEASURES for end in ("", "_low", "_high", "_n")]
    return _csv([*head, "signature"], _board_rows(board))


def _board_rows(board: Board) -> Iterator[list[str]]:
    for table in board.tables.values():
        for scorer in (str(one["name"]) for one in board.scorers):
            for row in table.rows:
                if scorer in row.results:
                    yield _board_row(table, row, scorer)


def _board_row(table: Table, row: Row, scorer: str) -> list[str]:
    result = row.results[scorer]
    stated = row.entry.get("contamination")
    statement = stated.get("statement", "") if isinstance(stated, Mapping) else ""
    told = [table.set, _tag(result), row.name, row.kind, *_flags(row), row.unranked or "", seen_of(row), statement]
    cells = [text_cell(one) for one in told]
    cells += [_number(row.overlap.share), *[str(result.counts[k]) for k in ("replies", "clusters", "no_reply")]]
    for dimension in DIMENSIONS:
        tiers = table.tiers.get(scorer, {}).get(dimension, ())
        cells.append(next((str(n) for n, tier in enumerate(tiers, start=1) if row.name in tier), ""))
    for dimension, field in _MEASURES:
        one: Estimate = getattr(result.dimensions[dimension], field)
        cells += [_number(one.value), _number(one.low), _number(one.high), str(one.n)]
    return [*cells, text_cell(result.signature)]


def _flags(row: Row) -> list[str]:
    return ["yes" if flag else "no" for flag in (row.verified is not None, row.project, row.retrieval)]


def _tag(result: Result) -> str:
    return f"{result.scorer['name']}.{result.scorer['version']}"


_LONG = ["set", "scorer", "name", "what", "field", "value", "dimension", "measure"]
_LONG += ["estimate", "low", "high", "n", "clusters", "method", "note", "signature"]


def behaviours_csv(board: Board) -> bytes:
    """behaviours.csv: one line an entry, scorer and behaviour."""
    rows = (
        _long(table, row, scorer, ("behaviour", "", "", "", code), estimate)
        for table in board.tables.values()
        for row in table.rows
        for scorer, result in row.results.items()
        for code, estimate in result.behaviours.items()
    )
    return _csv(_LONG, rows)


def entry_csv(board: Board, table: Table, row: Row) -> bytes:
    """An entry's file: every number of it, one a line."""
    return _csv(_LONG, _entry_rows(board, table, row))


def _entry_rows(board: Board, table: Table, row: Row) -> Iterator[list[str]]:
    for scorer in (str(one["name"]) for one in board.scorers):
        result = row.results.get(scorer)
        if result is None:
            continue
        for dimension, field in _MEASURES:
            key = ("dimension", "", "", dimension, field)
            yield _long(table, row, scorer, key, getattr(result.dimensions[dimension], field))
        for code, estimate in result.behaviours.items():
            yield _long(table, row, scorer, ("behaviour", "", "", "", code), estimate)
        for number, estimate in result.steps.shares.items():
            yield _long(table, row, scorer, ("step", "", "", "", number), estimate)
        for slice_field, values in row.slices.items():
            for value, by in values.items():
                for dimension, field in _MEASURES if scorer in by else ():
                    key = ("slice", slice_field, value, dimension, field)
                    yield _long(table, row, scorer, key, getattr(by[scorer][dimension], field))


def _long(table: Table, row: Row, scorer: str, key: tuple[str, str, str, str, str], one: Estimate) -> list[str]:
    result = row.results[scorer]
    told = [text_cell(cell) for cell in (table.set, _tag(result), row.name, *key)]
    numbers = [_number(one.value), _number(one.low), _number(one.high), str(one.n), str(one.clusters)]
    return [*told, *numbers, *[text_cell(cell) for cell in (one.method or "", one.note or "", result.signature)]]


def tag_of(board: Board, scorer: str) -> str:
    """A scorer as signatures name it."""
    from amends.signature import scorer_tag

    one = scorer_of(board, scorer)
    return scorer_tag(str(one["name"]), one["version"], one.get("weights"))
