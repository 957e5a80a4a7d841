"""``contribute``: an example from the first question to a file that is ready, and what maintainers do with it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from pathlib import Path

import click

from amends.cli.contribute_terminal import converse
from amends.cli.shared import ProblemPrinter, data_option
from amends.contribute.accept import SPLITS, Terms, accept, dataset_of
from amends.contribute.examine import base_of, examined, name_in, read_items
from amends.contribute.form import CONSENT, WRITTEN, Known
from amends.contribute.gate import Gate, Placed, as_adjudication, gate
from amends.contribute.pull import pull_request
from amends.contribute.session import Session
from amends.contribute.swap import recover
from amends.contribute.table import parse_columns, read_table, write_template
from amends.contribute.wanted import Counts, train_counts, wanted_lines
from amends.contribute.withdraw import withdraw
from amends.dataset.folder import DataFolder, released
from amends.dataset.pending import pending_file, read_pending
from amends.errors import Problem, UsageError
from amends.jsonl import dumps, pretty, read, write_whole
from amends.records import Annotation, Json
from amends.reports.wording import printed
from amends.resources import in_checkout
from amends.rubric.definitions import behaviours, dimension_names
from amends.runs.settings import locked
from amends.schema import problems
from amends.statistics.estimate import Estimate
from amends.terminal import plain, table_text

_file = click.Path(path_type=Path, dir_okay=False)


@click.group(invoke_without_command=True)
@click.option("-o", "out", type=_file, default=None, metavar="FILE",
              help="The contribution, .jsonl; the same command goes on with it.")  # fmt: skip
@click.option("--page", is_flag=True, help="Ask on a local page instead of the terminal (extra desk).")
@click.option("--from-file", "table", type=_file, default=None, metavar="TABLE",
              help="Many examples from a .csv or .xlsx table.")  # fmt: skip
@click.option("--columns", multiple=True, metavar="FIELD=COLUMN,...", help="Which column of TABLE holds a field.")
@click.option("--template", type=_file, default=None, metavar="TABLE", help="Write a table to fill in, .csv or .xlsx.")
@click.option("--credit", default=None, metavar="NAME", help="With --from-file: who is credited for all rows.")
@click.option("--written", type=click.Choice(tuple(WRITTEN)), default=None, help="With --from-file: who wrote them.")
@click.option("--model", default=None, metavar="NAME", help="With --from-file: which language model.")
@click.option("--agree", is_flag=True, help=f"With --from-file, for all rows: {CONSENT}")
@click.option("--port", type=click.IntRange(0, 65535), default=None, metavar="N", help="Of the page; 0: any free one.")
@click.option("--no-browser", is_flag=True, help="Of the page: only print the link.")
@data_option
@click.pass_context
def group(
    ctx: click.Context,
    out: Path | None,
    page: bool,
    table: Path | None,
    columns: tuple[str, ...],
    template: Path | None,
    credit: str | None,
    written: str | None,
    model: str | None,
    agree: bool,
    port: int | None,
    no_browser: bool,
    data: Path | None,
) -> None:
    """Contribute examples: a scenario of your own or a released one, a reply, and your labels if you like.

    Asks one question after the other; everything is saved at every answer, ? explains, < goes back, Ctrl+C ends, and
    the same command goes on. At the end: one file, and the words for the pull request. `amends check FILE` says all
    problems at once. gate, accept and withdraw are for maintainers.
    """
    if ctx.invoked_subcommand is not None:
        if any((out, page, table, template)):
            raise UsageError(f"-o, --page, --from-file and --template do not go with {ctx.invoked_subcommand}")
        return
    about = {"credit": credit, "written": written, "model": model, "agreed": "yes" if agree else None}
    if template is not None:
        write_template(template)
        click.echo(f"{template}: fill it in, then `amends contribute --from-file {template}`", err=True)
        return
    folder = DataFolder(data) if data else released()
    if table is not None:
        out = out or table.with_suffix(".jsonl")
        ctx.exit(_from_table(folder, table, out, columns, {k: v for k, v in about.items() if v}))
    if any(about.values()) or columns:
        raise UsageError("--columns, --credit, --written, --model and --agree go with --from-file")
    if out is None:
        raise UsageError("name the file that your examples go to: amends contribute -o my.jsonl")
    _ask(folder, out, (port, not no_browser) if page else None)
    _ready(folder, out)


def _ask(folder: DataFolder, out: Path, page: tuple[int | None, bool] | None) -> None:
    """On the terminal, or on a page of this port that is opened or not; nobody else writes the file meanwhile."""
    if out.suffix != ".jsonl":
        raise UsageError(f"{out} must end in .jsonl")
    out.parent.mkdir(parents=True, exist_ok=True)
    with locked(out.with_name(f".{out.name}.lock")):
        session, wanted = _session(folder, out), wanted_lines(_counts(folder))
        if page:
            from amends.cli.contribute_page import serve_page

            serve_page(session, wanted, *page)
        else:
            converse(session, wanted)


def _today() -> str:
    return datetime.datetime.now(datetime.UTC).date().isoformat()


def _counts(folder: DataFolder) -> Counts:
    return train_counts(folder)


def _session(folder: DataFolder, out: Path) -> Session:
    """The file at hand, with what answers are read against."""
    counts = _counts(folder)
    thin = [d for d, _ in sorted(counts.domains.items(), key=lambda pair: (pair[1], pair[0]))[:6]]
    known = Known({s.id: s for s in folder.scenarios("train")}, thin)
    return Session(out, known, base_of(folder, name_in(folder, out)), _today())


def _ready(folder: DataFolder, file: Path) -> None:
    """Say how the file stands: its problems, or the words for the pull request."""
    if not file.is_file() or not file.stat().st_size:
        click.echo("nothing is finished yet; the same command goes on", err=True)
        return
    items, wrong = read_items(str(file))
    found = [*wrong, *examined(items, base_of(folder, name_in(folder, file))).problems]
    click.echo(f"{file}: {_some(len(items), 'example')}, {_some(len(found), 'problem')}", err=True)
    for problem in found:
        click.echo(str(problem), err=True)
    if found:
        safe = f"`amends check --fix {file}` mends what is safe"
        click.echo(f"mend them in the file before you hand it in ({safe}); `amends check {file}` looks again", err=True)
    else:
        click.echo(pull_request(file, [item.example for item in items]).text(), nl=False)


def _some(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _from_table(
    folder: DataFolder, table: Path, out: Path, columns: Iterable[str], about: dict[str, str]
) -> int:  # fmt: skip
    """Examples of a table into a contribution file."""
    if out.exists():
        raise UsageError(f"{out} is there already; name another file with -o")
    items, found = read_table(table, parse_columns(columns), about, _today())
    if not items:
        raise UsageError(f"{table} holds no row of your own")
    lacks = " (what could not be read is not in it)" if found else ""
    found += examined(items, base_of(folder)).problems
    tell = ProblemPrinter()
    for problem in sorted(found, key=lambda p: (p.line or 0, p.path)):
        tell(problem)
    write_whole(out, b"".join(dumps(item.example) for item in items))
    click.echo(f"{_some(len(items), 'example')}: {out}", err=True)
    if tell.count:
        again = f"mend the table, remove {out} and read the table again"
        tell.close(f"{again}, or mend {out} itself{lacks}; `amends check {out}` says what is left there")
        return 1
    click.echo(pull_request(out, [item.example for item in items]).text(), nl=False)
    return 0


# ---- for maintainers

_labels = click.option("--labels", multiple=True, required=True, metavar="FILE",
                       help="Annotations by others of the examples (amends annotate); repeatable.")  # fmt: skip
_adjudications = click.option("--adjudication", multiple=True, metavar="FILE",
                              help="Annotations that decide where others lie apart; repeatable.")  # fmt: skip
_split = click.option("--split", type=click.Choice(SPLITS), default="train", show_default=True,
                      help="Where new scenarios go.")  # fmt: skip


def _folder(data: Path | None) -> DataFolder:
    if data is None:
        return released()
    recover(data.resolve())
    return DataFolder(data)


def _changeable(data: Path | None) -> DataFolder:
    if data is None and not in_checkout():
        raise UsageError("an installed dataset is not changed; name a folder with --data, or work in a checkout")
    return _folder(data)


def _read_labels(files: Iterable[str], adjudications: Iterable[str]) -> list[Placed]:
    """Annotations with their places.

    Raises:
        InputError: with the problems of a file.
    """
    found: list[Placed] = []
    wrong: list[Problem] = []
    made: tuple[tuple[Iterable[str], Callable[[Annotation], Annotation]], ...] = (
        (files, lambda a: a), (adjudications, as_adjudication)
    )  # fmt: skip
    for some, kind in made:
        for file in some:
            for line, record in read(file):
                bad = [record] if isinstance(record, Problem) else problems(record, "annotation", file, line)
                wrong += bad
                if not bad:
                    found.append((file, line, kind(Annotation.from_dict(record))))
    if wrong:
        from amends.errors import InputError

        raise InputError(wrong)
    return found


@group.command(name="gate")
@click.argument("name")
@_labels
@_adjudications
@_split
@data_option
@click.option("--json", "as_json", is_flag=True, help="As JSON on standard output.")
def gate_command(
    name: str, labels: tuple[str, ...], adjudication: tuple[str, ...], split: str, data: Path | None, as_json: bool
) -> int:
    """What blind annotators say of the contribution NAME in pending/, and what it would add.

    Scorers' annotations and the contributor's own do not count. Exits with 1 while something is open.
    """
    folder = _folder(data)
    examples = [example for _, example in read_pending(pending_file(folder, name))]
    found = gate(name, examples, _read_labels(labels, adjudication), dataset_of(folder), split)
    click.echo(pretty(found.to_dict()).decode() if as_json else _gate_text(found), nl=False)
    return 1 if found.open else 0


def _gate_text(found: Gate) -> str:
    names = dimension_names()
    rows = [[names[d], *_cells(found.alpha[d]), *_cells(found.own[d])] for d in found.alpha]
    who = ", ".join(found.annotators) or "nobody"
    lines = [plain(f"{found.name}: {len(found.examples)} examples, labeled by {who}"), found.what_it_is, ""]
    headings = ("Dimension", ">Alpha", ">95% interval", ">n", ">Dataset's train", ">95% interval", ">n")
    out = "\n".join(lines) + "\n" + table_text(headings, rows, "Ordinal alpha, before adjudication")
    if found.problems:
        out += "\nLabels that do not count:\n" + "".join(f"  {problem}\n" for problem in found.problems)
    if found.needs:
        out += "\nOpen:\n"
        for need in found.needs:
            apart = "; ".join(f"{names[d]} {', '.join(map(_level, levels))}" for d, levels in need.levels.items())
            out += plain(f"  {need.example}: {need.needs}" + (f" ({apart})" if apart else "")) + "\n"
    out += "\nWhat the batch adds to train (before, added):\n" + _adds_text(found, names)
    passes = "Something is open." if found.open else "It passes: `amends contribute accept` takes it."
    return f"{out}\n{passes}\n{found.signature}\n"


def _level(level: float | None) -> str:
    return "none" if level is None else f"{level:g}"


def _adds_text(found: Gate, names: dict[str, str]) -> str:
    codes = behaviours()
    lines = [f"  domain {d}: {b:,}, {a}" for d, b, a in found.adds.domains]
    lines += [f"  {names[d]} {level}: {b:,}, {a}" for d, level, b, a in found.adds.levels]
    lines += [f"  {c} {codes[c].name.replace('_', ' ')}: {b:,}, {a}" for c, b, a in found.adds.behaviours]
    lines.append(
        f"  {found.adds.new_cells} of {found.adds.cells} cells of domain by level and by behaviour were empty before"
    )
    return "".join(plain(line) + "\n" for line in lines)


def _cells(estimate: Estimate) -> tuple[str, str, str]:
    shown = printed(estimate, "level")
    return shown.value, shown.interval, shown.n


@group.command(name="accept")
@click.argument("name")
@_labels
@_adjudications
@_split
@click.option("--leave-out", multiple=True, metavar="ID", help="An example that goes on waiting; repeatable.")
@data_option
@click.option("--json", "as_json", is_flag=True, help="What came of it, as JSON on standard output.")
def accept_command(
    name: str,
    labels: tuple[str, ...],
    adjudication: tuple[str, ...],
    split: str,
    leave_out: tuple[str, ...],
    data: Path | None,
    as_json: bool,
) -> None:
    """Take the contribution NAME into the dataset as a new version, as a whole or not at all.

    It must pass the gate and every check: whatever is near a text of validation or test is refused, never moved to
    train. Replies to released scenarios stay in their scenario's split. Takes a minute or two.
    """
    folder = _changeable(data)
    terms = Terms(_today(), split, frozenset(leave_out))
    made = accept(folder, name, _read_labels(labels, adjudication), terms, lambda words: click.echo(words, err=True))
    document: Json = {
        "version": made.version,
        "before": made.before,
        "replies": dict(made.ids),
        "new_scenarios": made.scenarios,
        "still_waiting": list(made.left),
        "notes": list(made.notes),
        "changelog": made.change,
    }
    lines = [f"version {made.before} -> {made.version}; {made.before} stays loadable"]
    lines += [f"  {old} is {new}" for old, new in made.ids.items()]
    lines += [f"  {key} still waits" for key in made.left]
    _told(document, lines, made.notes, as_json)


@group.command(name="withdraw")
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.option("--reason", default=None, metavar="TEXT", help="Kept beside the ids.")
@data_option
@click.option("--json", "as_json", is_flag=True, help="What came of it, as JSON on standard output.")
def withdraw_command(ids: tuple[str, ...], reason: str | None, data: Path | None, as_json: bool) -> None:
    """Make a version without the contributed replies ID.

    Their labels go with them, and their scenarios where no other reply answers them. Earlier versions still list them,
    so the texts stay in the files: this is no erasure. docs/CONTRIBUTIONS.md says what maintainers can do beyond it.
    """
    folder = _changeable(data)
    made = withdraw(folder, ids, day=_today(), reason=reason, tell=lambda words: click.echo(words, err=True))
    document: Json = {
        "version": made.version,
        "before": made.before,
        "records": [{"kind": kind, "id": key} for kind, key in made.records],
        "changelog": made.change,
    }
    lines = [f"version {made.before} -> {made.version}"]
    lines += [f"  no longer listed: {kind} {key}" for kind, key in made.records]
    note = f"the texts stay in the files, because {made.before} lists them: this is no erasure"
    _told(document, lines, (note,), as_json)


def _told(document: Json, lines: list[str], notes: Iterable[str], as_json: bool) -> None:
    if as_json:
        click.echo(pretty(document).decode(), nl=False)
    else:
        lines.append(f"for CHANGELOG.md: {document['changelog']}")
        click.echo("".join(f"{plain(line)}\n" for line in lines), nl=False)
    for note in notes:
        click.echo(f"note: {note}", err=True)
