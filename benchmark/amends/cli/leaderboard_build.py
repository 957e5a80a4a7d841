"""``leaderboard build``: the pages."""

from __future__ import annotations

import functools
from pathlib import Path

import click

from amends.cli.leaderboard import entries_option
from amends.cli.shared import cores, data_option, jobs_option
from amends.leaderboard.board import entry_items, read_board
from amends.leaderboard.project import entries_folder
from amends.site import build
from amends.site.facts import FILE, read

OUT = Path("amends-runs") / "leaderboard"
"""Where the pages go by default."""


@click.command()
@click.option(
    "-o",
    "out",
    type=click.Path(path_type=Path),
    default=OUT,
    show_default=True,
    metavar="DIR",
    help="A new folder, an empty one, or one that was built before: it is replaced as a whole.",
)
@entries_option
@click.option(
    "--scorers",
    "cards",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Bias and gaming gap of scorers, or a card of `validity --json`; repeatable.  [default: DIR/scorers.json]",
)
@data_option
@jobs_option
def command(out: Path, folder: Path, cards: tuple[Path, ...], data: Path | None, jobs: int | None) -> int:
    """The pages of the leaderboard, from its entries as `check --write` left them.

    Static files that read from a disk as from a server: a table a set and scorer, a page an entry, two entries
    compared, leaderboard.json, CSV. The same entries give the same bytes.
    """
    own = entries_folder(folder).parent / FILE
    chosen = cards or ((own,) if own.is_file() else ())
    facts = {tag: found for path in chosen for tag, found in read(path).items()}
    board = read_board(folder, data)
    items = functools.partial(entry_items, folder, data=data)
    built = build(board, out, items, facts, cores(jobs))
    for tag in built.without:
        click.echo(
            f"no bias or gaming gap of {tag} in {', '.join(map(str, chosen)) or own}: its pages say so", err=True
        )
    click.echo(f"{built.entries:,} entries, {built.files:,} files, {built.bytes / 1e6:.1f} MB: {out / 'index.html'}")
    return 0
