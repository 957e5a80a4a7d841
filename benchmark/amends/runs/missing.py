"""Which context fields a log lacks, and what that costs by the scorer card."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from amends.records import Json
from amends.rubric.definitions import dimension_names
from amends.statistics.estimate import Estimate

FIELDS = ("fault", "emotion", "authority", "channel", "relationship")
"""Context fields that the rubric's clauses look at."""
TOGETHER = "all of them"
"""All of FIELDS withheld at once."""


@functools.cache
def measured() -> Json:
    """The table that ``benches/bench_context.py`` wrote."""
    loaded: Json = orjson.loads(Path(__file__).with_name("context.json").read_bytes())
    return loaded


@dataclass(frozen=True, slots=True)
class Missing:
    """What is missing, and what was measured of it."""

    replies: int
    fields: Mapping[str, int]
    """Field to the replies that do not have it; only fields that some lack."""
    cost: Mapping[str, Mapping[str, Any]] | None
    """Field to dimension to spearman and error (without minus with); None where nobody measured this scorer."""

    def to_dict(self) -> dict[str, Any]:
        """As ``--json`` prints it."""
        return {"replies": self.replies, "missing": dict(self.fields), "cost": self.cost}


def missing(counts: Mapping[str, int], replies: int, scorer: Mapping[str, Any]) -> Missing | None:
    """What a log lacks; None where it lacks nothing that matters.

    Args:
        counts: field to the replies without it.
        replies: in all.
        scorer: name, version and weights.
    """
    lacking = {name: counts[name] for name in FIELDS if counts.get(name)}
    if not lacking:
        return None
    known = measured()["scorers"].get(scorer["name"])
    same = known is not None and (known["version"], known["weights"]) == (str(scorer["version"]), scorer["weights"])
    if not same:
        return Missing(replies, lacking, None)
    asked = [*lacking, *([TOGETHER] if len(lacking) == len(FIELDS) else [])]
    return Missing(replies, lacking, {name: known["fields"][name] for name in asked})


def missing_line(found: Missing) -> str:
    """One line: what is missing in how many replies, and the largest cost that was measured of it.

    Args:
        found: what a log lacks.
    """
    counts = ", ".join(
        f"{name} in {'all' if count == found.replies else f'{count:,} of'} {found.replies:,}"
        for name, count in found.fields.items()
    )
    if found.cost is None:
        return f"context unknown: {counts} replies; what that costs was not measured for this version of the scorer"
    named = TOGETHER if TOGETHER in found.cost else max(found.cost, key=lambda name: _worst(found.cost or {}, name)[0])
    _, dimension = _worst(found.cost, named)
    one = found.cost[named][dimension]
    rho, error = (_told(Estimate.from_dict(one[measure])) for measure in ("spearman", "error"))
    several = named != TOGETHER and len(found.fields) > 1
    what = f"withholding {named}" + (" alone, the worst of them," if several else "")
    return (
        f"context unknown: {counts} replies; on {measured()['split']} {what} changes Spearman's rho by {rho} and the "
        f"mean error by {error} levels ({dimension_names()[dimension]}, where it costs most; n {one['error']['n']})"
    )


def _worst(cost: Mapping[str, Mapping[str, Any]], name: str) -> tuple[float, str]:
    """How much a field costs where it costs most, in error, and on which dimension."""
    return max((float(by["error"]["value"] or 0.0), dimension) for dimension, by in cost[name].items())


def _told(found: Estimate) -> str:
    if found.value is None:
        return f"an unknown amount ({found.note})"
    if found.low is None or found.high is None:
        # no reply's level moved, in no resample
        return f"{found.value:+.3f}"
    return f"{found.value:+.3f} [{found.low:+.3f}, {found.high:+.3f}]"
