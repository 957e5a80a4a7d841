"""Generators: whoever turns scenarios into replies.

What can be named: a baseline, an installed plug-in (entry point ``amends.generators``), a folder with
generator.json, a replies file, or a kind from ``KINDS`` with a colon (``python:module:function``,
``openai:MODEL``, ``local:MODEL``).
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import cast

from amends.errors import GeneratorError, UsageError, unknown_name
from amends.generators.base import Failure, Generator, Key, Report, ignore
from amends.generators.endpoint import load_endpoint
from amends.generators.function import load_function
from amends.generators.local import load_local
from amends.generators.options import ModelOptions
from amends.generators.program import CARD, load_folder
from amends.generators.replies_file import SUFFIXES, RepliesFileGenerator
from amends.resources import shipped

__all__ = ["KINDS", "Failure", "Generator", "Key", "ModelOptions", "Report", "baselines", "ignore", "load_generator"]


def _function(spec: str, options: ModelOptions) -> Generator:
    options.only((), f"python:{spec}")
    return load_function(spec)


KINDS: dict[str, Callable[[str, ModelOptions], Generator]] = {
    "python": _function,
    "openai": load_endpoint,
    "local": load_local,
}
"""What may stand before a colon, and what makes a generator of the rest."""

_GROUP = "amends.generators"


def baselines() -> list[str]:
    """Names of the baselines that are shipped."""
    return sorted(card.parent.name for card in shipped("baselines").glob(f"*/{CARD}"))


def load_generator(spec: str, options: ModelOptions | None = None) -> Generator:
    """Find a generator by what the user wrote.

    A name is looked up among the baselines and plug-ins first; a folder of the same name is ``./name``.

    Args:
        spec: a baseline's or plug-in's name, a folder, a replies file, ``python:module:function``,
            ``openai:MODEL`` or ``local:MODEL``.
        options: how a language model is asked.

    Raises:
        UsageError: nothing of this name, a plug-in that takes a built-in name, or options of another kind.
        InputError: a replies file or a card that is missing or wrong.
        GeneratorError: a module or plug-in that does not import.
    """
    options = options or ModelOptions()
    kind, colon, rest = spec.partition(":")
    plug_ins = {point.name: point for point in entry_points(group=_GROUP)}
    if spec in plug_ins and (spec in baselines() or spec in KINDS):
        raise UsageError(f"the plug-in {plug_ins[spec].value} takes the built-in name {spec!r}; rename it")
    if colon and kind in KINDS and spec not in plug_ins:
        return KINDS[kind](rest, options)
    options.only((), spec)
    if spec in baselines():
        return load_folder(shipped("baselines", spec))
    if spec in plug_ins:
        return _plugged_in(plug_ins[spec])
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
