"""``check``: everything that is wrong with files of records, or with a data folder."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from functools import partial

import click

from amends.checks import Report, check
from amends.checks.reading import Spread, weight
from amends.cli.contribute_check import checked
from amends.cli.shared import cores, jobs_option
from amends.errors import UsageError
from amends.jsonl import pretty
from amends.terminal import plain

POOL_FROM = 40_000_000
"""Bytes from which several processes are worth their start: three seconds of work against half a second."""


@click.command(name="check")
@click.argument("paths", nargs=-1, required=True, metavar="FILE|DIR...")
@click.option("--fix", is_flag=True, help="Mend what is safe: line ends, blanks, spans of a quote that stands once.")
@click.option("--json", "as_json", is_flag=True, help="The problems as JSON on standard output.")
@jobs_option
@click.pass_context
def command(ctx: click.Context, paths: tuple[str, ...], fix: bool, as_json: bool, jobs: int | None) -> None:
    """Check files or a data folder: all problems at once.

    Looks at schema, ids, references, spans, duplicates, leakage and personal data; contributions (amends
    contribute, also those in a data folder's pending/) are held against the dataset too. FILE is .jsonl (also .gz,
    .zst), .csv, .parquet, or - for JSON lines on standard input; a DIR with manifest.json is a data folder, whose
    manifest and exchanges are checked too. The report is the same for any number of --jobs; under 40 MB are
    checked in one process. Writes nothing without --fix. Exits with 1 where there are problems.
    """
    if fix and "-" in paths:
        raise UsageError("--fix cannot mend standard input; name a file")
    report = checked(paths, fix, partial(check, spread=_spread(paths, cores(jobs))))
    click.echo(_json(report) if as_json else _text(report), nl=False)
    for note in report.notes:
        click.echo(plain(note), err=True)
    ctx.exit(1 if report.problems else 0)


def _spread(paths: Sequence[str], jobs: int) -> Spread:
    """Who does what is done record by record: this process, or several, in order."""
    if jobs == 1 or weight(paths) < POOL_FROM:
        return map
    from amends.runs.engine import in_order

    return partial(in_order, jobs=jobs)


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _text(report: Report) -> str:
    lines = [*report.mended, *map(str, report.problems)]
    lines.append(
        f"{_count(sum(report.records.values()), 'record')} in {_count(len(report.records), 'file')}, "
        f"{_count(len(report.problems), 'problem')}"
    )
    return "".join(f"{plain(line)}\n" for line in lines)


def _json(report: Report) -> str:
    document = {
        "problems": [{k: _clean(v) for k, v in dataclasses.asdict(p).items()} for p in report.problems],
        "records": {_clean(name): number for name, number in report.records.items()},
        "checks": list(report.checks),
        "notes": list(report.notes),
        "mended": [_clean(line) for line in report.mended],
    }
    return pretty(document).decode()


def _clean(value: object) -> object:
    """A file name may hold bytes that are no text, which JSON cannot."""
    return value.encode("utf-8", "backslashreplace").decode() if isinstance(value, str) else value
