"""``score``: a file of replies or exchanges."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from amends.cli.log_options import log_document, log_options, print_log
from amends.cli.shared import (
    ProblemPrinter,
    cores,
    input_options,
    jobs_option,
    keep_inputs,
    print_report,
    scorer_option,
)
from amends.errors import UsageError
from amends.jsonl import pretty
from amends.logs.cells import is_table
from amends.logs.reader import Source
from amends.logs.tables import parse_columns
from amends.logs.units import Log
from amends.reports import REPORTS
from amends.reports.groups import customers_note, rest_text
from amends.runs.engine import Engine, Local
from amends.runs.missing import Missing, missing, missing_line
from amends.runs.output import is_parquet
from amends.runs.score import Output, Scored, score_file, scorer_card
from amends.scorers import load_scorer
from amends.terminal import progress


@click.command()
@click.argument("file")
@scorer_option
@click.option("-o", "out", default=None, metavar="OUT", help="Annotations file; - for standard output.")
@input_options
@log_options
@jobs_option
@click.option(
    "--engine",
    type=click.Choice(["local", "ray"]),
    default="local",
    show_default=True,
    help="This machine's processes, or Ray Data (extra: ray; RAY_ADDRESS names a cluster).",
)
@click.option("--fresh", is_flag=True, help="Start over what stands in OUT.")
@click.option("--json", "as_json", is_flag=True, help="The Result as JSON on standard output.")
def command(
    file: str,
    scorer_name: str,
    out: str | None,
    columns: tuple[str, ...],
    max_line: int,
    log: Log,
    jobs: int | None,
    engine: str,
    fresh: bool,
    as_json: bool,
) -> int:
    """Score FILE: .jsonl, .jsonl.gz, .jsonl.zst, .csv, .parquet, or - for JSON lines on standard input.

    A line is a reply to one of the dataset's scenarios (id, scenario_id, text) or an exchange of your own (id,
    turns, reply). Conversations of a help desk come as they were exported: Zendesk tickets or Intercom conversations
    (.json, .jsonl), an mbox, or a table with one row a message (conversation, role, text). Bad lines are named and
    passed over; every other line is scored. With -o the annotations go to disk as they are made, and the same
    command goes on where it stopped; OUT is .jsonl, .jsonl.gz, .jsonl.zst or .parquet by its name. Memory does not
    grow with the texts: 110 bytes a reply are kept.
    """
    if out == "-" and as_json:
        raise UsageError("-o - and --json both want standard output; choose one")
    if out and Path(out).is_dir():
        raise UsageError(f"{out} is a folder; name a file in it")
    if out and is_table(out) and not is_parquet(Path(out)):
        raise UsageError(f"{out}: annotations are no rows of CSV; OUT is .jsonl, .jsonl.gz, .jsonl.zst or .parquet")
    keep_inputs("-o", out, [file])
    tell = ProblemPrinter()
    source = Source(file, parse_columns(columns), max_line, log)
    target = Output(sys.stdout.buffer if out == "-" else Path(out), fresh) if out else None
    scorer = load_scorer(scorer_name)
    with progress("scoring") as step:
        scored = score_file(source, scorer, out=target, tell=tell, step=step, engine=_engine(engine, cores(jobs)))
    print_report(scorer)
    print_log(log)
    lacking = missing(scored.missing, scored.own, scorer_card(scorer))
    if lacking is not None:
        click.echo(missing_line(lacking), err=True)
    _print(scored, lacking, log, as_json, to_stderr=out == "-")
    tell.close("every good line is scored")
    return 1 if scored.problems else 0


def _engine(name: str, jobs: int) -> Engine:
    if name == "local":
        return Local(jobs)
    from amends.runs.cluster import Ray

    return Ray(jobs)


def _print(scored: Scored, lacking: Missing | None, log: Log, as_json: bool, to_stderr: bool) -> None:
    if scored.result is None:
        click.echo("no line could be scored", err=True)
    elif as_json:
        apart = {"customers": scored.customers.to_dict()} if scored.customers else {}
        apart |= {"context": lacking.to_dict()} if lacking else {}
        click.echo(pretty(scored.result.to_dict() | apart | log_document(log)).decode(), nl=False)
    else:
        texts = [customers_note(scored.customers) + REPORTS["terminal"](scored.result, ()), rest_text(scored.customers)]
        click.echo("\n".join(filter(None, texts)), nl=False, err=to_stderr)
