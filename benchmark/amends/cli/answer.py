"""``answer``: a person, or a team, answers scenarios on a local page."""

from __future__ import annotations

import contextlib
import threading
import webbrowser
from collections.abc import Mapping
from pathlib import Path

import click

from amends.dataset.folder import SPLITS, released
from amends.desk.answering import Answering
from amends.desk.folder import claim, private
from amends.desk.people import ALONE, MAX_NAME, Person, fit, read_labels, team
from amends.desk.server import PORT, Desk, Place
from amends.desk.work import Work, name_in
from amends.errors import UsageError
from amends.runs.settings import locked

_OPEN = """\
WARNING: {host} is not this machine alone, and without --cert and --key nothing is encrypted: whoever shares the \
network can read the links and what people write."""


def _people(labels: tuple[str, ...], file: Path | None, name: str | None) -> list[Person]:
    """Who may come in; a team where people are named."""
    if not labels and file is None:
        return [ALONE]
    if name is not None:
        raise UsageError("--name is for one person; the people of a team choose theirs on the page")
    return team([*labels, *(read_labels(file) if file else [])])


@click.command()
@click.option("-o", "out", type=click.Path(path_type=Path, file_okay=False), required=True, metavar="FOLDER",
              help="Where the work goes; the same command goes on with it.")  # fmt: skip
@click.option("--split", type=click.Choice(SPLITS), default="test", show_default=True, help="Which scenarios.")
@click.option("--limit", type=click.IntRange(min=1), default=None, metavar="N", help="Only the first N scenarios.")
@click.option("--name", default=None, metavar="NAME", help="The name that the page proposes to a person alone.")
@click.option("--person", "labels", multiple=True, metavar="NAME", help="A team: a link for NAME; repeatable.")
@click.option("--people", type=click.Path(path_type=Path, dir_okay=False), default=None, metavar="FILE",
              help="A team: a name a line.")  # fmt: skip
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="0: any that is free.")
@click.option("--host", default="127.0.0.1", show_default=True, metavar="NAME",
              help="The address or name by which people reach this machine.")  # fmt: skip
@click.option("--cert", type=click.Path(path_type=Path, dir_okay=False), default=None, metavar="FILE",
              help="TLS certificate (PEM), with --key.")  # fmt: skip
@click.option("--key", type=click.Path(path_type=Path, dir_okay=False), default=None, metavar="FILE",
              help="Its key (PEM).")  # fmt: skip
@click.option("--no-browser", is_flag=True, help="Only print the link.")
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
    if name is not None and not fit(name):
        raise UsageError(f"--name takes 1 to {MAX_NAME} visible characters")
    comers = _people(labels, people, name)
    scenarios = released().scenarios(split)
    out.mkdir(mode=0o700, parents=True, exist_ok=True)  # what people write is not for every account of the machine
    with private(), locked(out / "desk.lock"):
        claim(out / "desk.json", split, scenarios)
        linked = [out / person.folder for person in comers if person.folder and (out / person.folder).is_symlink()]
        if linked:
            raise UsageError(f"{linked[0]} is a link; the desk writes only what lies in its own folder: remove it")
        works = {person.folder: Work(out / person.folder, scenarios[:limit]) for person in comers}
        place = Place(host, port, cert, key)
        desk = Desk(place, comers, Answering(works, name or "", _others(out, comers)).task(), out / "sessions.json")
        with contextlib.suppress(KeyboardInterrupt):  # the usual end
            _serve(desk, place, comers, not no_browser and comers == [ALONE])
        _sum_up(out, comers, works)
    return 0


def _others(out: Path, comers: list[Person]) -> list[str]:
    """Names in the same folder of people who are not asked this time."""
    folders = {out, *out.glob("person-*")} - {out / person.folder for person in comers}
    return [name for folder in sorted(folders) if (name := name_in(folder))]


def _serve(desk: Desk, place: Place, people: list[Person], browser: bool) -> None:
    """Print the links and serve; a used link is followed by a new one, for another browser."""
    if not place.on_loopback and place.cert is None:
        click.echo(_OPEN.format(host=place.host), err=True)

    def show(person: Person, before: str = "") -> str:
        link = desk.link(person)
        click.echo(f"{before}{person.label + ': ' if person.label else ''}{link}")
        return link

    desk.entered = lambda person: (show(person, "opened; once more, if needed: "), None)[1]
    links = [show(person) for person in people]
    click.echo("Each link opens once. Ctrl+C ends the desk; the same command goes on.", err=True)
    if browser:
        # a browser of the terminal would not come back before the page does
        threading.Thread(target=webbrowser.open, args=(links[0],), daemon=True).start()
    desk.run()


def _sum_up(out: Path, people: list[Person], works: Mapping[str, Work]) -> None:
    """Who came how far, and where it lies."""
    for person in people:
        states = works[person.folder].states()
        done = f"{states.count('answer')} of {len(states)} answered, {states.count('skip')} skipped"
        click.echo(
            f"{person.label + ': ' if person.label else ''}{done}: {out / person.folder / 'replies.jsonl'}", err=True
        )
