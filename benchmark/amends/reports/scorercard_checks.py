"""The second half of a scorer card: tests, slices, context, calibration, confidence, standing in for a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from amends.records import DIMENSIONS
from amends.reports import wording
from amends.reports.scorercard_parts import (
    ALIKE,
    NAMES,
    SHARE,
    Axis,
    Entry,
    Part,
    Row,
    Section,
    Words,
    grid,
    listing,
    measured,
)
from amends.rubric.definitions import behaviours, dimension_names
from amends.scorercard.sections import Card, Invariance, PairScore, Steadiness

_BY = {"domain": "domain", "channel": "channel", "fault": "fault", "length": "length", "writing": "reply"}


def _pair_row(label: str, score: PairScore, code: str = "") -> Row:
    return Row(label, ((score.behaviour, "share"), (score.level, "share"), (score.leakage, "share")), code)


def contrast_section(card: Card) -> Section:
    """Replies that differ in one behaviour."""
    found, known = card.contrast, behaviours()
    lede = (
        "Two replies that differ in one behaviour. Behaviour: found in the right reply alone. Level: the better reply "
        "higher where a difference is owed, a tie half. Leakage: a level that moves by more than 0.25 where none is "
        "owed; lower is better. n of the last two counts pairs by dimension."
    )
    if found.whole is None:
        return Section("contrast", "Contrast pairs", lede)
    whole = [
        Entry("Behaviour right", found.whole.behaviour, SHARE),
        Entry("Level right", found.whole.level, SHARE, f"{found.whole.ties} tied"),
        Entry("Leakage", found.whole.leakage, SHARE, "lower is better"),
    ]
    columns = ("Behaviour right", "Level right", "Leakage")
    kinds = [_pair_row(kind, one) for kind, one in found.by_kind.items()]
    codes = [
        _pair_row(wording.spoken(known[code].name), one, wording.signed(known[code]))
        for code, one in found.by_behaviour.items()
    ]
    tables = (
        listing("All contrast pairs", "Measure", whole),
        grid("By kind of pair", "Kind", columns, kinds, one_n=False),
        grid("By behaviour", "Behaviour", columns, codes, one_n=False, aside=True),
    )
    left = (f"{found.not_judged} pairs hold a level that the scorer could not give.",) if found.not_judged else ()
    return Section("contrast", "Contrast pairs", lede, (("", tables),), left)


def robustness_section(card: Card) -> Section:
    """Gaming, invariance and degenerate inputs."""
    lede = (
        "Gaming: an honest reply must stand above one that plays a trick. Invariance: a change that matters to "
        "nobody must move no level by more than 0.25. Degenerate: what is no reply gets its flag and no levels."
    )
    parts = tuple((title, tables) for title, tables in _robust_parts(card) if tables)
    sums = []
    if card.gaming.not_judged:
        sums.append(f"{card.gaming.not_judged} gaming pairs hold a level that the scorer could not give.")
    return Section("robustness", "Tricks, changes, broken inputs", lede, parts, tuple(sums))


def _robust_parts(card: Card) -> Iterator[tuple[str, tuple[Part, ...]]]:
    names = dimension_names()
    if card.gaming.every is not None:
        entries = [Entry("Every dimension named", card.gaming.every, SHARE)]
        entries += [Entry(names[d], e, SHARE) for d, e in card.gaming.dimensions.items()]
        tricks = [Entry(wording.spoken(t), e, SHARE) for t, e in card.gaming.by_trick.items()]
        yield (
            "Gaming",
            (
                listing("Pairs that the honest reply wins", "Where", entries),
                listing("By trick, on every dimension named", "Trick", tricks),
            ),
        )
    if card.invariance.whole is not None:
        yield "Invariance", tuple(_invariance(card.invariance))
    if card.degenerate.met is not None:
        tables: list[Part] = [
            listing(
                "Inputs that get what they are owed", "Measure", [Entry("Owed and given", card.degenerate.met, SHARE)]
            )
        ]
        failures = tuple((f.id, wording.spoken(f.case), f.expected, f.found) for f in card.degenerate.failures)
        if failures:
            tables.append(Words("Failures", ("Id", "Case", "Owed", "Found"), failures))
        yield "Degenerate inputs", tuple(tables)


def _invariance(found: Invariance) -> Iterator[Part]:
    columns = ("Unchanged", "Mean shift in levels")

    def rows(steady: Mapping[str, Steadiness]) -> list[Row]:
        return [Row(wording.spoken(c), ((s.unchanged, "share"), (s.shift, "level"))) for c, s in steady.items()]

    whole = {"all changes": found.whole} if found.whole else {}
    yield grid("Variants that owe no change", "Family", columns, rows(whole | dict(found.by_family)), one_n=False)
    yield grid("By change", "Change", columns, rows(found.by_change), one_n=False, aside=True)
    names = dimension_names()
    for family, groups in found.lean.items():
        told = [Row(wording.spoken(g), tuple((one.shift[d], "level") for d in DIMENSIONS)) for g, one in groups.items()]
        title = f"{wording.spoken(family)}: mean of variant minus reply, in levels"
        yield grid(title, "Group", tuple(names[d] for d in DIMENSIONS), told, one_n=False, aside=True)
    for family, apart in found.farthest.items():
        entries = [
            Entry(
                names[d],
                apart.largest[d],
                Axis(-1.0, 1.0, "level"),
                _between(apart.between[d]),
            )
            for d in apart.largest
        ]
        yield listing(f"{wording.spoken(family)}: largest difference between two groups", "Dimension", entries)


def _between(groups: Sequence[str]) -> str:
    if not groups:
        return "no two groups differ in any reply"
    return " over ".join(wording.spoken(group) for group in groups) + ", chosen after seeing"


def slices_section(card: Card) -> Section:
    """Parts of the replies."""
    names = dimension_names()
    lede = "Where the scorer is nearer to gold and where farther; differences between slices are not tested here."
    columns = (NAMES["spearman"][0], NAMES["error"][0])
    parts: list[tuple[str, tuple[Part, ...]]] = []
    for d in DIMENSIONS if card.slices else ():
        rows = [
            Row(
                f"{_BY[s.by]}: {wording.spoken(s.value)}",
                ((s.dimensions[d]["spearman"], "level"), (s.dimensions[d]["error"], "level")),
            )
            for s in card.slices
        ]
        parts.append((names[d], (grid(f"{names[d]} by slice", "Slice", columns, rows, one_n=True),)))
    return Section("slices", "Slices", lede, tuple(parts))


def context_section(card: Card) -> Section:
    """With and without the context fields."""
    names, found = dimension_names(), card.context
    lede = (
        "The same replies with every context field unknown (channel, fault, relationship, what the agent may offer "
        "...). The cost is with minus without: above 0 for rho and kappa, and under 0 for the error, context helps."
    )
    if found.why:
        return Section("context", "What missing context costs", lede)
    cost = [Row(names[d], measured(found.difference[d])) for d in DIMENSIONS]
    columns = [NAMES[m][0] for m in ALIKE]
    rows = [
        Row(f"{names[d]}: {name}", ((found.blank[d][m], "level"), (card.items[d][m], "level")))
        for d in DIMENSIONS
        for m, (name, _) in NAMES.items()
    ]
    tables = (
        grid("With context minus without", "Dimension", columns, cost, one_n=True),
        grid("Without and with context", "Measure", ("Without", "With"), rows, one_n=True, aside=True),
    )
    return Section("context", "What missing context costs", lede, (("", tables),))


def calibration_section(card: Card) -> Section:
    """Probabilities."""
    names = dimension_names()
    lede = (
        "Expected calibration error of the likeliest level and of a breach (ten bins), and the ranked probability "
        "score; 0 is best for all three."
    )
    if card.calibration.why:
        return Section("calibration", "Calibration", lede)
    keys = {"top": "Error, likeliest level", "breach": "Error, breach", "rps": "Ranked probability score"}
    rows = [Row(names[d], tuple((m[k], "level") for k in keys)) for d, m in card.calibration.dimensions.items()]
    return Section(
        "calibration",
        "Calibration",
        lede,
        (("", (grid("Calibration", "Dimension", tuple(keys.values()), rows, one_n=True),)),),
    )


def confidence_section(card: Card) -> Section:
    """Error of the replies of which the scorer is surest."""
    names, found = dimension_names(), card.confidence
    lede = (
        "Mean error in levels on the replies of which the scorer is surest, on four fifths of them and on all; "
        "equally sure replies stand together, so that n may be above the share. A scorer that knows when it is right "
        "errs less the surer it is."
    )
    if found.why:
        return Section("confidence", "Error by confidence", lede)
    keys = {"half": "Surest half", "four_fifths": "Surest four fifths", "all": "All"}
    rows = [Row(names[d], tuple((m[k], "level") for k in keys)) for d, m in found.dimensions.items()]
    table = grid("Mean error by confidence", "Dimension", tuple(keys.values()), rows, one_n=False)
    return Section("confidence", "Error by confidence", lede, (("", (table,)),))


def stand_in_section(card: Card) -> Section:
    """The alternative annotator test."""
    names, found = dimension_names(), card.stand_in
    lede = (
        f"The alternative annotator test (Calderon, Reichart & Dror 2025), epsilon {found.epsilon:g}: for each person, "
        "is the scorer nearer to the other people than the person is, given what a person costs? p is adjusted "
        "(Benjamini & Yekutieli); a person is won at p < 0.05, and the scorer may stand in where half are."
    )
    parts: list[tuple[str, tuple[Part, ...]]] = []
    for d, one in found.dimensions.items():
        verdict = "may stand in" if one.passed else "may not stand in"
        entries = [
            Entry("Advantage probability", one.advantage, SHARE, f"winning rate {one.winning_rate:.2f}: {verdict}")
        ]
        for name, person in one.persons.items():
            entries.append(Entry(f"scorer as near as {name}", person.advantage, SHARE, f"p {person.p:.3f}"))
            entries.append(Entry(f"{name} as near as the scorer", person.person, SHARE))
        parts.append((names[d], (listing(f"{names[d]}: the alternative annotator test", "Who", entries),)))
    return Section("standing-in", "Standing in for a person", lede, tuple(parts))
