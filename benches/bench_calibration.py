"""Numbers of docs/CALIBRATION.md: `rules` alone and `trained` with `rules`, fitted to validation, out of fold.

Usage: bench_calibration.py  Run it when a scorer or the dataset changes. Nothing that it fits is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from amends.calibration.fit import ENSEMBLE, calibrate, signature_of
from amends.records import DIMENSIONS
from amends.reports import wording
from amends.rubric.definitions import dimension_names
from amends.scorers import load_member
from amends.scorers.calibrated.document import Calibration
from amends.signature import scorer_tag
from amends.statistics.estimate import Estimate

PAGE = Path(__file__).parent.parent / "docs" / "CALIBRATION.md"
START, END = "<!-- numbers, by benches/bench_calibration.py -->\n", "<!-- end -->"
MEASURES = {
    "error": ("Mean error", "level"),
    "spearman": ("Rho", "level"),
    "rps": ("RPS", "share"),
    "top": ("ECE, likeliest level", "share"),
}
GAINS = ("error", "spearman", "rps")


def told(raw: Mapping[str, Any], unit: str) -> str:
    """A number with its interval."""
    shown = wording.printed(Estimate.from_dict(raw), unit)
    if not shown.known:
        return "none"
    return f"{shown.value} {shown.interval if shown.bounded else '(no interval)'} (n {raw['n']})"


def table(first: str, rows: Sequence[tuple[str, Mapping[str, Any]]], measures: Sequence[str]) -> list[str]:
    """A table in Markdown."""
    heads = [MEASURES[m][0] for m in measures]
    lines = [f"| {first} | {' | '.join(heads)} |", "|---" * (1 + len(heads)) + "|"]
    for label, found in rows:
        lines.append(f"| {label} | {' | '.join(told(found[m], MEASURES[m][1]) for m in measures)} |")
    return lines


def block(rules: Calibration, both: Calibration) -> str:
    """What stands between the marks."""
    names, fitted = dimension_names(), both.fitted
    tags = " and ".join(f"`{scorer_tag(m.name, m.version, m.weights)}`" for m in both.members)
    lines = [
        f"Out of fold on validation of dataset {fitted.version}: {fitted.replies} replies of {fitted.scenarios} "
        f"scenarios, gold by {fitted.gold} annotators.",
        f"Scorers: {tags}. Brackets are 95% intervals over scenarios.",
        "",
    ]
    alone, joined, gains = rules.measured["levels"], both.measured["levels"], both.measured["gains"]
    rows = [
        (f"{names[d]}: {label}", found[d])
        for d in DIMENSIONS
        for label, found in (
            ("`rules`", alone["rules"]),
            ("`rules` calibrated", alone["calibrated:rules"]),
            ("`trained`", joined["trained"]),
            ("`trained` calibrated", joined["calibrated:trained"]),
            ("`trained` + `rules`", joined[ENSEMBLE]),
        )
    ]
    lines += table("", rows, tuple(MEASURES))
    lines += [
        "",
        "`trained` + `rules` minus `trained` as it is, on the same replies (of error and RPS, below 0 is better):",
        "",
    ]
    lines += table("", [(names[d], gains["trained"][d]) for d in DIMENSIONS], GAINS)
    signatures = [f"`{signature_of(made)}`" for made in (rules, both)]
    return "\n".join([*lines, "", "\n\n".join(signatures), ""])


def main() -> None:
    """Fit, and write between the marks."""
    rules, trained = load_member("rules"), load_member("trained")
    made = block(calibrate({"rules": rules}), calibrate({"trained": trained, "rules": rules}))
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(START)
    PAGE.write_text(before + START + made + END + rest.partition(END)[2], encoding="utf-8")
    print(made)


if __name__ == "__main__":
    main()
