"""``plan``: from the released set, from a pilot, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from amends.signature import parse


def test_it_says_what_a_hundred_scenarios_can_show(amends) -> None:
    called = amends("plan", "--split", "validation", "--sizes", "50,100,200", "--json")
    assert called.code == 0, called.err
    found = json.loads(called.out)
    for by_measure in found["visible"].values():
        shown = [by_measure["mean"][n]["alone"] for n in ("50", "100", "200")]
        assert shown == sorted(shown, reverse=True)  # more scenarios show smaller differences
        # four times the scenarios, half the difference
        assert shown[0] / shown[2] == pytest.approx(2, rel=0.15)
        assert all(by_measure["mean"][n]["family"] > by_measure["mean"][n]["alone"] for n in ("50", "100", "200"))
    assert found["design"]["clusters"] == 60


def test_a_pilot_and_a_wanted_difference(amends) -> None:
    for name in ("courtesy", "excuses"):
        assert amends("run", name, "--split", "train", "--limit", 40, "-o", name).code == 0
    called = amends("plan", "courtesy", "excuses", "--difference", 0.2, "--svg", "power.svg")
    assert called.code == 0, called.err
    assert "For 80% power on a difference of 0.2 levels" in called.out
    assert parse(called.out.strip().splitlines()[-1])["ci"] == "power.4000"
    picture = ElementTree.parse("power.svg").getroot()
    lines = [e for e in picture.iter() if e.tag.endswith("polyline")]
    assert len(lines) == 3 * 6
    small = json.loads(amends("plan", "courtesy", "excuses", "--difference", 0.2, "--json").out)["needed"]
    large = json.loads(amends("plan", "courtesy", "excuses", "--difference", 0.4, "--json").out)["needed"]
    assert all(small[d] > large[d] for d in small)


def test_unpaired_logs_are_planned_by_cluster(amends) -> None:
    for name in "ab":
        lines = [
            json.dumps(
                {
                    "id": f"{name}{i}",
                    "turns": [{"role": "customer", "text": "Where is it?"}],
                    "reply": ["We refund it by Friday.", "Calm down.", "Thank you."][i % 3],
                    "meta": {"agent": i % 7},
                }
            )
            for i in range(42)
        ]
        Path(f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    called = amends("plan", "a.jsonl", "b.jsonl", "--cluster", "meta.agent", "--sizes", "10,20")
    assert called.code == 0, called.err
    assert "unpaired, 7 clusters" in called.out
    # 6 / 14.449 and 6 / 1.237: sizes from seven agents were printed as if they were known
    assert "From 7 clusters the spread is known roughly: the truth may need 0.4 to 4.8 times as many" in called.out
    assert "P(B better)" not in called.out


@pytest.mark.parametrize(
    ("args", "why"),
    [
        (["a"], "a pilot of two sides"),
        (["--sizes", "ten"], "whole numbers"),
        (["--sizes", "2"], "between 5 and 5,000"),
        (["--difference", "0"], "0<x<=4"),
    ],
)
def test_wrong_use(amends, args: list[str], why: str) -> None:
    called = amends("plan", *args)
    assert (called.code, why in called.err) == (2, True), called.err
