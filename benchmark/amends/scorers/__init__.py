"""Scorers: annotators that are programs. A new one is a file (or folder) here and a line in ``SCORERS``."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points

from amends.errors import UsageError, unknown_name
from amends.scorers.base import Scorer

SCORERS = {
    "rules": "amends.scorers.rules.scorer:Rules",
    "trained": "amends.scorers.trained.scorer:Trained",
}
"""The scorers that are built in: name to ``module:object``."""

DEFAULT = "trained"
"""The scorer with the best card (docs/CARDS.md) that runs offline: what judges where none is named."""

GROUP = "amends.scorers"
"""Entry-point group of plug-ins."""

_CALIBRATED = "calibrated:"


def load_scorer(name: str) -> Scorer:
    """The scorer of this name, ready to annotate.

    Args:
        name: a built-in name, ``judge:MODEL``, ``calibrated:FILE``, the name of an entry point in
            ``amends.scorers``, or ``module:object``. A class or function is called without arguments; anything else is
            taken as the scorer itself.
    """
    if name == "judge" or name.startswith("judge:"):
        return _judge(name.removeprefix("judge").removeprefix(":"))
    if name == "calibrated" or name.startswith(_CALIBRATED):
        return _calibrated(name.removeprefix("calibrated").removeprefix(":"))
    plugins = _plugins()
    clashes = sorted(SCORERS.keys() & plugins.keys())
    if clashes:
        raise UsageError(
            f"a plug-in of group {GROUP} takes the built-in scorer name {clashes[0]!r}; uninstall or rename it."
        )
    if name in plugins:
        return _made(name, plugins[name])
    if name in SCORERS or ":" in name:
        return _made(name, EntryPoint(name, SCORERS.get(name, name), GROUP))
    raise unknown_name("scorer", name, SCORERS.keys() | plugins.keys() | {"judge:MODEL", "calibrated:FILE"})


def scorer_of(given: str | Scorer) -> Scorer:
    """A scorer as it was given, or the one of that name.

    Args:
        given: what ``load_scorer`` takes, or a scorer.

    Raises:
        UsageError: it is neither.
    """
    if isinstance(given, str):
        return load_scorer(given)
    if isinstance(given, type) or not isinstance(given, Scorer):
        said = f"the class {given.__qualname__}; give an object of it" if isinstance(given, type) else repr(given)
        raise UsageError(f"a scorer has name, version and annotate, or is named by a text; this is {said}")
    return given


def _judge(model: str) -> Scorer:
    """A language model as a judge; the environment says the rest."""
    from amends.scorers.judge.scorer import Judge
    from amends.scorers.judge.settings import from_environment

    return Judge(from_environment(model))


def load_member(name: str) -> Scorer:
    """A scorer that may be part of a calibration.

    A calibration file is data, and data names no code: ``module:object`` would have whoever wrote the file choose what
    runs here.

    Args:
        name: a built-in name, ``judge:MODEL``, or an entry point in ``amends.scorers``.

    Raises:
        UsageError: it is no such name.
    """
    if name.startswith(_CALIBRATED):
        raise UsageError(f"{name!r} is a calibration already; name its members instead.")
    if name not in SCORERS and name not in _plugins() and not name.startswith("judge:"):
        raise unknown_name("member of a calibration", name, SCORERS.keys() | _plugins().keys() | {"judge:MODEL"})
    return load_scorer(name)


def _plugins() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=GROUP)}


def _calibrated(file: str) -> Scorer:
    """The scorers that a calibration names, with its odds."""
    from pathlib import Path

    from amends.scorers.calibrated.document import read
    from amends.scorers.calibrated.scorer import Calibrated

    if not file:
        raise UsageError("calibrated needs a file: calibrated:FILE, as `amends calibrate` writes it.")
    calibration = read(Path(file))
    return Calibrated(calibration, [load_member(member.scorer) for member in calibration.members])


def _made(name: str, point: EntryPoint) -> Scorer:
    """Import what an entry point names and make a scorer of it."""
    try:
        found = point.load()
    except (ImportError, AttributeError) as error:
        raise UsageError(f"scorer {name!r} cannot be imported from {point.value!r}: {error}.") from error
    made = found() if isinstance(found, type) or not hasattr(found, "annotate") and callable(found) else found
    if not isinstance(made, Scorer):
        raise UsageError(f"{point.value!r} is no scorer: it lacks name, version or annotate.")
    return made
