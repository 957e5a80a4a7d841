"""Contrast, gaming and invariance pairs: what two blind annotators made of them, and which cues tell them apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from amends.audit.planned import CUES as REPLY_CUES
from amends.dataset.gold import ADJUDICATION
from amends.jsonl import canonical
from amends.records import DIMENSIONS, PAIR_TEXTS, Json
from amends.rubric.definitions import behaviours
from amends.statistics.clusters import mean_estimate, share_estimate
from amends.statistics.estimate import Estimate
from amends.text import fold, words

CLOSE = 15
"""Contrast replies differ in words by no more than this percentage of the shorter."""

Cue = Callable[[str, set[str]], float]


def _overlap(text: str, customer: set[str]) -> float:
    own = set(words(fold(text).text))
    return len(own & customer) / len(own) if own else 0.0


def _alone(name: str) -> Cue:
    """A cue that the replies of the dataset are asked for too; it needs no customer."""
    counted = REPLY_CUES[name]
    return lambda text, _: counted(text)


CUES: Mapping[str, Cue] = {
    "characters, as stored": lambda text, _: float(len(text)),
    "line breaks": lambda text, _: float(text.count("\n")),
    "words": lambda text, _: float(len(words(fold(text).text))),
    "digits": _alone("digits"),
    "question marks": _alone("question marks"),
    "overlap with the customer": _overlap,
    "exclamation marks": _alone("exclamation marks"),
    '"sorry"': lambda text, _: float(words(fold(text).text).count("sorry")),
}
"""Name to how much of it a text has, given the customer's words; words are those that the customer sees."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What blind annotators made of some pairs; n counts pairs."""

    agreed: Estimate
    """Share of pairs whose two first annotators see the same order (higher, equal, lower) on all three dimensions."""
    by_dimension: Mapping[str, Estimate]
    intended: Estimate
    """Share of pairs in which every annotator sees what the pair is meant to show."""
    named: Estimate
    """Contrast: share of pairs in which every annotator names the behaviour in the right reply alone."""
    alone: Estimate
    """Contrast: share of pairs in which every annotator names that behaviour as the only difference."""
    first: Estimate
    """Of the judgements that put one text higher on some dimension and lower on none: share that prefer the text that
    stood first on the sheet; n counts judgements."""


def cues(records: Sequence[Json], kind: str, seed: int) -> dict[str, Estimate]:
    """How far each cue alone tells the two texts apart.

    Args:
        records: pairs of one kind.
        kind: a key of ``PAIR_TEXTS``.
        seed: of the resampling.

    Returns:
        Cue to the share of pairs whose first text has more of it, a tie counting half: at 0.5 it tells nothing.
    """
    first, second = PAIR_TEXTS[kind]
    found: dict[str, Estimate] = {}
    for name, cue in CUES.items():
        values = []
        for record in records:
            customer = {
                w for turn in record["turns"] if turn["role"] == "customer" for w in words(fold(turn["text"]).text)
            }
            a, b = cue(record[first], customer), cue(record[second], customer)
            values.append(0.5 if a == b else float(a > b))
        found[name] = mean_estimate(values, [_cluster(r) for r in records], (0.0, 1.0), seed)
    return found


def _cluster(record: Json) -> str:
    return canonical(record["turns"]).decode()


def far_apart(records: Sequence[Json]) -> list[str]:
    """Ids of contrast pairs whose lengths in words differ by more than ``CLOSE``.

    Args:
        records: contrast pairs.
    """
    found = []
    for record in records:
        short, long = sorted((len(record["better"].split()), len(record["worse"].split())))
        if 100 * long > (100 + CLOSE) * short:  # in whole numbers, which round nothing
            found.append(str(record["id"]))
    return found


def shared(records: Sequence[Json]) -> tuple[list[str], list[str]]:
    """What train and test contrast pairs have in common, which must be nothing.

    Args:
        records: contrast pairs.

    Returns:
        Writers, and opening words of turns, that stand in both splits.
    """
    writers: dict[str, set[str]] = {}
    turns: dict[str, set[str]] = {}
    for record in records:
        part = "train" if record["split"] == "train" else "held out"
        writers.setdefault(part, set()).add(str(record.get("meta", {}).get("writer")))
        turns.setdefault(part, set()).add(_cluster(record))
    return (
        sorted(writers.get("train", set()) & writers.get("held out", set())),
        sorted(turns.get("train", set()) & turns.get("held out", set())),
    )


def orders(judgement: Json) -> tuple[int, ...]:
    """Sign of first minus second on each dimension; a text without a level stands below every text that has one."""
    found: list[int] = []
    for dimension in DIMENSIONS:
        a, b = (judgement[side]["levels"][dimension] or 0 for side in ("first", "second"))
        found.append((a > b) - (a < b))
    return tuple(found)


def judged(records: Sequence[Json], kind: str, judgements: Mapping[str, Sequence[Json]]) -> Judged:
    """Agreement of two blind annotators on pairs, and with what the pairs are meant to show.

    Args:
        records: pairs of one kind.
        kind: a key of ``PAIR_TEXTS``.
        judgements: pair id to its judgements; those by adjudication, and a second one by the same annotator, count
            for nothing here.
    """
    same: list[bool] = []
    each: dict[str, list[bool]] = {d: [] for d in DIMENSIONS}
    meant, named, alone, clusters = [], [], [], []
    leaning: list[tuple[bool, str]] = []
    for record in records:
        two = _by_two(judgements.get(record["id"], ()))
        if len(two) < 2:
            continue
        seen, cluster = [orders(j) for j in two], _cluster(record)
        clusters.append(cluster)
        same.append(len(set(seen)) == 1)
        for place, dimension in enumerate(DIMENSIONS):
            each[dimension].append(len({one[place] for one in seen}) == 1)
        meant.append(all(_meant(record, kind, one) for one in seen))
        leaning += [(hit, cluster) for j in two if (hit := _prefers_first(j)) is not None]
        if kind == "contrast":
            named.append(all(_names(record, j) for j in two))
            alone.append(all(_names(record, j) and _codes(j) == {record["behaviour"]} for j in two))
    return Judged(
        share_estimate(same, clusters),
        {d: share_estimate(hits, clusters) for d, hits in each.items()},
        share_estimate(meant, clusters),
        share_estimate(named, clusters if kind == "contrast" else []),
        share_estimate(alone, clusters if kind == "contrast" else []),
        share_estimate([hit for hit, _ in leaning], [cluster for _, cluster in leaning]),
    )


def _by_two(judgements: Sequence[Json]) -> list[Json]:
    """The first judgement of each annotator, adjudications left out."""
    first: dict[str, Json] = {}
    for judgement in judgements:
        if judgement["annotator"].get("method") != ADJUDICATION:
            first.setdefault(judgement["annotator"]["name"], judgement)
    return list(first.values())


def _meant(record: Json, kind: str, seen: tuple[int, ...]) -> bool:
    """Contrast: as ``expects``; gaming: higher on every dimension named; invariance: equal."""
    by = dict(zip(DIMENSIONS, seen, strict=True))
    if kind == "contrast":
        return all(by[d] == owed for d, owed in record["expects"].items())
    if kind == "gaming":
        return all(by[d] == 1 for d in record["dimensions"])
    return not any(seen)


def _prefers_first(judgement: Json) -> bool | None:
    """Whether the text that stood first is the higher one; None where neither is, or nobody wrote down the order."""
    seen, shown = set(orders(judgement)) - {0}, judgement.get("shown_first")
    if len(seen) != 1 or shown is None:
        return None
    return bool((seen == {1}) == (shown == "first"))


def _codes(judgement: Json) -> set[str]:
    return {*judgement["first"]["only"], *judgement["second"]["only"]}


def _names(record: Json, judgement: Json) -> bool:
    code = record["behaviour"]
    right, wrong = ("first", "second") if behaviours()[code].positive else ("second", "first")
    return code in judgement[right]["only"] and code not in judgement[wrong]["only"]


def counted(records: Sequence[Json], field: str) -> Counter[str]:
    """How many records have each value of a field.

    Args:
        records: any.
        field: a text field.
    """
    return Counter(str(record[field]) for record in records)
