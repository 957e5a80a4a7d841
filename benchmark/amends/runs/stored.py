"""What ``report`` takes: a run folder, a file of replies or exchanges, or annotations, as Results with texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from amends.arrow import parquet_names
from amends.dataset.folder import released_scenarios
from amends.errors import Problem, UsageError
from amends.jsonl import MAX_LINE, first_value, is_read_once, read
from amends.logs.annotations import hold_annotations, read_annotations
from amends.logs.cells import is_table
from amends.logs.imports.forms import starts_as_mbox
from amends.logs.reader import Source
from amends.logs.units import Log
from amends.records import Annotation, Annotator, Exchange, Json, Reply
from amends.results import Result, cluster_of
from amends.runs.columns import entered, is_calm, judged
from amends.runs.engine import Engine
from amends.runs.execute import Items
from amends.runs.lines import stored
from amends.runs.replies import expected_keys
from amends.runs.score import Tell, good_exchanges, score_file, scorer_card, tallied
from amends.runs.scoring import annotated
from amends.runs.settings import check_finished, read_settings
from amends.runs.tally import Customers, Tally
from amends.scorers.base import Scorer
from amends.signature import SEED

_TOGETHER = 1024


@dataclass(frozen=True, slots=True)
class Stored:
    """A Result with what its examples are taken from."""

    result: Result
    items: Items
    """Empty where the texts are not at hand."""
    customers: Customers | None = None
    """Who wrote; None where every reply is to a released scenario, or nobody knows."""
    missing: Sequence[Exchange] = ()
    """What a run was asked for and did not get; their texts are empty."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How files are read and judged."""

    scorer: Scorer
    """Judges texts that have no annotations yet."""
    tell: Tell
    """Told of each problem of the input."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Which column of a table holds a field."""
    log: Log = field(default_factory=Log)
    """How conversations of a help desk are read."""
    engine: Engine | None = None
    """Who scores; None this process."""
    max_line: int = MAX_LINE
    """Bytes a line may have."""
    keep: bool = True
    """Keep texts and judgements of files too; without, memory does not grow with them."""


def stored_results(
    what: str, reading: Reading, source: Callable[[], Mapping[str, Exchange]] | None = None
) -> list[Stored]:
    """Results of one WHAT: one of a run folder or a file of texts, one an annotator of a file of annotations.

    Args:
        what: the path.
        reading: how.
        source: gives the exchanges that annotations are about, by id; None where there is no ``--source``.

    Raises:
        InputError: a file fails as a whole.
        UsageError: a folder that is no run folder.
    """
    path = Path(what)
    if path.is_dir():
        return [_of_run(path)]
    if holds_annotations(what, reading.max_line):
        return _of_annotations(what, source() if source else {}, reading)
    columns = reading.columns if is_table(what) or reading.log.form == "messages" else {}
    table = Source(what, columns, reading.max_line, reading.log)
    if not reading.keep:
        scored = score_file(table, reading.scorer, tell=reading.tell, engine=reading.engine)
        return [] if scored.result is None else [Stored(scored.result, [], scored.customers)]
    items = list(annotated(reading.scorer, good_exchanges(table, reading.tell), 1))
    return _summed_up(tallied(items), table.file, table.unit, scorer_card(reading.scorer), items)


def holds_annotations(what: str, max_line: int = MAX_LINE) -> bool:
    """Whether a file's first good line is an annotation.

    Args:
        what: its path.
        max_line: bytes a line may have.
    """
    if what.lower().endswith(".parquet") and Path(what).is_file():
        return _parquet_of_annotations(what)
    if is_table(what) or what.lower().endswith((".json", ".mbox")):
        return False
    if is_read_once(what):
        first = first_value(what, max_line)
        return isinstance(first, dict) and hold_annotations(first)
    if starts_as_mbox(what):
        return False
    first = next((record for _, record in read(what, max_line) if not isinstance(record, Problem)), None)
    return isinstance(first, dict) and hold_annotations(first)


def _parquet_of_annotations(what: str) -> bool:
    try:
        return hold_annotations(parquet_names(what))
    except ValueError:
        return False  # whoever reads its rows says what is wrong with it


def _of_run(folder: Path) -> Stored:
    settings = read_settings(folder / "run.json")
    if settings is None:
        raise UsageError(f"{folder} is no run folder: it has no run.json")
    check_finished(folder)
    result = Result.from_dict(orjson.loads((folder / "result.json").read_bytes()))
    items = run_items(folder)
    return Stored(result, items, missing=run_missing(settings, items))


def run_items(folder: Path) -> Items:
    """Replies of a run folder beside their scenarios, with their annotations.

    Args:
        folder: of a finished run.

    Raises:
        InputError: a line of a file was damaged.
    """
    scenarios = released_scenarios()
    judged = {a.reply_id: a for a in stored(folder / "annotations.jsonl", Annotation.from_dict, "an annotation")}
    return [
        (Exchange.pair(scenarios[reply.scenario_id], reply), judged[reply.id])
        for reply in stored(folder / "replies.jsonl", Reply.from_dict, "a reply")
        if reply.scenario_id in scenarios and reply.id in judged
    ]


def run_missing(settings: Json, items: Items) -> list[Exchange]:
    """Replies that a run was asked for and did not get, with empty texts.

    Args:
        settings: of its run.json.
        items: what it got.
    """
    scenarios = released_scenarios()
    asked = [s for s in scenarios.values() if s.split == settings["set"]][: settings["limit"]]
    there = {(e.scenario_id, e.sample) for e, _ in items}
    return [
        Exchange.pair(scenarios[name], Reply(f"{name}.none.{sample}", name, "", sample))
        for name, sample in expected_keys(asked, settings["samples"])
        if (name, sample) not in there
    ]


def _of_annotations(what: str, texts: Mapping[str, Exchange], reading: Reading) -> list[Stored]:
    by_annotator: dict[Annotator, _Judgements] = {}
    for item in read_annotations(what, reading.max_line):
        if isinstance(item, Problem):
            reading.tell(item)
        else:
            by_annotator.setdefault(item.annotator, _Judgements(texts, reading.keep)).add(item)
    return [one for who, some in by_annotator.items() for one in some.stored(what, who)]


def _unit(what: str) -> str:
    """The unit that annotations of a log were made with, where the settings of that run stand beside them."""
    beside = Path(what + ".run.json")
    settings = (read_settings(beside) if beside.is_file() else None) or {}
    asked = settings.get("log") or {}
    return Log(asked.get("unit", "every"), keep=frozenset(asked.get("keep", ()))).tag


class _Judgements:
    """Annotations of one annotator, in columns."""

    def __init__(self, texts: Mapping[str, Exchange], keep: bool) -> None:
        self._texts = texts
        self._keep = keep
        self._scenarios = released_scenarios()
        self._waiting: list[Annotation] = []
        self._tally = Tally(SEED)
        self._items: Items = []

    def add(self, annotation: Annotation) -> None:
        """Take one."""
        self._waiting.append(annotation)
        if self._keep and annotation.reply_id in self._texts:
            self._items.append((self._texts[annotation.reply_id], annotation))
        if len(self._waiting) == _TOGETHER:
            self._settle()

    def _settle(self) -> None:
        waiting, self._waiting = self._waiting, []
        places = [self._place(annotation) for annotation in waiting]
        table = entered(waiting, [cluster for cluster, _ in places], [language for _, language in places])
        known = [self._texts.get(annotation.reply_id) for annotation in waiting]
        table["own"] = [annotation.scenario_id is None for annotation in waiting]
        table["calm"] = [exchange is not None and is_calm(exchange) for exchange in known]
        table["unknown"] = [exchange is None or exchange.context.emotion is None for exchange in known]
        for column in ("calm", "unknown"):
            table[column] &= table["own"]
        self._tally.extend(table, judged(waiting))

    def _place(self, annotation: Annotation) -> tuple[str, str | None]:
        """The cluster of a reply and its language."""
        exchange = self._texts.get(annotation.reply_id)
        scenario = self._scenarios.get(annotation.scenario_id or "")
        language = exchange.context.language if exchange else scenario.context.language if scenario else None
        meta = exchange.meta if exchange else annotation.meta
        return cluster_of(annotation.scenario_id, meta, annotation.reply_id), language

    def stored(self, what: str, who: Annotator) -> list[Stored]:
        """As of a file of texts."""
        self._settle()
        return _summed_up(self._tally, what, _unit(what), {**who.to_dict(), "weights": None}, self._items)


def _summed_up(tally: Tally, file: str, unit: str, scorer: Json, items: Items) -> list[Stored]:
    """The Result over the upset and those of whom nobody knows, and the others apart; nothing of no reply."""
    result = tally.result(file, unit, scorer)
    return [] if result is None else [Stored(result, items, tally.customers(file, unit, scorer))]
