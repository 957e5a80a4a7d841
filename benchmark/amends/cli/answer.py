"""``answer``: a person, or a team, answers scenarios on a local page."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from amends.cli.desks import comers, ended_by_ctrl_c, names_kept, people_options, place_options, serve
from amends.dataset.folder import SPLITS, released
from amends.desk.answering import Answering
from amends.desk.folder import claim, private
from amends.desk.people import Person
from amends.desk.server import Desk, Place
from amends.desk.work import JOURNAL, Work
from amends.runs.settings import locked


@click.command()
@click.option("-o", "out", type=click.Path(path_type=Path, file_okay=False), required=True, metavar="FOLDER",
              help="Where the work goes; the same command goes on with it.")  # fmt: skip
@click.option("--split", type=click.Choice(SPLITS), default="test", show_default=True, help="Which scenarios.")
@click.option("--limit", type=click.IntRange(min=1), default=None, metavar="N", help="Only the first N scenarios.")
@people_options
@place_options
def command(
    out: Path,
    split: str,
    limit: int | None,
    name: str | None,
    labels: tuple[str, ...],
    people: Path | None,
    port: int,
    host: str,
    cert: Path | None,
    key: Path | None,
    no_browser: bool,
) -> int:
    """Answer scenarios yourself, or with a team, on a local page (extra desk).

    Prints a link for each person; it opens once. Everything is saved as it is typed. Ctrl+C ends it, the same command
    goes on. `amends run FOLDER/replies.jsonl` scores what was written.
    """
    here = comers(labels, people, name)
    scenarios = released().scenarios(split)
    out.mkdir(mode=0o700, parents=True, exist_ok=True)  # what people write is not for every account of the machine
    with private(), locked(out / "desk.lock"):
        claim(out / "desk.json", split, scenarios)
        works = {person.folder: Work(out / person.folder, scenarios[:limit]) for person in here}
        place = Place(host, port, cert, key)
        answering = Answering(works, name or "", names_kept(out, here, JOURNAL))
        desk = Desk(place, here, answering.task(), out / "sessions.json")
        with ended_by_ctrl_c():
            serve(desk, place, here, not no_browser)
        _sum_up(out, here, works)
    return 0


def _sum_up(out: Path, people: list[Person], works: Mapping[str, Work]) -> None:
    """Who came how far, and where it lies."""
    for person in people:
        states = works[person.folder].states()
        done = f"{states.count('answer')} of {len(states)} answered, {states.count('skip')} skipped"
        click.echo(
            f"{person.label + ': ' if person.label else ''}{done}: {out / person.folder / 'replies.jsonl'}", err=True
        )
