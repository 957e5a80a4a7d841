"""amends: how well does a reply meet an upset customer?

Public names load on first use, so that ``import amends`` costs nothing:

- ``load(name="exchanges", split=None, *, version=None)``: the dataset as Hugging Face ``datasets`` objects.
- ``score(items, scorer="trained")``: annotations of exchanges.
- ``compare(a, b)``: how often b's replies are better than a's, and by how much.
- ``validity(scorer)``: the scorer card.
- ``run(generator, split="test", ...)``: a generator over a split, as a Result.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from amends.api import compare, run, score
    from amends.dataset.load import load
    from amends.scorercard.card import validity

__all__ = ["compare", "load", "run", "score", "validity"]

_HOMES = {
    "compare": "amends.api",
    "load": "amends.dataset.load",
    "run": "amends.api",
    "score": "amends.api",
    "validity": "amends.scorercard.card",
}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module 'amends' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """The public names."""
    return sorted(__all__)
