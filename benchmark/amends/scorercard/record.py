"""Every use of the test split is written down: who was measured on it, when, and what came of it."""

from __future__ import annotations

import datetime
from pathlib import Path

from amends.records import DIMENSIONS
from amends.scorercard.sections import Card
from amends.signature import scorer_tag
from amends.statistics.estimate import Estimate

FILE = "TEST_USE.md"
_HEAD = """# Uses of the test split

One line for each `amends validity --split test`, added by the command itself and never edited: a scorer that was
measured here often, and chosen by it, is no longer measured by it. Numbers are against gold; intervals are 95%.

| Date | Scorer | Empathy | Depersonalization | Excuse avoidance | Signature |
|---|---|---|---|---|---|
"""


def record_test_use(card: Card, folder: Path, today: datetime.date | None = None) -> Path:
    """Append one use to the folder's TEST_USE.md.

    Args:
        card: on the test split.
        folder: the data folder of the checkout.
        today: the date; now by default.

    Returns:
        The file.
    """
    path = folder / FILE
    date = (today or datetime.date.today()).isoformat()
    cells = [date, scorer_name(card), *[_result(card, d) for d in DIMENSIONS], f"`{card.signature}`"]
    row = "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"
    head = "" if path.is_file() else _HEAD
    with path.open("a", encoding="utf-8", newline="\n") as stream:
        stream.write(head + row)
    return path


def scorer_name(card: Card) -> str:
    """``name.version``, with ``@weights`` where the scorer has a checksum of weights."""
    return scorer_tag(card.scorer["name"], card.scorer["version"], card.scorer.get("weights"))


def _result(card: Card, dimension: str) -> str:
    found = card.items[dimension]
    parts = [f"{label} {_shown(found[name])}" for name, label in _LABELS]
    return f"{'; '.join(parts)}; n {found['spearman'].n} ({found['spearman'].clusters})"


_LABELS = (
    ("spearman", "rho"),
    ("pairs", "pairs right"),
    ("ordered", "ordered"),
    ("kappa", "kappa"),
    ("error", "error"),
    ("auc", "AUC"),
    ("upper", "rho 3 to 5"),
)


def _shown(estimate: Estimate) -> str:
    if estimate.value is None:
        return "not computable"
    if estimate.low is None or estimate.high is None:
        return f"{estimate.value:.3f} (no interval)"
    return f"{estimate.value:.3f} [{estimate.low:.3f}, {estimate.high:.3f}]"
