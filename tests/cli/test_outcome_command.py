"""``report --outcome``: levels against what happened after the reply."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

GOOD = (
    "I am sorry that your evening was lost. We sent the wrong part; a new one leaves today and is with you by Friday."
)
BAD = "Calm down. You should have read the terms, and there is nothing we can do."


def log(outcome: object = None, n: int = 60) -> None:
    lines = []
    for i in range(n):
        good = i % 3 == 0
        value = {"csat": (4 if good else 2) + (i // 5) % 2, "again": not good, "note": "fine"}
        record = {
            "id": f"e{i}",
            "turns": [{"role": "customer", "text": f"Where is order {i}?"}],
            "reply": GOOD if good else BAD,
            "fault": "company" if i % 2 else "unclear",
            "intensity": 1 + i % 4,
            "meta": {"agent": i % 12, **value},
        }
        if i == n - 1:
            del record["meta"]["csat"]
        lines.append(json.dumps(record) + "\n")
    Path("log.jsonl").write_text("".join(lines), encoding="utf-8")


def test_levels_against_csat(amends) -> None:
    log()
    called = amends("report", "log.jsonl", "--outcome", "meta.csat", "--cluster", "meta.agent")
    assert called.code == 0, called.err
    told = " ".join(called.out.split())
    assert "fault and intensity held fixed" in told
    assert "1 replies have no meta.csat: left out" in told
    found = json.loads(amends("report", "log.jsonl", "--outcome", "meta.csat", "--json").out)["outcome"]
    slope = found["dimensions"]["empathy"]["slope"]["estimate"]
    assert slope["low"] > 0  # good replies have the better marks
    assert slope["n"] == 59


def test_true_and_false_are_a_probability(amends) -> None:
    log()
    called = amends("report", "log.jsonl", "--outcome", "meta.again", "--scorer", "rules", "--json")
    slope = json.loads(called.out)["outcome"]["dimensions"]["empathy"]["slope"]["estimate"]["value"]
    assert -1 <= slope < 0  # the two replies lie a level or more apart, and the share goes from 0 to 1


@pytest.mark.parametrize(
    ("field", "why"),
    [
        ("meta.note", "must hold numbers"),
        ("meta.nothing", "no reply of log.jsonl has meta.nothing; fields of its own: meta.again, meta.agent"),
        ("csat", "unknown field 'csat'"),
    ],
)
def test_what_is_no_outcome_is_refused(amends, field: str, why: str) -> None:
    log()
    called = amends("report", "log.jsonl", "--outcome", field)
    assert (called.code, why in called.err) == (2, True), called.err


@pytest.mark.parametrize("value", ["nan", "inf", "", None])
def test_what_stands_for_no_outcome_is_missing(amends, value: object) -> None:
    """pandas writes nan into its tables; it is no number to lean on."""
    log()
    lines = [json.loads(line) for line in Path("log.jsonl").read_text(encoding="utf-8").splitlines()]
    lines[0]["meta"]["csat"] = value
    Path("log.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    found = json.loads(amends("report", "log.jsonl", "--outcome", "meta.csat", "--json").out)["outcome"]
    slope = found["dimensions"]["empathy"]["slope"]["estimate"]
    assert (found["without"], slope["n"]) == (2, 58)
    assert slope["low"] < slope["value"] < slope["high"]
