"""The audit as Markdown, with its pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from amends import html
from amends.agreement.report import Agreement, agreement
from amends.audit import counts
from amends.audit.material import SPLITS, Material, level
from amends.audit.planned import CUES, Correlation, against_plan, between_dimensions, with_cues
from amends.audit.rankings import rankings
from amends.records import DIMENSIONS
from amends.rubric.definitions import behaviours, dimension_names, version
from amends.scorercard.floors import floor_correlations
from amends.signature import SEED, signature
from amends.statistics.estimate import Estimate

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
    line = signature(
        {
            "data": f"dataset@{material.digest}",
            "n": f"{len(material.exchanges)}/{len(material.scenarios)}",
            "gold": "+".join(sorted({k for e in material.exchanges for k in (e.gold or {})})) or None,
            "rubric": version(),
            "seed": seed,
        }
    )
    parts = [
        f"# Audit of the dataset, version {material.version}\n",
        "Written by `amends data audit` from the records alone; the same records give the same bytes. Labels are a "
        "language model's (one family, three methods): *consistency of one model*, not agreement between people. "
        "Numbers in brackets are 95% intervals over whole scenarios, then n as replies (scenarios).\n",
        "## What there is\n",
        _table(("", *SPLITS), counts.scenario_rows(material)),
        f"Domains of test alone: {', '.join(counts.test_only(material.scenarios)) or 'none'}.\n",
        "## Levels\n",
        "![Levels of gold by split](audit/levels.svg)\n",
        _levels(material),
        "## Behaviours\n",
        _behaviours(material),
        "## Agreement\n",
        _agreement(material, seed),
        "## Do the dimensions come apart?\n",
        _apart(material, seed),
        "## Does anything cheap give a level away?\n",
        _cues(material, seed),
        "## Gold against the writers' plan\n",
        _plan(material, seed),
        "## Rankings against levels\n",
        _rankings(material),
        "## What is thin\n",
        "\n".join(f"- {sentence}" for sentence in counts.thin(material)) + "\n",
        f"```text\n{line}\n```\n",
    ]
    return Audit("\n".join(parts), {"levels.svg": _picture(material)})


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(headings) + " |", "|" + "---|" * len(headings)]
    return "\n".join([*lines, *["| " + " | ".join(row) + " |" for row in rows]]) + "\n"


def _cell(estimate: Estimate | None, share: bool = False) -> str:
    if estimate is None or estimate.value is None:
        return "not computable" + (f": {estimate.note}" if estimate and estimate.note else "")

    def number(x: float) -> str:
        return f"{100 * x:.0f}%" if share else f"{x:.2f}"

    if estimate.low is None or estimate.high is None:
        return f"{number(estimate.value)} ({estimate.note})"
    return f"{number(estimate.value)} [{number(estimate.low)}, {number(estimate.high)}]"


def _n(estimate: Estimate) -> str:
    return f"{estimate.n} ({estimate.clusters})"


def _levels(material: Material) -> str:
    rows = []
    for split in SPLITS:
        for kind in KINDS:
            for dimension, numbers in counts.level_counts(material, split, kind).items():
                total = sum(numbers)
                shares = [f"{100 * n / total:.0f}%" if total else "none" for n in numbers]
                rows.append((split, kind, dimension_names()[dimension], *shares, str(total)))
    return _table(("split", "replies", "dimension", "1", "2", "3", "4", "5", "n"), rows)


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
    return _table(("code", "behaviour", *SPLITS, "all"), rows)


def _agreement(material: Material, seed: int) -> str:
    judged = list(material.annotations)
    held = {e.id: e.split for e in material.exchanges}
    sets = [(kind, lambda r, k=kind: material.kind(r) == k) for kind in KINDS]
    sets += [(f"{kind}, test", lambda r, k=kind: material.kind(r) == k and held.get(r) == "test") for kind in KINDS]
    found = [agreement(judged, name, keep, seed) for name, keep in sets]
    rows = [
        (one.name, name, _cell(one.alpha[d]), _n(one.alpha[d]), _cell(one.alpha_middle[d]), _n(one.alpha_middle[d]))
        for one in found
        for d, name in dimension_names().items()
    ]
    text = _table(("replies", "dimension", "alpha, ordinal", "n", "median level 2 to 4", "n"), rows)
    matrices = [_matrix(one) for one in found]
    headings = ("replies", "smallest same-dimension rho", "largest cross-dimension rho", "holds")
    told = "Multitrait-multimethod (Campbell & Fiske 1959), methods as methods, dimensions as traits:\n"
    return f"{text}\n{told}\n{_table(headings, matrices)}"


def _matrix(one: Agreement) -> tuple[str, ...]:
    low, high = one.matrix.smallest_convergent, one.matrix.largest_discriminant
    holds = {True: "yes", False: "no", None: "not computable"}[one.matrix.holds]
    return one.name, _cell(low.rho if low else None), _cell(high.rho if high else None), holds


def _apart(material: Material, seed: int) -> str:
    names, rows = dimension_names(), []
    for kind in KINDS:
        own = [e for e in material.exchanges if material.kind(e.id) == kind]
        rows += [
            (kind, names[c.first], names[c.second], _cell(c.rho), _n(c.rho)) for c in between_dimensions(own, seed)
        ]
    return _table(("replies", "dimension", "dimension", "Spearman's rho", "n"), rows)


def _cues(material: Material, seed: int) -> str:
    own = [e for e in material.exchanges if material.kind(e.id) == "planned"]
    found: dict[tuple[str, str], Correlation] = {(c.first, c.second): c for c in with_cues(own, seed)}
    rows = [(cue, *[_cell(found[cue, d].rho) for d in DIMENSIONS]) for cue in CUES]
    headings = ("cue", *dimension_names().values())
    text = f"Planned replies, Spearman's rho of a cue with the level, n {len(own)}:\n\n{_table(headings, rows)}"
    floors = floor_correlations(material.of("validation"), material.of("train"), seed)
    rows = [(name, *[_cell(rhos[d]) for d in DIMENSIONS]) for name, rhos in floors.items()]
    return (
        f"{text}\nFloors fitted on train, Spearman's rho with gold on validation "
        f"(n {len(material.of('validation'))}):\n\n{_table(('floor', *dimension_names().values()), rows)}"
    )


def _plan(material: Material, seed: int) -> str:
    rows = []
    for split in SPLITS:
        for dimension, one in against_plan(material, material.of(split), seed).items():
            name = dimension_names()[dimension]
            rows.append((split, name, _cell(one.exact, True), _cell(one.near, True), _cell(one.shift), _n(one.exact)))
    headings = ("split", "dimension", "same level", "within one", "gold minus plan", "n")
    told = "The plan is not the label. Near identity would mean that the labels read the plan back.\n"
    return f"{told}\n{_table(headings, rows)}"


def _rankings(material: Material) -> str:
    rows = [
        (
            dimension_names()[d],
            str(one.rankings),
            _cell(one.ordered, True),
            _n(one.ordered),
            _cell(one.level_ties, True),
        )
        for d, one in rankings(material).items()
    ]
    told = (
        "Pairs of replies that a ranking (method comparative) puts apart, against the median level of the annotators "
        "by the other methods; n is pairs (scenarios).\n"
    )
    return f"{told}\n{_table(('dimension', 'rankings', 'same order', 'n', 'tied in level'), rows)}"


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
