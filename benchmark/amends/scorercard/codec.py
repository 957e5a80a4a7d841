"""Records of records to JSON and back, by their field types."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Union, get_args, get_origin, get_type_hints


def plain(value: Any) -> Any:
    """A dataclass, mapping, tuple or plain value as JSON has it."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    return value


def made(kind: Any, raw: Any) -> Any:
    """What ``plain`` gave, as it was.

    Args:
        kind: the type: a dataclass, ``Mapping[str, X]``, ``tuple[X, ...]``, ``X | None`` or a plain type.
        raw: of that form.
    """
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        inner = [one for one in get_args(kind) if one is not type(None)]
        return None if raw is None else made(inner[0], raw)
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{f.name: made(hints[f.name], raw[f.name]) for f in fields(kind)})  # type: ignore[operator]
    if origin is Mapping:
        return {key: made(get_args(kind)[1], one) for key, one in raw.items()}
    if origin is tuple:
        return tuple(made(get_args(kind)[0], one) for one in raw)
    return raw
