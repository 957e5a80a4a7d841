"""``data info`` and ``data build``."""

from __future__ import annotations

from pathlib import Path

import click

from amends.dataset.build import build, manifest
from amends.dataset.folder import DataFolder, released
from amends.dataset.info import describe, lines
from amends.errors import UsageError
from amends.jsonl import pretty
from amends.resources import in_checkout

data_option = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=None,
    metavar="DIR",
    help="A data folder.  [default: the one that ships]",
)


@click.group()
def group() -> None:
    """The dataset: what it holds, and the build that joins its records."""


@group.command()
@data_option
@click.option("--json", "as_json", is_flag=True, help="As JSON on standard output.")
def info(data: Path | None, as_json: bool) -> None:
    """Say what the dataset holds: records by split, who wrote and judged them, where it stands."""
    described = describe(DataFolder(data) if data else released())
    click.echo(pretty(described).decode() if as_json else "\n".join(lines(described)))


@group.command(name="build")
@data_option
@click.option("--version", default=None, metavar="X.Y.Z", help="The version that the result bears.")
def build_command(data: Path | None, version: str | None) -> None:
    """Join scenarios, replies and annotations into exchanges with gold; writes the manifest."""
    if data is None and not in_checkout():
        raise UsageError("an installed dataset is not built again; name a folder with --data, or work in a checkout")
    folder = DataFolder(data) if data else released()
    version = version or manifest(folder).get("version")
    if not version:
        raise UsageError(f"{folder.path}/manifest.json has no version yet; name one with --version")
    written = build(folder, version)
    click.echo(f"version {version}: {len(written['files'])} files in {folder.path / 'manifest.json'}", err=True)
