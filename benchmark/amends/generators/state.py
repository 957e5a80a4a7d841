"""What a function's replies depend on beside its module's source: what it was made with, as far as that can be told.

Two closures over two prompts, two partials, two objects of one class, or a function typed anew at a prompt have one
name and one source. Were they one generator, a run of the second would take up the replies of the first.
"""

from __future__ import annotations

import dis
import functools
import os
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

from amends.generators.base import digest

_HOLDERS = {"argparse.Namespace", "types.SimpleNamespace", "string.Template"}
"""Of the standard library, and no more than their fields."""
_CACHED = type(functools.cache(len))
_GLOBAL = ("LOAD_GLOBAL", "LOAD_NAME", "LOAD_FROM_DICT_OR_GLOBALS")
"""Instructions that read a global; names of attributes stand beside theirs in a function's code."""


def state_of(function: Callable[..., Any]) -> str:
    """A checksum, 12 hex: of code, defaults, closed-over values, globals that it names, a partial's arguments, fields.

    Plain values count (texts, numbers, lists and the like), and functions and objects of the same module; of anything
    else, such as a client or weights, only the type.

    Args:
        function: as it is given to ``amends.run``.
    """
    home: str | None = getattr(home_of(function), "__module__", None)
    return digest("\n".join(_told(function, home, {})).encode(errors="backslashreplace"))[:12]


def home_of(function: Callable[..., Any]) -> Any:
    """What was written for the run: a partial's function, else the function itself.

    Args:
        function: anything that can be called.
    """
    while isinstance(function, functools.partial):
        function = function.func
    return function


def _told(value: Any, home: str | None, seen: dict[int, Any]) -> Iterator[str]:
    """Lines that are equal for equal states, in any process of one Python version; ``seen`` keeps ids from reuse."""
    waiting = [value]  # no recursion: a chain of a thousand objects is deeper than Python goes
    while waiting:
        value = waiting.pop()
        if value is None or isinstance(value, str | bytes | int | float | complex | os.PathLike):
            yield repr(value)
            continue
        yield _kind(value)
        if id(value) in seen:
            continue
        seen[id(value)] = value
        if isinstance(value, set | frozenset):
            yield from sorted("\n".join(_told(part, home, seen)) for part in value)
        else:
            waiting.extend(reversed(list(_parts(value, home))))


def _kind(value: Any) -> str:
    return f"{type(value).__module__}.{type(value).__qualname__}"


def _parts(value: Any, home: str | None) -> Iterator[Any]:
    """What a value is made of."""
    if isinstance(value, list | tuple | deque):
        yield from value
    elif isinstance(value, Mapping) and value is not os.environ:
        for name, part in list(value.items()):
            yield from (name, part)
    elif isinstance(value, CodeType):
        yield from (value.co_code, value.co_names, value.co_consts)
    elif isinstance(value, FunctionType):
        yield value.__qualname__
        if value.__module__ == home:
            yield from _of_function(value)
    elif isinstance(value, MethodType):
        yield from (value.__func__, value.__self__)
    elif isinstance(value, functools.partial | functools.partialmethod):
        yield from (value.func, value.args, value.keywords)
    elif isinstance(value, functools.cached_property):
        yield value.func
    elif isinstance(value, _CACHED):
        yield value.__wrapped__
    elif _kind(value) in _HOLDERS:
        yield vars(value)
    elif isinstance(value, type | ModuleType):
        yield value.__name__
        if getattr(value, "__module__", None) == home:
            yield from _of_class(value)
    elif type(value).__module__ == home:
        yield from (type(value), getattr(value, "__dict__", None))
        slots = (name for one in type(value).__mro__ for name in getattr(one, "__slots__", ()))
        yield from (getattr(value, name, None) for name in slots)
    else:
        yield getattr(value, "__qualname__", None)


def _of_class(value: Any) -> Iterator[Any]:
    """Methods and constants, inherited ones too; what Python adds differs from one version to the next."""
    yield from getattr(value, "__bases__", ())
    for name, part in sorted(vars(value).items()):
        inner = getattr(part, "__func__", getattr(part, "fget", part))
        if not name.startswith("__") or isinstance(inner, FunctionType):
            yield from (name, inner)


def _of_function(function: FunctionType) -> Iterator[Any]:
    yield from (function.__code__, function.__defaults__, function.__kwdefaults__)
    for cell in function.__closure__ or ():
        try:
            yield cell.cell_contents
        except ValueError:  # it is filled later
            yield None
    known = function.__globals__
    for name in sorted(_names(function.__code__)):
        if name in known:
            yield from (name, known[name])


def _names(code: CodeType) -> set[str]:
    inner = [_names(part) for part in code.co_consts if isinstance(part, CodeType)]
    own = {str(step.argval) for step in dis.get_instructions(code) if step.opname in _GLOBAL}
    return own.union(*inner)
