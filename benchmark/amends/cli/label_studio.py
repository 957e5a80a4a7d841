"""``label-studio``: replies to Label Studio, and what people labelled there back."""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

import click

from amends.cli.shared import ProblemPrinter, input_options, keep_inputs
from amends.errors import UsageError
from amends.jsonl import dumps, pretty, write_whole
from amends.labelstudio.config import config
from amends.labelstudio.importing import Imported, imported
from amends.labelstudio.people import parse_names
from amends.labelstudio.tasks import shuffled, sidecar, task
from amends.logs.reader import Source
from amends.logs.tables import parse_columns
from amends.resources import shipped
from amends.runs.score import good_exchanges
from amends.signature import SEED


@click.group()
def group() -> None:
    """Label Studio: replies out as tasks, people's labels back as annotations. Nothing is sent anywhere: files only."""


@group.command(name="export")
@click.argument("file")
@click.option("-o", "out", type=click.Path(path_type=Path, file_okay=False), required=True, metavar="FOLDER",
              help="Where config.xml, tasks.json and GUIDELINE.md go.")  # fmt: skip
@click.option("--limit", type=click.IntRange(min=1), default=None, metavar="N", help="Only the first N replies.")
@click.option("--seed", type=click.IntRange(min=0), default=SEED, show_default=True, help="Of the order of the tasks.")
@input_options
def export_command(file: str, out: Path, limit: int | None, seed: int, columns: tuple[str, ...], max_line: int) -> int:
    """Write FOLDER/config.xml (the labelling interface) and FOLDER/tasks.json (the tasks) for a Label Studio project.

    FILE holds replies, exchanges of your own, or what `amends draw` drew. The tasks are blind: turns, reply and the
    context that the guideline names, and nothing of who wrote the reply or what others make of it; in an order drawn
    by lot, whose seed stands in FOLDER/tasks.json.run.json.
    """
    tell = ProblemPrinter()
    stream = good_exchanges(Source(file, parse_columns(columns), max_line), tell)
    exchanges = shuffled(list(itertools.islice(stream, limit)), seed)
    if not exchanges:
        raise UsageError(f"{file} holds no good line")
    write_whole(out / "config.xml", config().encode())
    write_whole(out / "GUIDELINE.md", shipped("data", "GUIDELINE.md").read_bytes())
    write_whole(out / "tasks.json.run.json", pretty(sidecar(exchanges, file, seed)))
    write_whole(out / "tasks.json", pretty([task(exchange) for exchange in exchanges]))
    click.echo(f"{len(exchanges):,} tasks (seed {seed}): {out / 'tasks.json'}", err=True)
    click.echo(f"labelling interface: {out / 'config.xml'}", err=True)
    tell.close("every good line is a task")
    return 1 if tell.count else 0


@group.command(name="import")
@click.argument("export", metavar="EXPORT")
@click.option("--source", required=True, metavar="FILE", help="The file that the tasks were made from.")
@click.option("-o", "out", required=True, metavar="OUT", help="Annotations file; - for standard output.")
@click.option("--name", "names", multiple=True, metavar="WHO=NAME",
              help="The pseudonym of a user (e-mail address, number or user name); repeatable.  "
                   "[default: person-1, person-2, ...]")  # fmt: skip
@input_options
def import_command(
    export: str, source: str, out: str, names: tuple[str, ...], columns: tuple[str, ...], max_line: int
) -> int:
    """Read what people labelled: EXPORT is a project exported as JSON (JSON-MIN too, where nobody set a passing hint).

    Annotations of people come out, one for each person and reply. Cancelled annotations, drafts and predictions are
    passed over and counted; texts are compared with FILE, and spans are found by their words where Label Studio
    counted otherwise. What cannot be read is named, all of it, and everything else is kept.
    """
    keep_inputs("-o", out, [export, source])
    asked = parse_names(names)
    tell = ProblemPrinter()
    exchanges = {e.id: e for e in good_exchanges(Source(source, parse_columns(columns), max_line), tell)}
    found = imported(export, source, exchanges, asked, tell)
    text = b"".join(dumps(annotation.to_dict()) for annotation in found.annotations)
    if out == "-":
        sys.stdout.buffer.write(text)
        sys.stdout.buffer.flush()
    elif found.annotations:
        write_whole(Path(out), text)
    _told(found, out)
    tell.close("every good annotation is kept")
    return 1 if tell.count else 0


def _told(found: Imported, out: str) -> None:
    """Who labelled how much, and what was passed over, on standard error."""
    if not found.annotations:
        click.echo("no annotation could be read; nothing is written", err=True)
    else:
        replies = len({annotation.reply_id for annotation in found.annotations})
        click.echo(f"{len(found.annotations):,} annotations of {replies:,} replies: {out}", err=True)
    for name, user in found.people.items():
        own = sum(annotation.annotator.name == name for annotation in found.annotations)
        click.echo(f"  {name} (user {user}): {own:,}", err=True)
    for what, n in found.counts.items():
        click.echo(f"  {what}: {n:,}", err=True)
