"""``annotate``: a person, or a team, labels replies on a local page."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from amends.cli.contribute_check import is_contribution
from amends.cli.desks import comers, ended_by_ctrl_c, names_kept, people_options, place_options, serve
from amends.cli.shared import ProblemPrinter
from amends.dataset.folder import SPLITS, released_scenarios
from amends.dataset.pending import exchange_of, read_pending
from amends.desk.folder import private
from amends.desk.guideline import version
from amends.desk.items import (
    MOST_ITEMS,
    claim,
    ordered,
    released_gold,
    released_replies,
    settings,
    train_only,
)
from amends.desk.labelling import Labelling
from amends.desk.labels import JOURNAL, Labels, Terms
from amends.desk.people import Person
from amends.desk.server import Desk, Place
from amends.errors import UsageError
from amends.logs.reader import Source
from amends.logs.tables import parse_columns
from amends.records import Exchange
from amends.runs.score import good_exchanges
from amends.runs.settings import locked
from amends.signature import SEED


@click.command()
@click.argument("file", required=False)
@click.option("-o", "out", type=click.Path(path_type=Path, file_okay=False), required=True, metavar="FOLDER",
              help="Where the labels go; the same command goes on with them.")  # fmt: skip
@click.option("--split", type=click.Choice(SPLITS), default=None,
              help="Without FILE: the released replies of this split.  [default: validation]")  # fmt: skip
@click.option("--limit", type=click.IntRange(min=1), default=None, metavar="N", help="Only the first N replies.")
@click.option("--seed", type=int, default=SEED, show_default=True, help="Of the order, which is each person's own.")
@people_options
@click.option("--training", is_flag=True, help="Show the released labels after each; train replies only.")
@click.option("--columns", multiple=True, metavar="FIELD=COLUMN,...", help="Which column holds a field (CSV, Parquet).")
@place_options
def command(
    file: str | None,
    out: Path,
    split: str | None,
    limit: int | None,
    seed: int,
    name: str | None,
    labels: tuple[str, ...],
    people: Path | None,
    training: bool,
    columns: tuple[str, ...],
    port: int,
    host: str,
    cert: Path | None,
    key: Path | None,
    no_browser: bool,
) -> int:
    """Label replies yourself, or with a team, on a local page (extra desk).

    FILE holds replies to released scenarios, exchanges, a contribution, or what `amends draw` drew. Prints a link for
    each person; it opens once. Everything is saved at every action. Ctrl+C ends it, the same command goes on. `amends
    agreement FOLDER/annotations.jsonl ...` compares annotators; report and compare take the labels with --labels.
    """
    here = comers(labels, people, name)
    tell = ProblemPrinter()
    exchanges = _exchanges(file, split, training, columns, tell)
    if training:
        train_only(exchanges)
    terms = Terms(version(), seed, training)
    out.mkdir(mode=0o700, parents=True, exist_ok=True)  # what people say of others is not for every account
    with private(), locked(out / "desk.lock"):
        salt = claim(out / "desk.json", settings(exchanges, seed, terms.guideline, training))
        known = {exchange.id: exchange for exchange in exchanges}
        asked = [exchange.id for exchange in exchanges[:limit]]
        made = {p.folder: Labels(out / p.folder, known, ordered(asked, seed, p.folder), terms) for p in here}
        place = Place(host, port, cert, key)
        gold = released_gold(known) if training else None
        labelling = Labelling(made, salt, name or "", gold, names_kept(out, here, JOURNAL))
        desk = Desk(place, here, labelling.task(), out / "sessions.json")
        with ended_by_ctrl_c():
            serve(desk, place, here, not no_browser)
        _sum_up(out, here, made)
    return 1 if tell.count else 0


def _exchanges(
    file: str | None, split: str | None, training: bool, columns: tuple[str, ...], tell: ProblemPrinter
) -> list[Exchange]:
    """What is to be labeled; problems of a file's lines are told."""
    if file is None:
        if columns:
            raise UsageError("--columns is for a FILE, and none is named")
        return released_replies(split or ("train" if training else "validation"))
    if split is not None:
        raise UsageError("--split is for the released replies; with FILE leave it out")
    if is_contribution(file):
        # without the contributor's labels: whoever labels an example is blind to them
        pairs = [exchange_of(example, released_scenarios()) for _, example in read_pending(Path(file))]
        exchanges = [exchange for exchange in pairs if exchange is not None]
        if left := len(pairs) - len(exchanges):
            click.echo(f"{left:,} left out: no released scenario has the id that they name", err=True)
    else:
        exchanges = list(good_exchanges(Source(file, parse_columns(columns)), tell))
        tell.close("every good line can be labeled")
    if not exchanges:
        raise UsageError(f"{file} holds nothing that can be labeled")
    if len(exchanges) > MOST_ITEMS:
        raise UsageError(
            f"{file} holds {len(exchanges):,} replies, more than a desk takes ({MOST_ITEMS:,}): draw some by lot with "
            "`amends draw`, so that their labels speak for the rest"
        )
    return exchanges


def _sum_up(out: Path, people: list[Person], labels: Mapping[str, Labels]) -> None:
    """Who came how far, and where it lies."""
    for person in people:
        states = labels[person.folder].states()
        done = f"{states.count('done')} of {len(states)} done, {states.count('skip')} skipped"
        where = out / person.folder / "annotations.jsonl"
        click.echo(f"{person.label + ': ' if person.label else ''}{done}: {where}", err=True)
