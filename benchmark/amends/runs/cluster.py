"""The only user of Ray: the chunks of a file over Ray Data, on one machine or on a cluster.

One read task cuts the file, wherever Ray starts it; actors, each with a scorer of its own, take the chunks; outcomes
come back in the order of the file to the process that tells ids apart and writes. A chunk that was given to an actor
that died is given to another, and a chunk has one outcome: what is written is what a local run writes.
"""

from __future__ import annotations

import logging
import os
import pickle
from collections.abc import Iterator
from typing import Any

import numpy as np

from amends.errors import UsageError
from amends.runs.head import Tasks
from amends.runs.work import Outcome, Work

_CHUNK = "chunk"
_CUTS = 0.5
"""Cores of the task that cuts."""
_BLOCK = 1 << 20
"""Bytes from which Ray closes a block: four chunks or so, and not the 128 MB that it would gather otherwise."""


class Ray:
    """An engine over Ray Data."""

    def __init__(self, jobs: int, address: str | None = None) -> None:
        """Nothing is started yet.

        Args:
            jobs: actors at most.
            address: of a cluster (``auto``, ``ray://HOST:PORT``); None starts Ray here, or joins ``RAY_ADDRESS``.
        """
        self.jobs = jobs
        self._address = address

    def check(self, tasks: Tasks) -> None:
        """Refuse what only this process can read.

        Args:
            tasks: of a file.

        Raises:
            UsageError: the extra ``ray`` is missing, or the file cannot be read by another process.
        """
        if tasks.way.live is not None:
            raise UsageError("--engine ray cannot read standard input, which only this process has; save it first")
        if tasks.way.whole:
            raise UsageError(
                "--engine ray takes replies and exchanges without --mask: conversations, and people's numbers under a "
                "mask, are made by one process that reads the whole file; leave --engine out"
            )
        try:
            import ray.data  # noqa: F401 - whether it is there
        except ImportError:
            raise UsageError("--engine ray needs the extra ray: pip install 'amends[ray]'") from None

    def __call__(self, work: Work, tasks: Tasks) -> Iterator[Outcome]:
        """What became of each task, in their order."""
        import ray.data

        _join(self._address, self.jobs)
        context = ray.data.DataContext.get_current()
        context.execution_options.preserve_order = True
        context.target_max_block_size = _BLOCK
        context.enable_progress_bars = False
        chunks = ray.data.from_items([{_CHUNK: pickle.dumps(tasks)}]).map_batches(
            # another share of a core than the actors take: Ray would join the two steps into one process
            _cut,
            batch_size=1,
            batch_format="numpy",
            num_cpus=_CUTS,
        )
        outcomes = chunks.map_batches(
            _Actor,
            fn_constructor_args=(pickle.dumps(work),),
            batch_size=1,
            batch_format="numpy",
            compute=ray.data.ActorPoolStrategy(min_size=1, max_size=self.jobs, max_tasks_in_flight_per_actor=4),
            num_cpus=1,
        )
        yield from _all((pickle.loads(row[_CHUNK]) for row in outcomes.iter_rows()), tasks.start)


def _all(outcomes: Iterator[Outcome | None], place: int) -> Iterator[Outcome]:
    """The outcomes, if each chunk has one, in order, up to the mark behind the last.

    Raises:
        RuntimeError: Ray lost, repeated or exchanged some; what is written stands, and the run can be gone on with.
    """
    for outcome in outcomes:
        if outcome is None:
            return
        if outcome.place != place:
            raise RuntimeError(f"Ray gave chunk {outcome.place} where chunk {place} was due; run the command again")
        yield outcome
        place += 1
    raise RuntimeError(f"Ray ended after chunk {place - 1}, before the end of the file; run the command again")


def _join(address: str | None, jobs: int) -> None:
    """Join a cluster, or start Ray here with a core for each actor and one for the rest."""
    import ray

    # what Ray tells of its plan is for those who write pipelines
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    if ray.is_initialized():
        return
    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": "ERROR"}
    if address is not None or "RAY_ADDRESS" in os.environ:
        ray.init(address=address, **quiet)
    else:
        ray.init(num_cpus=jobs + 1, include_dashboard=False, **quiet)


def _cut(batch: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Chunks as they are cut, one at a time."""
    for tasks in batch[_CHUNK]:
        for task in pickle.loads(tasks):
            yield {_CHUNK: _cells([pickle.dumps(task)])}
    # the mark behind the last chunk: without it nobody could tell the end of the file from a loss
    yield {_CHUNK: _cells([pickle.dumps(None)])}


class _Actor:
    """Holds the scorer in one process of the cluster."""

    def __init__(self, work: bytes) -> None:
        self._work: Work = pickle.loads(work)

    def __call__(self, batch: dict[str, Any]) -> dict[str, Any]:
        tasks = [pickle.loads(task) for task in batch[_CHUNK]]
        return {_CHUNK: _cells([pickle.dumps(task and self._work(task)) for task in tasks])}


def _cells(values: list[bytes]) -> Any:
    # numpy takes bytes for text and cuts what looks like its padding
    cells = np.empty(len(values), dtype=object)
    cells[:] = values
    return cells
