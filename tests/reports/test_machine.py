"""The JSON report: it is the Result, and gives it back."""

import json
import re

from amends.records import DIMENSIONS
from amends.reports import REPORTS
from amends.results import Result


def test_round_trip(result):
    assert Result.from_dict(json.loads(REPORTS["json"](result, ()))) == result


def test_every_estimate_has_n_and_interval(result):
    def estimates(node):
        if isinstance(node, dict):
            if "value" in node:
                yield node
            for below in node.values():
                yield from estimates(below)

    found = list(estimates(json.loads(REPORTS["json"](result, ()))))
    assert len(found) == 9 + 25 + 7 + 2
    assert all({"low", "high", "n", "clusters", "method", "note"} <= set(one) for one in found)


def test_three_dimensions_and_no_total(result):
    text = REPORTS["json"](result, ())
    assert list(json.loads(text)["dimensions"]) == list(DIMENSIONS)
    assert not re.search(r"overall|total", text)


def test_texts_are_not_in_it(result, items):
    assert REPORTS["json"](result, items) == REPORTS["json"](result, ())
