"""``score``: annotations of a file of replies or exchanges, resumable, and the Result over them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from amends.dataset.folder import released_scenarios
from amends.errors import Problem, UsageError
from amends.jsonl import Appender, cut_torn_line, is_read_once
from amends.logs.reader import Source, read_exchanges
from amends.records import Annotation, Exchange, Json
from amends.results import Result
from amends.runs.engine import Engine, Local
from amends.runs.head import Tasks, tasks_of
from amends.runs.lines import stored
from amends.runs.ordered import Ordered
from amends.runs.ordered import Tell as Tell
from amends.runs.output import lines_of, pack
from amends.runs.recall import recalled
from amends.runs.scoring import source_of, weights_of
from amends.runs.settings import claim, locked, write_finished
from amends.runs.tally import Customers, Tally
from amends.runs.work import Work
from amends.scorers.base import Scorer
from amends.signature import SEED, package_version

_QUOTED = re.compile(r"""(?s)(?<!\w)(['"])(?=[^'"]*[^\W\d_])(?:.*\1|.*\Z)""")
"""Words in quotes, also where they were cut; a number in quotes stays."""


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
    tell: Tell,
    step: Callable[[int], None] = lambda done: None,
    engine: Engine | None = None,
) -> Scored:
    """Score a file, in memory that does not grow with its texts.

    Args:
        source: the file.
        scorer: any scorer; where the engine has several processes it must be picklable.
        out: where the annotations go; None keeps none.
        tell: told of each problem.
        step: told of progress, in replies.
        engine: who scores; None this process. A scorer that counts its own work (``report``) stays in this process.

    Raises:
        InputError: the file fails as a whole; then nothing is written.
        UsageError: ``out`` holds a run with other settings, or the engine cannot take the file.
    """
    ordered = Ordered(source, lambda problem: tell(masked(problem, source)), step)
    # a file that fails as a whole, or holds no good line, does so here: before any output
    tasks = tasks_of(source, ordered.take)
    if tasks is None:
        return Scored(None, ordered.problems)
    alone = engine is None or hasattr(scorer, "report")
    plan = _Plan(Work(source, scorer), tasks, ordered, Local(1) if alone or engine is None else engine)
    plan.engine.check(tasks)
    if out is None:
        _scored(plan, tasks, lambda lines: None)
    elif isinstance(out.target, Path):
        _resumable(plan, out.target, out.fresh)
    else:
        _scored(plan, tasks, out.target.write)
        out.target.flush()
    card, tally = scorer_card(scorer), ordered.tally
    told = source.file, source.unit, card
    return Scored(tally.result(*told), ordered.problems, tally.customers(*told), tally.missing, tally.own)


@dataclass(frozen=True, slots=True)
class _Plan:
    work: Work
    tasks: Tasks
    ordered: Ordered
    engine: Engine


def _scored(plan: _Plan, tasks: Tasks, write: Callable[[bytes], object]) -> None:
    skip = tasks.skip
    for outcome in plan.engine(plan.work, tasks):
        good = plan.ordered.take(outcome, skip)
        skip = 0
        write(good.lines)
        plan.ordered.count(good.asked, good.judged)


def _resumable(plan: _Plan, out: Path, fresh: bool) -> None:
    source = plan.work.source
    lines = lines_of(out)
    if is_read_once(source.file) and (out.exists() or lines.exists()) and not fresh:
        what = "standard input" if source.file == "-" else "a pipe"
        raise UsageError(f"{out} exists, and {what} cannot be resumed; use --fresh, or another -o")
    settings: Json = {
        "input": input_digest(source),
        "columns": dict(source.columns),
        "scorer": scorer_card(plan.work.scorer) if plan.work.scorer else None,
        "amends": package_version(),
    }
    if plan.work.scorer:
        settings |= source_of(plan.work.scorer)
    if asked := source.log.settings():
        settings["log"] = asked
    beside = out.with_name(out.name + ".run.json")
    with locked(out.with_name(out.name + ".lock")):
        claim(beside, settings, sorted({out, lines}), fresh)
        if not _is_whole(out, lines):
            _go_on(plan, lines)
            pack(out, plan.engine.jobs)
        elif recalled(plan.work, plan.tasks, out, plan.ordered, plan.engine.jobs) is not None:
            raise UsageError(f"{out} lacks annotations that a finished run wrote; use --fresh, or another -o")
        write_finished(beside)


def _is_whole(out: Path, lines: Path) -> bool:
    """Whether an output that is made at the end stands already."""
    if lines == out or not out.exists():
        return False
    # what is left of the lines, where a run was killed between the two
    lines.unlink(missing_ok=True)
    return True


def _go_on(plan: _Plan, lines: Path) -> None:
    """Count what stands, and score what does not."""
    cut_torn_line(lines)
    left: Tasks | None = plan.tasks
    if lines.exists() and lines.stat().st_size:
        left = recalled(plan.work, plan.tasks, lines, plan.ordered, plan.engine.jobs)
    with Appender(lines) as target:
        if left is not None:
            _scored(plan, left, target.write_lines)


def tallied(scored: Iterable[tuple[Exchange, Annotation]]) -> Tally:
    """What a Result needs of a stream of judged exchanges, of which nothing else is kept.

    Args:
        scored: exchanges with their annotations.
    """
    tally = Tally(SEED)
    for exchange, annotation in scored:
        tally.add(exchange, annotation)
    return tally


def stored_annotations(path: Path) -> dict[str, Annotation]:
    """Annotations that an earlier run left, by reply id; a torn last line is cut.

    Raises:
        InputError: a line of the file was damaged.
    """
    cut_torn_line(path)
    return {a.reply_id: a for a in stored(path, Annotation.from_dict, "an annotation")}


def input_digest(source: Source) -> str | None:
    """SHA-256 of the input file; None for standard input or a pipe, which cannot be read twice."""
    if is_read_once(source.file):
        return None
    with Path(source.file).open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
