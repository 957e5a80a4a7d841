"""The form of a judge's answer: one JSON Schema, sent to the endpoint and used to check what comes back."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any

from amends.records import DIMENSIONS, Json
from amends.rubric.definitions import behaviours, flag_codes

_NOT_THE_MODELS = "refused_by_judge"
"""The flag that only this package sets."""


def _object(properties: Json) -> Json:
    # Strict structured output wants every field required and no other.
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


@functools.cache
def answer_schema() -> Json:
    """The answer's JSON Schema (Draft 2020-12), of keywords that strict structured output takes.

    Evidence stands before the levels, so that a model that writes in order has seen it when it gives them.
    """
    mark = _object(
        {
            "code": {"type": "string", "enum": list(behaviours())},
            "quote": {"type": "string"},
            "occurrence": {"type": "integer"},
            "passing_hint": {"type": "boolean"},
        }
    )
    level = {"type": ["integer", "null"], "enum": [1, 2, 3, 4, 5, None]}
    flags = [code for code in flag_codes() if code != _NOT_THE_MODELS]
    return _object(
        {
            "behaviours": {"type": "array", "items": mark},
            "flags": {"type": "array", "items": {"type": "string", "enum": flags}},
            "reason": {"type": "string"},
            "levels": _object({dimension: dict(level) for dimension in DIMENSIONS}),
        }
    )


_IS: dict[str, Callable[[Any], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    # JSON Schema takes 3.0 for a whole number
    "integer": lambda value: not isinstance(value, bool) and isinstance(value, int | float) and value % 1 == 0,
}


def complaints(value: Any, schema: Json, path: str = "$") -> Iterator[str]:
    """What a JSON value breaks of a schema with the keywords of ``answer_schema``.

    The words are of the schema only, never of the value: they go back to the model outside the data, and the value
    may hold what a reply's author wrote.

    Args:
        value: any JSON value.
        schema: with type, enum, properties, required, additionalProperties (false) and items only.
        path: JSON path of the value.

    Yields:
        ``$.levels.empathy: expected one of 1, 2, 3, 4, 5, null``.
    """
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    if types and not any(_IS[name](value) for name in types):
        yield f"{path}: expected {' or '.join(types)}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{path}: expected one of {', '.join('null' if one is None else str(one) for one in schema['enum'])}"
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        yield from (f"{path}.{name}: the field is missing" for name in schema.get("required", ()) if name not in value)
        if any(name not in properties for name in value):
            yield f"{path}: expected no other field than {', '.join(properties)}"
        for name, inner in properties.items():
            if name in value:
                yield from complaints(value[name], inner, f"{path}.{name}")
    if isinstance(value, list) and "items" in schema:
        for index, one in enumerate(value):
            yield from complaints(one, schema["items"], f"{path}[{index}]")
