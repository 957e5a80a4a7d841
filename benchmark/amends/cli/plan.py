"""``plan``: how many replies, scenarios, agents a comparison needs."""

from __future__ import annotations

import math
from pathlib import Path

import click

from amends.cli.log_options import log_options, print_log
from amends.cli.shared import ProblemPrinter, input_options, keep_inputs, scorer_option
from amends.comparison.planning import SIZES, Planned, Wanted, plan_from_gold, plan_from_pilot
from amends.comparison.sides import Fields, load_side
from amends.dataset.folder import SPLITS, released
from amends.errors import UsageError
from amends.jsonl import pretty, write_whole
from amends.logs.reader import Source
from amends.logs.tables import parse_columns
from amends.logs.units import Log
from amends.reports.plan import plan_picture, plan_text
from amends.runs.score import good_exchanges
from amends.scorers import load_scorer
from amends.signature import SEED


@click.command()
@click.argument("pilot", nargs=-1, metavar="[A B]")
@click.option("--split", type=click.Choice(SPLITS), default="test", show_default=True, help="Without a pilot: the set.")
@click.option("--pair-by", metavar="FIELD", help="What pairs the pilot's replies, as in compare.")
@click.option("--cluster", multiple=True, metavar="FIELD", help="What is resampled whole, e.g. meta.agent.")
@click.option("--sizes", default=",".join(map(str, SIZES)), show_default=True, metavar="N,...", help="Clusters.")
@click.option(
    "--difference", type=click.FloatRange(min=0, min_open=True, max=4), metavar="LEVELS", help="Find its size."
)
@scorer_option
@click.option("--seed", type=int, default=SEED, show_default=True, help="Of the draws.")
@click.option(
    "--svg", type=click.Path(path_type=Path, dir_okay=False), metavar="OUT", help="Power curves as a picture."
)
@input_options
@log_options
@click.option("--json", "as_json", is_flag=True, help="As JSON on standard output.")
def command(
    pilot: tuple[str, ...],
    split: str,
    pair_by: str | None,
    cluster: tuple[str, ...],
    sizes: str,
    difference: float | None,
    scorer_name: str,
    seed: int,
    columns: tuple[str, ...],
    max_line: int,
    log: Log,
    svg: Path | None,
    as_json: bool,
) -> int:
    """What a comparison can show, by simulation from a pilot A B or from the released set.

    Prints the smallest difference that comparisons of several sizes show with 80% power; with --difference, how many
    scenarios (or clusters a side) show that one.
    """
    keep_inputs("--svg", svg, pilot)
    tell = ProblemPrinter()
    if difference is not None and not math.isfinite(difference):
        raise UsageError(f"--difference must be a number of levels above 0, not {difference}")
    wanted = Wanted(_sizes(sizes), difference, seed)
    if len(pilot) not in (0, 2):
        raise UsageError("plan takes a pilot of two sides, A and B, or none")
    if pilot:
        scorer, fields = load_scorer(scorer_name), Fields(pair_by, cluster, parse_columns(columns), max_line, log)
        a, b = (load_side(one, scorer, None, fields, tell) for one in pilot)
        found = plan_from_pilot(a, b, wanted)
    else:
        found = _from_released(split, wanted, tell)
    if svg is not None:
        write_whole(svg, plan_picture(found).encode())
        click.echo(f"picture: {svg}", err=True)
    click.echo(pretty(found.to_dict()).decode() if as_json else plan_text(found), nl=False)
    print_log(log)
    tell.close("every good line is used")
    return 1 if tell.count else 0


def _from_released(split: str, wanted: Wanted, tell: ProblemPrinter) -> Planned:
    file = released().path / "exchanges" / f"{split}.jsonl"
    return plan_from_gold(list(good_exchanges(Source(str(file)), tell)), split, wanted)


def _sizes(text: str) -> tuple[int, ...]:
    try:
        counts = tuple(sorted({int(part) for part in text.split(",")}))
    except ValueError:
        raise UsageError(f"--sizes takes whole numbers with commas between them, not {text!r}") from None
    if not counts or counts[0] < 5 or counts[-1] > 5_000 or len(counts) > 6:
        raise UsageError("--sizes takes one to six numbers between 5 and 5,000")
    return counts
