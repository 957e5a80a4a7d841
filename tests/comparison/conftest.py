"""Sides made by hand: a level vector becomes units, so that a comparison's arithmetic can be checked on paper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from amends.comparison.sides import Side, Unit
from amends.records import DIMENSIONS, Annotation, Annotator, Behaviour, Exchange, Turn

JUDGE = {"name": "hand", "version": "1", "weights": None, "kind": "program"}
MISSING = "missing"


def unit(key: object, level: float | None | str, place: int, **more: Any) -> Unit:
    given = level != MISSING
    value = level if isinstance(level, (int, float)) else None
    text = more.get("text", f"reply {key} {place}")
    codes = tuple(Behaviour(c, 0, 5, text[:5]) for c in more.get("codes", ()))
    item = None
    if given and more.get("texts", True):
        exchange = Exchange(f"{key}.{place}", (Turn("customer", "hello"),), text)
        who = Annotator("scorer", "program", "hand", "1")
        item = (exchange, Annotation(exchange.id, None, who, dict.fromkeys(DIMENSIONS, value), codes))
    return Unit(
        f"{key}.{place}",
        key,
        more.get("clusters", ()),
        more.get("stratum", (None,) * 4),
        dict.fromkeys(DIMENSIONS, value),
        frozenset(b.code for b in codes),
        given,
        item,
    )


def side(name: str, levels: Sequence[float | None | str], **more: Any) -> Side:
    """One reply a key, keys 0, 1, ...; a level, None (could not be judged) or MISSING (no reply)."""
    clusters = more.pop("clusters", None)
    strata = more.pop("strata", None)
    keys = more.pop("keys", range(len(levels)))
    units = []
    for i, (key, level) in enumerate(zip(keys, levels, strict=True)):
        own = dict(more)
        if clusters is not None:
            own["clusters"] = tuple(group[i] for group in clusters)
        if strata is not None:
            own["stratum"] = strata[i]
        units.append(unit(key, level, i, text=f"{name} says {i}", **own))
    counts: dict[object, int] = {}
    for u in units:
        counts[u.key] = counts.get(u.key, 0) + 1
    return Side(name, units, JUDGE, "0" * 12, max(counts.values(), default=1))


@pytest.fixture(name="side")
def side_fixture() -> Any:
    return side
