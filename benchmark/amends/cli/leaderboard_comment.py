"""``leaderboard comment``: what is said on a pull request of its check."""

from __future__ import annotations

from pathlib import Path

import click

from amends.errors import UsageError
from amends.leaderboard.artifact import read_artifact
from amends.leaderboard.comment import comment, distrusted


@click.command()
@click.argument("artifact", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--head", metavar="SHA", help="The commit that it must be about.")
@click.option("--number", is_flag=True, help="Print only the number of the pull request that it names.")
@click.option("--distrust", is_flag=True, help="The request changes .github/: repeat nothing that its check says.")
def command(artifact: Path, head: str | None, number: bool, distrust: bool) -> int:
    """What is said on a pull request: escaped Markdown from ARTIFACT, which anybody may have written.

    ARTIFACT is what `amends leaderboard artifact` wrote, or the archive in which the hosting service hands it out.
    """
    if number and distrust:
        raise UsageError("--number prints no comment; drop it, or --distrust")
    record = read_artifact(artifact, head)
    if number:
        click.echo(record["pull_request"])
    else:
        click.echo(distrusted(record) if distrust else comment(record), nl=False)
    return 0
