"""``leaderboard artifact``: what the hosting service's CI keeps of a check."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from amends.errors import InputError, Problem
from amends.jsonl import parse, pretty, write_whole
from amends.leaderboard.artifact import kept, read_artifact


@click.command()
@click.option("--pull-request", "number", type=click.IntRange(1, 999_999_999), required=True, metavar="N")
@click.option("--head", required=True, metavar="SHA", help="The request's commit.")
@click.option("--base", required=True, metavar="SHA", help="The commit whose code checked.")
@click.option(
    "--found",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    metavar="FILE",
    help="found.json of .github/leaderboard/request.py.",
)
@click.option(
    "--checked",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="What `check --json` printed; it may be absent, empty or torn where check did not end.",
)
@click.option("-o", "out", required=True, type=click.Path(path_type=Path), metavar="FILE", help="Where it goes.")
def command(number: int, head: str, base: str, found: Path, checked: Path, out: Path) -> int:
    """What CI keeps of a check of a pull request: a small JSON for `amends leaderboard comment`.

    On standard output: state=good or state=refused.
    """
    request = _json(found)
    if not isinstance(request, dict):
        raise InputError([Problem(str(found), None, "$", "no object", "found.json", "run request.py take")])
    results = _json(checked)
    record = kept(number, head, base, request, results if isinstance(results, list) else [])
    write_whole(out, pretty(record))
    # what is written must be what the other side takes
    read_artifact(out, head)
    click.echo(f"state={record['state']}")
    return 0


def _json(file: Path) -> Any:
    """A file's JSON, or None where check did not end and so did not print one."""
    try:
        return parse(file.read_bytes())
    except (FileNotFoundError, ValueError):
        return None
