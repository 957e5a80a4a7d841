"""Pairs for people to judge with the origin hidden, and what their judgements come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from amends.comparison import matching
from amends.comparison.matching import Pairs
from amends.comparison.sides import Side, Unit
from amends.errors import UsageError
from amends.logs.sheets import Sheet
from amends.records import DIMENSIONS
from amends.rubric.definitions import dimension_names, rubric, version
from amends.signature import signature
from amends.statistics.clusters import METHODS
from amends.statistics.groups import Tested
from amends.statistics.influence import Codes
from amends.statistics.multiplicity import holm_of
from amends.statistics.paired import paired

TIE = "="
CHOICES = ("1", "2", TIE)


@dataclass(frozen=True, slots=True)
class Blinded:
    """A sheet and the key that opens it."""

    sheet: Sheet
    key: dict[str, Any]
    """Pair number to the id of each reply and which of them is B's; not for the raters."""


def blinded(a: Side, b: Side, seed: int) -> Blinded:
    """Pairs in random order, each with its replies in random order.

    Args:
        a: the first side.
        b: the second.
        seed: of both orders.

    Raises:
        UsageError: the sides share no key, or no pair has both texts.
    """
    pairs, tables = _texts(matching.pairs(a, b)), (a.table, b.table)
    generator = np.random.default_rng(seed)
    rows, key = [], {}
    for number, place in enumerate(generator.permutation(len(pairs)), start=1):
        first, second = (table[int(row)] for table, row in zip(tables, pairs[int(place)], strict=True))
        swapped = bool(generator.integers(0, 2))
        shown = (second, first) if swapped else (first, second)
        customer = "\n\n".join(f"{t.role}: {t.text}" for t in shown[0].item[0].turns) if shown[0].item else ""
        texts = [u.item[0].reply if u.item else "" for u in shown]
        rows.append([str(number), customer, *texts, *[""] * len(DIMENSIONS), ""])
        key[str(number)] = {"a": first.id, "b": second.id, "b_is": "1" if swapped else "2"}
    names = list(dimension_names().values())
    headings = ["pair", "customer", "reply 1", "reply 2", *[name.lower() for name in names], "note"]
    sheet = Sheet(headings, rows, {name.lower(): CHOICES for name in names}, _about())
    return Blinded(sheet, {"sides": [a.name, b.name], "data": [a.digest, b.digest], "seed": seed, "pairs": key})


def _about() -> list[str]:
    asked = [f"{d['name']}: {d['question']}" for d in rubric()["dimensions"]]
    return [
        "For each pair: which reply does better? Write 1, 2, or = where they are alike, in each of the three columns.",
        "Judge each dimension on its own; a reply may win one and lose another. Length is no merit.",
        "Leave a cell empty where you cannot say. Do not change the numbers in the first column.",
        "The order of the replies was drawn for each pair; nothing in the sheet says where they come from.",
        *asked,
    ]


def _texts(found: Pairs | None) -> Codes:
    """Rows of either side of the pairs that have both texts, shape (pairs, 2)."""
    if found is None:
        raise UsageError("the sides share no key, so there are no pairs for a sheet; name one with --pair-by")
    _, left, right = found.couples()
    both = (found.a.units.texts[left] != 0) & (found.b.units.texts[right] != 0)
    if not both.any():
        raise UsageError("no pair has both texts; give them with --source")
    return np.stack([left[both], right[both]], axis=1)


@dataclass(frozen=True, slots=True)
class RatedEffect:
    """One dimension."""

    better: Tested
    """P(raters find B's reply better) + half of the ties."""
    p_adjusted: float | None
    same_as_scorer: tuple[int, int]
    """Pairs in which raters and scorer both prefer one reply, and of these those in which it is the same one."""


@dataclass(frozen=True, slots=True)
class Rated:
    """What raters said."""

    sides: tuple[str, str]
    raters: int
    empty: Mapping[str, int]
    """Dimension to cells that were left empty."""
    dimensions: Mapping[str, RatedEffect]
    signature: str

    def to_dict(self) -> dict[str, Any]:
        """As in --json."""
        return asdict(self)


def rated(a: Side, b: Side, key: Mapping[str, Any], sheets: Sequence[Sequence[Mapping[str, str]]], seed: int) -> Rated:
    """What the raters' sheets come to; several raters of a pair are averaged.

    Args:
        a: the first side, as when the sheet was made.
        b: the second.
        key: what ``blinded`` gave with the sheet.
        sheets: rows of each rater's sheet.
        seed: of the draws.

    Raises:
        UsageError: the key is of other data, or cells hold something else than 1, 2 or = (all are named).
    """
    if key.get("data") != [a.digest, b.digest]:
        raise UsageError(f"the key is of {key.get('sides')} as they were; A or B has changed since the sheet was made")
    by_id = {}
    for letter, side in (("a", a), ("b", b)):
        rows = side.table.rows_of({pair[letter] for pair in key["pairs"].values()})
        by_id[letter] = {name: side.table[row] for name, row in rows.items()}
    votes, empty = _votes(key["pairs"], sheets)
    effects = {d: _effect(votes[d], key["pairs"], by_id, d, seed) for d in DIMENSIONS}
    adjusted = holm_of({d: e.better.p for d, e in effects.items()})
    data = "+".join(side.tag for side in (a, b))
    n = max(len(v) for v in votes.values())
    line = signature(
        {
            "data": data,
            "n": f"{n}/{n}",
            "gold": f"person.{len(sheets)}",
            "rubric": version(),
            "ci": METHODS,
            "seed": seed,
        }
    )
    return Rated(
        (a.name, b.name),
        len(sheets),
        empty,
        {d: RatedEffect(e.better, adjusted.get(d), e.same_as_scorer) for d, e in effects.items()},
        line,
    )


def _votes(
    pairs: Mapping[str, Mapping[str, str]], sheets: Sequence[Sequence[Mapping[str, str]]]
) -> tuple[dict[str, dict[str, list[float]]], dict[str, int]]:
    """Dimension to pair to 1 (B better), 0.5, 0 of each rater; and the empty cells."""
    votes: dict[str, dict[str, list[float]]] = {d: {} for d in DIMENSIONS}
    empty = dict.fromkeys(DIMENSIONS, 0)
    wrong = []
    for rows in sheets:
        headings = set().union(*rows) if rows else set()
        lacking = [h for h in ("pair", *[name.lower() for name in dimension_names().values()]) if h not in headings]
        if lacking:
            raise UsageError(f"a sheet of ratings lacks the columns: {', '.join(lacking)}")
        seen: set[str] = set()
        for row in rows:
            number = row.get("pair", "").strip().removesuffix(".0")
            if number in seen:
                wrong.append(f"pair {number}: a second row in one sheet")
                continue
            seen.add(number)
            if number not in pairs:
                wrong.append(f"pair {number!r}: not in the key")
                continue
            for dimension, name in dimension_names().items():
                cell = row.get(name.lower(), "").strip().strip("'").removesuffix(".0")
                if not cell:
                    empty[dimension] += 1
                elif cell not in CHOICES:
                    wrong.append(f"pair {number}, {name.lower()}: {cell!r}, expected 1, 2 or =")
                else:
                    own = 0.5 if cell == TIE else float(cell == pairs[number]["b_is"])
                    votes[dimension].setdefault(number, []).append(own)
    if wrong:
        raise UsageError("the ratings cannot be read:\n  " + "\n  ".join(wrong))
    return votes, empty


def _effect(
    votes: Mapping[str, Sequence[float]],
    pairs: Mapping[str, Mapping[str, str]],
    by_id: Mapping[str, Mapping[str, Unit]],
    dimension: str,
    seed: int,
) -> RatedEffect:
    numbers = sorted(votes, key=int)
    values = np.array([np.mean(votes[n]) for n in numbers], dtype=np.float64)
    keys = [by_id["b"][pairs[n]["b"]].key for n in numbers]
    both = same = 0
    for number, value in zip(numbers, values.tolist(), strict=True):
        levels = [by_id[s][pairs[number][s]].levels[dimension] for s in "ab"]
        if None in levels or value == 0.5 or levels[0] == levels[1]:
            continue
        both += 1
        same += (levels[1] > levels[0]) == (value > 0.5)  # type: ignore[operator]
    return RatedEffect(paired(values, [keys], (0.0, 1.0), 0.5, seed), None, (both, same))


def key_name(sheet: str) -> str:
    """Where the key of a sheet stands: beside it.

    Args:
        sheet: the sheet's path.
    """
    return sheet + ".key.json"
