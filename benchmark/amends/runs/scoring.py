"""Scorers over streams of exchanges: blinded batches in, annotations out, in order, on one core or all."""

from __future__ import annotations

import functools
import itertools
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Sequence

from amends.errors import ScorerError
from amends.generators.base import digest, source
from amends.records import DIMENSIONS, Annotation, Exchange, Json
from amends.runs.pool import itself, pool_of
from amends.scorers.base import Scorer

BATCH = 512
"""Exchanges a batch."""
POOL_FROM = 8 * BATCH
"""Fewer exchanges than this are scored in this process: a pool's start costs more than it saves."""


def annotate(scorer: Scorer, exchanges: Sequence[Exchange]) -> list[Annotation]:
    """Score one batch. The scorer sees turns, reply text and context only; ids are put back afterwards.

    Args:
        scorer: any scorer.
        exchanges: a batch.

    Returns:
        One annotation for each exchange, in their order.

    Raises:
        ScorerError: a scorer of the user's own gave something else than a judgement for each exchange.
    """
    judged = scorer.annotate([exchange.blinded() for exchange in exchanges])
    if not type(scorer).__module__.startswith("amends."):
        judged = _checked(scorer, judged, len(exchanges))
    return [_of(exchange, annotation) for exchange, annotation in zip(exchanges, judged, strict=True)]


def _checked(scorer: Scorer, judged: object, asked: int) -> list[Annotation]:
    """What a scorer of the user's own gave, if it may be counted: levels on another scale would look like a result."""
    told = f"the scorer {scorer.name}: annotate must give an Annotation for each exchange, in order"
    if not isinstance(judged, Iterable):
        raise ScorerError(f"{told}; it gave a {type(judged).__name__}")
    made = list(judged)
    if len(made) != asked:
        raise ScorerError(f"{told}; it gave {len(made)} for {asked}")
    for one in made:
        if not isinstance(one, Annotation):
            raise ScorerError(f"{told}; it gave a {type(one).__name__}")
        for name in DIMENSIONS:
            level = one.levels.get(name, "nothing")
            # NaN is written as null: not judged
            if level is not None and (isinstance(level, str) or level < 1 or level > 5):
                raise ScorerError(f"{told}, with levels from 1 to 5 or None; {name} is {level}")
    return made


def _of(exchange: Exchange, annotation: Annotation) -> Annotation:
    """An annotation with the ids of its exchange; written out, since ``replace`` costs what reading a record costs."""
    return Annotation(
        exchange.id,
        exchange.scenario_id,
        annotation.annotator,
        annotation.levels,
        annotation.behaviours,
        annotation.flags,
        annotation.reason,
        annotation.probabilities,
        annotation.confidence,
        annotation.created,
        annotation.id,
        annotation.supersedes,
        _meta(annotation, exchange),
    )


def _meta(annotation: Annotation, exchange: Exchange) -> Json:
    """With the conversation that the reply stands in: replies of one are alike, and annotations travel alone."""
    conversation = exchange.meta.get("conversation")
    if not isinstance(conversation, str) or exchange.scenario_id is not None:
        return annotation.meta
    return annotation.meta | {"conversation": conversation}


def annotated(scorer: Scorer, exchanges: Iterable[Exchange], jobs: int) -> Iterator[tuple[Exchange, Annotation]]:
    """Score a stream, in order and in flat memory.

    Args:
        scorer: any scorer; with more than one job it must be picklable.
        exchanges: the stream.
        jobs: processes at most.

    Yields:
        Each exchange with its annotation.
    """
    stream = iter(exchanges)
    head = list(itertools.islice(stream, POOL_FROM)) if jobs > 1 else []
    pooled = len(head) == POOL_FROM
    batches = _batches(itertools.chain(head, stream))
    del head
    if pooled:
        yield from _in_pool(scorer, batches, jobs)
        return
    for batch in batches:
        yield from zip(batch, annotate(scorer, batch), strict=True)


def _batches(stream: Iterator[Exchange]) -> Iterator[list[Exchange]]:
    while batch := list(itertools.islice(stream, BATCH)):
        yield batch


def _in_pool(scorer: Scorer, batches: Iterator[list[Exchange]], jobs: int) -> Iterator[tuple[Exchange, Annotation]]:
    given: deque[list[Exchange]] = deque()

    def noted() -> Iterator[list[Exchange]]:
        for batch in batches:
            given.append(batch)
            yield batch

    with pool_of(jobs, itself, functools.partial(annotate, scorer)) as pool:
        for annotations in pool.map(noted()):
            yield from zip(given.popleft(), annotations, strict=True)


def source_of(scorer: Scorer) -> Json:
    """The source of a user's own scorer, for the settings of a run: judgements of other code are not gone on with.

    Args:
        scorer: any; one of this package is told by its version and weights.

    Returns:
        ``scorer_source``, 12 hex of its module's file; nothing where there is no file, or where it is of this package.
    """
    name = type(scorer).__module__
    code = b"" if name.partition(".")[0] == "amends" else source(sys.modules.get(name))
    return {"scorer_source": digest(code)[:12]} if code else {}


def weights_of(scorer: Scorer) -> str | None:
    """Checksum of a scorer's weights, where it has some."""
    weights: str | None = getattr(scorer, "weights", None)
    return weights
