"""What a judge says of its own work: counts, cost, and the names of what it could not judge."""

from __future__ import annotations

import pytest

from amends.endpoint.usage import Usage
from amends.scorers.judge.report import JudgeReport


def report(cost: float | None, not_judged: dict[str, tuple[str, ...]]) -> JudgeReport:
    used = Usage(requests=12, retries=2, answers=9, cached=3)
    return JudgeReport("m", "abcdef12", 10, 8, {}, not_judged, {}, 0, {"m": 9}, (), used, cost)


@pytest.mark.parametrize(
    ("cost", "not_judged", "lines"),
    [
        pytest.param(
            0.5,
            {},
            ["judge m: 8 of 10 judged; 12 requests (2 retries, 3 answers from the cache), cost 0.5000"],
            id="a known cost",
        ),
        pytest.param(
            None,
            {"refusal": ("a", "b"), "time-out": tuple("cdefgh")},
            [
                "judge m: 8 of 10 judged; 12 requests (2 retries, 3 answers from the cache), cost unknown",
                "not judged, refusal: 2 (a, b)",
                "not judged, time-out: 6 (c, d, e, f, g, ...)",
            ],
            id="an unknown cost is not 0, and what failed is named",
        ),
    ],
)
def test_text(cost: float | None, not_judged: dict[str, tuple[str, ...]], lines: list[str]) -> None:
    assert str(report(cost, not_judged)).splitlines() == lines
