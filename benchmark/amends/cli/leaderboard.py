"""``leaderboard add``, ``check`` and ``rescore``; ``build`` is loaded when it is called."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from amends.cli.shared import ProblemPrinter, cores, data_option, jobs_option
from amends.errors import UsageError, unknown_name
from amends.jsonl import pretty
from amends.leaderboard.add import SEEN, Submission, add, add_systems
from amends.leaderboard.check import Checked, How, check_entries
from amends.leaderboard.material import SETS
from amends.leaderboard.project import FILE, entries_folder, entry_names, read_project
from amends.leaderboard.rescore import change_log, rescore
from amends.records import DIMENSIONS
from amends.rubric.definitions import dimension_names
from amends.statistics.estimate import Estimate
from amends.terminal import progress

LATER = {
    "build": ("amends.cli.leaderboard_build", "The pages of the leaderboard, from its entries."),
    "artifact": ("amends.cli.leaderboard_artifact", "In CI: what is kept of a check, a small JSON."),
    "comment": ("amends.cli.leaderboard_comment", "In CI: what is said on a pull request, escaped."),
}
"""Commands with a module of their own, and the line that the help shows."""


class Leaderboard(click.Group):
    """A group whose ``build`` is imported only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Commands of this file, then those of others."""
        return [*super().list_commands(ctx), *LATER]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module where it has one."""
        if cmd_name not in LATER:
            return super().get_command(ctx, cmd_name)
        command: click.Command = importlib.import_module(LATER[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing those of other files."""
        own = [(name, command.get_short_help_str(80)) for name, command in self.commands.items()]
        with formatter.section("Commands"):
            formatter.write_dl([*own, *((name, line) for name, (_, line) in LATER.items())])


@click.group(cls=Leaderboard)
def group() -> None:
    """The leaderboard: entries made, recomputed from their replies, shown."""


entries_option = click.option(
    "--entries",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("leaderboard"),
    show_default=True,
    metavar="DIR",
    help="The leaderboard's folder, with entries/ and project.json.",
)
cache_option = click.option(
    "--no-cache", is_flag=True, help="Ask slow scorers anew; take nothing from the user's cache."
)
project_option = click.option(
    "--project",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    default=None,
    metavar="FILE",
    help="project.json of the base branch, in CI.  [default: the one in the leaderboard's folder]",
)


def _settings(pairs: Iterable[str]) -> dict[str, Any]:
    """``KEY=VALUE`` as settings; a VALUE that is JSON is taken as such."""
    import orjson

    found: dict[str, Any] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key:
            raise UsageError(f"--setting takes KEY=VALUE, not {pair!r}")
        try:
            found[key] = orjson.loads(value)
        except orjson.JSONDecodeError:
            found[key] = value
    return found


@group.command(name="add")
@click.argument("run", required=False, type=click.Path(path_type=Path, exists=True))
@click.option("--name", metavar="NAME", help="Of the entry: a-z, 0-9, -.  [default: the generator's name]")
@click.option("--set", "chosen", type=click.Choice(SETS), default=None, help="Which scenarios.  [default: test]")
@click.option(
    "--contamination-statement", "statement", metavar="TEXT", help="Where the generator may have met the data."
)
@click.option(
    "--seen", type=click.Choice(SEEN), default=None, help="Did it, or its maker, see replies or labels of the set?"
)
@click.option("--credit", metavar="TEXT", help="Whom to thank.")
@click.option(
    "--card", type=click.Path(path_type=Path, exists=True), metavar="FILE", help="generator.json of the generator."
)
@click.option(
    "--system",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    metavar="FILE",
    help="The system prompt of a model, where it was not the built-in one.",
)
@click.option("--setting", "settings", multiple=True, metavar="KEY=VALUE", help="One more setting; repeatable.")
@click.option("--submitted", metavar="DAY", help="Day of the entry.  [default: today]")
@click.option("--systems", is_flag=True, help="The project's: an entry for each generator of the systems set.")
@entries_option
@data_option
@cache_option
def add_command(
    run: Path | None,
    name: str | None,
    chosen: str | None,
    statement: str | None,
    seen: str | None,
    credit: str | None,
    card: Path | None,
    system: Path | None,
    settings: tuple[str, ...],
    submitted: str | None,
    systems: bool,
    folder: Path,
    data: Path | None,
    no_cache: bool,
) -> int:
    """Make an entry of RUN, a run folder or a replies file, recompute it and check it.

    A replies file needs --card. What check refuses is not added.
    """
    if systems == (run is not None):
        raise UsageError("name a run folder or a replies file, or use --systems")
    if systems:
        made = add_systems(folder, data, submitted)
        for one in made:
            _show(one, folder)
        click.echo(f"{len(made)} entries added", err=True)
        return 0
    said = Submission(statement, seen, name, chosen, credit, card, system, _settings(settings), submitted)
    if run is None:
        raise UsageError("name a run folder or a replies file")
    _show(add(run, folder, said, data, not no_cache), folder)
    return 0


@group.command(name="check")
@click.argument("entry", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Every entry.")
@click.option("--write", is_flag=True, help="Put what was recomputed in its place, where nothing is refused.")
@click.option("--json", "as_json", is_flag=True, help="What was found, as JSON on standard output.")
@entries_option
@project_option
@data_option
@cache_option
@jobs_option
def check_command(
    entry: tuple[str, ...],
    every: bool,
    write: bool,
    as_json: bool,
    folder: Path,
    project: Path | None,
    data: Path | None,
    no_cache: bool,
    jobs: int | None,
) -> int:
    """Recompute each ENTRY (a name, or its folder) from its replies, and name everything that is wrong with it.

    Nothing of an entry is run, imported or followed. Without --write nothing is changed.
    """
    how = _how(folder, project, data, not no_cache, write)
    names = _named(entry, every, how)
    found = []
    tell = ProblemPrinter()
    with progress("entries", len(names)) as advance:
        for one in check_entries(names, how, cores(jobs)):
            found.append(one)
            advance(1)
            for problem in [*one.problems, *([] if one.written else one.differences)]:
                tell(problem)
    if as_json:
        click.echo(pretty([_document(one) for one in found]).decode(), nl=False)
    else:
        for one in found:
            _show(one, folder)
    bad = [_plain(one.name) for one in found if not one.good]
    tell.close(f"refused: {', '.join(bad[:10])}" + (f" and {len(bad) - 10} more" if len(bad) > 10 else ""))
    return 1 if bad else 0


@group.command(name="rescore")
@click.argument("entry", nargs=-1)
@entries_option
@data_option
@cache_option
@jobs_option
def rescore_command(entry: tuple[str, ...], folder: Path, data: Path | None, no_cache: bool, jobs: int | None) -> int:
    """Recompute every entry (or each ENTRY) after a change of a scorer or of the data.

    On standard output: what the change log must say of scores that are not comparable.
    """
    how = _how(folder, None, data, not no_cache, True)
    names = _named(entry, not entry, how)
    found = []
    tell = ProblemPrinter()
    with progress("entries", len(names)) as advance:
        for one, changes in rescore(names, how, cores(jobs)):
            found.append((one, changes))
            advance(1)
            for problem in one.problems:
                tell(problem)
    click.echo("\n".join(change_log(found)))
    tell.close("what has problems was left as it was")
    return 1 if any(one.problems for one, _ in found) else 0


def _how(folder: Path, project: Path | None, data: Path | None, cached: bool, write: bool) -> How:
    entries = entries_folder(folder)
    return How(entries, read_project(project or entries.parent / FILE), data, cached, write)


def _named(asked: tuple[str, ...], every: bool, how: How) -> list[str]:
    """Names of entries, which may be given as paths of their folders."""
    known = entry_names(how.entries)
    if every == bool(asked):
        raise UsageError("name entries, or use --all")
    if every:
        return known
    names = []
    for one in asked:
        path = Path(one)
        beside = len(path.parts) > 1 and path.parent.resolve() == how.entries.resolve()
        name = path.name if beside else one.rstrip("/")
        if name not in known:
            raise unknown_name("entry", one, [other for other in known if other.isprintable()])
        names.append(name)
    return names


def _show(one: Checked, folder: Path) -> None:
    """One entry in a few lines: what it came to."""
    state = "refused" if not one.good else "written" if one.written else "as recomputed"
    outside = f"; outside the tiers: {one.unranked}" if one.unranked else ""
    click.echo(f"{_plain(one.name)}: {state}{outside}")
    if not one.good:
        return
    names = dimension_names()
    for scorer, result in one.results.items():
        for dimension in DIMENSIONS:
            found = result.dimensions[dimension]
            told = ", ".join(
                f"{what} {_number(estimate)}"
                for what, estimate in (("breach", found.breach), ("full", found.full), ("mean", found.mean))
            )
            click.echo(f"  {scorer:8} {names[dimension]:18} {told}, n {found.breach.n}/{found.breach.clusters}")
        click.echo(f"  {result.signature}")


def _plain(name: str) -> str:
    """A folder's name, whoever gave it, as a terminal may show it."""
    return name if name.isprintable() else ascii(name)


def _number(estimate: Estimate) -> str:
    if estimate.value is None:
        return f"none ({estimate.note})"
    if estimate.low is None or estimate.high is None:
        return f"{estimate.value:.3f} ({estimate.note})"
    return f"{estimate.value:.3f} [{estimate.low:.3f}, {estimate.high:.3f}]"


def _document(one: Checked) -> Mapping[str, Any]:
    return {
        "name": one.name,
        "good": one.good,
        "written": one.written,
        "set": one.set,
        "unranked": one.unranked,
        "overlap": None
        if one.overlap is None
        else {"sequences": one.overlap.sequences, "found": one.overlap.found, "share": one.overlap.share},
        "problems": [str(problem) for problem in one.problems],
        "differences": [str(problem) for problem in one.differences],
        "results": {name: result.to_dict() for name, result in one.results.items()},
    }
