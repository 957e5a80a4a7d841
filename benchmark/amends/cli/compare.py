"""``compare``: generators, logs, before/after groups."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import orjson

from amends.cli.log_options import log_document, log_options, print_log
from amends.cli.shared import ProblemPrinter, input_options, keep_inputs, labels_options, scorer_option
from amends.comparison.blinded import Blinded, Rated, blinded, key_name, rated
from amends.comparison.control import ASSIGNMENTS, compare_controlled
from amends.comparison.corrected import corrected_changes, corrected_side
from amends.comparison.several import compare_several
from amends.comparison.sides import Fields, Side, load_side, named_apart
from amends.comparison.two import Asked, compare_two
from amends.errors import UsageError
from amends.jsonl import pretty, write_whole
from amends.logs.cells import is_table
from amends.logs.labels import read_labels
from amends.logs.reader import Source
from amends.logs.sheets import read_sheet, write_sheet
from amends.logs.tables import parse_columns
from amends.logs.units import Log
from amends.records import Exchange
from amends.reports.blinded import rated_text
from amends.reports.comparison import comparison_text, controlled_text, several_text
from amends.reports.corrected import corrected_changes_text, corrected_text
from amends.runs.score import good_exchanges
from amends.runs.spool import SpooledExchanges
from amends.scorers import load_scorer
from amends.signature import SEED


@click.command()
@click.argument("what", nargs=-1, required=True, metavar="A B [C ...]")
@click.option("--pair-by", metavar="FIELD", help="What pairs replies.  [default: scenario_id where both sides have it]")
@click.option("--cluster", multiple=True, metavar="FIELD", help="What is resampled whole, e.g. meta.agent; repeatable.")
@click.option("--source", metavar="FILE", help="Replies or exchanges that hold the texts of annotations.")
@click.option(
    "--control",
    nargs=2,
    metavar="BEFORE AFTER",
    help="A control group: difference in differences; --cluster names the agents.",
)
@click.option(
    "--assignment",
    type=click.Choice(ASSIGNMENTS),
    default="unknown",
    show_default=True,
    help="How agents came into the treated and the control group.",
)
@click.option(
    "--margin", type=click.FloatRange(min=0, min_open=True), metavar="M", help="Levels: no worse, equivalent."
)
@labels_options
@click.option("--sheet", type=click.Path(path_type=Path, dir_okay=False), metavar="OUT", help="Blinded pairs to judge.")
@click.option("--ratings", multiple=True, type=click.Path(path_type=Path), metavar="IN", help="A filled sheet.")
@click.option("--key", type=click.Path(path_type=Path), metavar="FILE", help="The sheet's key.  [default: IN.key.json]")
@scorer_option
@click.option("--seed", type=int, default=SEED, show_default=True, help="Of the draws.")
@input_options
@log_options
@click.option("--json", "as_json", is_flag=True, help="As JSON on standard output.")
def command(
    what: tuple[str, ...],
    pair_by: str | None,
    cluster: tuple[str, ...],
    source: str | None,
    control: tuple[str, str] | None,
    assignment: str,
    margin: float | None,
    labels: tuple[str, ...],
    assume_random: bool,
    sheet: Path | None,
    ratings: tuple[Path, ...],
    key: Path | None,
    scorer_name: str,
    seed: int,
    columns: tuple[str, ...],
    max_line: int,
    log: Log,
    as_json: bool,
) -> int:
    """Compare B with A: run folders, replies, exchanges, or annotations of one annotator each.

    Leads with the probability that B's reply is better than A's, then the change in breach and full shares and in
    the mean level. With more than two, all pairs and tiers of significance.
    """
    if len(what) < 2:
        raise UsageError("compare takes two or more: A B [C ...]")
    keep_inputs("--sheet", sheet, [*what, source])
    tell = ProblemPrinter()
    loaded = SpooledExchanges()
    named = parse_columns(columns)
    of_source = Source(source or "", named if is_table(source or "") else {}, max_line, log)

    def texts() -> Mapping[str, Exchange]:
        for exchange in () if loaded else good_exchanges(of_source, tell):
            loaded.add(exchange)
        return loaded

    scorer, fields = load_scorer(scorer_name), Fields(pair_by, cluster, named, max_line, log)

    def side(one: str) -> Side:
        return load_side(one, scorer, texts if source else None, fields, tell)

    _refuse_what_does_not_go_together(what, control, margin, labels, sheet, ratings)
    if sheet is not None or ratings:
        if control is not None or len(what) != 2 or (sheet is not None and ratings):
            raise UsageError("--sheet and --ratings take exactly two sides, no --control, and not each other")
        sides = side(what[0]), side(what[1])
        if sheet is not None:
            _write(sheet, blinded(*sides, seed))
        else:
            _print_rated(rated(*sides, _read_key(key, ratings[0]), [read_sheet(r) for r in ratings], seed), as_json)
        print_log(log)
        tell.close("every good line is compared")
        return 1 if tell.count else 0
    if labels and (control is not None or len(what) != 2):
        raise UsageError("--labels takes exactly two sides and no --control")
    paths = (*what, *(control or ()))
    loaded_sides = named_apart([side(one) for one in paths], paths)
    text, document = _compared(loaded_sides, control is not None, Asked(pair_by, cluster, margin, seed), assignment)
    if labels:
        sides = loaded_sides[0], loaded_sides[1]
        more, extra = _with_labels(sides, labels, assume_random, tell)
        text, document = f"{more}\n{text}", document | {"corrected": extra}
    click.echo(pretty(document | log_document(log)).decode() if as_json else text, nl=False)
    print_log(log)
    tell.close("every good line is compared")
    return 1 if tell.count else 0


def _write(path: Path, made: Blinded) -> None:
    write_sheet(path, made.sheet)
    beside = Path(key_name(str(path)))
    write_whole(beside, pretty(made.key))
    click.echo(f"sheet: {path} ({len(made.sheet.rows):,} pairs); keep {beside} from the raters", err=True)


def _read_key(key: Path | None, first: Path) -> dict[str, Any]:
    path = key or Path(key_name(str(first)))
    if not path.is_file():
        raise UsageError(f"{path} is not there: the key that was written with the sheet; name it with --key")
    try:
        read: dict[str, Any] = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError:
        read = {}
    if not isinstance(read, dict) or not isinstance(read.get("pairs"), dict) or "data" not in read:
        raise UsageError(f"{path} is no key of a sheet (FILE.key.json, as --sheet writes it)")
    return read


def _print_rated(found: Rated, as_json: bool) -> None:
    click.echo(pretty(found.to_dict()).decode() if as_json else rated_text(found), nl=False)


def _with_labels(
    sides: tuple[Side, Side], labels: tuple[str, ...], assume_random: bool, tell: ProblemPrinter
) -> tuple[str, dict[str, Any]]:
    found = read_labels(labels)
    for problem in found.problems:
        tell(problem)
    changes, adjusted = corrected_changes(*sides, found, assume_random)
    each = [corrected_side(side, found, assume_random, sides) for side in sides]
    document = {
        "changes": {d: {m: t.estimate.to_dict() for m, t in by.items()} for d, by in changes.items()},
        "p_adjusted": adjusted,
        "sides": [one.to_dict() for one in each],
    }
    return "\n".join([corrected_changes_text(changes, adjusted, found.makers), *map(corrected_text, each)]), document


def _compared(sides: list[Side], controlled: bool, asked: Asked, assignment: str) -> tuple[str, dict[str, Any]]:
    if controlled:
        against = compare_controlled(sides, assignment, asked.seed)
        return controlled_text(against), against.to_dict()
    if len(sides) > 2:
        several = compare_several(sides, asked.seed)
        return several_text(several), several.to_dict()
    found = compare_two(sides[0], sides[1], asked)
    return comparison_text(found), found.to_dict()


def _refuse_what_does_not_go_together(
    what: tuple[str, ...],
    control: tuple[str, str] | None,
    margin: float | None,
    labels: tuple[str, ...],
    sheet: Path | None,
    ratings: tuple[Path, ...],
) -> None:
    context = click.get_current_context()
    cluster = context.params["cluster"]
    if control is not None and len(what) != 2:
        raise UsageError("--control takes exactly A (treated, before) and B (treated, after)")
    if control is not None and not cluster:
        raise UsageError("--control needs --cluster FIELD: the agents, e.g. --cluster meta.agent")
    if len(what) > 2 and (cluster or margin is not None):
        raise UsageError("--cluster and --margin take exactly two sides")
    if control is not None and margin is not None:
        raise UsageError("--margin is not for --control: it asks about two sides")
    if margin is not None and not math.isfinite(margin):
        raise UsageError(f"--margin must be a number of levels above 0, not {margin}")
    if (sheet is not None or ratings) and (labels or margin is not None):
        raise UsageError("--sheet and --ratings go without --labels and --margin")
    if sheet is not None and sheet.exists():
        raise UsageError(f"--sheet {sheet} is there, and may hold somebody's ratings; name a new file")
    if sheet is not None and Path(key_name(str(sheet))).exists():
        raise UsageError(f"{key_name(str(sheet))} is there: a sheet that raters have needs it; name a new --sheet")
    if ratings and cluster:
        raise UsageError("--ratings takes pairs as they are; leave --cluster out")
    given = context.get_parameter_source("assignment")
    if control is None and given is not None and given.name == "COMMANDLINE":
        raise UsageError("--assignment says how agents came into the groups of --control, which is not given")
