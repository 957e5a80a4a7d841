"""The Python side of the commands, with the same words: ``score``, ``run`` and ``compare``."""

from __future__ import annotations

import builtins
import os
import sys
import warnings
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from amends.comparison.effects import Comparison
from amends.comparison.sides import Fields, load_side
from amends.comparison.two import Asked as Comparing
from amends.comparison.two import compare_two
from amends.dataset.folder import released_scenarios
from amends.errors import InputError, Problem, UsageError
from amends.generators import Generator, load_generator
from amends.generators.function import FunctionGenerator
from amends.generators.state import home_of, state_of
from amends.logs.reader import Source, kind_of, unknown_scenario
from amends.records import Annotation, Exchange, Json, Reply
from amends.reports import REPORTS
from amends.results import Result
from amends.runs.execute import Asked, Plan, execute
from amends.runs.score import good_exchanges
from amends.runs.scoring import annotated
from amends.schema import problems
from amends.scorers import DEFAULT, scorer_of
from amends.scorers.base import Scorer
from amends.signature import SEED

Item = Exchange | Mapping[str, Any]


def score(
    items: Iterable[Item] | str | os.PathLike[str], scorer: str | Scorer = DEFAULT, *, jobs: int = 1
) -> list[Annotation]:
    """Score exchanges, or replies to the dataset's scenarios.

    Args:
        items: ``Exchange`` records, or mappings with ``id``, ``turns``, ``reply`` (an exchange) or ``id``,
            ``scenario_id``, ``text`` (a reply); or the path of a file of them, as ``amends score`` takes it.
        scorer: a scorer, or the name of one.
        jobs: processes at most.

    Returns:
        One annotation for each item, in their order.

    Raises:
        UsageError: ``items`` is one record, or ``scorer`` is none.
        InputError: with every problem of every item; ``line`` counts the items, or the file's lines, from 1.
    """
    chosen = scorer_of(scorer)
    if isinstance(items, (bytes, Mapping)) or not isinstance(items, Iterable | os.PathLike):
        raise UsageError(f"score takes a list of exchanges or replies, or a file, not a {type(items).__name__}")
    found: list[Problem] = []
    exchanges: list[Exchange] = []
    if isinstance(items, (str, os.PathLike)):
        exchanges += good_exchanges(Source(os.fspath(items)), found.append)
        items = ()
    for number, item in enumerate(items, start=1):
        one = item if isinstance(item, Exchange) else _exchange(number, item)
        if isinstance(one, Exchange):
            exchanges.append(one)
        else:
            found.extend(one)
    if found:
        raise InputError(found)
    return [annotation for _, annotation in annotated(chosen, exchanges, jobs)]


def _exchange(number: int, item: Mapping[str, Any]) -> Exchange | list[Problem]:
    # a row of a pandas table has keys and is no Mapping
    if not hasattr(item, "keys"):
        found, remedy = f"a {type(item).__name__}", "give mappings (of a pandas table: table.to_dict('records'))"
        return [Problem("items", number, "$", found, "a record: an Exchange, or a mapping with its fields", remedy)]
    raw: Json = dict(item)
    kind = kind_of(raw) or "exchange"
    wrong = problems(raw, kind, "items", number)
    if wrong:
        return wrong
    if kind == "exchange":
        return Exchange.from_dict(raw)
    scenario = released_scenarios().get(raw["scenario_id"])
    if scenario is None:
        return [unknown_scenario("items", number, raw["scenario_id"], released_scenarios())]
    return Exchange.pair(scenario, Reply.from_dict(raw))


def run(
    generator: str | os.PathLike[str] | Generator | Callable[[Json], str],
    split: str = "test",
    *,
    scorer: str | Scorer = DEFAULT,
    samples: int = 1,
    limit: int | None = None,
    out: str | os.PathLike[str] | None = None,
    fresh: bool = False,
) -> Result:
    """Run a generator over a split, as ``amends run`` does.

    Args:
        generator: what the command takes (a baseline's name, a folder, a replies file,
            ``python:module:function``, ``openai:MODEL``), a function from a scenario to a text (over another prompt
            it is another run, and wants another ``out``), or what ``amends.generators.load_generator`` gives.
        split: train, validation or test.
        scorer: a scorer, or the name of one.
        samples: replies a scenario.
        limit: only the first scenarios.
        out: the run folder; ``./amends-runs/...`` by default. A run in it of the same generator is gone on with; a
            function is the same if its code and what it holds (closed-over values, attributes, globals) are.
        fresh: start over.

    Returns:
        The Result; replies, annotations and result.json stand in the run folder. A reply that was not given is a breach
        there; a warning counts them and says why.

    Raises:
        UsageError: an unknown generator, split or scorer, or the folder holds a run with other settings.
        GeneratorError: the generator failed as a whole and gave no reply.
    """
    if samples < 1:
        raise UsageError(f"samples must be at least 1, not {samples}")
    plan = Plan(Asked(_generator_of(generator), split, samples, limit), scorer_of(scorer))
    done = execute(plan, plan.folder if out is None else Path(out), fresh=fresh, render=REPORTS["html"])
    if done.failures:
        told = f"problems while replies were made: {len(done.failures)} (a reply that was not given is a breach)"
        warnings.warn(f"{told}; the first: {done.failures[0]}; run folder {done.folder}", stacklevel=2)
    return done.result


def compare(
    a: str | os.PathLike[str],
    b: str | os.PathLike[str],
    *,
    pair_by: str | None = None,
    cluster: Iterable[str] = (),
    margin: float | None = None,
    scorer: str | Scorer = DEFAULT,
    seed: int = SEED,
) -> Comparison:
    """Compare b with a, as ``amends compare`` does.

    Args:
        a: a run folder, replies, exchanges, or annotations of one annotator.
        b: the same.
        pair_by: what pairs replies; ``scenario_id`` where both sides have it.
        cluster: fields whose values are resampled whole (``meta.agent``), or one.
        margin: levels, for "no worse" and "equivalent".
        scorer: judges texts that have no annotations; a scorer, or the name of one.
        seed: of the draws.

    Raises:
        UsageError: an unknown field or scorer, or a margin that is not above 0.
        InputError: with every problem of both files.
    """
    if margin is not None and not margin > 0:
        raise UsageError(f"margin must be above 0, in levels, not {margin}")
    found: list[Problem] = []
    # a text is an iterable too: of its letters
    cluster = (cluster,) if isinstance(cluster, str) else tuple(cluster)
    fields, judge = Fields(pair_by, cluster), scorer_of(scorer)
    sides = [load_side(str(one), judge, None, fields, found.append) for one in (a, b)]
    if found:
        raise InputError(found)
    return compare_two(sides[0], sides[1], Comparing(pair_by, cluster, margin, seed))


def _generator_of(given: str | os.PathLike[str] | Generator | Callable[[Json], str]) -> Generator:
    if isinstance(given, (str, os.PathLike)):
        return load_generator(os.fspath(given))
    if callable(given):
        return _of_function(given)
    if not hasattr(given, "generate"):
        raise UsageError(f"a generator is a name, a file, a folder or a function, not a {type(given).__name__}")
    return given


def _of_function(function: Callable[[Json], str]) -> FunctionGenerator:
    home = home_of(function)
    module = sys.modules.get(getattr(home, "__module__", None) or "builtins", builtins)
    name = f"{module.__name__}:{getattr(home, '__qualname__', type(home).__qualname__)}"
    return FunctionGenerator(function, name, module, state_of(function))
