"""``draw``: which replies a person should label."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from amends.cli.log_options import log_options, print_log
from amends.cli.shared import ProblemPrinter, input_options, keep_inputs
from amends.errors import UsageError
from amends.jsonl import dumps, write_whole
from amends.logs.draw import draw
from amends.logs.reader import Source
from amends.logs.tables import parse_columns
from amends.logs.units import Log
from amends.runs.score import good_exchanges
from amends.signature import SEED


@click.command()
@click.argument("file")
@click.option("--n", "n", type=int, required=True, metavar="N", help="Replies to draw.")
@click.option("--stratify", metavar="FIELD", help="Draw from each value of FIELD in proportion, at least one.")
@click.option("--seed", type=int, default=SEED, show_default=True, help="Of the lot.")
@click.option("-o", "out", default="-", metavar="OUT", help="Where the drawn exchanges go.  [default: standard output]")
@input_options
@log_options
def command(
    file: str, n: int, stratify: str | None, seed: int, out: str, columns: tuple[str, ...], max_line: int, log: Log
) -> int:
    """Draw N replies of FILE by lot for a person to label.

    The drawn exchanges keep in meta.draw the probability with which each was drawn. Label them, then give both files
    to report or compare: --labels LABELS --labels OUT. Labels of replies that somebody picked by hand say nothing
    about the rest; labels of these do.
    """
    keep_inputs("-o", out, [file])
    tell = ProblemPrinter()
    exchanges = list(good_exchanges(Source(file, parse_columns(columns), max_line, log), tell))
    if not exchanges:
        raise UsageError(f"{file} holds no good line")
    drawn = draw(exchanges, n, stratify, seed)
    text = b"".join(dumps(exchange.to_dict()) for exchange in drawn)
    if out == "-":
        sys.stdout.buffer.write(text)
        sys.stdout.buffer.flush()
    else:
        write_whole(Path(out), text)
        click.echo(f"{len(drawn):,} of {len(exchanges):,} replies drawn (seed {seed}): {out}", err=True)
    print_log(log)
    tell.close("every good line could be drawn")
    return 1 if tell.count else 0
