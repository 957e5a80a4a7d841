"""``data info``, ``data todo``, ``data build``, ``data audit`` and ``data export``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from amends.audit.material import read_material
from amends.audit.page import audit
from amends.cli.shared import data_option
from amends.dataset.build import build, manifest
from amends.dataset.export import FORMS, export
from amends.dataset.folder import DataFolder, released
from amends.dataset.info import describe, lines
from amends.dataset.load import CONFIGURATIONS
from amends.dataset.todo import todo
from amends.errors import UsageError
from amends.jsonl import pretty, write_whole
from amends.resources import in_checkout


@click.group()
def group() -> None:
    """The dataset: what it holds, what is not labeled yet, and the build that joins its records."""


@group.command()
@data_option
@click.option("--json", "as_json", is_flag=True, help="As JSON on standard output.")
def info(data: Path | None, as_json: bool) -> None:
    """Say what the dataset holds: records by split, who wrote and judged them, where it stands."""
    described = describe(DataFolder(data) if data else released())
    click.echo(pretty(described).decode() if as_json else "\n".join(lines(described)))


@group.command(name="todo")
@data_option
@click.option("--json", "as_json", is_flag=True, help="As JSON on standard output, one entry a reply.")
def todo_command(data: Path | None, as_json: bool) -> None:
    """List what is not labeled yet, by split and by what it needs."""
    found = todo(DataFolder(data) if data else released())
    if as_json:
        click.echo(pretty([asdict(one) for one in found]).decode(), nl=False)
        return
    groups: dict[tuple[str, str, tuple[str, ...]], list[str]] = {}
    for one in found:
        groups.setdefault((one.split, one.needs, one.have), []).append(one.reply_id)
    for (split, needs, have), ids in sorted(groups.items()):
        shown = ", ".join(ids[:5]) + (", ..." if len(ids) > 5 else "")
        click.echo(f"{split}: {len(ids)} replies need {needs} (have: {', '.join(have) or 'none'}): {shown}")
    if not found:
        click.echo("everything is labeled")


@group.command(name="audit")
@data_option
@click.option("--json", "as_json", is_flag=True, help="What it wrote, as JSON on standard output.")
def audit_command(data: Path | None, as_json: bool) -> None:
    """Write AUDIT.md and its pictures: counts, agreement, correlations, cues, gold against plan, what is thin."""
    if data is None and not in_checkout():
        raise UsageError(
            "an installed dataset is not audited in place; name a folder with --data, or work in a checkout"
        )
    folder = DataFolder(data) if data else released()
    made = audit(read_material(folder))
    write_whole(folder.path / "AUDIT.md", made.page.encode())
    for name, text in made.pictures.items():
        write_whole(folder.path / "audit" / name, text.encode())
    written = ["AUDIT.md", *[f"audit/{name}" for name in made.pictures]]
    if as_json:
        click.echo(pretty({"folder": str(folder.path), "files": written}).decode(), nl=False)
    else:
        click.echo(f"{', '.join(written)} in {folder.path}; `amends data build` takes them into the manifest", err=True)


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


@group.command(name="export")
@click.option(
    "--format",
    "form",
    type=click.Choice(tuple(FORMS)),
    default="parquet",
    show_default=True,
    help="parquet: a folder that load_dataset and the Hugging Face hub take; csv: a table a split, lists as JSON text, "
    "for load_dataset too; datasetdict: a folder for each configuration, for datasets.load_from_disk(DIR/NAME); "
    "convokit: a corpus of the conversations (exchanges and systems).",
)
@click.option(
    "-o",
    "into",
    type=click.Path(path_type=Path),
    required=True,
    metavar="DIR",
    help="A new folder.",
)
@click.option(
    "--config",
    "names",
    type=click.Choice(CONFIGURATIONS),
    multiple=True,
    help="A configuration; may be given several times.  [default: all that the form and the version hold]",
)
@click.option(
    "--version",
    default=None,
    metavar="X.Y.Z",
    help="Of the dataset; an older one holds exchanges alone.  [default: the one that ships]",
)
@click.option("--json", "as_json", is_flag=True, help="What it wrote, as JSON on standard output.")
def export_command(form: str, into: Path, names: tuple[str, ...], version: str | None, as_json: bool) -> None:
    """Write the released dataset for other tools, with card, licence, guideline and audit beside the records.

    The audit is of the version that ships and stays out of an export of an older one.
    """
    written = export(form, into, names, version)
    if as_json:
        click.echo(pretty({"folder": str(into), "format": form, "files": written}).decode(), nl=False)
    else:
        click.echo(f"{len(written)} files in {into} ({form})", err=True)
