"""Records against their JSON Schemas (``schemas/*.schema.json``), the one authority.

jsonschema-rs gives the verdict in microseconds; jsonschema words the errors of the records that fail. What JSON
Schema cannot say (the last turn is the customer's, a span quotes nothing backwards) is said in ``_BEYOND``.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any

import orjson

from amends.errors import Problem
from amends.resources import shipped

KINDS = (
    "scenario",
    "reply",
    "exchange",
    "annotation",
    "comparison",
    "judgement",
    "contrast",
    "gaming",
    "invariance",
    "degenerate",
    "generator",
    "output",
    "plan",
    "calibration",
    "entry",
    "contribution",
    "contributed",
    "withdrawn",
    "checked",
)
"""The kinds of record that have a schema."""

_SHOWN = 60


@functools.cache
def document(name: str) -> dict[str, Any]:
    """A schema document by name (``reply``, or ``common`` for the shared parts)."""
    loaded: dict[str, Any] = orjson.loads(shipped("schemas", f"{name}.schema.json").read_bytes())
    return loaded


@functools.cache
def _fast(kind: str) -> Any:
    """The first pass: jsonschema-rs, built once a kind."""
    import jsonschema_rs

    return jsonschema_rs.Draft202012Validator(
        document(kind), retriever=lambda uri: document(uri.rsplit("/", 1)[-1].removesuffix(".schema.json"))
    )


@functools.cache
def _wordy(kind: str) -> Any:
    """The second: jsonschema, for the words."""
    import jsonschema
    import referencing
    import referencing.jsonschema

    def resource(uri: str) -> Any:
        name = uri.rsplit("/", 1)[-1].removesuffix(".schema.json")
        return referencing.jsonschema.DRAFT202012.create_resource(document(name))

    return jsonschema.Draft202012Validator(document(kind), registry=referencing.Registry(retrieve=resource))


def valid(record: Any, kind: str) -> bool:
    """The quick verdict of the schema alone.

    Args:
        record: any JSON value.
        kind: one of ``KINDS``.
    """
    try:
        return bool(_fast(kind).is_valid(record))
    except ValueError:  # a value that JSON does not have, from Python or Parquet
        return bool(_wordy(kind).is_valid(record))


def problems(record: Any, kind: str, file: str, line: int | None) -> list[Problem]:
    """Everything wrong with a record: the schema's complaints, then what the schema cannot say.

    Args:
        record: any JSON value.
        kind: one of ``KINDS``.
        file: the file's name, for the problems.
        line: its line, or None.

    Returns:
        All problems in the order of their paths; empty for a good record.
    """
    if not valid(record, kind):
        return sorted(set(_worded(record, kind, file, line)), key=lambda p: (p.path, p.found, p.expected))
    rule = _BEYOND.get(kind)
    return list(rule(record, file, line)) if rule else []


def _show(value: Any) -> str:
    if isinstance(value, dict):
        return f"an object with {', '.join(map(str, value)) or 'nothing'}"[:_SHOWN]
    try:
        text = "NaN" if isinstance(value, float) and value != value else orjson.dumps(value).decode()
    except TypeError:  # no JSON value, or one nested too deep to write
        text = f"a {type(value).__name__}"
    return text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."


def _worded(record: Any, kind: str, file: str, line: int | None) -> Iterator[Problem]:
    for error in _leaves(_wordy(kind).iter_errors(record)):
        words = _WORDS.get(str(error.validator), _other)
        for path, found, expected, remedy in words(error):
            yield Problem(file, line, path, found, expected, remedy)


def _leaves(errors: Any) -> Iterator[Any]:
    """Errors of the branch that was meant: of ``anyOf [X, null]`` those of X."""
    for error in errors:
        meant = [e for e in error.context if e.validator != "type" or e.absolute_path != error.absolute_path]
        if meant and any("type" in branch or "$ref" in branch for branch in error.validator_value):
            yield from _leaves(meant)
        else:
            yield error


Words = list[tuple[str, str, str, str]]


def _required(error: Any) -> Words:
    missing = [name for name in error.validator_value if name not in error.instance]
    return [(_below(error, name), "nothing", f"the field {name!r}", "add it") for name in missing]


def _below(error: Any, name: str) -> str:
    """Path of a field of the object that an error is about."""
    plain = isinstance(name, str) and name.isascii() and name.isidentifier()
    return f"{error.json_path}.{name}" if plain else f"{error.json_path}[{name!r}]"


def _additional(error: Any) -> Words:
    known = error.schema.get("properties", {})
    extra = [name for name in error.instance if name not in known]
    remedy = "rename it, or move it into meta" if "meta" in known else "rename or remove it"
    return [
        (_below(error, name), f"the unknown field {name!r}", f"one of {', '.join(known)}", remedy) for name in extra
    ]


_TYPES = {
    "object": "an object",
    "array": "a list",
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
}


def _type(error: Any) -> Words:
    wanted = error.validator_value if isinstance(error.validator_value, list) else [error.validator_value]
    names = " or ".join(_TYPES[name] for name in wanted)
    return [(error.json_path, _show(error.instance), names, "change the value")]


def _enum(error: Any) -> Words:
    allowed = ", ".join("null" if v is None else str(v) for v in error.validator_value)
    return [(error.json_path, _show(error.instance), f"one of {allowed}", "use one of these")]


def _range(error: Any) -> Words:
    least, most = error.schema.get("minimum"), error.schema.get("maximum")
    expected = f"{least} to {most}" if most is not None else f"at least {least}"
    return [(error.json_path, _show(error.instance), expected, "change the number")]


def _above(error: Any) -> Words:
    return [(error.json_path, _show(error.instance), f"more than {error.validator_value}", "change the number")]


def _length(error: Any) -> Words:
    count, limit = len(error.instance), error.validator_value
    if not count and limit == 1:
        return [(error.json_path, "nothing in it", "at least one character or item", "fill it in")]
    unit = "characters" if isinstance(error.instance, str) else "items"
    expected = f"at {'least' if error.validator.startswith('min') else 'most'} {limit} {unit}"
    remedy = "add what is missing" if error.validator.startswith("min") else "shorten it"
    return [(error.json_path, f"{count} {unit}", expected, remedy)]


def _unique(error: Any) -> Words:
    return [(error.json_path, _show(error.instance), "each item once", "take the repeated ones out")]


def _any(error: Any) -> Words:
    """No branch fits: one of several fields is missing, or the type is none of those that may stand there."""
    required = [name for branch in error.validator_value for name in branch.get("required", ())]
    if required:
        names = " or ".join(f"the field {name!r}" for name in required)
        return [(error.json_path, _show(error.instance), names, "add one of them")]
    names = " or ".join(_TYPES[e.validator_value] for e in error.context if e.validator == "type")
    return [(error.json_path, _show(error.instance), names, "change the value")]


def _forbidden(error: Any) -> Words:
    return [(error.json_path, _show(error.instance), "no control characters", "take them out")]


def _pattern(error: Any) -> Words:
    if "u0000" in error.validator_value:
        return [(error.json_path, f"blank text {_show(error.instance)}", "visible text", "fill it in")]
    if "0-9a-f" in error.validator_value:
        return [
            (error.json_path, _show(error.instance), "a checksum in hexadecimal digits", "take it as it was written")
        ]
    return [(error.json_path, _show(error.instance), "a date like 2026-11-22", "write it in ISO 8601")]


def _other(error: Any) -> Words:
    expected = f"{error.validator} {_show(error.validator_value)}"
    return [(error.json_path, _show(error.instance), expected, "see the schema")]


_WORDS: dict[str, Callable[[Any], Words]] = {
    "required": _required,
    "additionalProperties": _additional,
    "type": _type,
    "enum": _enum,
    "minimum": _range,
    "maximum": _range,
    "exclusiveMinimum": _above,
    "minLength": _length,
    "maxLength": _length,
    "minItems": _length,
    "maxItems": _length,
    "uniqueItems": _unique,
    "anyOf": _any,
    "not": _forbidden,
    "pattern": _pattern,
}


def _ends_with_customer(record: Any, file: str, line: int | None) -> Iterator[Problem]:
    last = len(record["turns"]) - 1
    if record["turns"][last]["role"] != "customer":
        yield Problem(
            file,
            line,
            f"$.turns[{last}].role",
            '"agent"',
            "customer (the turns end where an agent must answer)",
            "move the agent's last turn into the reply, or drop it",
        )


def _spans_forward(record: Any, file: str, line: int | None) -> Iterator[Problem]:
    for i, span in enumerate(record.get("behaviours") or ()):
        if span["end"] - span["start"] != len(span["quote"]):
            found = f"start {span['start']}, end {span['end']} and a quote of {len(span['quote'])} characters"
            yield Problem(
                file,
                line,
                f"$.behaviours[{i}]",
                found,
                "quote == text[start:end], counted in Unicode code points",
                "count again",
            )


def _contributed(record: Any, file: str, line: int | None) -> Iterator[Problem]:
    """What a contribution's fields owe each other."""

    def wrong(path: str, found: str, expected: str, remedy: str) -> Problem:
        return Problem(file, line, path, found, expected, remedy)

    if "scenario" in record and "scenario_id" in record:
        expected = "either a scenario or the id of a released one"
        yield wrong("$.scenario_id", "both a scenario and scenario_id", expected, "take one of the two out")
    if not record["consent"]["agreed"]:
        remedy = "ask whoever wrote the texts; without it they cannot be taken"
        yield wrong("$.consent.agreed", "false", "true: consent to CC BY 4.0", remedy)
    if record["written"] != "person" and not (record.get("model") or "").strip():
        expected = f"the language model's name, since written is {record['written']}"
        yield wrong("$.model", _show(record.get("model")), expected, "name it")
    for problem in _ends_with_customer(record["scenario"], file, line) if "scenario" in record else ():
        yield wrong(problem.path.replace("$", "$.scenario", 1), problem.found, problem.expected, problem.remedy)
    for problem in _spans_forward(record.get("labels") or {}, file, line):
        yield wrong(problem.path.replace("$", "$.labels", 1), problem.found, problem.expected, problem.remedy)


_BEYOND: dict[str, Callable[[Any, str, int | None], Iterator[Problem]]] = {
    "scenario": _ends_with_customer,
    "exchange": _ends_with_customer,
    "contrast": _ends_with_customer,
    "gaming": _ends_with_customer,
    "invariance": _ends_with_customer,
    "degenerate": _ends_with_customer,
    "annotation": _spans_forward,
    "contribution": _contributed,
}
