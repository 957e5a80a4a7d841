"""A file that Label Studio exported: JSON, or JSON-MIN as far as it loses nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from amends.errors import Problem
from amends.jsonl import open_bytes, parse, whole_file
from amends.labelstudio import form
from amends.labelstudio.results import displayed
from amends.records import DIMENSIONS, Json

_WHOLE = "an export of Label Studio in the format JSON"
_AGAIN = "export the project as JSON"
_MIN = {"annotation_id", "annotator", "created_at"}


@dataclass(frozen=True, slots=True)
class Task:
    """A task of an export with its annotations, both not yet checked."""

    id: str
    data: Json
    annotations: list[Any]
    predictions: int = 0
    drafts: int = 0
    lost: dict[int, Problem] = field(default_factory=dict)
    """Place of an annotation to what JSON-MIN lost of it."""
    minimal: bool = False
    """It came as JSON-MIN: the task is its annotation."""


def where(task: str, path: str) -> str:
    """A place within a task, as problems name it."""
    return f"task {task}: {path}"


def read_tasks(file: str) -> Iterator[Task | Problem]:
    """The tasks of an export.

    Args:
        file: its path, or ``-`` for standard input.

    Yields:
        Each task, or what is wrong with one.

    Raises:
        InputError: the file fails as a whole, or is no export.
    """
    with open_bytes(file) as stream:
        body = stream.read().removeprefix(b"\xef\xbb\xbf")
    if not body.strip():
        raise whole_file(file, "an empty file", _WHOLE, _AGAIN)
    try:
        value = _value(body)
    except ValueError as error:
        raise whole_file(file, f"broken JSON ({error})", _WHOLE, _AGAIN) from None
    for i, one in enumerate(value if isinstance(value, list) else [value]):
        yield _task(file, i, one)


def _value(body: bytes) -> Any:
    """The document; half characters, which old versions leave at the end of a span, as U+FFFD.

    Raises:
        ValueError: it is no JSON.
    """
    try:
        return parse(body)
    except ValueError:
        if b"\\ud" not in body.lower():
            raise
    try:
        # the standard library takes half characters, which no JSON text may hold
        return parse(orjson.dumps(_whole_characters(json.loads(body))))
    except (RecursionError, TypeError) as error:
        raise ValueError(str(error)) from None


def _whole_characters(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(value, list):
        return [_whole_characters(one) for one in value]
    if isinstance(value, dict):
        return {_whole_characters(key): _whole_characters(one) for key, one in value.items()}
    return value


def _task(file: str, i: int, one: Any) -> Task | Problem:
    if not isinstance(one, dict):
        raise whole_file(file, displayed(one), _WHOLE, _AGAIN)
    name = str(one["id"]) if isinstance(one.get("id"), int | str) else f"number {i + 1}"
    if "data" not in one and one.keys() >= _MIN:
        return _of_min(file, name, one)
    annotations = one.get("annotations", one.get("completions"))
    if "data" not in one or annotations is None:
        keys = ", ".join(one) or "no fields"
        raise whole_file(file, f"an object with {keys[:200]}", _WHOLE, _AGAIN)
    for key, found, kind in (("data", one["data"], dict), ("annotations", annotations, list)):
        if not isinstance(found, kind):
            words = "an object" if kind is dict else "a list"
            return Problem(file, None, where(name, f"$.{key}"), displayed(found), words, _AGAIN)
    return Task(name, one["data"], annotations, _count(one, "predictions"), _count(one, "drafts"))


def _count(one: Mapping[str, Any], key: str) -> int:
    found = one.get(key)
    return len(found) if isinstance(found, list) else 0


def _of_min(file: str, name: str, one: Json) -> Task:
    """A record of JSON-MIN, which is one annotation: task fields and controls side by side."""
    result = []
    for control in form.SPANS:
        given = one.get(control)
        for k, value in enumerate(given if isinstance(given, list) else []):
            result.append({"id": f"{control}-{k}", "from_name": control, "value": value})
    for control in (*DIMENSIONS, form.FLAGS, form.UNSURE):
        if control in one:
            result.append({"from_name": control, "value": _choices(one[control])})
    if form.REASON in one:
        given = one[form.REASON]
        value = {"text": given} if isinstance(given, str | list) else given
        result.append({"from_name": form.REASON, "value": value})
    annotation = {
        "id": one["annotation_id"],
        "completed_by": one["annotator"],
        "created_at": one["created_at"],
        "updated_at": one.get("updated_at"),
        "lead_time": one.get("lead_time"),
        "result": result,
    }
    lost = {}
    if form.STRENGTH in one:
        found = f'"{form.HINT}", and JSON-MIN does not say of which words'
        path = where(name, f"$.{form.STRENGTH}")
        lost[0] = Problem(file, None, path, found, "the span that is a passing hint", _AGAIN)
    return Task(name, one, [annotation], lost=lost, minimal=True)


def _choices(given: Any) -> Any:
    """JSON-MIN writes one choice as a text, and several as an object."""
    if isinstance(given, str):
        return {"choices": [given]}
    return given[0] if isinstance(given, list) and len(given) == 1 else given
