"""``validity``: the scorer card."""

from __future__ import annotations

from pathlib import Path

import click

from amends.dataset.folder import SPLITS
from amends.jsonl import pretty, write_whole
from amends.reports.scorercard import page, speed_line, terminal
from amends.scorercard.card import validity


@click.command()
@click.argument("scorer")
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="A folder with files of the forms of data/.  [default: the dataset that ships]",
)
@click.option("--split", type=click.Choice(SPLITS), default="validation", show_default=True, help="Which exchanges.")
@click.option("--on", type=click.Path(path_type=Path), metavar="FILE", help="Your own exchanges, with --labels.")
@click.option("--labels", type=click.Path(path_type=Path), metavar="FILE", help="Annotations of them.")
@click.option("--html", "out", type=click.Path(path_type=Path, dir_okay=False), metavar="OUT", help="Write a page.")
@click.option("--json", "as_json", is_flag=True, help="The card as JSON on standard output.")
def command(
    scorer: str,
    data: Path | None,
    split: str,
    on: Path | None,
    labels: Path | None,
    out: Path | None,
    as_json: bool,
) -> int:
    """What SCORER (a name, or module:object) is worth: its card.

    Its levels and behaviours against gold, beside floors that cost nothing and beside the annotators themselves;
    contrast pairs, tricks, harmless changes, broken inputs; slices, and what missing context costs. Files that the
    folder lacks are named. Each use of the test split is written into data/TEST_USE.md.
    """
    card = validity(scorer, data=data, split=split, on=on, labels=labels)
    if out is not None:
        write_whole(out, page(card).encode())
        click.echo(f"card: {out}", err=True)
    if as_json:
        click.echo(pretty(card.to_dict()).decode(), nl=False)
        click.echo(f"speed: {speed_line(card)}", err=True)
    else:
        click.echo(terminal(card), nl=False)
    return 0
