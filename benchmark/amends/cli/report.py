"""``report``: run folders, replies, exchanges or annotations as tables, JSON or a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import click

from amends.cli.log_options import log_document, log_options, print_log
from amends.cli.shared import (
    ProblemPrinter,
    cores,
    input_options,
    jobs_option,
    keep_inputs,
    labels_options,
    scorer_option,
)
from amends.comparison.corrected import CorrectedSide, corrected_side
from amends.comparison.outcome import Outcome, outcome
from amends.comparison.sides import Fields, Side, load_side
from amends.errors import UsageError
from amends.jsonl import is_read_once, pretty, write_whole
from amends.logs.cells import is_table
from amends.logs.labels import read_labels
from amends.logs.reader import Source
from amends.logs.tables import parse_columns
from amends.logs.units import Log
from amends.records import Exchange
from amends.reports import REPORTS
from amends.reports.corrected import corrected_text
from amends.reports.groups import all_covered, customers_note, customers_told, groups_text, rest_text
from amends.reports.outcome import outcome_text
from amends.reports.page import report as html_page
from amends.runs.engine import Local
from amends.runs.groups import Groups, grouped
from amends.runs.score import good_exchanges
from amends.runs.stored import Reading, Stored, stored_results
from amends.runs.tally import covered
from amends.scorers import load_scorer
from amends.scorers.base import Scorer
from amends.signature import SEED


@dataclass(frozen=True, slots=True)
class _Extra:
    """What was asked for beside the Results: one of each for each WHAT, or none."""

    corrected: list[CorrectedSide]
    outcomes: list[Outcome]
    groups: list[Groups]


@click.command()
@click.argument("what", nargs=-1, required=True)
@click.option("--source", metavar="FILE", help="Replies or exchanges that hold the texts of annotations.")
@labels_options
@click.option("--outcome", "outcome_field", metavar="FIELD", help="Levels against CSAT, re-contact ... (meta.NAME).")
@click.option("--by", "by_field", metavar="FIELD", help="A row for each value of FIELD, e.g. meta.team.")
@click.option("--cluster", metavar="FIELD", help="Clusters for --labels and --outcome, e.g. meta.agent.")
@scorer_option
@input_options
@log_options
@jobs_option
@click.option("--html", "page", type=click.Path(path_type=Path, dir_okay=False), metavar="OUT", help="Write a page.")
@click.option("--json", "as_json", is_flag=True, help="The Results as JSON on standard output.")
def command(
    what: tuple[str, ...],
    source: str | None,
    labels: tuple[str, ...],
    assume_random: bool,
    outcome_field: str | None,
    by_field: str | None,
    cluster: str | None,
    scorer_name: str,
    columns: tuple[str, ...],
    max_line: int,
    log: Log,
    jobs: int | None,
    page: Path | None,
    as_json: bool,
) -> int:
    """Report WHAT: a run folder, replies, exchanges, or annotations.

    Replies and exchanges without annotations are scored on the way. The texts of annotations come from --source;
    without it the report leaves them out and says so. With --labels the scorer's numbers are corrected by the labels
    of a part that was drawn by lot; with --outcome levels stand against what happened after the reply.
    """
    if any(map(is_read_once, what)) and (labels or outcome_field):
        raise UsageError(
            "--labels and --outcome read their file twice, which standard input or a pipe cannot be; save it first"
        )
    keep_inputs("--html", page, [*what, source, *labels])
    if cluster is not None and not (labels or outcome_field):
        raise UsageError(
            "--cluster is for --labels and --outcome, and neither is given: the intervals of a report take scenarios, "
            "or conversations, whole. `amends compare` takes agents whole"
        )
    tell = ProblemPrinter()

    def texts() -> Mapping[str, Exchange]:
        return {
            e.id: e if keep or wanted else replace(e, turns=(), reply="")
            for e in good_exchanges(Source(source or "", named if is_table(source or "") else {}, max_line, log), tell)
        }

    # only a page, rows by a field and corrections look at the replies one by one
    keep, wanted = page is not None or by_field is not None, bool(labels or outcome_field)
    scorer, named = load_scorer(scorer_name), parse_columns(columns)
    reading = Reading(scorer, tell, named, log, Local(cores(jobs)), max_line, keep)
    stored = [s for one in what for s in stored_results(one, reading, texts if source else None)]
    fields = Fields(None, (cluster,) if cluster else (), named, max_line, log)
    sides = _sides(what, scorer, texts if source else None, fields) if wanted else []
    corrected = _corrected(sides, labels, assume_random, tell) if labels else []
    outcomes = [outcome(side, outcome_field) for side in sides] if outcome_field else []
    groups = [grouped(one.items, by_field, SEED, one.missing) for one in stored] if by_field else []
    if page is not None:
        _write_page(page, stored)
        if corrected or outcomes or groups:
            click.echo(
                "the page shows the scorer's own numbers; --labels, --outcome and --by print here only", err=True
            )
    extra = _Extra(corrected, outcomes, groups)
    click.echo(_json(stored, extra, log) if as_json else _text(stored, extra), nl=False)
    print_log(log)
    tell.close("every good line is reported")
    return 1 if tell.count else 0


def _json(stored: list[Stored], extra: _Extra, log: Log) -> str:
    documents = [s.result.to_dict() for s in stored]
    for document, one in zip(documents, extra.corrected, strict=False):
        document["corrected"] = one.to_dict()
    for document, found in zip(documents, extra.outcomes, strict=False):
        document["outcome"] = found.to_dict()
    for document, rows in zip(documents, extra.groups, strict=False):
        document["by"] = rows.to_dict()
    for document, own in zip(documents, stored, strict=True):
        if own.customers is not None:
            document["customers"] = own.customers.to_dict()
    if len(documents) == 1:
        documents[0] |= log_document(log)
    return pretty(documents[0] if len(documents) == 1 else documents).decode()


def _text(stored: list[Stored], extra: _Extra) -> str:
    texts = [customers_note(s.customers) + REPORTS["terminal"](s.result, ()) for s in stored]
    texts += [text for s in stored if (text := rest_text(s.customers))]
    texts += [groups_text(rows, s.result.signature) for rows, s in zip(extra.groups, stored, strict=False)]
    if extra.corrected or extra.outcomes:
        texts += [text for s in stored if (text := all_covered(s.customers))]
    texts += [corrected_text(one) for one in extra.corrected]
    texts += [outcome_text(found) for found in extra.outcomes]
    return "\n".join(texts)


def _sides(
    what: tuple[str, ...],
    scorer: Scorer,
    source: Callable[[], Mapping[str, Exchange]] | None,
    fields: Fields,
) -> list[Side]:
    """Each WHAT reply by reply; problems of its lines were told when it was first read."""
    return [load_side(one, scorer, source, fields, lambda problem: None) for one in what]


def _corrected(
    sides: list[Side], labels: tuple[str, ...], assume_random: bool, tell: ProblemPrinter
) -> list[CorrectedSide]:
    found = read_labels(labels)
    for problem in found.problems:
        tell(problem)
    return [corrected_side(side, found, assume_random) for side in sides]


def _write_page(page: Path, stored: list[Stored]) -> None:
    if len(stored) != 1:
        raise UsageError(f"--html takes one Result, and here are {len(stored)}; name one WHAT of one annotator")
    one = stored[0]
    told = customers_told(one.customers, "are left out here; the terminal and --json show them")
    write_whole(page, html_page(one.result, covered(one.items), told).encode())
    click.echo(f"report: {page}", err=True)
