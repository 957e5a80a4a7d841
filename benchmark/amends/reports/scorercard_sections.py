"""The sections of a scorer card: which numbers stand where, and what is said about them."""

from __future__ import annotations

from collections.abc import Sequence

from amends.records import DIMENSIONS
from amends.reports import wording
from amends.reports.scorercard_checks import (
    calibration_section,
    confidence_section,
    context_section,
    contrast_section,
    robustness_section,
    slices_section,
    stand_in_section,
)
from amends.reports.scorercard_parts import (
    ALIKE,
    FLOORS,
    NAMES,
    RHO,
    SHARE,
    UNIT,
    Axis,
    Entry,
    Grid,
    Part,
    Row,
    Section,
    grid,
    listing,
    measured,
    up_to,
)
from amends.rubric.definitions import behaviours, dimension_names
from amends.scorercard.sections import Card
from amends.statistics.estimate import Estimate


def sections(card: Card) -> list[Section]:
    """Every section that holds numbers, in the order in which both reports print them."""
    made = (
        _against_gold(card),
        _like_with_like(card),
        _behaviours(card),
        _systems(card),
        contrast_section(card),
        robustness_section(card),
        slices_section(card),
        context_section(card),
        calibration_section(card),
        confidence_section(card),
        stand_in_section(card),
    )
    return [section for section in made if section.parts]


def not_measured(card: Card) -> list[tuple[str, str]]:
    """(what, why) of everything that the card has no number for."""
    parts = {
        "Against gold": None if card.counts["with_gold"] else "not applicable: no reply with gold",
        "Floors": card.floors.why,
        "Like with like": card.like_with_like.why,
        "Generators": card.systems.why,
        "Contrast pairs": card.contrast.why,
        "Gaming": card.gaming.why,
        "Invariance": card.invariance.why,
        "Degenerate inputs": card.degenerate.why,
        "Context": card.context.why,
        "Calibration": card.calibration.why,
        "Error by confidence": card.confidence.why,
        "Standing in for a person": card.stand_in.why,
    }
    return [(name, why) for name, why in parts.items() if why]


def _axis(measure: str, found: Sequence[Estimate]) -> Axis:
    if measure == "error":
        return up_to(found)
    return UNIT if measure in ("pairs", "ordered", "auc") else RHO


def _against_gold(card: Card) -> Section:
    names = dimension_names()
    lede = (
        f"Gold is the median of {_gold_of(card)}. Pairs: {card.pairs}. A floor that comes as near to gold as the "
        "scorer does says that the scorer has not earned its number."
    )
    if not card.counts["with_gold"]:
        return Section("gold", "Against gold", lede)
    parts: list[tuple[str, tuple[Part, ...]]] = []
    for d in DIMENSIONS:
        beside = {m: {FLOORS[f]: table[d][m] for f, table in card.floors.table.items()} for m in NAMES}
        entries = [
            Entry(
                name,
                card.items[d][m],
                _axis(m, [card.items[d][m], *beside[m].values()]),
                what,
                beside[m],
            )
            for m, (name, what) in NAMES.items()
        ]
        tables: list[Part] = [listing(f"{names[d]}: the scorer against gold", "Measure", entries)]
        tables += [_gain(card, d)] if card.floors.gain else []
        parts.append((names[d], (*tables, _floors(card, d))))
    fitted = f"Floors are fitted on {card.floors.fitted}." if not card.floors.why else f"Floors: {card.floors.why}."
    return Section("gold", "Against gold", lede, tuple(parts), (fitted,))


def _gold_of(card: Card) -> str:
    names = ", ".join(card.annotators)
    if card.gold == "model":
        return f"language-model annotators ({names}): nearness to it is not agreement with people"
    return f"people ({names})" if card.gold == "person" else "nobody"


def _gain(card: Card, dimension: str) -> Grid:
    rows = [Row(f"scorer minus {FLOORS[f]}", measured(found[dimension])) for f, found in card.floors.gain.items()]
    title = f"{dimension_names()[dimension]}: what the scorer adds to each floor"
    return grid(title, "Difference", [NAMES[m][0] for m in ALIKE], rows, one_n=True)


def _floors(card: Card, dimension: str) -> Grid:
    tables = [card.items[dimension], *[table[dimension] for table in card.floors.table.values()]]
    columns = ["the scorer", *[FLOORS[name] for name in card.floors.table]]
    rows = [Row(name, tuple((table[m], "level") for table in tables)) for m, (name, _) in NAMES.items()]
    title = f"{dimension_names()[dimension]}: the scorer and the floors, in numbers"
    return grid(title, "Measure", columns, rows, one_n=True, aside=True)


def _like_with_like(card: Card) -> Section:
    names = dimension_names()
    what = "language-model annotators are held to one another, not to people" if card.gold == "model" else ""
    lede = (
        "Each annotator against the median of the other annotators, and the scorer against the same median on the "
        f"same replies. The difference is scorer minus annotator{'; ' + what if what else ''}."
    )
    parts: list[tuple[str, tuple[Part, ...]]] = []
    for d in DIMENSIONS:
        rows = []
        for peer in card.like_with_like.rows:
            if peer.dimension == d:
                rows += [
                    Row(
                        f"{peer.left_out}, against {peer.others} other{'s' if peer.others > 1 else ''}",
                        measured(peer.annotator),
                    ),
                    Row("the scorer, against the same", measured(peer.scorer)),
                    Row(f"scorer minus {peer.left_out}", measured(peer.difference)),
                ]
        if rows:
            columns = [NAMES[m][0] for m in ALIKE]
            parts.append((names[d], (grid(f"{names[d]}: like with like", "Who", columns, rows, one_n=True),)))
    return Section("like", "Like with like", lede, tuple(parts))


def _behaviours(card: Card) -> Section:
    known = behaviours()
    lede = (
        "Reply by reply, passing hints included. Precision: of the replies that the scorer marks, those that gold "
        "marks. Recall: of the replies that gold marks, those that the scorer marks."
    )
    if not card.counts["with_gold"]:
        return Section("behaviours", "Behaviours", lede)
    parts: list[tuple[str, tuple[Part, ...]]] = []
    for positive, title in ((True, "Plus behaviours"), (False, "Minus behaviours")):
        rows = []
        for code, found in card.behaviours.items():
            if known[code].positive == positive:
                numbers = (found.precision, "share"), (found.recall, "share"), (found.f1, "level")
                rows.append(Row(wording.spoken(known[code].name), numbers, wording.signed(known[code])))
        part = grid(f"{title} against gold", "Behaviour", ("Precision", "Recall", "F1"), rows, one_n=False)
        parts.append((title, (part,)))
    return Section("behaviours", "Behaviours", lede, tuple(parts))


def _systems(card: Card) -> Section:
    found, names = card.systems, dimension_names()
    lede = (
        f"{len(found.generators)} generators on {found.scenarios} common scenarios, means by scenario, "
        f"gold of kind {found.gold}. Soft pairwise "
        "accuracy asks whether the scorer is as sure of each order as gold is; n counts pairs of generators."
    )
    parts: list[tuple[str, tuple[Part, ...]]] = []
    for d, one in found.dimensions.items():
        entries = [
            Entry("Generator pairs ordered right", one.ordered, SHARE),
            Entry("Soft pairwise accuracy", one.soft, SHARE),
            Entry(
                "Largest difference in bias",
                one.largest,
                Axis(-2.0, 2.0, "level"),
                f"{one.between[0]} over {one.between[1]}, chosen after seeing",
            ),
        ]
        bias = [
            Entry(name, e, Axis(-2.0, 2.0, "level"), f"gold {one.gold[name]:.2f}, scorer {one.scored[name]:.2f}")
            for name, e in one.bias.items()
        ]
        title = f"{names[d]}: bias of each generator (scorer minus gold, in levels)"
        parts.append(
            (names[d], (listing(f"{names[d]}: generators", "Measure", entries), listing(title, "Generator", bias)))
        )
    left = f"Left out, since most of what they give is no reply and has no level: {', '.join(found.silent)}."
    return Section("generators", "Generators", lede, tuple(parts), (left,) if found.silent else ())
