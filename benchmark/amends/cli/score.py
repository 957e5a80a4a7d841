"""``score``: a file of replies or exchanges."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from amends.cli.shared import ProblemPrinter, cores, input_options, jobs_option, print_report, scorer_option
from amends.errors import UsageError
from amends.jsonl import pretty
from amends.logs.reader import Source
from amends.logs.tables import parse_columns
from amends.reports import REPORTS
from amends.runs.score import Output, Scored, score_file
from amends.scorers import load_scorer
from amends.terminal import progress


@click.command()
@click.argument("file")
@scorer_option
@click.option("-o", "out", default=None, metavar="OUT", help="Annotations file; - for standard output.")
@input_options
@click.option(
    "--unit",
    type=click.Choice(["every", "first", "last"]),
    default="every",
    show_default=True,
    help="Which replies of a conversation; a file of replies or exchanges holds each reply on its own.",
)
@jobs_option
@click.option("--engine", type=click.Choice(["local", "ray"]), default="local", show_default=True)
@click.option("--fresh", is_flag=True, help="Start over what stands in OUT.")
@click.option("--json", "as_json", is_flag=True, help="The Result as JSON on standard output.")
def command(
    file: str,
    scorer_name: str,
    out: str | None,
    columns: tuple[str, ...],
    max_line: int,
    unit: str,
    jobs: int | None,
    engine: str,
    fresh: bool,
    as_json: bool,
) -> int:
    """Score FILE: .jsonl, .jsonl.gz, .jsonl.zst, .csv, .parquet, or - for JSON lines on standard input.

    A line is a reply to one of the dataset's scenarios (id, scenario_id, text) or an exchange of your own (id,
    turns, reply). Bad lines are named and passed over; every other line is scored. With -o the annotations go
    to disk line by line, and the same command goes on where it stopped.
    """
    if unit != "every" or engine != "local":
        raise UsageError("--unit first|last and --engine ray arrive in later versions; leave them out")
    if out == "-" and as_json:
        raise UsageError("-o - and --json both want standard output; choose one")
    tell = ProblemPrinter()
    source = Source(file, parse_columns(columns), max_line)
    target = Output(sys.stdout.buffer if out == "-" else Path(out), fresh) if out else None
    scorer = load_scorer(scorer_name)
    with progress("scoring") as step:
        scored = score_file(source, scorer, out=target, jobs=cores(jobs), tell=tell, step=step)
    print_report(scorer)
    _print(scored, as_json, to_stderr=out == "-")
    tell.close("every good line is scored")
    return 1 if scored.problems else 0


def _print(scored: Scored, as_json: bool, to_stderr: bool) -> None:
    if scored.result is None:
        click.echo("no line could be scored", err=True)
    elif as_json:
        click.echo(pretty(scored.result.to_dict()).decode(), nl=False)
    else:
        click.echo(REPORTS["terminal"](scored.result, ()), nl=False, err=to_stderr)
