"""What commands that open a desk share: who comes, where it stands, its links on the terminal."""

from __future__ import annotations

import contextlib
import threading
import webbrowser
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import click

from amends.desk.journal import name_in
from amends.desk.people import ALONE, MAX_NAME, Person, fit, read_labels, team
from amends.desk.server import PORT, Desk, Place
from amends.errors import UsageError

Command = TypeVar("Command", bound=Callable[..., Any])

_OPEN = """\
WARNING: {host} is not this machine alone, and without --cert and --key nothing is encrypted: whoever shares the \
network can read the links and what people write."""


def people_options(command: Command) -> Command:
    """``--name``, ``--person`` and ``--people``."""
    options = (
        click.option("--name", default=None, metavar="NAME", help="The name that the page proposes to a person alone."),
        click.option("--person", "labels", multiple=True, metavar="NAME", help="A team: a link for NAME; repeatable."),
        click.option("--people", type=click.Path(path_type=Path, dir_okay=False), default=None, metavar="FILE",
                     help="A team: a name a line."),
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


def place_options(command: Command) -> Command:
    """``--port``, ``--host``, ``--cert``, ``--key`` and ``--no-browser``."""
    options = (
        click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True,
                     help="0: any that is free."),
        click.option("--host", default="127.0.0.1", show_default=True, metavar="NAME",
                     help="The address or name by which people reach this machine."),
        click.option("--cert", type=click.Path(path_type=Path, dir_okay=False), default=None, metavar="FILE",
                     help="TLS certificate (PEM), with --key."),
        click.option("--key", type=click.Path(path_type=Path, dir_okay=False), default=None, metavar="FILE",
                     help="Its key (PEM)."),
        click.option("--no-browser", is_flag=True, help="Only print the link."),
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


def comers(labels: tuple[str, ...], file: Path | None, name: str | None) -> list[Person]:
    """Who may come in; a team where people are named.

    Raises:
        UsageError: a name that is none, or ``--name`` for a team.
        InputError: the file of people has problems.
    """
    if name is not None and not fit(name):
        raise UsageError(f"--name takes 1 to {MAX_NAME} visible characters")
    if not labels and file is None:
        return [ALONE]
    if name is not None:
        raise UsageError("--name is for one person; the people of a team choose theirs on the page")
    return team([*labels, *(read_labels(file) if file else [])])


def names_kept(out: Path, people: list[Person], journal: str) -> list[str]:
    """Names in a desk's folder of people who are not asked this time.

    Args:
        out: the folder.
        people: who is asked.
        journal: name of the file that begins with a person's consent.
    """
    folders = {out, *out.glob("person-*")} - {out / person.folder for person in people}
    return [name for folder in sorted(folders) if (name := name_in(folder / journal))]


@contextlib.contextmanager
def ended_by_ctrl_c() -> Iterator[None]:
    """Ctrl+C is the usual end of a desk, and no error."""
    with contextlib.suppress(KeyboardInterrupt):
        yield


def serve(desk: Desk, place: Place, people: list[Person], browser: bool) -> None:
    """Print the links and serve; a used link is followed by a new one, for another browser.

    Args:
        desk: to be served.
        place: where it stands.
        people: who may come in.
        browser: open the link of a person alone.
    """
    if not place.on_loopback and place.cert is None:
        click.echo(_OPEN.format(host=place.host), err=True)

    def show(person: Person, before: str = "") -> str:
        link = desk.link(person)
        click.echo(f"{before}{person.label + ': ' if person.label else ''}{link}")
        return link

    desk.entered = lambda person: (show(person, "opened; once more, if needed: "), None)[1]
    links = [show(person) for person in people]
    click.echo("Each link opens once. Ctrl+C ends the desk; the same command goes on.", err=True)
    if browser and people == [ALONE]:
        # a browser of the terminal would not come back before the page does
        threading.Thread(target=webbrowser.open, args=(links[0],), daemon=True).start()
    desk.run()
