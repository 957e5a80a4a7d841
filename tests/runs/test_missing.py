"""Which context fields a log lacks, and what ``score`` quotes of their cost."""

from typing import Any

import pytest

from amends.records import CONTEXT_FIELDS, DIMENSIONS
from amends.runs import missing as room
from amends.runs.missing import FIELDS, TOGETHER, measured, missing, missing_line
from amends.statistics.estimate import Estimate

SCORER = {"name": "s", "version": 2, "weights": "abc"}


def table(costs: dict[str, float]) -> dict[str, Any]:
    """A table in which each field costs so much on empathy, and nothing elsewhere."""

    def one(cost: float) -> dict[str, Any]:
        ends = {"spearman": -cost, "error": cost}
        return {name: Estimate(v, v - 0.01, v + 0.01, 9, 3, "m").to_dict() for name, v in ends.items()}

    fields = {n: {d: one(cost if d == "empathy" else 0.0) for d in DIMENSIONS} for n, cost in costs.items()}
    return {"split": "validation", "scorers": {"s": {"version": "2", "weights": "abc", "fields": fields}}}


COSTS = {"fault": 0.03, "emotion": 0.05, "authority": 0.0, "channel": -0.02, "relationship": 0.01, TOGETHER: 0.11}
LINES = [
    ({}, None, "nothing is missing"),
    ({"language": 9, "domain": 9}, None, "what no clause looks at is not told"),
    (
        {"fault": 9, "channel": 2},
        "fault in all 9, channel in 2 of 9 replies; on validation withholding fault alone",
        "the worst of those that are missing",
    ),
    ({"channel": 9}, "withholding channel changes Spearman's rho by -0.000", "the dimension where it costs most"),
    (
        dict.fromkeys(FIELDS, 9),
        "withholding all of them changes Spearman's rho by -0.110 [-0.120, -0.100]",
        "all at once has its own number: costs do not add up",
    ),
]


@pytest.mark.parametrize(("counts", "words", "why"), LINES, ids=[why for *_, why in LINES])
def test_the_line(counts: dict[str, int], words: str | None, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "measured", lambda: table(COSTS))
    found = missing(counts, 9, SCORER)
    if words is None:
        assert found is None, why
        return
    assert found is not None
    line = missing_line(found)
    assert words in line, why
    assert "\n" not in line


@pytest.mark.parametrize(
    "scorer", [SCORER | {"version": 3}, SCORER | {"weights": None}, SCORER | {"name": "other"}], ids=str
)
def test_no_number_of_another_version_is_quoted(scorer: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "measured", lambda: table(COSTS))
    found = missing({"fault": 9}, 9, scorer)
    assert found is not None
    assert found.cost is None
    assert "not measured" in missing_line(found)


def test_the_shipped_table_is_whole() -> None:
    """Its versions may be behind the scorers' for as long as nobody ran the bench; its form may not."""
    assert {"rules", "trained"} <= set(measured()["scorers"])
    assert set(FIELDS) <= set(CONTEXT_FIELDS)
    for made in measured()["scorers"].values():
        assert set(made["fields"]) == {*FIELDS, TOGETHER}
        for by in made["fields"].values():
            for d in DIMENSIONS:
                for measure in ("spearman", "error"):
                    found = Estimate.from_dict(by[d][measure])
                    assert found.n > 300
                    assert found.value is not None
                    if found.low is None or found.high is None:
                        assert (found.value, bool(found.note)) == (0.0, True), "nothing moved, so nothing to resample"
                    else:
                        assert found.low <= found.value <= found.high
