"""Alpha and the MTMM matrix: by hand, by a second program, and where they are not computable."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pytest
import scipy.stats

from amends.agreement.alpha import alpha, alpha_estimate
from amends.agreement.mtmm import mtmm
from amends.agreement.report import agreement
from amends.agreement.table import Table, by_method, table
from amends.records import DIMENSIONS, Annotation, Annotator
from amends.statistics.correlation import spearman

NAN = math.nan


def judged(
    name: str, method: str, levels: Mapping[str, Sequence[float | None]], kind: str = "model"
) -> list[Annotation]:
    who = Annotator("annotator", kind, name, "1", method, "1.0")
    return [
        Annotation(reply, reply.split(".")[0], who, dict(zip(DIMENSIONS, given, strict=True)))
        for reply, given in levels.items()
    ]


def ordinal_by_hand(levels: np.ndarray) -> float:
    """Krippendorff (2019), eq. 12: coincidences, and delta^2 of c < k as (sum_{g=c..k} n_g - (n_c + n_k)/2)^2."""
    coincidences = np.zeros((6, 6))
    for unit in levels.T:
        given = [int(v) for v in unit if not math.isnan(v)]
        if len(given) < 2:
            continue
        for i, first in enumerate(given):
            for j, second in enumerate(given):
                if i != j:
                    coincidences[first, second] += 1 / (len(given) - 1)
    sizes = coincidences.sum(axis=1)
    total = sizes.sum()
    observed = expected = 0.0
    for c in range(1, 6):
        for k in range(c + 1, 6):
            delta = (sizes[c : k + 1].sum() - (sizes[c] + sizes[k]) / 2) ** 2
            observed += coincidences[c, k] * delta
            expected += sizes[c] * sizes[k] * delta
    return 1 - (total - 1) * observed / expected


def test_alpha_by_hand() -> None:
    # Units (1,1) (2,2) (1,2) (3,3): n_1 = 3, n_2 = 3, n_3 = 2, n = 8.
    # delta^2: 1-2: (6 - 3)^2 = 9; 1-3: (8 - 2.5)^2 = 30.25; 2-3: (5 - 2.5)^2 = 6.25.
    # Observed above the diagonal: o_12 = 1, so D = 9. Expected: 9*9 + 6*30.25 + 6*6.25 = 300.
    # alpha = 1 - 7 * 9 / 300 = 0.79.
    levels = np.array([[1, 2, 1, 3], [1, 2, 2, 3]], dtype=float)
    assert alpha(levels) == pytest.approx(0.79)
    assert ordinal_by_hand(levels) == pytest.approx(0.79)


@pytest.mark.parametrize("seed", range(5))
def test_alpha_with_gaps_equals_the_formula(seed: int) -> None:
    random = np.random.default_rng(seed)
    levels = random.integers(1, 6, (3, 30)).astype(float)
    levels[random.random((3, 30)) < 0.3] = NAN
    assert alpha(levels) == pytest.approx(ordinal_by_hand(levels))


@pytest.mark.parametrize(
    ("levels", "why"),
    [
        (np.array([[1.0, NAN], [NAN, 2.0]]), "nothing is judged twice"),
        (np.array([[3.0, 3.0, 3.0], [3.0, 3.0, 3.0]]), "one level throughout: chance is not defined"),
        (np.array([[1.0], [2.0]]), "one unit"),
    ],
)
def test_alpha_is_missing_rather_than_a_number_that_looks_fine(levels: np.ndarray, why: str) -> None:
    assert alpha(levels) is None, why
    units = tuple(f"r{i}" for i in range(levels.shape[1]))
    estimate = alpha_estimate(Table(("a", "b"), units, units, levels), 0)
    assert (estimate.value, estimate.low) == (None, None)
    assert estimate.note


def test_the_interval_resamples_whole_scenarios_and_repeats() -> None:
    random = np.random.default_rng(3)
    truth = random.integers(1, 6, 60).astype(float)
    levels = np.stack([truth, np.clip(truth + random.integers(-1, 2, 60), 1, 5)])
    units = tuple(f"s{i // 3}.r{i}" for i in range(60))
    clusters = tuple(u.split(".")[0] for u in units)
    one = alpha_estimate(Table(("a", "b"), units, clusters, levels), 7)
    assert one == alpha_estimate(Table(("a", "b"), units, clusters, levels), 7)
    assert one.low < one.value < one.high  # type: ignore[operator]
    assert (one.n, one.clusters) == (60, 20)
    doubled = Table(("a", "b"), units + tuple(u + "x" for u in units), clusters * 2, np.hstack([levels, levels]))
    twice = alpha_estimate(doubled, 7)
    # the same replies said twice in the same scenarios add no certainty
    assert (twice.high - twice.low) == pytest.approx(one.high - one.low, abs=0.02)  # type: ignore[operator]


def test_fewer_than_five_scenarios_have_no_interval() -> None:
    levels = np.array([[1.0, 2.0, 3.0, 4.0], [1.0, 2.0, 4.0, 4.0]])
    estimate = alpha_estimate(Table(("a", "b"), tuple("wxyz"), tuple("wxyz"), levels), 0)
    assert estimate.value is not None
    assert (estimate.low, "under 5 clusters" in str(estimate.note)) == (None, True)


def test_adjudications_are_left_out() -> None:
    levels = {f"s{i}.r": (1 + i % 5, 3, 3) for i in range(6)}
    judgements = (
        judged("a", "holistic", levels) + judged("b", "checklist", levels) + judged("c", "adjudication", levels)
    )
    assert table(judgements, "empathy", by_method).annotators == ("checklist", "holistic")


def test_spearman_is_scipys() -> None:
    random = np.random.default_rng(0)
    x, y = random.integers(1, 6, 50).astype(float), random.integers(1, 6, 50).astype(float)
    assert spearman(x, y) == pytest.approx(scipy.stats.spearmanr(x, y).statistic)
    assert spearman(x[:2], y[:2]) is None
    assert spearman(np.ones(9), y[:9]) is None


def matrix_of(second_method: Mapping[str, Sequence[float]], first: Mapping[str, Sequence[float]]) -> object:
    both = judged("a", "holistic", first) + judged("b", "checklist", second_method)
    return mtmm({d: table(both, d, by_method) for d in DIMENSIONS})


def test_dimensions_that_come_apart_hold_and_a_halo_does_not() -> None:
    random = np.random.default_rng(1)
    apart = {f"s{i}.r": random.integers(1, 6, 3).astype(float) for i in range(80)}
    halo = {reply: (levels[0],) * 3 for reply, levels in apart.items()}
    held = matrix_of(apart, apart)
    assert held.smallest_convergent == pytest.approx(1.0)  # type: ignore[attr-defined]
    assert held.holds is True  # type: ignore[attr-defined]
    lost = matrix_of(halo, halo)
    assert lost.largest_discriminant == pytest.approx(1.0)  # type: ignore[attr-defined]
    assert lost.holds is False, "one number in three columns is no three dimensions"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        (("model", "model"), "not agreement between people"),
        (("person", "person"), "agreement between people"),
        (("person", "model"), "kinds model, person"),
    ],
)
def test_model_labels_are_never_called_human_agreement(kinds: tuple[str, str], words: str) -> None:
    levels = {f"s{i}.r": (1 + i % 5, 1 + i % 4, 1 + i % 3) for i in range(12)}
    found = agreement(judged("a", "holistic", levels, kinds[0]) + judged("b", "checklist", levels, kinds[1]))
    assert words in found.what_it_is
    assert found.to_dict()["what_it_is"] == found.what_it_is
    if kinds == ("model", "model"):
        assert found.what_it_is.startswith("consistency")


def test_the_command_names_bad_lines_and_goes_on(amends, tmp_path) -> None:
    import json

    levels = {f"s{i}.r": (1 + i % 5, 1 + i % 4, 1 + i % 3) for i in range(12)}
    rows = [json.dumps(a.to_dict()) for name in "ab" for a in judged(name, f"m{name}", levels)]
    (tmp_path / "a.jsonl").write_text("\n".join([*rows[:5], "{", *rows[5:]]) + "\n", encoding="utf-8")
    called = amends("agreement", "a.jsonl")
    assert called.code == 1
    assert "a.jsonl:6" in called.err
    assert "12 (12)" in called.out and "amends|data:annotations@" in called.out
