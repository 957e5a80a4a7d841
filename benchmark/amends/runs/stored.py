"""What ``report`` takes: a run folder, a file of replies or exchanges, or annotations, as Results with texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson

from amends.dataset.folder import released_scenarios
from amends.errors import Problem, UsageError
from amends.jsonl import read
from amends.logs.annotations import read_annotations
from amends.logs.cells import is_table
from amends.logs.imports.forms import starts_as_mbox
from amends.logs.reader import Source
from amends.logs.units import Log
from amends.records import Annotation, Annotator, Exchange, Reply
from amends.results import About, Result, cluster_of, row_of, summarise
from amends.runs.execute import Items
from amends.runs.lines import stored
from amends.runs.score import Tell, good_exchanges, scorer_card, tallied
from amends.runs.scoring import annotated
from amends.runs.settings import read_settings
from amends.runs.tally import Customers
from amends.scorers.base import Scorer
from amends.signature import SEED, digest


@dataclass(frozen=True, slots=True)
class Stored:
    """A Result with what its examples are taken from."""

    result: Result
    items: Items
    """Empty where the texts are not at hand."""
    customers: Customers | None = None
    """Who wrote; None where every reply is to a released scenario, or nobody knows."""


def stored_results(
    what: str,
    scorer: Scorer,
    source: Callable[[], Mapping[str, Exchange]] | None,
    tell: Tell,
    columns: Mapping[str, str] | None = None,
    log: Log | None = None,
) -> list[Stored]:
    """Results of one WHAT: one of a run folder or a file of texts, one an annotator of a file of annotations.

    Args:
        what: the path.
        scorer: judges texts that have no annotations yet.
        source: gives the exchanges that annotations are about, by id; None where there is no ``--source``.
        tell: told of each problem of the input.
        columns: which column of a table holds a field.
        log: how conversations of a help desk are read.

    Raises:
        InputError: a file fails as a whole.
        UsageError: a folder that is no run folder.
    """
    path = Path(what)
    if path.is_dir():
        return [_of_run(path)]
    if holds_annotations(what):
        return _of_annotations(what, source() if source else {}, tell)
    log = log or Log()
    table = Source(what, (columns or {}) if is_table(what) or log.form == "messages" else {}, log=log)
    items = list(annotated(scorer, good_exchanges(table, tell), 1))
    tally, card = tallied(items), scorer_card(scorer)
    result = tally.result(table, card)
    return [] if result is None else [Stored(result, items, tally.customers(table, card))]


def holds_annotations(what: str) -> bool:
    """Whether a file's first good line is an annotation.

    Args:
        what: its path.
    """
    if is_table(what) or what == "-" or what.lower().endswith((".json", ".mbox")) or starts_as_mbox(what):
        return False
    first = next((record for _, record in read(what) if not isinstance(record, Problem)), None)
    return isinstance(first, dict) and "annotator" in first and "levels" in first


def _of_run(folder: Path) -> Stored:
    path = folder / "result.json"
    if not path.is_file():
        state = "not finished; run the same command again" if (folder / "run.json").is_file() else "no run folder"
        raise UsageError(f"{folder} holds no result.json: {state}")
    result = Result.from_dict(orjson.loads(path.read_bytes()))
    return Stored(result, run_items(folder))


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


def _of_annotations(what: str, texts: Mapping[str, Exchange], tell: Tell) -> list[Stored]:
    by_annotator: dict[Annotator, list[Annotation]] = {}
    for item in read_annotations(what):
        if isinstance(item, Problem):
            tell(item)
        else:
            by_annotator.setdefault(item.annotator, []).append(item)
    return [_of_annotator(what, who, some, texts) for who, some in by_annotator.items()]


def _unit(what: str) -> str:
    """The unit that annotations of a log were made with, where the settings of that run stand beside them."""
    beside = Path(what + ".run.json")
    settings = (read_settings(beside) if beside.is_file() else None) or {}
    asked = settings.get("log") or {}
    return Log(asked.get("unit", "every"), keep=frozenset(asked.get("keep", ()))).tag


def _of_annotator(what: str, who: Annotator, judged: list[Annotation], texts: Mapping[str, Exchange]) -> Stored:
    scenarios = released_scenarios()
    rows = []
    for annotation in judged:
        exchange = texts.get(annotation.reply_id)
        scenario = scenarios.get(annotation.scenario_id or "")
        language = exchange.context.language if exchange else scenario.context.language if scenario else None
        meta = exchange.meta if exchange else annotation.meta
        rows.append(row_of(annotation, cluster_of(annotation.scenario_id, meta, annotation.reply_id), language))
    name = Path(what).name.replace("|", "_")
    about = About(
        {"kind": "file", "name": name, "version": None},
        name,
        digest(annotation.to_dict() for annotation in judged),
        {**who.to_dict(), "weights": None},
        SEED,
        _unit(what),
    )
    items = [(texts[a.reply_id], a) for a in judged if a.reply_id in texts]
    return Stored(summarise(rows, about), items)
