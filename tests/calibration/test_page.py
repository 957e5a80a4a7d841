"""docs/CALIBRATION.md tells of the scorers that are installed."""

from pathlib import Path

from amends.runs.scoring import weights_of
from amends.scorers import load_member
from amends.signature import scorer_tag

PAGE = Path(__file__).parent.parent.parent / "docs" / "CALIBRATION.md"


def test_its_numbers_are_of_the_scorers_of_today():
    text = PAGE.read_text(encoding="utf-8")
    for name in ("trained", "rules"):
        scorer = load_member(name)
        tag = scorer_tag(scorer.name, scorer.version, weights_of(scorer))
        assert f"`{tag}`" in text, "run benches/bench_calibration.py"
