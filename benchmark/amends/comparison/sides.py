"""What is compared: each side's replies with their judgements, whatever file or folder they come from."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from amends.dataset.folder import released_scenarios
from amends.errors import Problem, UsageError
from amends.jsonl import MAX_LINE
from amends.logs.annotations import read_annotations
from amends.logs.cells import is_table
from amends.logs.fields import reader
from amends.logs.reader import Source
from amends.logs.units import Log
from amends.records import DIMENSIONS, Annotation, Exchange, Reply
from amends.results import row_of
from amends.runs.replies import expected_keys
from amends.runs.score import Tell, good_exchanges, scorer_card
from amends.runs.scoring import annotated
from amends.runs.settings import read_settings
from amends.runs.stored import holds_annotations, run_items
from amends.scorers.base import Scorer
from amends.signature import digest

STRATA = ("channel", "domain", "fault", "intensity")
"""Context fields over which unpaired logs are standardised."""


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
class Unit:
    """One reply that was asked for."""

    id: str
    key: Hashable
    """What pairs it with replies of the other side; None where it has none."""
    clusters: tuple[Hashable, ...]
    """Its label in each grouping; empty where none was named."""
    stratum: tuple[Any, ...]
    """Its values of STRATA."""
    levels: Mapping[str, float | None]
    behaviours: frozenset[str]
    given: bool
    """False where the generator gave no reply."""
    item: tuple[Exchange, Annotation] | None
    """Text and judgement, for the examples."""
    conversation: str | None = None
    """Of a help desk: replies in one are alike."""

    def judged(self, dimension: str) -> bool:
        """It counts on this dimension: a level, or no reply given at all."""
        return not self.given or self.levels[dimension] is not None


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
    if holds_annotations(what):
        return _of_annotations(path, source() if source else {}, fields, tell)
    table = is_table(what) or fields.log.form == "messages"
    source_of = Source(what, fields.columns if table else {}, fields.max_line, fields.log)
    items = list(annotated(scorer, good_exchanges(source_of, tell), 1))
    if not items:
        raise UsageError(f"{what} holds no good line")
    unit = fields.log.tag if what in fields.log.tallies else None
    return replace(_side(path.name, items, scorer_card(scorer), fields), unit=unit)


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
    if settings is None or not (folder / "result.json").is_file():
        state = "not finished; run the same command again" if settings is not None else "no run folder"
        raise UsageError(f"{folder}: {state}")
    scenarios = released_scenarios()
    items = run_items(folder)
    asked = [s for s in scenarios.values() if s.split == settings["set"]][: settings["limit"]]
    there = {(e.scenario_id, e.sample) for e, _ in items}
    missing = [
        Exchange.pair(scenarios[key[0]], Reply(f"{key[0]}.none.{key[1]}", key[0], "", key[1]))
        for key in expected_keys(asked, settings["samples"])
        if key not in there
    ]
    return _side(folder.name, items, settings["scorer"], fields, missing)


def _of_annotations(path: Path, texts: Mapping[str, Exchange], fields: Fields, tell: Tell) -> Side:
    good: list[Annotation] = []
    for item in read_annotations(str(path)):
        if isinstance(item, Problem):
            tell(item)
        else:
            good.append(item)
    makers = {a.annotator for a in good}
    if len(makers) != 1:
        names = ", ".join(sorted(maker.name for maker in makers)) or "none"
        raise UsageError(f"{path} must hold the annotations of one annotator, and holds those of: {names}")
    scenarios = released_scenarios()
    items = []
    for a in good:
        scenario = scenarios.get(a.scenario_id or "")
        bare = Exchange(a.reply_id, (), "", scenario_id=a.scenario_id)
        if scenario is not None:
            bare = Exchange.pair(scenario, Reply(a.reply_id, scenario.id, ""))
        items.append((texts.get(a.reply_id, bare), a))
    maker = next(iter(makers))
    return _side(path.name, items, {**maker.to_dict(), "weights": None}, fields)


def _side(
    name: str,
    items: Sequence[tuple[Exchange, Annotation]],
    judge: Mapping[str, Any],
    fields: Fields,
    missing: Sequence[Exchange] = (),
) -> Side:
    pairing = reader(fields.pair_by or "scenario_id")
    grouping = [reader(name) for name in fields.clusters]
    _known([e for e, _ in items], name, [*([fields.pair_by] if fields.pair_by else []), *fields.clusters])
    units: list[Unit] = []
    seen: dict[Hashable, int] = {}
    for exchange, annotation in [*items, *[(exchange, None) for exchange in missing]]:
        key = hashable(pairing(exchange))
        if key is not None:
            seen[key] = seen.get(key, 0) + 1
        own = (
            key,
            # a reply of no known cluster stands alone, or with the reply that it is paired with
            tuple(
                ("alone", key if key is not None else (name, exchange.id))
                if (c := hashable(group(exchange))) is None
                else c
                for group in grouping
            ),
            tuple(getattr(exchange.context, field) for field in STRATA),
        )
        if annotation is None:
            units.append(Unit(exchange.id, *own, dict.fromkeys(DIMENSIONS), frozenset(), False, None))
            continue
        row = row_of(annotation, exchange.id, exchange.context.language)
        codes = frozenset(b.code for b in row.behaviours)
        item = (exchange, annotation) if exchange.reply else None
        talk = exchange.meta.get("conversation")
        talk = talk if isinstance(talk, str) else None
        units.append(Unit(exchange.id, *own, row.levels, codes, row.given, item, talk))
    records = digest([*[e.to_dict() for e, _ in items], *[e.to_dict() for e in missing]])
    return Side(name, units, judge, records, max(seen.values(), default=1))


def _known(exchanges: Sequence[Exchange], side: str, asked: Sequence[str]) -> None:
    """Refuse a FIELD that no reply has: it would make one cluster, or no pair, of everything."""
    for name in asked:
        of = reader(name)
        if not exchanges or any(of(e) is not None for e in exchanges):
            continue
        own = sorted({f"meta.{key}" for e in exchanges for key in e.meta})
        raise UsageError(f"no reply of {side} has {name}; fields of its own: {', '.join(own) or 'none'}")


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
