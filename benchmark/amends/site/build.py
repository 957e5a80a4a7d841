"""All files of the site: rendered, written beside the folder that they replace, then put in its place."""

from __future__ import annotations

import base64
import functools
import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from amends import html
from amends.errors import UsageError
from amends.leaderboard.board import Board, Row, Table
from amends.resources import shipped
from amends.runs.pool import itself, pool_of
from amends.site import entries, files, names, paired, slicing, tables
from amends.site.facts import Facts
from amends.site.shown import dimensions

Items = Callable[[Row], Iterable[paired.Item]]
"""An entry's replies, each with every official scorer's annotation; read once an entry, in another process."""
MARK = "leaderboard.json"
"""A folder that holds it was built here and may be replaced."""
_TEMPLATES = ("leaderboard", "templates")
_MANY = 8
"""From so many entries on a second process is worth its start."""


@dataclass(frozen=True, slots=True)
class Built:
    """What was written."""

    folder: Path
    files: int
    bytes: int
    entries: int
    without: tuple[str, ...]
    """Scorers of the board whose bias and gaming gap no file gave."""


@dataclass(frozen=True, slots=True)
class _Made:
    """The files of one entry, and what it is compared by."""

    written: dict[str, bytes]
    vectors: dict[str, paired.Vectors]


def build(
    board: Board, out: Path, items: Items | None = None, facts: Mapping[str, Facts] | None = None, jobs: int = 1
) -> Built:
    """Write the site.

    The same board and items give the same bytes. ``out`` is replaced as a whole, and only if it is missing, empty,
    or a site.

    Args:
        board: what the pages show.
        out: the folder.
        items: of each entry; None leaves out examples and what needs levels by scenario.
        facts: by scorer tag: bias and gaming gap; see ``amends.site.facts``.
        jobs: processes at most; with more than one, ``items`` must be picklable.

    Raises:
        UsageError: a name that cannot be a file's, or a folder that holds something else.
    """
    names.check(board)
    _check(out)
    out = out.resolve()
    known = dict(facts or {})
    wanted = {files.tag_of(board, str(one["name"])) for one in board.scorers}
    shown = {tag: found for tag, found in known.items() if tag in wanted}
    out.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        count = size = 0
        for name, content in _files(board, items, shown, jobs):
            path = made / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
            count, size = count + 1, size + len(content)
        _replace(made, out)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    many = sum(len(table.rows) for table in board.tables.values())
    return Built(out, count, size, many, tuple(sorted(wanted - set(shown))))


def _check(out: Path) -> None:
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise UsageError(f"{out} is no folder; name one with -o")
    if out.is_dir() and any(out.iterdir()) and not (out / MARK).is_file():
        raise UsageError(f"{out} holds files that no build wrote; name an empty folder or a new one with -o")


def _replace(made: Path, out: Path) -> None:
    made.chmod(0o755)
    if out.exists():
        old = Path(tempfile.mkdtemp(prefix=f".{out.name}-old-", dir=out.parent))
        out.rename(old / out.name)
        made.rename(out)
        shutil.rmtree(old)
    else:
        made.rename(out)


def _files(board: Board, items: Items | None, facts: Mapping[str, Facts], jobs: int) -> Iterator[tuple[str, bytes]]:
    yield MARK, files.board_json(board, facts)
    yield "leaderboard.schema.json", shipped(*_TEMPLATES, "leaderboard.schema.json").read_bytes()
    yield "leaderboard.csv", files.board_csv(board)
    yield "behaviours.csv", files.behaviours_csv(board)
    vectors: dict[tuple[str, str], list[paired.Vectors]] = {}
    work = [(table, row) for table in board.tables.values() for row in table.rows]
    for (table, _), made in zip(work, _entries(board, work, items, jobs), strict=True):
        yield from made.written.items()
        for scorer, one in made.vectors.items():
            vectors.setdefault((table.set, scorer), []).append(one)
    for table in board.tables.values():
        for scorer in _scorers(board):
            yield from _pages(board, table, scorer, facts, vectors.get((table.set, scorer), []))
    if not board.tables:
        yield "index.html", _page("empty.html.j2", (), board=board, root="", title="Leaderboard")


def _scorers(board: Board) -> list[str]:
    return [str(one["name"]) for one in board.scorers]


def _entries(board: Board, work: Sequence[tuple[Table, Row]], items: Items | None, jobs: int) -> Iterator[_Made]:
    if jobs < 2 or len(work) < _MANY:
        for table, row in work:
            yield _entry(board, table, row, items)
        return
    # the rows travel one by one: a table without them is all that an entry's page needs of its neighbours
    bare = {name: _bare(table) for name, table in board.tables.items()}
    light = Board(bare, board.scorers, board.dataset, board.version)
    with pool_of(jobs, itself, functools.partial(_sent, light, items)) as pool:
        yield from pool.map((table.set, row) for table, row in work)


def _bare(table: Table) -> Table:
    return Table(table.set, (), table.tiers, table.notes, table.signatures)


def _sent(board: Board, items: Items | None, what: tuple[str, Row]) -> _Made:
    return _entry(board, board.tables[what[0]], what[1], items)


def _entry(board: Board, table: Table, row: Row, items: Items | None) -> _Made:
    read = [] if items is None else list(items(row))
    base = f"entries/{row.name}"
    written = {f"{base}.json": files.entry_json(board, table, row), f"{base}.csv": files.entry_csv(board, table, row)}
    vectors = {}
    for scorer in row.results:
        own = [(exchange, by[scorer]) for exchange, by in read if scorer in by]
        values = entries.page_values(board, table, row, scorer, own)
        links = {
            "table_page": names.table_page(board, table.set, scorer),
            "compare_page": names.compare_page(table.set, scorer) if items is not None else "",
        }
        title = f"{row.name} on {table.set} by {scorer}"
        page = _page("entry.html.j2", (), board=board, table=table, root="../", title=title, **links, **values)
        written[names.entry_page(board, row.name, scorer)] = page
        if items is not None:
            vectors[scorer] = paired.vectors(row, scorer, read)
    return _Made(written, vectors)


def _pages(
    board: Board, table: Table, scorer: str, facts: Mapping[str, Facts], vectors: Sequence[paired.Vectors]
) -> Iterator[tuple[str, bytes]]:
    ranked, outside = tables.lines(board, table, scorer)
    listed = [*ranked, *outside]
    common = _common(board, table, scorer, facts) | {
        "compare_page": names.compare_page(table.set, scorer) if vectors else ""
    }
    values = {
        "title": f"Leaderboard: {table.set} by {scorer}",
        "ranked": ranked,
        "outside": outside,
        "panels": tables.panels(board, table, scorer),
        "values": slicing.values(table),
        "data": slicing.packed(table, scorer),
    }
    yield common["table_page"], _page("table.html.j2", ("table.js",), **common, **values)
    rates = tables.rates(table, scorer, listed)
    title = f"Behaviours: {table.set} by {scorer}"
    yield common["behaviours_page"], _page("behaviours.html.j2", ("table.js",), **common, title=title, rates=rates)
    if vectors:
        lines = {row.name: row.results[scorer].signature for row in table.rows if scorer in row.results}
        pages = {name: names.entry_page(board, name, scorer) for name in lines}
        data = {**paired.packed(vectors), "signatures": lines, "pages": pages}
        title = f"Two entries: {table.set} by {scorer}"
        page = _page("compare.html.j2", ("compare.js",), **common, title=title, data=data, listed=listed)
        yield common["compare_page"], page


def _common(board: Board, table: Table, scorer: str, facts: Mapping[str, Facts]) -> dict[str, Any]:
    """What every page of a table may name."""
    return {
        "board": board,
        "table": table,
        "scorer": scorer,
        "about": tables.scorer_of(board, scorer),
        "signature": table.signatures.get(scorer),
        "dimensions": dimensions(),
        "tabs": _tabs(board, table.set, scorer),
        "table_page": names.table_page(board, table.set, scorer),
        "behaviours_page": names.behaviours_page(table.set, scorer),
        "facts": facts.get(files.tag_of(board, scorer)),
        "root": "",
    }


def _tabs(board: Board, chosen: str, scorer: str) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """Set to its scorers with their pages and which is shown."""
    return [
        (name, [(s, names.table_page(board, name, s), (name, s) == (chosen, scorer)) for s in _scorers(board)])
        for name in board.tables
    ]


def _page(template: str, scripts: Sequence[str], **values: Any) -> bytes:
    """One page, with the hashes of what it holds in its policy."""
    style = _source("site.css")
    codes = [_source(name) for name in scripts]
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src {' '.join(repr(_hash(c)) for c in codes)}; "
        if codes
        else f"default-src 'none'; style-src '{_hash(style)}'; "
    )
    policy += "img-src data:; base-uri 'none'; form-action 'none'"
    return html.render(shipped(*_TEMPLATES, template), policy=policy, **values).encode("utf-8", "replace")


@functools.cache
def _source(name: str) -> str:
    """A style sheet or script as the page includes it."""
    return html.render(shipped(*_TEMPLATES, name))


def _hash(source: str) -> str:
    """Source of an inline style or script, as a Content-Security-Policy names it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
