"""Which form a file has: told by ``--from``, else recognised by its shape."""

from __future__ import annotations

import functools
import itertools
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from amends.errors import Problem, UsageError
from amends.jsonl import MAX_LINE, open_bytes, parse, read, whole_file
from amends.logs.cells import is_table, table_names
from amends.logs.imports import mbox, messages
from amends.logs.imports.intercom import Intercom
from amends.logs.imports.zendesk import Zendesk
from amends.logs.units import Conversation, Log

FORMS = ("zendesk", "intercom", "mbox", "messages")
"""What ``--from`` takes."""

_OTHER_TABLES = {
    **dict.fromkeys((".xlsx", ".xls", ".ods"), "save it as CSV UTF-8"),
    ".tsv": "give it the ending .csv: tabs are read as well",
    **dict.fromkeys((".csv.gz", ".csv.zst", ".csv.zip"), "unpack it"),
}
"""Ending to remedy: read as JSON lines, each of their lines would be broken JSON."""

Items = Iterator[tuple[int, Any]]
Found = Iterator[tuple[int, Conversation | Problem]]


def form_of(file: str, columns: Mapping[str, str], log: Log) -> str | None:
    """The form of a file that needs no look at its records, or that was told; None for JSON still to be looked at.

    Args:
        file: its path, or ``-``.
        columns: field to column.
        log: with ``--from``.

    Raises:
        InputError: the file is a table of a form that is not read.
        UsageError: ``--from`` and the file do not go together.
    """
    remedy = next((words for ending, words in _OTHER_TABLES.items() if file.lower().endswith(ending)), None)
    if remedy is not None:
        raise whole_file(file, "a table of another form", "a table that ends in .csv or .parquet", remedy)
    if is_table(file):
        if log.form not in (None, "messages"):
            raise UsageError(f"--from {log.form} is for JSON or mbox, and {file} is a table (--from messages)")
        if log.form == "messages" or "conversation" in columns:
            return "messages"
        named = {*columns, *(n for n in table_names(file) if n not in columns.values())}
        own = {"reply"} & named or {"scenario_id", "text"} <= named
        return "messages" if set(messages.REQUIRED) <= named and not own else "table"
    if log.form is not None or "conversation" in columns:
        return log.form or "messages"
    return "mbox" if file != "-" and starts_as_mbox(file) else None


def starts_as_mbox(file: str) -> bool:
    """Whether a file is a mailbox, by its ending or its first five bytes.

    Args:
        file: its path.
    """
    if file.lower().endswith(".mbox"):
        return True
    if not Path(file).is_file():
        return False  # a pipe gives its bytes once; what is missing is named by whoever reads it
    with open_bytes(file) as stream:
        try:
            return stream.read(5) == b"From "
        except (OSError, EOFError, zlib.error):
            return False  # damaged: whoever reads it says so


def shape_of(value: Any) -> str | None:
    """The form that a JSON value has; None for a record of this package, or for nobody knows what.

    Args:
        value: the first good one of a file.
    """
    if isinstance(value, list):
        return next((form for one in value if (form := shape_of(one))), None)
    if not isinstance(value, dict) or {"turns", "reply"} & value.keys():
        return None
    if {"conversation_parts", "conversations"} & value.keys():
        return "intercom"
    if isinstance(value.get("tickets"), list) or isinstance(value.get("ticket"), dict):
        return "zendesk"
    if isinstance(value.get("comments"), list) and "id" in value:
        return "zendesk"
    return "messages" if set(messages.REQUIRED) <= value.keys() else None


def json_items(file: str, max_line: int) -> Items:
    """Numbered JSON values: lines, or the whole of a ``.json`` file that is one document.

    Args:
        file: its path, or ``-``.
        max_line: bytes a line may have; a document is read whole.

    Raises:
        InputError: the file fails as a whole.
    """
    if not _is_document(file):
        return read(file, max_line)
    return _document(file)


def _is_document(file: str) -> bool:
    """Whether a .json file is one value rather than a value a line."""
    name = file.lower()
    if not name.endswith((".json", ".json.gz", ".json.zst")):
        return False
    with open_bytes(file) as stream:
        lines = itertools.islice(iter(functools.partial(stream.readline, MAX_LINE), b""), 100)
        full = list(itertools.islice((line for line in lines if line.strip()), 2))
    try:
        orjson.loads(full[0].removeprefix(b"\xef\xbb\xbf")) if full else None
    except orjson.JSONDecodeError:
        return bool(full)
    return len(full) == 1


def _document(file: str) -> Items:
    with open_bytes(file) as stream:
        body = stream.read().removeprefix(b"\xef\xbb\xbf")
    try:
        yield 1, parse(body)
    except orjson.JSONDecodeError as error:
        found = f"broken JSON ({error.msg}, line {error.lineno}, column {error.colno})"
        raise whole_file(file, found, "one JSON document, or one JSON value a line", "export it again") from None


def conversations(file: str, form: str, items: Callable[[], Items], columns: Mapping[str, str], log: Log) -> Found:
    """Conversations of a file, and its problems.

    Args:
        file: its path.
        form: one of ``FORMS``.
        items: gives its JSON values or rows; called again for a second reading.
        columns: field to column.
        log: with the agents' domains.

    Raises:
        InputError: the file fails as a whole.
    """
    if form == "mbox":
        found = mbox.conversations(file, log.agent_domains)
    elif form == "messages":
        found = _messages(file, items, columns)
    else:
        found = _of_export(file, items(), Zendesk(file) if form == "zendesk" else Intercom(file))
    return _once(file, found)


def _of_export(file: str, items: Items, form: Zendesk | Intercom) -> Found:
    for line, value in items:
        if isinstance(value, Problem):
            yield line, value
        else:
            yield from form.conversations(line, value)


def _messages(file: str, items: Callable[[], Items], columns: Mapping[str, str]) -> Found:
    if is_table(file):
        fields = messages.fields_of(file, table_names(file), columns)
        return messages.conversations(file, items, lambda row: fields, twice=True)
    fields = {name: name for name in messages.COLUMNS} | {f: c for f, c in columns.items() if f in messages.COLUMNS}
    return messages.conversations(file, items, lambda row: fields, twice=file != "-")


def _once(file: str, found: Found) -> Found:
    """Conversations of which none comes twice: exports in pages repeat what changed between them."""
    first: dict[str, int] = {}
    for line, item in found:
        if isinstance(item, Conversation) and item.id in first:
            shown = f'"{item.id}" again (first in line {first[item.id]})'
            remedy = "keep its newest form, and remove the others"
            yield line, Problem(file, item.line, "$.id", shown, "a conversation once in the file", remedy)
            continue
        if isinstance(item, Conversation):
            first[item.id] = item.line
        yield line, item
