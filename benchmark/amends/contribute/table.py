"""Many examples at once, from a CSV or XLSX table: a row an example, columns named as the fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from amends.contribute.examine import Item
from amends.contribute.form import LICENCE, WRITTEN, Unclear, read_behaviours, read_turns
from amends.errors import Problem, UsageError, unknown_name
from amends.jsonl import parse
from amends.logs.sheets import Sheet, numbered_rows, write_sheet
from amends.records import DIMENSIONS, Json

_SCENARIO = ("language", "domain", "channel", "fault", "relationship", "company", "customer_org", "emotion")
COLUMNS = (
    "id", "scenario_id", *_SCENARIO, "intensity", "authority", "customer", "turns", "reply", *DIMENSIONS,
    "behaviours", "reason", "names", "credit", "written", "model", "agreed",
)  # fmt: skip
"""Every column there is; only reply is needed, and one of customer, turns and scenario_id."""

ABOUT = ("credit", "written", "model", "agreed")
"""Columns that the command line can say for all rows."""

_TEMPLATE = {
    "id": "heron-1",
    "language": "en",
    "domain": "kite repair",
    "channel": "chat",
    "fault": "company",
    "relationship": "new",
    "company": "Spindrift Kites",
    "emotion": "anger",
    "intensity": "4",
    "authority": "May repair again free of charge and refund the repair fee.",
    "customer": "You stitched the sail of my kite with fishing line and it came apart on the first gust.",
    "reply": "Apart on the first gust: that is our stitching. A new sail leaves our bench on Tuesday, free of charge.",
    "empathy": "3",
    "depersonalization": "4",
    "excuse_avoidance": "5",
    "behaviours": "X2: that is our stitching",
    "reason": "Owns the fault and says what happens by when; the feeling is hardly met.",
    "names": "",
    "credit": "heron",
    "written": "person",
    "agreed": "yes",
}
_NOTES = (
    "One row an example. Overwrite the example row. Only reply is needed, and one of customer, turns and scenario_id.",
    "scenario_id: you answer a released scenario of train; leave the scenario's columns empty then.",
    "turns: a conversation, with Customer: or Agent: at the beginning of a line; customer: one text.",
    "behaviours: one a line, a code and words of the reply. names: the invented ones, with ; between",
    f"written: {', '.join(WRITTEN)}. agreed: yes, if whoever wrote the texts agrees to {LICENCE}.",
)


def write_template(path: Path) -> None:
    """Write an empty table with one example row.

    Args:
        path: .csv or .xlsx (extra ``sheets``).

    Raises:
        UsageError: another ending, or the file is there.
    """
    if path.exists():
        raise UsageError(f"{path} is there already; name another file")
    choices: dict[str, Sequence[str]] = dict.fromkeys(DIMENSIONS, tuple("12345"))
    choices |= {"written": tuple(WRITTEN), "agreed": ("yes", "no")}
    write_sheet(path, Sheet(COLUMNS, [[_TEMPLATE.get(name, "") for name in COLUMNS]], choices, _NOTES))


def parse_columns(pairs: Iterable[str]) -> dict[str, str]:
    """``reply=body,customer=message``: field to the column that holds it.

    Raises:
        UsageError: a part has no ``=`` or names an unknown field.
    """
    mapping: dict[str, str] = {}
    for part in (p for pair in pairs for p in pair.split(",") if p.strip()):
        name, equals, column = (piece.strip() for piece in part.partition("="))
        if not equals or not column:
            raise UsageError(f"--columns wants FIELD=COLUMN, found {part!r}")
        if name not in COLUMNS:
            raise unknown_name("field in --columns", name, COLUMNS)
        mapping[name] = column.lower()
    return mapping


def read_table(
    path: Path, columns: Mapping[str, str], about: Mapping[str, str], day: str
) -> tuple[list[Item], list[Problem]]:
    """Examples of a table.

    Args:
        path: .csv or .xlsx.
        columns: field to the column that holds it, where the names differ.
        about: what holds for all rows that do not say it themselves (``ABOUT``).
        day: of the consent, ISO.

    Returns:
        One example a row that has a reply's cell or a problem elsewhere; cells that cannot be read as problems.

    Raises:
        UsageError: the file cannot be read, or lacks a column.
    """
    rows = numbered_rows(path)
    headings = {name for _, row in rows for name in row}
    if missing := sorted(f"{f}={c}" for f, c in columns.items() if c not in headings):
        raise UsageError(f"--columns {', '.join(missing)}: {path} has the columns {', '.join(sorted(headings))}")
    source = {name: columns.get(name, name) for name in COLUMNS if columns.get(name, name) in headings}
    if rows and ("reply" not in source or not {"customer", "turns", "scenario_id"} & set(source)):
        raise UsageError(
            f"{path} has the columns {', '.join(sorted(headings))}; it needs reply, and customer, turns or scenario_id "
            "(--columns FIELD=COLUMN names them, --template OUT.csv writes a table to fill in)"
        )
    items, found = [], []
    for number, row in rows:
        cells = {name: row.get(column, "") or "" for name, column in source.items()}
        cells = {name: "" if not text.strip() else text for name, text in cells.items()}
        cells |= {name: value for name, value in about.items() if not cells.get(name)}
        if all(cells.get(name) == _TEMPLATE[name] for name in ("customer", "reply")):
            words = ("$", "the example row of the template", "rows of your own", "overwrite it, or delete the row")
            found.append(Problem(str(path), number, *words))
            continue
        example, wrong = _example(cells, f"{path.stem}-{number}", day)
        items.append(Item(example, str(path), number))
        found += [Problem(str(path), number, *words) for words in wrong]
    return items, found


_Words = tuple[str, str, str, str]


def _example(cells: Mapping[str, str], key: str, day: str) -> tuple[Json, list[_Words]]:
    wrong: list[_Words] = []

    def tried(name: str, read: Callable[[str], Any]) -> Any:
        text = cells.get(name, "")
        if not text:
            return None
        try:
            return read(text)
        except (Unclear, ValueError) as error:
            wrong.append((f"$.{name}", repr(text[:60]), f"a cell that can be read ({error})", "mend the cell"))
            return None

    if cells.get("turns") and cells.get("customer"):
        wrong.append(("$.customer", "a text beside turns", "customer or turns", "empty one of the two cells"))
    made: Json = {"id": cells.get("id", "").strip() or key}
    if cells.get("scenario_id"):
        made["scenario_id"] = cells["scenario_id"].strip()
    if turns := tried("turns", _turns) or (
        [{"role": "customer", "text": cells["customer"].strip()}] if cells.get("customer") else None
    ):
        context: Json = {name: cells.get(name, "").strip() or None for name in _SCENARIO}
        context["language"] = context["language"] or "en"
        context |= {"intensity": tried("intensity", _whole), "authority": cells.get("authority", "").strip() or None}
        made["scenario"] = context | {"turns": turns}
    made["reply"] = cells.get("reply", "").strip()
    levels = {d: level for d in DIMENSIONS if (level := tried(d, _whole)) is not None}
    spans = tried("behaviours", lambda text: read_behaviours(text, made["reply"]))
    labels = {"levels": levels, "behaviours": spans, "reason": cells.get("reason", "").strip()}
    if labels := {name: value for name, value in labels.items() if value}:
        made["labels"] = labels
    agreed = cells.get("agreed", "").strip().casefold() in ("yes", "y", "true", "1")
    made["consent"] = {"licence": LICENCE, "agreed": agreed, "day": day}
    made |= {name: cells[name].strip() for name in ("credit", "written", "model") if cells.get(name)}
    if names := [name.strip() for name in re.split("[;,\n]", cells.get("names", "")) if name.strip()]:
        made["names"] = [*dict.fromkeys(names)]
    return made, wrong


def _turns(text: str) -> list[Json]:
    if text.lstrip().startswith("["):
        try:
            turns: list[Json] = parse(text)
        except orjson.JSONDecodeError:
            raise Unclear(
                'a list like [{"role": "customer", "text": "..."}], or lines with Customer: and Agent:'
            ) from None
        return turns
    return read_turns(text)


def _whole(text: str) -> int:
    """A whole number; spreadsheets write 4 as 4.0 too."""
    try:
        number = float(text)
    except ValueError:
        raise Unclear("a whole number") from None
    if not number.is_integer():
        raise Unclear("a whole number")
    return int(number)
