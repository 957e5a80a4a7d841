"""Generators: whoever turns scenarios into replies.

What can be named: a baseline, an installed plug-in (entry point ``amends.generators``), a folder with
generator.json, a replies file, or a kind from ``KINDS`` with a colon (``python:module:function``).
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import cast

from amends.errors import GeneratorError, UsageError, unknown_name
from amends.generators.base import Failure, Generator, Key, Report, ignore
from amends.generators.function import load_function
from amends.generators.program import CARD, load_folder
from amends.generators.replies_file import SUFFIXES, RepliesFileGenerator
from amends.resources import shipped

__all__ = ["KINDS", "Failure", "Generator", "Key", "Report", "baselines", "ignore", "load_generator"]


def _not_yet(model: str) -> Generator:
    raise UsageError(
        f"openai:{model}: generators behind an endpoint arrive in a later version; "
        "until then write a program that calls it, or run its replies file"
    )


KINDS: dict[str, Callable[[str], Generator]] = {
    "python": load_function,
    "openai": _not_yet,
}
"""What may stand before a colon, and what makes a generator of the rest."""

_GROUP = "amends.generators"


def baselines() -> list[str]:
    """Names of the baselines that are shipped."""
    return sorted(card.parent.name for card in shipped("baselines").glob(f"*/{CARD}"))


def load_generator(spec: str) -> Generator:
    """Find a generator by what the user wrote.

    A name is looked up among the baselines and plug-ins first; a folder of the same name is ``./name``.

    Args:
        spec: a baseline's or plug-in's name, a folder, a replies file, or ``python:module:function``.

    Raises:
        UsageError: nothing of this name, or a plug-in that takes a built-in name.
        InputError: a replies file or a card that is missing or wrong.
        GeneratorError: a module or plug-in that does not import.
    """
    kind, colon, rest = spec.partition(":")
    plug_ins = {point.name: point for point in entry_points(group=_GROUP)}
    if spec in plug_ins and (spec in baselines() or spec in KINDS):
        raise UsageError(f"the plug-in {plug_ins[spec].value} takes the built-in name {spec!r}; rename it")
    if spec in baselines():
        return load_folder(shipped("baselines", spec))
    if spec in plug_ins:
        return _plugged_in(plug_ins[spec])
    if colon and kind in KINDS:
        return KINDS[kind](rest)
    path = Path(spec)
    if spec and path.is_dir():
        return load_folder(path)
    if spec.endswith(SUFFIXES):
        return RepliesFileGenerator(spec)
    if path.is_file():
        raise UsageError(f"{spec} is no generator: a replies file ends in {', '.join(SUFFIXES)}")
    raise unknown_name("generator", spec, [*baselines(), *plug_ins])


def _plugged_in(point: EntryPoint) -> Generator:
    """A plug-in is a generator, or something that gives one when called without arguments."""
    try:
        loaded = point.load()
        if isinstance(loaded, type) or not hasattr(loaded, "generate"):
            loaded = loaded()
    except Exception as error:
        raise GeneratorError(f"the plug-in {point.name!r} ({point.value}) does not load: {error}") from error
    parts = ("name", "version", "author", "card", "generate")
    lacking = [part for part in parts if not hasattr(loaded, part)]
    if lacking:
        raise GeneratorError(f"the plug-in {point.name!r} ({point.value}) has no {', '.join(lacking)}")
    return cast("Generator", loaded)
