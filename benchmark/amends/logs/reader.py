"""Any file that ``score`` and ``run`` take, as exchanges: replies beside their scenarios, or whole exchanges.

What kind a file holds is decided by the keys of its first good record; a record of the other kind is a problem
of its line. Bad lines are Problems in the stream; every other line is an exchange.
"""

from __future__ import annotations

import difflib
import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from amends.errors import Problem, UsageError
from amends.jsonl import MAX_LINE, is_read_once, read
from amends.logs.cells import TABLES, table_rows
from amends.logs.imports import forms
from amends.logs.rules import Tally
from amends.logs.tables import read_csv, read_parquet
from amends.logs.units import Log, units
from amends.records import Exchange, Reply, Scenario
from amends.schema import problems

_COMPARED = 40
"""Longest unknown id that is compared with the known ones."""

SUFFIXES = (".jsonl", ".jsonl.gz", ".jsonl.zst", ".csv", ".parquet")
_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read, and how."""

    file: str
    """Path, or ``-`` for JSON lines on standard input."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Field to the column that holds it (CSV and Parquet)."""
    max_line: int = MAX_LINE
    """Bytes a line may have."""
    log: Log = field(default_factory=Log)
    """How conversations of a help desk are read, and where is told what became of them."""

    @property
    def unit(self) -> str:
        """Which replies of a conversation it gives, as a signature says it; known once it was read."""
        return self.log.tag if self.file in self.log.tallies else "every"


def records(source: Source) -> Iterator[tuple[int, Any]]:
    """Numbered JSON values of a file of any form, or Problems.

    Raises:
        InputError: the file fails as a whole.
        UsageError: ``columns`` do not fit, or are given for JSON lines.
    """
    file = source.file
    if file.lower().endswith(".csv"):
        return read_csv(file, source.columns, source.max_line)
    if file.lower().endswith(".parquet"):
        return read_parquet(file, source.columns)
    if source.columns:
        raise UsageError("--columns is for .csv and .parquet files")
    return read(file, source.max_line)


def kind_of(record: Any) -> str | None:
    """``exchange`` (turns and reply), ``reply`` (scenario_id and text), or None where the keys do not say."""
    if not isinstance(record, dict):
        return None
    if "turns" in record and "reply" in record:
        return "exchange"
    if "scenario_id" in record and "text" in record:
        return "reply"
    return None


def read_exchanges(
    source: Source,
    scenarios: Callable[[], Mapping[str, Scenario]],
    values: Iterator[tuple[int, Any]] | None = None,
) -> Iterator[tuple[int, Exchange | Problem]]:
    """Exchanges of a file of replies, of self-contained exchanges, or of a help desk's conversations.

    Args:
        source: the file.
        scenarios: gives the scenarios by id; called only for a file of replies.
        values: the numbered JSON values of standard input, where somebody has begun to read it; None reads the file.

    Yields:
        Line number with an exchange, or with one of the line's problems (a line may have several).

    Raises:
        InputError: the file fails as a whole.
        UsageError: options and file do not go together.
    """
    form = forms.form_of(source.file, source.columns, source.log)
    if form not in (None, "table"):
        yield from _of_conversations(source, form or "", lambda: _values(source, form))
        return
    if form is None:
        stream = values or forms.json_items(source.file, source.max_line)
        head, shape = _shape(stream)
        if shape is not None:
            # a file can be opened again for a second reading, standard input and a pipe cannot
            again = itertools.chain(head, stream) if is_read_once(source.file) else None
            yield from _of_conversations(source, shape, lambda: again or _values(source, shape))
            return
        if source.columns:
            raise UsageError("--columns is for .csv and .parquet files")
        stream = itertools.chain(head, stream)
    else:
        stream = records(source)
    yield from _of_records(source, Reader(source.file, scenarios), stream)


def refuse_units(source: Source) -> None:
    """Refuse options that are for conversations, where a file holds replies or exchanges.

    Args:
        source: the file.

    Raises:
        UsageError: ``--unit`` or ``--keep`` is given.
    """
    asked = source.log
    if asked.unit != "every" or asked.keep:
        option = f"--unit {asked.unit}" if asked.unit != "every" else "--keep"
        raise UsageError(
            f"{option} is for conversations, and {source.file} holds replies or exchanges, each on its own; leave it "
            "out, or give the conversations (Zendesk, Intercom, mbox, or one row a message)"
        )


def _of_records(
    source: Source, reader: Reader, stream: Iterator[tuple[int, Any]]
) -> Iterator[tuple[int, Exchange | Problem]]:
    """Replies and exchanges, each on its own."""
    refuse_units(source)
    mask = source.log.mask
    for number, record in stream:
        if isinstance(record, Problem):
            yield number, record
            continue
        for item in reader.judge(number, record):
            yield number, mask(item, ()) if mask is not None and isinstance(item, Exchange) else item


def _shape(stream: Iterator[tuple[int, Any]]) -> tuple[list[tuple[int, Any]], str | None]:
    """What was read to see the shape of the first good value, and that shape."""
    head = []
    for number, value in stream:
        head.append((number, value))
        if not isinstance(value, Problem):
            return head, forms.shape_of(value)
    return head, None


def _values(source: Source, form: str | None) -> Iterator[tuple[int, Any]]:
    if source.file.lower().endswith(TABLES):
        return table_rows(source.file, source.max_line)
    return forms.json_items(source.file, source.max_line)


def _of_conversations(
    source: Source, form: str, values: Callable[[], Iterator[tuple[int, Any]]]
) -> Iterator[tuple[int, Exchange | Problem]]:
    """Exchanges of a help desk's export, and its problems."""
    log = source.log
    if source.columns and form != "messages":
        raise UsageError(f"--columns is for tables and messages, and {source.file} is read as {form}")
    tally = log.tallies[source.file] = Tally(source.file, form, log.unit)
    for number, item in forms.conversations(source.file, form, values, source.columns, log):
        if isinstance(item, Problem):
            yield number, item
            continue
        for exchange in units(item, log, tally):
            yield number, exchange if log.mask is None else log.mask(exchange, item.names)


class Reader:
    """State over the lines of one file: its kind, the ids seen, the scenarios once they are needed."""

    def __init__(
        self,
        file: str,
        scenarios: Callable[[], Mapping[str, Scenario]],
        kind: str | None = None,
        once: Callable[[str, int], int] | None = None,
    ) -> None:
        """Nothing read yet.

        Args:
            file: its name, for the problems.
            scenarios: gives the scenarios by id; called only for a file of replies.
            kind: what the lines before decided; None where nothing is decided.
            once: told of each id with its line, gives the line that had it first; None keeps the ids here.
        """
        self._file = file
        self._give_scenarios = scenarios
        self._scenarios: Mapping[str, Scenario] | None = None
        self.kind = kind
        """``exchange`` or ``reply`` once a good line decided it."""
        self._first: dict[str, int] = {}
        self._once = once or self._first.setdefault

    def judge(self, number: int, record: Any) -> Iterator[Exchange | Problem]:
        """The exchange that a record is, or its problems.

        Args:
            number: its line.
            record: any JSON value.
        """
        kind = kind_of(record) or self.kind or _likely(record)
        if kind is None:
            yield Problem(
                self._file,
                number,
                "$",
                _keys(record),
                "a reply (id, scenario_id, text) or an exchange (id, turns, reply)",
                "rename its fields" if isinstance(record, dict) else "give each record a line of its own",
            )
            return
        found = problems(record, kind, self._file, number)
        if found:
            yield from found
        elif self.kind not in (None, kind):
            yield self._mixed(number, kind)
        elif (first := self._once(record["id"], number)) != number:
            yield repeated_id(self._file, number, record["id"], first)
        else:
            yield from self._accept(number, kind, record)

    def _mixed(self, number: int, kind: str) -> Problem:
        names = {"reply": "a reply (scenario_id, text)", "exchange": "an exchange (turns, reply)"}
        return Problem(
            self._file,
            number,
            "$",
            names[kind],
            f"{names[self.kind or kind]} as in the lines before",
            "put the two kinds into two files",
        )

    def _accept(self, number: int, kind: str, record: dict[str, Any]) -> Iterator[Exchange | Problem]:
        self.kind = kind
        if kind == "exchange":
            yield Exchange.from_dict(record)
            return
        if self._scenarios is None:
            self._scenarios = self._give_scenarios()
        scenario = self._scenarios.get(record["scenario_id"])
        if scenario is None:
            yield unknown_scenario(self._file, number, record["scenario_id"], self._scenarios)
        else:
            yield Exchange.pair(scenario, Reply.from_dict(record))


def repeated_id(file: str, line: int, name: str, first: int) -> Problem:
    """The problem of an id that an earlier line has."""
    shown = f'"{name}" again (first in line {first})'
    return Problem(file, line, "$.id", shown, "an id used once in the file", "rename or remove it")


def unknown_scenario(file: str, line: int, asked: str, known: Mapping[str, Scenario]) -> Problem:
    """The problem of a reply to a scenario that is not there."""
    # a misspelt id is short and close; comparing a text of any length with every id would cost more than it gives
    close = difflib.get_close_matches(asked, known, n=1, cutoff=0.8) if len(asked) <= _COMPARED else []
    remedy = f"perhaps {close[0]} is meant" if close else "use an id of data/scenarios.jsonl, or give turns and reply"
    return Problem(file, line, "$.scenario_id", f'"{asked}"', f"one of the {len(known)} known scenarios", remedy)


def _likely(record: Any) -> str | None:
    """What a record that lacks a field was most likely meant to be."""
    if not isinstance(record, dict):
        return None
    if "turns" in record or "reply" in record:
        return "exchange"
    return "reply" if "scenario_id" in record or "text" in record else None


def _keys(record: Any) -> str:
    if isinstance(record, dict):
        names = ", ".join(map(str, record)) or "no fields"
        return f"an object with {names}" if len(names) <= _SHOWN else f"an object with {names[:_SHOWN]}..."
    names_of = {str: "a text", bool: "true or false", list: "a list", type(None): "null"}
    return names_of.get(type(record), "a number") + ", no object"
