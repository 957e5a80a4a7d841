"""Annotations as a table: who is a row, which scenario a reply belongs to, what is left out."""

from dataclasses import replace

import numpy as np
import pytest
from tests.agreement.cases import judged, scored

from amends.agreement.table import by_method, naming, scenarios, table
from amends.errors import UsageError

LEVELS = {f"s{i}.r": (1 + i % 5, 3, 3) for i in range(6)}


def test_adjudications_are_left_out() -> None:
    judgements = (
        judged("a", "holistic", LEVELS) + judged("b", "checklist", LEVELS) + judged("c", "adjudication", LEVELS)
    )
    assert table(judgements, "empathy", by_method).annotators == ("checklist", "holistic")


def test_two_people_of_one_method_count_both() -> None:
    two = judged("ann", "holistic", {"s1.r": (2, 3, 3)}) + judged("bea", "holistic", {"s1.r": (5, None, 3)})
    assert table(two, "empathy", by_method).levels.tolist() == [[3.5]]
    assert table(two, "depersonalization", by_method).levels.tolist() == [[3.0]]


def test_of_two_by_one_annotator_the_last_counts() -> None:
    again = judged("a", "holistic", {"s1.r": (2, 3, 3)}) + judged("a", "checklist", {"s1.r": (5, None, 3)})
    assert table(again, "empathy").levels.tolist() == [[5.0]]
    assert np.isnan(table(again, "depersonalization").levels).all(), "what was taken back is not kept"


@pytest.mark.parametrize(
    ("annotations", "names", "why"),
    [
        (judged("a", "holistic", LEVELS) + judged("b", "holistic", LEVELS), {"a", "b"}, "names that tell apart"),
        (
            scored("rules", LEVELS) + scored("rules", LEVELS, "2"),
            {"rules.1", "rules.2"},
            "two versions of a scorer are two annotators",
        ),
        (
            judged("kim", "holistic", LEVELS, "person") + judged("kim", "holistic", LEVELS),
            {"kim (person)", "kim (model)"},
            "a person and a model",
        ),
        (
            [
                *judged("a", "holistic", LEVELS),
                *[
                    replace(x, annotator=replace(x.annotator, version="2", guideline="1.1"))
                    for x in judged("a", "holistic", {"s9.r": (1, 1, 1)})
                ],
            ],
            {"a"},
            "an annotator who goes on under a new guideline is the same annotator",
        ),
    ],
)
def test_who_is_a_row(annotations, names: set[str], why: str) -> None:
    named = naming(annotations)
    assert {named(a) for a in annotations} == names, why


def test_a_reply_belongs_to_the_scenario_that_any_annotation_knows() -> None:
    person, scorer = (
        judged("a", "holistic", {"s1.r": (1, 2, 3)}),
        scored("rules", {"s1.r": (1, 2, 3), "own": (1, 2, 3)}),
    )
    expected = {"own": "own", "s1.r": "s1"}
    assert scenarios(person + scorer) == expected
    assert scenarios(scorer + person) == expected, "in either order of the files"


def test_one_id_for_two_replies_is_refused() -> None:
    one = judged("a", "holistic", {"s1.r": (1, 2, 3)})
    other = [replace(a, scenario_id="s2") for a in judged("b", "holistic", {"s1.r": (1, 2, 3)})]
    with pytest.raises(UsageError, match=r"'s1\.r' belongs to scenario 's1' in one .* 's2' in another"):
        scenarios(one + other)
