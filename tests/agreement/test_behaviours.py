"""Nominal alpha of shown or not: by hand, by the krippendorff package, and where it is not computable."""

import math
from dataclasses import replace

import krippendorff
import numpy as np
import pytest
from tests.agreement.cases import interval_by_loop, judged, marked

from amends.agreement.behaviours import behaviour_agreement, nominal_alphas, presence
from amends.records import Annotation
from amends.rubric.definitions import behaviours


def by_the_package(shown: np.ndarray) -> float:
    return float(krippendorff.alpha(shown, level_of_measurement="nominal", value_domain=[0.0, 1.0]))


def annotations_of(shown: np.ndarray, code: str = "E1", a_scenario: int = 1) -> list[Annotation]:
    """Rows annotators, columns replies; NaN: not judged."""
    said = {0.0: [], 1.0: [(code, 0, 5)]}
    return [
        annotation
        for name, row in zip("abc", shown, strict=False)
        for annotation in marked(
            name, {f"s{i // a_scenario:03d}.r{i:03d}": said[v] for i, v in enumerate(row) if not math.isnan(v)}
        )
    ]


def agreed(shown: list[list[float]] | np.ndarray, a_scenario: int = 1, seed: int = 0):
    return behaviour_agreement(presence(annotations_of(np.array(shown, dtype=float), "E1", a_scenario)), seed)["E1"]


@pytest.mark.parametrize(
    ("shown", "value"),
    [
        # n = 8, n_1 = 3, one pair apart: 1 - 7 * 1 / (3 * 5) = 8/15
        pytest.param([[1, 1, 0, 0], [1, 0, 0, 0]], 8 / 15, id="two annotators"),
        # o = 2*1/2 + 0 + 1*2/2 = 2, n = 9, n_1 = 2 + 3 + 1 = 6: 1 - 8 * 2 / (6 * 3) = 1/9
        pytest.param([[1, 1, 1], [1, 1, 0], [0, 1, 0]], 1 / 9, id="three"),
        # o = 2, n = 4, n_1 = 2: 1 - 3 * 2 / 4 = -0.5
        pytest.param([[1, 0], [0, 1]], -0.5, id="worse than chance"),
    ],
)
def test_alpha_by_hand(shown: list[list[float]], value: float) -> None:
    found = agreed(shown)
    assert found.alpha.value == pytest.approx(value)
    assert found.alpha.value == pytest.approx(by_the_package(np.array(shown, dtype=float)))


@pytest.mark.parametrize("seed", range(6))
def test_every_code_with_gaps_is_the_packages(seed: int) -> None:
    random = np.random.default_rng(seed)
    whole = []
    arrays = {}
    missing = random.random((3, 40)) < 0.25
    for code in behaviours():
        truth = random.random(40) < random.uniform(0.05, 0.9)
        shown = np.where(random.random((3, 40)) < 0.1, ~truth, truth).astype(float)
        shown[missing] = np.nan
        arrays[code] = shown
    by_key: dict[tuple[str, str], Annotation] = {}
    for code, shown in arrays.items():
        for one in annotations_of(shown, code):
            key = (one.annotator.name, one.reply_id)
            before = by_key.get(key, replace(one, behaviours=()))
            by_key[key] = replace(before, behaviours=before.behaviours + one.behaviours)
    whole = list(by_key.values())
    found = behaviour_agreement(presence(whole), 0)
    for code, shown in arrays.items():
        assert found[code].alpha.value == pytest.approx(by_the_package(shown), abs=1e-12), code
        twice = (~np.isnan(shown)).sum(axis=0) >= 2
        assert found[code].alpha.n == twice.sum()
        assert found[code].marked == (np.nansum(shown[:, twice], axis=0) > 0).sum()


def test_the_interval_is_that_of_drawing_whole_scenarios_one_by_one() -> None:
    random = np.random.default_rng(8)
    truth = random.random(60) < 0.4
    shown = np.where(random.random((3, 60)) < 0.15, ~truth, truth).astype(float)
    found = agreed(shown, a_scenario=3, seed=4).alpha
    clusters = [f"s{i // 3:03d}" for i in range(60)]
    expected = interval_by_loop(clusters, 4, lambda columns: by_the_package(shown[:, columns]))
    assert (found.low, found.high) == pytest.approx(expected, abs=1e-12)
    assert (found.n, found.clusters) == (60, 20)


@pytest.mark.parametrize(
    ("shown", "why"),
    [
        pytest.param([[0] * 6] * 2, "nobody marked it", id="all say not shown: chance is not defined"),
        pytest.param([[1] * 6] * 2, "everybody marked it on every reply", id="all say shown"),
        pytest.param([[1, 0, 1]], "one annotator only", id="nobody to agree with"),
        pytest.param([[1, np.nan], [np.nan, 1]], "no reply was judged by two", id="nothing judged twice"),
    ],
)
def test_alpha_is_missing_rather_than_a_number_that_looks_fine(shown: list[list[float]], why: str) -> None:
    found = agreed(shown)
    assert (found.alpha.value, found.alpha.low, found.alpha.high) == (None, None, None)
    assert found.alpha.note == why or why in str(found.alpha.note)


@pytest.mark.parametrize(
    ("shown", "why"),
    [
        pytest.param([[1, 0, 1, 0], [1, 0, 0, 0]], "under 5 clusters", id="too few scenarios"),
        pytest.param([[1, 0] * 10] * 2, "differ in 0 of 20", id="full agreement is not certain agreement"),
        pytest.param(
            [[1] * 4 + [0] * 36, [1, 0, 0, 0] + [0] * 36], "marked in 4 of 40", id="rare: most resamples hold no mark"
        ),
        pytest.param(
            [[0] * 4 + [1] * 36, [0, 1, 1, 1] + [1] * 36], "left unmarked in 4 of 40", id="so common that it is as rare"
        ),
    ],
)
def test_a_value_without_an_interval_says_why(shown: list[list[float]], why: str) -> None:
    found = agreed(shown).alpha
    assert found.value is not None
    assert (found.low, found.high) == (None, None)
    assert why in str(found.note)


def test_a_passing_hint_counts_as_shown_as_it_does_in_a_result() -> None:
    both = annotations_of(np.array([[1.0, 0.0], [0.0, 0.0]]))
    hinted = [replace(a, behaviours=tuple(replace(b, strength=0.2) for b in a.behaviours)) for a in both]
    assert behaviour_agreement(presence(hinted), 0)["E1"] == behaviour_agreement(presence(both), 0)["E1"]


def test_who_could_not_judge_a_reply_says_nothing_of_its_behaviours() -> None:
    shown = np.array([[1.0, 0.0, 1.0], [1.0, 0.0, 1.0]])
    refused = judged("c", "holistic", {f"s{i:03d}.r{i:03d}": (None, None, None) for i in range(3)}, "person")
    found = behaviour_agreement(presence(annotations_of(shown) + refused), 0)["E1"]
    assert found.alpha.value == 1.0
    assert (found.alpha.n, found.marked) == (3, 2)
    judging = [replace(a, levels=dict.fromkeys(a.levels, 3)) for a in refused]
    assert behaviour_agreement(presence(annotations_of(shown) + judging), 0)["E1"].alpha.value < 1


def test_where_all_judgements_are_one_there_is_no_alpha() -> None:
    values = nominal_alphas(np.zeros(3), np.array([0.0, 4.0, 8.0]), np.full(3, 8.0))
    assert [math.isnan(v) for v in values] == [True, False, True]


def test_every_code_of_the_rubric_is_there() -> None:
    found = behaviour_agreement(presence([]), 0)
    assert list(found) == list(behaviours())
    assert {one.alpha.note for one in found.values()} == {"no annotator"}
