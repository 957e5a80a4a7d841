"""Which replies of a log a person should label: drawn by lot, with the probability that each had."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from amends.errors import UsageError
from amends.logs.fields import reader
from amends.records import Exchange
from amends.signature import digest

DRAW = "draw"
"""Where ``meta`` keeps how a reply was drawn."""


def draw(exchanges: Sequence[Exchange], n: int, stratify: str | None, seed: int) -> list[Exchange]:
    """Draw n replies without replacement; within each stratum every reply has the same chance.

    Strata get replies in proportion to their size (largest remainders), each at least one where n allows: then every
    reply has a chance above 0, without which no estimate for the whole log could be made.

    Args:
        exchanges: the log.
        n: replies to draw.
        stratify: a FIELD, or None for one stratum.
        seed: of the lot.

    Returns:
        The drawn exchanges in the order of the log; ``meta.draw`` holds probability, stratum, n, of, seed and the
        log's digest.

    Raises:
        UsageError: n is below 1, above the number of replies, or below the number of strata.
    """
    if not 1 <= n <= len(exchanges):
        raise UsageError(f"--n must lie between 1 and the {len(exchanges):,} replies of the log, not {n:,}")
    of = reader(stratify) if stratify else None
    if of is not None and all(of(exchange) is None for exchange in exchanges):
        own = sorted({f"meta.{key}" for exchange in exchanges for key in exchange.meta})
        raise UsageError(f"no reply has {stratify}; fields of its own: {', '.join(own) or 'none'}")
    strata: dict[Hashable, list[int]] = {}
    for i, exchange in enumerate(exchanges):
        strata.setdefault("all" if of is None else repr(of(exchange)), []).append(i)
    if len(strata) > n:
        raise UsageError(f"{len(strata)} values of {stratify} need {len(strata)} replies or more, and --n is {n}")
    shares = allocate({name: len(members) for name, members in strata.items()}, n)
    generator = np.random.default_rng(seed)
    whole = digest(exchange.to_dict() for exchange in exchanges)
    chosen: dict[int, dict[str, Any]] = {}
    for name in sorted(strata, key=repr):
        members, take = strata[name], shares[name]
        for place in generator.choice(len(members), size=take, replace=False):
            chosen[members[int(place)]] = {
                "probability": take / len(members),
                "stratum": name if stratify else None,
                "n": take,
                "of": len(members),
                "seed": seed,
                "data": whole,
            }
    return [replace(exchanges[i], meta={**exchanges[i].meta, DRAW: chosen[i]}) for i in sorted(chosen)]


def allocate(sizes: dict[Hashable, int], n: int) -> dict[Hashable, int]:
    """Replies for each stratum: one each, the rest by largest remainders of proportional shares.

    Args:
        sizes: replies of each stratum.
        n: to allocate, at least one a stratum, at most all.
    """
    total, order = sum(sizes.values()), sorted(sizes, key=repr)
    wanted = {name: n * sizes[name] / total for name in order}
    shares = {name: max(1, int(wanted[name])) for name in order}
    while sum(shares.values()) > n:
        most = max((s for s in order if shares[s] > 1), key=lambda s: shares[s] - wanted[s])
        shares[most] -= 1
    while sum(shares.values()) < n:
        least = max((s for s in order if shares[s] < sizes[s]), key=lambda s: wanted[s] - shares[s])
        shares[least] += 1
    return shares
