"""``calibrate``: the odds of a calibration from a split with gold, with its out-of-fold numbers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

import numpy as np
import orjson

from amends.calibration.measure import Held, measured
from amends.dataset.folder import current, read_records, released
from amends.errors import InputError, Problem, UsageError, unknown_name
from amends.jsonl import parse, whole_file
from amends.records import DIMENSIONS, Annotation, Exchange
from amends.rubric.definitions import version as rubric_version
from amends.runs.scoring import weights_of
from amends.scorercard.items import gold_kind, scored_by
from amends.scorers.base import Scorer
from amends.scorers.calibrated.combine import NO_LEVEL, combined
from amends.scorers.calibrated.document import Calibration, Fitted, Member
from amends.scorers.calibrated.odds import Odds
from amends.scorers.calibrated.scorer import Calibrated
from amends.signature import SEED, digest, package_version, scorer_tag, signature
from amends.statistics.calibration import gold_masses
from amends.statistics.clusters import METHODS
from amends.statistics.ordinal import fit_odds
from amends.statistics.percentile import METHOD

SPLITS = ("train", "validation")
"""Test measures; nothing is fitted on it."""
FOLDS = 5
RIDGE = 1.0
"""Of the weights, in log-odds a level: on hundreds of replies it is hardly felt, on twenty it holds them back."""
PRIOR = 1.0
"""One reply of no known level keeps the thresholds finite."""
LEAST = 20
"""Replies that a pattern of members must have for odds of its own."""
MOST_MEMBERS = 6
ENSEMBLE = "ensemble"
"""Name of several members together among the out-of-fold numbers."""

Given = Mapping[str, Annotation]


@dataclass(frozen=True, slots=True)
class Case:
    """One reply with gold and what each member said of it."""

    exchange: Exchange
    levels: Mapping[str, float | None]
    """Gold."""
    given: Given

    @property
    def cluster(self) -> str:
        """The scenario, else the reply itself."""
        return self.exchange.scenario_id or self.exchange.id

    @property
    def decided(self) -> bool:
        """A member says that there is nothing to judge: the whole then gives no level, so nothing is fitted on it."""
        return any(not NO_LEVEL.isdisjoint(one.flags) for one in self.given.values())

    @property
    def used(self) -> bool:
        """On some dimension it has gold and a level of a member."""
        return not self.decided and any(
            gold is not None and any(one.levels[d] is not None for one in self.given.values())
            for d, gold in self.levels.items()
        )


def calibrate(
    scorers: Mapping[str, Scorer], *, data: Path | None = None, split: str = "validation", seed: int = SEED
) -> Calibration:
    """Fit scorers' levels to the gold of a split.

    Args:
        scorers: name by which it is loaded to the scorer; one is a calibration, several are an ensemble.
        data: a data folder; None for the dataset that ships.
        split: train or validation.
        seed: of the folds and the resampling.

    Returns:
        Odds for each dimension and each pattern of members that judged, and out-of-fold numbers.

    Raises:
        UsageError: no scorer or too many, the test split, no such file, or too few replies with gold.
        InputError: with every problem of the file; records of another split are some.
    """
    if ENSEMBLE in scorers:
        raise UsageError(f"{ENSEMBLE!r} names the members together in the numbers; load that scorer by another name")
    if not 1 <= len(scorers) <= MOST_MEMBERS:
        raise UsageError(f"a calibration has 1 to {MOST_MEMBERS} scorers, not {len(scorers)}")
    if split not in SPLITS:
        raise unknown_name("split to fit on (test measures, nothing is fitted on it)", split, SPLITS)
    folder = released().path if data is None else data
    exchanges, version = _exchanges(folder, split), _version(folder)
    kind = gold_kind(exchanges)
    _enough({e.scenario_id or e.id for e in exchanges if kind in (e.gold or {})}, folder, split)
    judged = {name: scored_by(scorer, exchanges) for name, scorer in scorers.items()}
    cases = [
        Case(exchange, gold["levels"], {name: some[number] for name, some in judged.items()})
        for number, exchange in enumerate(exchanges)
        if (gold := (exchange.gold or {}).get(kind or "")) is not None
    ]
    folds = folds_of([case.cluster for case in cases], seed)
    members = tuple(_member(name, scorer, judged[name]) for name, scorer in scorers.items())
    odds = {d: fitted_odds(cases, d, list(scorers), LEAST) for d in DIMENSIONS}
    if not any(odds.values()):
        raise UsageError(f"{folder}: {split} holds no {LEAST} replies with gold and a level of any scorer named")
    used = [case for case in cases if case.used]
    fitted = Fitted(
        version,
        split,
        digest(exchange.to_dict() for exchange in exchanges),
        kind or "model",
        len(used),
        len({case.cluster for case in used}),
        len(cases) - len(used),
        rubric_version(),
        package_version(),
        seed,
        FOLDS,
        RIDGE,
        PRIOR,
    )
    made = Calibration(members, fitted, odds, {"levels": {}, "gains": {}})
    held = Held([case.levels for case in cases], [case.cluster for case in cases], folds, seed)
    return replace(made, measured=measured(held, out_of_fold(made, cases, folds)))


def _exchanges(folder: Path, split: str) -> list[Exchange]:
    path = folder / "exchanges" / f"{split}.jsonl"
    if not path.is_file():
        raise UsageError(f"--data {folder}: no {path.name} under exchanges/; expected a data folder with that split")
    numbered = read_records(path, "exchange")
    remedy = f"leave it out: what is fitted is fitted on {split} alone"
    strangers = [
        Problem(str(path), line, "$.split", str(record["split"]), split, remedy)
        for line, record in numbered
        if record.get("split") not in (None, split)
    ]
    if strangers:
        raise InputError(strangers)
    return [Exchange.from_dict(record) for record in current([record for _, record in numbered])]


def _enough(scenarios: Collection[str], folder: Path, split: str) -> None:
    """Before anything is scored: a judge is paid for what it judges."""
    if len(scenarios) < FOLDS:
        raise UsageError(
            f"{folder}: {split} holds gold for replies to {len(scenarios)} scenarios, expected {FOLDS} or more, one a "
            "fold; label replies to more of them and join the labels with `amends data build`"
        )


def _version(folder: Path) -> str | None:
    path = folder / "manifest.json"
    try:
        found = parse(path.read_bytes()) if path.is_file() else {}
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        raise whole_file(str(path), "no JSON object", "a manifest", "write it anew with `amends data build`")
    return str(found["version"]) if found.get("version") else None


def _member(name: str, scorer: Scorer, judged: Sequence[Annotation]) -> Member:
    marks = any(one.behaviours for one in judged)
    return Member(name, scorer.name, scorer.version, weights_of(scorer), marks)


def folds_of(clusters: Sequence[str], seed: int) -> list[int]:
    """The fold of each reply; replies to one scenario stand in one fold, and folds have nearly as many scenarios.

    Args:
        clusters: the scenario of each reply.
        seed: of the draw, which does not depend on the order of the replies.
    """
    names = sorted(set(clusters))
    drawn = np.random.default_rng(seed).permutation(len(names))
    fold = {name: int(place) % FOLDS for name, place in zip(names, drawn, strict=True)}
    return [fold[cluster] for cluster in clusters]


def fitted_odds(
    cases: Sequence[Case], dimension: str, names: Sequence[str], least: int, whole: Sequence[Case] | None = None
) -> tuple[Odds, ...]:
    """The odds of every pattern of members, the largest pattern first.

    The odds of a pattern are fitted on all replies that its members judged, whoever else did; no level is imputed.

    Args:
        cases: replies with gold.
        dimension: one of DIMENSIONS.
        names: members.
        least: replies under which a pattern has no odds.
        whole: where these are counted, if ``cases`` are a part of them.
    """
    patterns = [some for size in range(len(names), 0, -1) for some in combinations(names, size)]
    counted = [p for p in patterns if len(_judged_by(p, cases if whole is None else whole, dimension)) >= least]
    fitted = [(pattern, _judged_by(pattern, cases, dimension)) for pattern in counted]
    return tuple(_fitted(pattern, used, dimension) for pattern, used in fitted if used)


def _judged_by(pattern: Sequence[str], cases: Sequence[Case], dimension: str) -> list[Case]:
    return [
        case
        for case in cases
        if not case.decided
        and case.levels[dimension] is not None
        and all(case.given[name].levels[dimension] is not None for name in pattern)
    ]


def _fitted(pattern: Sequence[str], used: Sequence[Case], dimension: str) -> Odds:
    x = np.array([[case.given[name].levels[dimension] for name in pattern] for case in used], dtype=np.float64)
    gold = np.array([case.levels[dimension] for case in used], dtype=np.float64)
    centre = x.mean(axis=0)
    found = fit_odds(x - centre, gold_masses(gold), RIDGE, PRIOR)
    return Odds(
        dict(zip(pattern, found.weights.tolist(), strict=True)),
        dict(zip(pattern, centre.tolist(), strict=True)),
        tuple(found.thetas.tolist()),
        len(used),
        len({case.cluster for case in used}),
    )


def out_of_fold(made: Calibration, cases: Sequence[Case], folds: Sequence[int]) -> dict[str, list[Annotation]]:
    """Every reply as each member judged it, as that member alone calibrated would, and as the whole would.

    Each fold is judged by odds that were fitted on the other four. A pattern of members that has no odds in a
    calibration of all replies has none here: its replies would get no level.

    Args:
        made: the calibration, for its members.
        cases: replies with gold.
        folds: the fold of each.

    Returns:
        ``NAME``, ``calibrated:NAME`` and, of several members, last ``ENSEMBLE``, each in the order of the replies.
    """
    names = [member.scorer for member in made.members]
    scored = {name: [case.given[name] for case in cases] for name in names}
    for some in [[name] for name in names] + ([names] if len(names) > 1 else []):
        own = [replace(case, given={name: case.given[name] for name in some}) for case in cases]
        members = tuple(member for member in made.members if member.scorer in some)
        held = []
        for fold in range(made.fitted.folds):
            rest = [case for case, at in zip(own, folds, strict=True) if at != fold]
            odds = {d: fitted_odds(rest, d, some, LEAST, own) for d in DIMENSIONS}
            held.append(replace(made, members=members, odds=odds))
        scored[ENSEMBLE if len(some) > 1 else f"calibrated:{some[0]}"] = [
            combined(held[fold], case.given, case.given[some[0]].annotator)
            for case, fold in zip(own, folds, strict=True)
        ]
    return scored


def signature_of(made: Calibration) -> str:
    """The citable line of a calibration's numbers.

    Args:
        made: fitted.
    """
    fitted = made.fitted
    return signature(
        {
            "data": f"{fitted.split}@{fitted.digest}",
            "n": f"{fitted.replies}/{fitted.scenarios}",
            "missing": fitted.missing,
            "gold": fitted.gold,
            "rubric": fitted.rubric,
            "scorer": scorer_tag(Calibrated.name, Calibrated.version, made.checksum()[:12]),
            "ci": f"{METHODS}+{METHOD}",
            "seed": fitted.seed,
        }
    )
