"""The audit as Markdown, with its pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from amends import html
from amends.agreement.report import Agreement, agreement
from amends.audit import counts
from amends.audit.generators import standings
from amends.audit.markdown import cell, n_of, table
from amends.audit.material import SPLITS, Material, level
from amends.audit.pairs import cues
from amends.audit.pictures import agreement_picture, cue_picture, system_picture
from amends.audit.planned import CUES, Correlation, against_plan, between_dimensions, with_cues
from amends.audit.rankings import rankings
from amends.audit.tests_page import tests_page
from amends.records import DIMENSIONS
from amends.rubric.definitions import behaviours, dimension_names, version
from amends.scorercard.floors import floor_correlations
from amends.signature import SEED, signature

_TEMPLATES = Path(__file__).resolve().parent / "templates"
KINDS = ("planned", "ordinary")


@dataclass(frozen=True, slots=True)
class Audit:
    """What ``data audit`` writes."""

    page: str
    """Markdown."""
    pictures: dict[str, str]
    """File name to SVG."""


def audit(material: Material, seed: int = SEED) -> Audit:
    """The audit of a dataset.

    Args:
        material: its records.
        seed: of every resampling.
    """
    agreements = _agreements(material, seed)
    told = {kind: cues(material.pairs[kind], kind, seed) for kind in ("contrast", "gaming") if material.pairs[kind]}
    ranked = standings(material.systems, seed)
    parts = [
        f"# Audit of the dataset, version {material.version}\n",
        "Written by `amends data audit` from the records alone; the same records give the same bytes. Labels are a "
        "language model's (one family, three methods): *consistency of one model*, not agreement between people. "
        "Numbers in brackets are 95% intervals over whole scenarios, then n as replies (scenarios).\n",
        "## What there is\n",
        table(("", *SPLITS), counts.scenario_rows(material)),
        f"Domains of test alone: {', '.join(counts.test_only(material.scenarios)) or 'none'}.\n",
        "## Levels\n",
        "![Levels of gold by split](audit/levels.svg)\n",
        _levels(material),
        "## Behaviours\n",
        _behaviours(material),
        "## Agreement\n",
        "![Agreement of methods](audit/agreement.svg)\n",
        _agreement(agreements),
        "## Do the dimensions come apart?\n",
        _apart(material, seed),
        "## Does anything cheap give a level away?\n",
        _cues(material, seed),
        "## Gold against the writers' plan\n",
        _plan(material, seed),
        "## Rankings against levels\n",
        _rankings(material),
        tests_page(material, told, ranked, seed),
        "## What is thin\n",
        "\n".join(f"- {sentence}" for sentence in counts.thin(material)) + "\n",
        f"```text\n{_line(material, seed)}\n```\n",
    ]
    pictures = {"levels.svg": _picture(material), "agreement.svg": agreement_picture(agreements)}
    if told:
        pictures["cues.svg"] = cue_picture(told)
    if ranked:
        pictures["systems.svg"] = system_picture(ranked)
    return Audit("\n".join(parts), pictures)


def _line(material: Material, seed: int) -> str:
    return signature(
        {
            "data": f"dataset@{material.digest}",
            "n": f"{len(material.exchanges)}/{len(material.scenarios)}",
            "gold": "+".join(sorted({k for e in material.exchanges for k in (e.gold or {})})) or None,
            "rubric": version(),
            "seed": seed,
        }
    )


def _levels(material: Material) -> str:
    rows = []
    for split in SPLITS:
        for kind in KINDS:
            for dimension, numbers in counts.level_counts(material, split, kind).items():
                total = sum(numbers)
                shares = [f"{100 * n / total:.0f}%" if total else "none" for n in numbers]
                rows.append((split, kind, dimension_names()[dimension], *shares, str(total)))
    return table(("split", "replies", "dimension", "1", "2", "3", "4", "5", "n"), rows)


def _behaviours(material: Material) -> str:
    found = counts.behaviour_counts(material)
    rows = [
        (
            code,
            one.name.replace("_", " "),
            *[str(found[s][code]) for s in SPLITS],
            str(sum(found[s][code] for s in SPLITS)),
        )
        for code, one in behaviours().items()
    ]
    return table(("code", "behaviour", *SPLITS, "all"), rows)


def _agreements(material: Material, seed: int) -> list[Agreement]:
    judged = list(material.annotations)
    held = {e.id: e.split for e in material.exchanges}
    sets = [(kind, lambda r, k=kind: material.kind(r) == k) for kind in KINDS]
    sets += [(f"{kind}, test", lambda r, k=kind: material.kind(r) == k and held.get(r) == "test") for kind in KINDS]
    return [agreement(judged, name, keep, seed) for name, keep in sets]


def _agreement(found: Sequence[Agreement]) -> str:
    rows = [
        (one.name, name, cell(one.alpha[d]), n_of(one.alpha[d]), cell(one.alpha_middle[d]), n_of(one.alpha_middle[d]))
        for one in found
        for d, name in dimension_names().items()
    ]
    text = table(("replies", "dimension", "alpha, ordinal", "n", "median level 2 to 4", "n"), rows)
    matrices = [_matrix(one) for one in found]
    headings = ("replies", "smallest same-dimension rho", "largest cross-dimension rho", "holds")
    told = "Multitrait-multimethod (Campbell & Fiske 1959), methods as methods, dimensions as traits:\n"
    return f"{text}\n{told}\n{table(headings, matrices)}"


def _matrix(one: Agreement) -> tuple[str, ...]:
    low, high = one.matrix.smallest_convergent, one.matrix.largest_discriminant
    holds = {True: "yes", False: "no", None: "not computable"}[one.matrix.holds]
    return one.name, cell(low.rho if low else None), cell(high.rho if high else None), holds


def _apart(material: Material, seed: int) -> str:
    names, rows = dimension_names(), []
    for kind in KINDS:
        own = [e for e in material.exchanges if material.kind(e.id) == kind]
        rows += [
            (kind, names[c.first], names[c.second], cell(c.rho), n_of(c.rho)) for c in between_dimensions(own, seed)
        ]
    return table(("replies", "dimension", "dimension", "Spearman's rho", "n"), rows)


def _cues(material: Material, seed: int) -> str:
    own = [e for e in material.exchanges if material.kind(e.id) == "planned"]
    found: dict[tuple[str, str], Correlation] = {(c.first, c.second): c for c in with_cues(own, seed)}
    rows = [(cue, *[cell(found[cue, d].rho) for d in DIMENSIONS]) for cue in CUES]
    headings = ("cue", *dimension_names().values())
    text = f"Planned replies, Spearman's rho of a cue with the level, n {len(own)}:\n\n{table(headings, rows)}"
    floors = floor_correlations(material.of("validation"), material.of("train"), seed)
    rows = [(name, *[cell(rhos[d]) for d in DIMENSIONS]) for name, rhos in floors.items()]
    return (
        f"{text}\nFloors fitted on train, Spearman's rho with gold on validation "
        f"(n {len(material.of('validation'))}):\n\n{table(('floor', *dimension_names().values()), rows)}"
    )


def _plan(material: Material, seed: int) -> str:
    rows = []
    for split in SPLITS:
        for dimension, one in against_plan(material, material.of(split), seed).items():
            name = dimension_names()[dimension]
            rows.append((split, name, cell(one.exact, True), cell(one.near, True), cell(one.shift), n_of(one.exact)))
    headings = ("split", "dimension", "same level", "within one", "gold minus plan", "n")
    told = "The plan is not the label. Near identity would mean that the labels read the plan back.\n"
    return f"{told}\n{table(headings, rows)}"


def _rankings(material: Material) -> str:
    rows = [
        (
            dimension_names()[d],
            str(one.rankings),
            cell(one.ordered, True),
            n_of(one.ordered),
            cell(one.level_ties, True),
        )
        for d, one in rankings(material).items()
    ]
    told = (
        "Pairs of replies that a ranking (method comparative) puts apart, against the median level of the annotators "
        "by the other methods; n is pairs (scenarios).\n"
    )
    return f"{told}\n{table(('dimension', 'rankings', 'same order', 'n', 'tied in level'), rows)}"


def _picture(material: Material) -> str:
    panels = []
    for dimension, name in dimension_names().items():
        bars = []
        for split in SPLITS:
            for kind in KINDS:
                numbers = counts.level_counts(material, split, kind)[dimension]
                total, start, blocks = sum(numbers), 0.0, []
                for place, n in enumerate(numbers, start=1):
                    width = 100 * n / total if total else 0.0
                    blocks.append({"level": place, "x": start, "width": width, "n": n})
                    start += width
                bars.append({"name": f"{split}, {kind}", "n": total, "blocks": blocks})
        panels.append({"name": name, "bars": bars})
    judged = sum(level(e, DIMENSIONS[0]) is not None for e in material.exchanges)
    return html.render(_TEMPLATES / "levels.svg.j2", panels=panels, n=judged, digest=material.digest)
