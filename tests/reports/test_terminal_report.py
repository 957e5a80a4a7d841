"""The terminal report: golden text, what it says of what is missing, and a signature that stays whole."""

import dataclasses
import re
from pathlib import Path

import pytest

from amends.reports import REPORTS, wording
from amends.statistics.estimate import Estimate

GOLDEN = Path(__file__).parent / "golden" / "terminal.txt"
report = REPORTS["terminal"]


def test_golden(result):
    assert report(result, ()) == GOLDEN.read_text(encoding="utf-8")


def test_signature_is_last_whole_and_unbroken(result):
    long = dataclasses.replace(result, signature=result.signature + "|x:" + "y" * 300)
    assert report(long, ()).splitlines()[-1] == long.signature


def test_lines_fit_the_width(result):
    assert max(len(line) for line in report(result, ()).splitlines()[:-1]) <= 100


def test_every_interval_stands_with_its_n(result):
    lines = [line for line in report(result, ()).splitlines() if re.search(r"\[[\d.%]+, ", line)]
    # 9 measures, 25 behaviours, 7 steps, the mean number of steps and their order.
    assert len(lines) == 9 + 25 + 7 + 2
    assert all(re.search(r"\] +\d+ \(\d+\)$", line) for line in lines)


def test_no_total(result):
    assert not re.search(r"\b(overall|total|sum|composite)\b", report(result, ()), re.IGNORECASE)


def test_most_frequent_first(result):
    block = report(result, ()).split("Plus behaviours")[1].split("\n\n")[0]
    rates = [float(found) for found in re.findall(r"(\d+\.\d) +\[", block)]
    assert rates == sorted(rates, reverse=True)
    assert len(rates) == 13


CASES = [
    (Estimate(0.25, 0.2, 0.31, 200, 50, "m"), "share", ("25.0%", "[20.0%, 31.0%]", "200 (50)"), "a share"),
    (Estimate(3.456, 3.2, 3.7, 1200, 400, "m"), "level", ("3.46", "[3.20, 3.70]", "1,200 (400)"), "a level"),
    (Estimate(0.0, 0.0, 1.6, 230, 80, "m"), "rate", ("0.0", "[0.0, 1.6]", "230 (80)"), "zero is a number"),
    (
        Estimate(None, None, None, 0, 0, None, "no reply was judged"),
        "share",
        ("not computable: no reply was judged", "not computable", "0 (0)"),
        "no value is not 0",
    ),
    (
        Estimate(0.5, None, None, 4, 1, None, "one cluster"),
        "share",
        ("50.0%", "not computable: one cluster", "4 (1)"),
        "a value without an interval says why",
    ),
    (Estimate(None, None, None, 0, 0, None), "level", ("not computable", "not computable", "0 (0)"), "no note"),
]


@pytest.mark.parametrize(("estimate", "unit", "expected", "why"), CASES, ids=[case[-1] for case in CASES])
def test_printed(estimate, unit, expected, why):
    shown = wording.printed(estimate, unit)
    assert (shown.value, shown.interval, shown.n) == expected, why


def test_what_cannot_be_computed_is_said(result):
    nothing = Estimate(None, None, None, 0, 0, None, "no reply was judged")
    empty = {d: dataclasses.replace(one, breach=nothing, mean=nothing) for d, one in result.dimensions.items()}
    shown = report(dataclasses.replace(result, dimensions=empty), ())
    assert shown.count("not computable: no reply") == 6


def test_hostile_names_do_not_steer_the_terminal(result):
    hostile = {"kind": "program", "name": "[red]x[/red]\x1b[2J\u202e", "version": "1\n2"}
    shown = report(dataclasses.replace(result, generator=hostile), ())
    assert "[red]x[/red]\\u001b[2J\\u202e 1\\u000a2" in shown
    assert "\x1b" not in shown
