"""What is compared: each side's replies with their judgements, whatever file or folder they come from."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from amends.comparison.units import Item, Rows, Unit, Units
from amends.dataset.folder import released_scenarios
from amends.errors import Problem, UsageError
from amends.jsonl import MAX_LINE, canonical
from amends.logs.annotations import read_annotations
from amends.logs.cells import is_table
from amends.logs.fields import reader
from amends.logs.reader import Source
from amends.logs.units import Log
from amends.records import DIMENSIONS, Annotation, Annotator, Exchange, Reply
from amends.results import row_of
from amends.runs.columns import digest_of
from amends.runs.estimates import codes_of
from amends.runs.score import Tell, good_exchanges, scorer_card
from amends.runs.scoring import annotated
from amends.runs.settings import check_finished, read_settings
from amends.runs.spool import Spool
from amends.runs.stored import holds_annotations, run_items, run_missing
from amends.scorers.base import Scorer

__all__ = ["STRATA", "Fields", "Side", "Unit", "hashable", "load_side", "named_apart"]

STRATA = ("channel", "domain", "fault", "intensity")
"""Context fields over which unpaired logs are standardised."""

_NO_LEVELS: Mapping[str, float | None] = dict.fromkeys(DIMENSIONS)


@dataclass(frozen=True, slots=True)
class Fields:
    """Which fields pair and cluster replies."""

    pair_by: str | None = None
    """None: ``scenario_id`` where both sides have it, else unpaired."""
    clusters: tuple[str, ...] = ()
    """Empty: the pairing key where paired, the scenario or the exchange where not."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Which column of a table holds a field; for the sides that are tables."""
    max_line: int = MAX_LINE
    """Bytes a line may have."""
    log: Log = field(default_factory=Log)
    """How conversations of a help desk are read."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the things compared."""

    name: str
    units: Sequence[Unit]
    judge: Mapping[str, Any]
    """Name, version and weights of the scorer, or the annotator."""
    digest: str
    """Of its records, 12 hex."""
    samples: int
    """Most replies that one scenario has."""
    unit: str | None = None
    """Which replies of a help desk's conversations; None where each reply stands on its own."""

    @property
    def table(self) -> Units:
        """Its replies in columns."""
        return Units.of(self.units)

    @property
    def tag(self) -> str:
        """As a signature's ``data`` names it."""
        return f"{self.name.replace('|', '_')}@{self.digest}"


def load_side(
    what: str, scorer: Scorer, source: Callable[[], Mapping[str, Exchange]] | None, fields: Fields, tell: Tell
) -> Side:
    """Read one side: a run folder, replies, exchanges, or the annotations of one annotator.

    Args:
        what: the path.
        scorer: judges texts that have no annotations yet.
        source: gives the exchanges that annotations are about; None where there is no ``--source``.
        fields: what pairs and clusters.
        tell: told of each problem of the input.

    Raises:
        InputError: the file fails as a whole.
        UsageError: no run folder, annotations of several annotators, no good line, or an unknown field.
    """
    path = Path(what)
    if path.is_dir():
        return _of_run(path, fields)
    if holds_annotations(what, fields.max_line):
        return _of_annotations(path, source() if source else {}, fields, tell)
    table = is_table(what) or fields.log.form == "messages"
    source_of = Source(what, fields.columns if table else {}, fields.max_line, fields.log)
    gathered = _Gathered(path.name, fields)
    for pair in annotated(scorer, good_exchanges(source_of, tell), 1):
        gathered.add(*pair)
    if not len(gathered):
        raise UsageError(f"{what} holds no good line")
    unit = fields.log.tag if what in fields.log.tallies else None
    return replace(gathered.side(scorer_card(scorer)), unit=unit)


def named_apart(sides: Sequence[Side], what: Sequence[str]) -> list[Side]:
    """Sides of one name bear the path that they were given by.

    Args:
        sides: as loaded.
        what: the path of each.
    """
    names = [side.name for side in sides]
    return [
        replace(side, name=path) if names.count(side.name) > 1 else side for side, path in zip(sides, what, strict=True)
    ]


def _of_run(folder: Path, fields: Fields) -> Side:
    settings = read_settings(folder / "run.json")
    if settings is None:
        raise UsageError(f"{folder} is no run folder: it has no run.json")
    check_finished(folder)
    items = run_items(folder)
    gathered = _Gathered(folder.name, fields)
    for pair in items:
        gathered.add(*pair)
    for exchange in run_missing(settings, items):
        gathered.add(exchange, None)
    return gathered.side(settings["scorer"])


def _of_annotations(path: Path, texts: Mapping[str, Exchange], fields: Fields, tell: Tell) -> Side:
    makers: set[Annotator] = set()
    scenarios = released_scenarios()
    gathered = _Gathered(path.name, fields)
    for item in read_annotations(str(path), fields.max_line):
        if isinstance(item, Problem):
            tell(item)
            continue
        makers.add(item.annotator)
        scenario = scenarios.get(item.scenario_id or "")
        # what an annotation says of its exchange itself
        talk = {key: value for key, value in item.meta.items() if key == "conversation"}
        bare = Exchange(item.reply_id, (), "", scenario_id=item.scenario_id, meta=talk)
        if scenario is not None:
            bare = Exchange.pair(scenario, Reply(item.reply_id, scenario.id, ""))
        gathered.add(texts.get(item.reply_id, bare), item)
    if len(makers) != 1:
        names = ", ".join(sorted(maker.name for maker in makers)) or "none"
        raise UsageError(f"{path} must hold the annotations of one annotator, and holds those of: {names}")
    hint = "" if texts else "; annotations hold none of their exchanges, name those with --source FILE"
    return gathered.side({**makers.pop().to_dict(), "weights": None}, hint)


class _Gathered:
    """A side as its replies come in."""

    def __init__(self, name: str, fields: Fields) -> None:
        """None yet."""
        self._name = name
        self._pairing = reader(fields.pair_by or "scenario_id")
        self._grouping = [reader(name) for name in fields.clusters]
        self._asked = [*([fields.pair_by] if fields.pair_by else []), *fields.clusters]
        self._unseen = {name: reader(name) for name in self._asked}
        self._meta: set[str] = set()
        self._spool = Spool()
        self._rows = Rows(len(self._grouping), self._item)
        self._records: list[bytes] = []
        self._count = 0

    def __len__(self) -> int:
        """Replies so far."""
        return self._count

    def _item(self, row: int) -> Item | None:
        if row >= len(self._spool):
            return None
        exchange, annotation = self._spool[row]
        return Exchange.from_dict(exchange), Annotation.from_dict(annotation)

    def add(self, exchange: Exchange, annotation: Annotation | None) -> None:
        """Take a reply; all that have a judgement come first.

        Args:
            exchange: the reply.
            annotation: None where it was asked for and is not there.
        """
        record = exchange.to_dict()
        self._enter(hashlib.sha256(canonical(record)).digest())
        key = hashable(self._pairing(exchange))
        own = (
            key,
            # a reply of no known cluster stands alone, or with the reply that it is paired with
            tuple(
                ("alone", key if key is not None else (self._name, exchange.id))
                if (c := hashable(group(exchange))) is None
                else c
                for group in self._grouping
            ),
            tuple(getattr(exchange.context, field) for field in STRATA),
        )
        if annotation is None:
            self._rows.add(Unit(exchange.id, *own, _NO_LEVELS, frozenset(), False, None), "")
            return
        self._note(exchange)
        self._spool.add([record, annotation.to_dict()])
        row = row_of(annotation, exchange.id, exchange.context.language)
        codes = frozenset(b.code for b in row.behaviours)
        talk = exchange.meta.get("conversation")
        talk = talk if isinstance(talk, str) else None
        self._rows.add(Unit(exchange.id, *own, row.levels, codes, row.given, None, talk), exchange.reply)

    def _enter(self, digest: bytes) -> None:
        """Take a record's checksum for the digest; by the thousand they are one text each."""
        self._records.append(digest)
        self._count += 1
        if self._count % 1024 == 0:
            self._records[-1024:] = [b"".join(self._records[-1024:])]

    def _note(self, exchange: Exchange) -> None:
        """Which of the FIELDs asked for have been seen, and what else there is while one has not."""
        if self._unseen:
            self._unseen = {name: of for name, of in self._unseen.items() if of(exchange) is None}
            self._meta |= exchange.meta.keys()

    def side(self, judge: Mapping[str, Any], hint: str = "") -> Side:
        """The side whole.

        Args:
            judge: name, version and weights.
            hint: what to do where a FIELD is not there.

        Raises:
            UsageError: a FIELD that no reply has: it would make one cluster, or no pair, of everything.
        """
        for name in self._asked if len(self._spool) else ():
            if name in self._unseen:
                own = ", ".join(sorted(f"meta.{key}" for key in self._meta)) or "none"
                raise UsageError(f"no reply of {self._name} has {name}; fields of its own: {own}{hint}")
        digest = digest_of([np.frombuffer(b"".join(self._records), dtype="S32")])
        self._records = []
        units = Units(self._rows)
        return Side(self._name, units, judge, digest, _samples(units))


def _samples(units: Units) -> int:
    """Most replies that one key has."""
    return int(np.bincount(codes_of(units.key.keys[units.keyed])).max()) if units.keyed.any() else 1


def hashable(value: Any) -> Hashable:
    """A value of ``meta`` as something to group by: lists, objects and numbers by their text.

    Args:
        value: any JSON value.
    """
    if isinstance(value, (dict, list)):
        return repr(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        # a table holds "3" where JSON holds 3
        return str(int(value)) if value == int(value) else repr(value)
    plain: Hashable = value
    return plain
