"""``score``: annotations of a file of replies or exchanges, resumable, and the Result over them."""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from amends.dataset.folder import released_scenarios
from amends.errors import Problem, UsageError
from amends.jsonl import Appender, cut_torn_line, dumps
from amends.logs.reader import Source, read_exchanges
from amends.records import Annotation, Exchange, Json
from amends.results import Result
from amends.runs.lines import stored
from amends.runs.scoring import annotated, weights_of
from amends.runs.settings import claim, locked, write_finished
from amends.runs.tally import Customers, Tally
from amends.scorers.base import Scorer
from amends.signature import SEED, package_version

_QUOTED = re.compile(r"""(?s)(?<!\w)(['"])(?=[^'"]*[^\W\d_])(?:.*\1|.*\Z)""")
"""Words in quotes, also where they were cut; a number in quotes stays."""

Tell = Callable[[Problem], None]
"""Told of each problem of the input as it is met."""


@dataclass(frozen=True, slots=True)
class Output:
    """Where annotations go."""

    target: Path | BinaryIO
    """A file (resumable; ``OUT.run.json`` stands beside it), or a binary stream."""
    fresh: bool = False
    """Start over what stands in the file."""


@dataclass(slots=True)
class Scored:
    """What came of scoring a file."""

    result: Result | None
    """None where no line was good."""
    problems: int
    """Problems told of."""
    customers: Customers | None = None
    """Who wrote; None where every reply is to a released scenario."""
    missing: Mapping[str, int] = field(default_factory=dict)
    """Context field to the replies, of the user's own, that do not have it."""
    own: int = 0
    """Replies to customers of the user's own."""


def scorer_card(scorer: Scorer) -> Json:
    """name, version and weights of a scorer."""
    return {"name": scorer.name, "version": scorer.version, "weights": weights_of(scorer)}


def good_exchanges(source: Source, tell: Tell) -> Iterator[Exchange]:
    """The exchanges of a file, its problems told.

    Raises:
        InputError: the file fails as a whole.
    """
    for _, item in read_exchanges(source, released_scenarios):
        if isinstance(item, Problem):
            tell(masked(item, source))
        else:
            yield item


def masked(problem: Problem, source: Source) -> Problem:
    """A problem without the personal data of what it shows.

    Args:
        problem: of a line.
        source: with the mask, if one was asked for.
    """
    if source.log.mask is None:
        return problem
    # a cell stands in quotes: in a column that is not what it should be it may hold a name and nothing else
    found = _QUOTED.sub(r"\1⟨text⟩\1", problem.found)
    shown = source.log.mask(Exchange("", (), found), ())
    return replace(problem, found=shown.reply)


def score_file(
    source: Source,
    scorer: Scorer,
    *,
    out: Output | None = None,
    jobs: int = 1,
    tell: Tell,
    step: Callable[[int], None] = lambda done: None,
) -> Scored:
    """Score a file.

    Args:
        source: the file.
        scorer: any scorer.
        out: where the annotations go; None keeps none.
        jobs: processes at most.
        tell: told of each problem.
        step: told of progress, one a reply.

    Raises:
        InputError: the file fails as a whole; then nothing is written.
        UsageError: ``out`` holds a run with other settings.
    """
    problems = 0

    def counted(problem: Problem) -> None:
        nonlocal problems
        problems += 1
        tell(problem)

    exchanges = good_exchanges(source, counted)
    # a file that fails as a whole, or holds no good line, does so here: before any output
    first = next(exchanges, None)
    if first is None:
        return Scored(None, problems)
    stream = itertools.chain([first], exchanges)
    if out is None:
        scored = annotated(scorer, stream, jobs)
    elif isinstance(out.target, Path):
        scored = _resumable(out.target, source, scorer, stream, jobs, out.fresh)
    else:
        scored = _streamed(out.target, annotated(scorer, stream, jobs))
    tally = tallied(_counted(scored, step))
    card = scorer_card(scorer)
    return Scored(tally.result(source, card), problems, tally.customers(source, card), dict(tally.missing), tally.own)


def _counted(
    scored: Iterable[tuple[Exchange, Annotation]], step: Callable[[int], None]
) -> Iterator[tuple[Exchange, Annotation]]:
    for pair in scored:
        yield pair
        step(1)


def tallied(scored: Iterable[tuple[Exchange, Annotation]]) -> Tally:
    """What a Result needs of a stream of judged exchanges, of which nothing else is kept.

    Args:
        scored: exchanges with their annotations.
    """
    tally = Tally(SEED)
    for exchange, annotation in scored:
        tally.add(exchange, annotation)
    return tally


def _streamed(stream: BinaryIO, scored: Iterable[tuple[Exchange, Annotation]]) -> Iterator[tuple[Exchange, Annotation]]:
    for exchange, annotation in scored:
        stream.write(dumps(annotation.to_dict()))
        yield exchange, annotation
    stream.flush()


def _resumable(
    out: Path, source: Source, scorer: Scorer, exchanges: Iterator[Exchange], jobs: int, fresh: bool
) -> Iterator[tuple[Exchange, Annotation]]:
    if source.file == "-" and out.exists() and not fresh:
        raise UsageError(f"{out} exists, and standard input cannot be resumed; use --fresh, or another -o")
    settings: Json = {
        "input": input_digest(source),
        "columns": dict(source.columns),
        "scorer": scorer_card(scorer),
        "amends": package_version(),
    }
    if asked := source.log.settings():
        settings["log"] = asked
    beside = out.with_name(out.name + ".run.json")
    with locked(out.with_name(out.name + ".lock")):
        claim(beside, settings, [out], fresh)
        yield from _replayed(exchanges, stored_annotations(out), out, scorer, jobs)
        write_finished(beside)


def _replayed(
    stream: Iterator[Exchange], done: Mapping[str, Annotation], out: Path, scorer: Scorer, jobs: int
) -> Iterator[tuple[Exchange, Annotation]]:
    """Give what is on disk, then score what is not: output is in the order of the input, so done is a head."""
    for exchange in stream:
        if exchange.id not in done:
            yield from _appended(out, scorer, itertools.chain([exchange], stream), jobs)
            return
        yield exchange, done[exchange.id]


def _appended(
    out: Path, scorer: Scorer, exchanges: Iterator[Exchange], jobs: int
) -> Iterator[tuple[Exchange, Annotation]]:
    with Appender(out) as lines:
        for exchange, annotation in annotated(scorer, exchanges, jobs):
            lines.write(annotation.to_dict())
            yield exchange, annotation


def stored_annotations(path: Path) -> dict[str, Annotation]:
    """Annotations that an earlier run left, by reply id; a torn last line is cut.

    Raises:
        InputError: a line of the file was damaged.
    """
    cut_torn_line(path)
    return {a.reply_id: a for a in stored(path, Annotation.from_dict, "an annotation")}


def input_digest(source: Source) -> str | None:
    """SHA-256 of the input file; None for standard input, which cannot be read twice."""
    if source.file == "-":
        return None
    with Path(source.file).open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
