"""The part of the audit about what scorers are tested on: contrast, gaming and invariance pairs, whole generators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from amends.agreement.report import agreement
from amends.audit import pairs
from amends.audit.generators import CHEATS, Standing, expected_order, not_below
from amends.audit.markdown import cell, n_of, table
from amends.audit.material import Material
from amends.records import DIMENSIONS, PAIR_TEXTS, Json
from amends.rubric.definitions import behaviours, dimension_names
from amends.scorercard.families import family_of
from amends.statistics.estimate import Estimate

Told = Mapping[str, Mapping[str, Estimate]]
"""Kind of pair to cue to what it tells."""


def tests_page(material: Material, told: Told, ranked: Mapping[str, Mapping[str, Standing]], seed: int) -> str:
    """The sections in order, those without records left out.

    Args:
        material: the dataset.
        told: ``pairs.cues`` of the kinds of pair that there are.
        ranked: ``generators.standings`` of the systems.
        seed: of every resampling.
    """
    parts = []
    if material.pairs["contrast"]:
        parts += ["## Contrast pairs\n", "![What cues tell of pairs](audit/cues.svg)\n", _contrast(material, told)]
    if material.pairs["gaming"]:
        parts += ["## Gaming pairs\n", _gaming(material, told)]
    if material.pairs["invariance"]:
        parts += ["## Invariance pairs\n", _invariance(material)]
    if material.degenerate:
        cases = pairs.counted(material.degenerate, "case")
        parts += [f"## Degenerate inputs\n\n{sum(cases.values())} inputs, {len(cases)} cases.\n"]
    if material.systems:
        parts += ["## Whole generators\n", _systems(material, ranked, seed)]
    return "\n".join(parts)


def _contrast(material: Material, cues: Told) -> str:
    records = material.pairs["contrast"]
    splits = sorted({str(r["split"]) for r in records}, key=("train", "validation", "test").index)
    rows = []
    for code, one in behaviours().items():
        own = [r for r in records if r["behaviour"] == code]
        kinds = [str(sum(r["kind"] == k for r in own)) for k in ("textbook", "paraphrase", "trap")]
        moved = [str(sum(r["expects"][d] for r in own)) for d in DIMENSIONS]
        by_split = [str(sum(r["split"] == s for r in own)) for s in splits]
        rows.append((code, one.name.replace("_", " "), *by_split, str(len(own)), *kinds, *moved))
    headings = ("code", "behaviour", *splits, "all", "textbook", "paraphrase", "trap")
    owed = tuple(f"moves {name.lower()}" for name in dimension_names().values())
    writers, turns = pairs.shared(records)
    told = [
        f"{len(records)} pairs. Writers that train shares with the other splits: {', '.join(writers) or 'none'}; "
        f"scenarios: {len(turns) or 'none'}. Lengths more than {pairs.CLOSE}% apart: "
        f"{', '.join(pairs.far_apart(records)) or 'none'}.\n",
        table((*headings, *owed), rows),
        _judged(material, records, "contrast"),
        _cues(cues, "contrast"),
    ]
    return "\n".join(told)


def _judged(material: Material, records: Sequence[Json], kind: str) -> str:
    found = pairs.judged(records, kind, material.judgements)
    if not found.agreed.n:
        return "No pair was judged by two annotators.\n"
    rows = [("same order on all three dimensions", cell(found.agreed, True), n_of(found.agreed))]
    rows += [(f"same order: {dimension_names()[d]}", cell(e, True), n_of(e)) for d, e in found.by_dimension.items()]
    meant = {"contrast": "both see what `expects` says", "gaming": "both see the honest reply higher where named"}
    rows.append((meant.get(kind, "both see no change"), cell(found.intended, True), n_of(found.intended)))
    if kind == "contrast":
        rows.append(("both name the behaviour, in the right reply alone", cell(found.named, True), n_of(found.named)))
        rows.append(("both name that behaviour and no other", cell(found.alone, True), n_of(found.alone)))
    if found.first.n:
        rows.append(("prefer the text that stood first (n: judgements)", cell(found.first, True), n_of(found.first)))
    told = (
        "Two annotators, blind to what the pair is about. Which text stood first was drawn once a pair, the same for "
        "both: a lean towards the first text would not show as disagreement, so it has a row of its own. n is pairs.\n"
    )
    if kind == "contrast":
        told += (
            "\nPairs on which the two differed, or that did not show what they were written for, are not in the set, "
            "and `expects` is what both saw: the first rows are high by construction. How many were left out stands "
            "in the card.\n"
        )
    return f"{told}\n{table(('judgement', 'share', 'n'), rows)}"


def _cues(cues: Told, kind: str) -> str:
    first, second = PAIR_TEXTS[kind]
    rows = [(name, cell(e, True), n_of(e)) for name, e in cues[kind].items()]
    told = f"Each cue alone: share of pairs in which the {first} text has more of it, ties half (50% tells nothing):\n"
    return f"{told}\n{table(('cue', f'{first} over {second}', 'n'), rows)}"


def _gaming(material: Material, cues: Told) -> str:
    records = material.pairs["gaming"]
    tricks = pairs.counted(records, "trick")
    rows = [(trick.replace("_", " "), str(n)) for trick, n in sorted(tricks.items())]
    return "\n".join(
        [
            f"{len(records)} pairs, {len(tricks)} tricks.\n",
            table(("trick", "pairs"), rows),
            _judged(material, records, "gaming"),
            _cues(cues, "gaming"),
        ]
    )


def _invariance(material: Material) -> str:
    families: dict[str, list[Json]] = {}
    for record in material.pairs["invariance"]:
        families.setdefault(family_of(str(record["change"]))[0], []).append(record)
    rows = []
    for name, own in sorted(families.items()):
        changes = sorted({family_of(str(r["change"]))[1] for r in own})
        rows.append((name, str(len(own)), str(len(changes)), ", ".join(c.replace("_", " ") for c in changes)))
    read = [r for r in material.pairs["invariance"] if r["id"] in material.judgements]
    return f"{table(('family', 'pairs', 'changes', 'which'), rows)}\n{_judged(material, read, 'invariance')}"


def _systems(material: Material, found: Mapping[str, Mapping[str, Standing]], seed: int) -> str:
    names = dimension_names()
    rows = [
        (name, names[d], cell(one.mean), cell(one.breach, True), cell(one.full, True), n_of(one.breach))
        for name, by in found.items()
        for d, one in by.items()
    ]
    steps = [
        (f"{one.high} over {one.low}, {what}", *[cell(by[d]) for d in DIMENSIONS], n_of(by[DIMENSIONS[0]]))
        for one in expected_order(material.systems, seed)
        for what, by in (("mean level", one.mean), ("share of full", one.full))
    ]
    last = [
        f"- `{cheat}` was expected below every honest generator; not above it by mean level: "
        + "; ".join(f"{names[d]}: {', '.join(some) or 'none'}" for d, some in not_below(found, cheat).items())
        + "."
        for cheat in CHEATS
        if cheat in found and found[cheat][DIMENSIONS[0]].mean.value is not None
    ]
    same = agreement(list(material.system_annotations), "systems", lambda reply: True, seed)
    alphas = ", ".join(f"{names[d]} {cell(same.alpha[d])}, n {n_of(same.alpha[d])}" for d in DIMENSIONS)
    return "\n".join(
        [
            "Gold by language-model annotators of the same family as the three prompted generators: the prompts can be "
            "compared with one another, not the model with others. A text that is no reply is a breach and has no "
            "level.\n",
            "![Mean gold level of each generator](audit/systems.svg)\n",
            table(("generator", "dimension", "mean level", "breach", "full", "n"), rows),
            f"Agreement of the three methods on these replies (alpha, ordinal): {alphas}.\n",
            "What was expected before any of these replies was written (systems/README.md). The prompts, as "
            "differences on the same scenarios:\n",
            table(("expected", *names.values(), "n"), steps),
            "\n".join(last) + "\n",
        ]
    )
