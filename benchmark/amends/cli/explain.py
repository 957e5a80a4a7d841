"""``explain``: one exchange, its spans and levels, and what would raise each."""

from __future__ import annotations

from pathlib import Path

import click

from amends.cli.log_options import log_options
from amends.cli.shared import ProblemPrinter, input_options, keep_inputs, scorer_option
from amends.errors import InputError, Problem, UsageError
from amends.jsonl import pretty, write_whole
from amends.logs.reader import Source
from amends.logs.tables import parse_columns
from amends.logs.units import Log
from amends.records import Context, Exchange, Turn
from amends.reports.explain import explain_page, explain_text, explained
from amends.rubric.definitions import version
from amends.runs.score import good_exchanges
from amends.runs.scoring import annotate, weights_of
from amends.scorers import load_scorer
from amends.signature import digest, scorer_tag, signature


@click.command()
@click.argument("file", required=False)
@click.option("--id", "wanted", default=None, metavar="ID", help="Which exchange of FILE.  [default: the first]")
@click.option("--customer", default=None, metavar="TEXT", help="The customer's words, in the place of FILE.")
@click.option("--reply", default=None, metavar="TEXT", help="The reply to them.")
@scorer_option
@input_options
@log_options
@click.option("--html", "out", type=click.Path(path_type=Path, dir_okay=False), metavar="OUT", help="Write a page.")
@click.option("--json", "as_json", is_flag=True, help="The same as JSON on standard output.")
def command(
    file: str | None,
    wanted: str | None,
    customer: str | None,
    reply: str | None,
    scorer_name: str,
    columns: tuple[str, ...],
    max_line: int,
    log: Log,
    out: Path | None,
    as_json: bool,
) -> int:
    """Explain one exchange of FILE (as score takes it), or --customer TEXT --reply TEXT.

    Shows the words that show each behaviour and the levels with the clause that decided each, and says what would
    raise each: the fewest changes that the rubric rewards, in a coach's words.
    """
    keep_inputs("--html", out, [file])
    tell = ProblemPrinter()
    if file is None:
        if wanted is not None or columns:
            raise UsageError("--id and --columns are for a FILE; name one, or leave them out")
        exchange = _typed(customer, reply)
    else:
        if customer is not None or reply is not None:
            raise UsageError("FILE and --customer/--reply are two ways to name one exchange; choose one")
        exchange = _of_file(Source(file, parse_columns(columns), max_line, log), wanted, tell)
    scorer = load_scorer(scorer_name)
    (annotation,) = annotate(scorer, [exchange])
    line = signature(
        {
            "data": f"exchange@{digest([exchange.to_dict()])}",
            "n": "1/1",
            "rubric": version(),
            "scorer": scorer_tag(scorer.name, scorer.version, weights_of(scorer)),
        }
    )
    found = explained(exchange, annotation, line)
    if out is not None:
        write_whole(out, explain_page(found).encode())
        click.echo(f"page: {out}", err=True)
    click.echo(pretty(found.to_dict()).decode() if as_json else explain_text(found), nl=False)
    tell.close("the lines up to the exchange were looked at")
    return 1 if tell.count else 0


def _typed(customer: str | None, reply: str | None) -> Exchange:
    if customer is None or reply is None:
        raise UsageError("name a FILE, or give both --customer TEXT and --reply TEXT")
    if not customer.strip():
        raise UsageError("--customer is blank; give the customer's words")
    return Exchange("typed", (Turn("customer", customer),), reply, Context())


def _of_file(source: Source, wanted: str | None, tell: ProblemPrinter) -> Exchange:
    """The exchange of a file that was asked for.

    Raises:
        InputError: no such id, or no good line.
    """
    ids = []
    for exchange in good_exchanges(source, tell):
        if wanted in (None, exchange.id):
            return exchange
        ids.append(exchange.id)
    shown = ", ".join(ids[:5]) + (", ..." if len(ids) > 5 else "")
    found = f"the ids {shown}" if ids else "no exchange"
    expected = "an exchange" if wanted is None else f'the id "{wanted}"'
    raise InputError([Problem(source.file, None, "$.id", found, expected, "name an id of the file with --id")])
