"""Prediction-powered estimates: by hand, by ppi_py, and their limits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.statistics.clusters import linearised_variance
from amends.statistics.groups import two_sided_variance
from amends.statistics.ppi import MIN_LABELED, Log, _parts, corrected, corrected_difference

PLACE = np.arange(60)
SCORES = 1 + 4 * ((PLACE * 37) % 60) / 59
TRUTH = np.round(np.clip(SCORES + (((PLACE * 23) % 7) - 3) * 0.4, 1, 5))
CHOSEN = PLACE % 3 == 0


def log(chosen: np.ndarray = CHOSEN, clusters: list[int] | None = None) -> Log:
    labels = np.where(chosen, TRUTH, np.nan)
    return Log(SCORES, labels, np.full(60, chosen.mean()), clusters or list(range(60)))


def test_by_hand() -> None:
    # f = 1 2 3 4, labels of the first and the last: 2 and 4, each drawn with 1/2
    # lambda 1: mean f 2.5 + mean(Y - f) = (1 + 0) / 2 -> 3.0        lambda 0: the labels alone, 3.0
    # unequal chances 1/2 and 1/4: weights 2 and 4, so (2 * 1 + 4 * 0) / 6 = 1/3 -> 2.8333
    f, y = np.array([1.0, 2, 3, 4]), np.array([2.0, np.nan, np.nan, 4])
    equal = Log(f, y, np.array([0.5] * 4), list("abcd"))
    assert _parts(equal, 1.0).value == pytest.approx(3.0)
    assert _parts(equal, 0.0).value == pytest.approx(3.0)
    unequal = Log(f, y, np.array([0.5, np.nan, np.nan, 0.25]), list("abcd"))
    assert _parts(unequal, 1.0).value == pytest.approx(2.5 + 1 / 3)


@pytest.mark.parametrize(("tuning", "expected"), [(0.0, 2.95), (0.5, 2.98389831), (1.0, 3.01779661)])
def test_the_number_is_that_of_ppi_py(tuning: float, expected: float) -> None:
    """ppi_mean_pointestimate(TRUTH[CHOSEN], SCORES[CHOSEN], SCORES, lam) of ppi_py 0.2.3, run once by hand: it pulls
    in numba and scikit-learn, which a test environment does not need for three numbers."""
    assert _parts(log(), tuning).value == pytest.approx(expected, abs=1e-8)


def test_the_interval_is_close_to_that_of_ppi_py() -> None:
    """ppi_mean_ci with alpha 0.05 gave [2.91354631, 3.02224827] on these 4,000 replies; ppi_py keeps labeled and
    unlabeled replies apart and uses the normal quantile, so the widths agree within three percent, not exactly."""
    random = np.random.default_rng(7)
    random.normal(3, 1, 0)
    scores = random.normal(3, 1, 4000)
    truth = scores * 0.8 + 0.6 + random.normal(0, 0.5, 4000)
    labels = np.where(np.arange(4000) < 400, truth, np.nan)
    found = corrected(Log(scores, labels, np.full(4000, 0.1), list(range(4000))), (-10, 10)).estimate
    assert found.high - found.low == pytest.approx(3.02224827 - 2.91354631, rel=0.03)


def test_no_trust_is_the_mean_of_the_labels_with_its_own_error() -> None:
    found = corrected(Log(np.full(60, 3.0), log().labels, log().probabilities, list(range(60))), (1, 5))
    own = TRUTH[CHOSEN]
    assert found.tuning == 0.0
    assert found.labels_only.value == pytest.approx(own.mean())
    # the same written out: contributions (Y - mean) / 20 of the labeled, 0 of the others, resampled as clusters;
    # 60 / 59 and not 20 / 19: the variance is over all clusters, of which those without a label add nothing
    phi = np.sort(np.where(CHOSEN, (TRUTH - own.mean()) / 20, 0.0))
    picked = np.random.default_rng(12345).integers(0, 60, size=(10_000, 60))
    star = phi[picked]
    t = star.mean(axis=1) / (star.std(axis=1, ddof=1) / 60**0.5)
    error = (60 / 59 * (phi**2).sum()) ** 0.5
    wider = 2.0930240544 / 1.9599639845  # Student's quantile with 19 degrees of freedom over the normal's
    low_t, high_t = np.quantile(t, [0.025, 0.975], method="inverted_cdf")
    ends = own.mean() - high_t * wider * error, own.mean() - low_t * wider * error
    assert (found.labels_only.low, found.labels_only.high) == pytest.approx(ends)


def test_a_perfect_scorer_is_trusted_and_needs_no_rectifier() -> None:
    labels = np.where(CHOSEN, SCORES, np.nan)
    found = corrected(Log(SCORES, labels, np.full(60, 1 / 3), list(range(60))), (1, 5))
    # lambda is estimated from 20 labels: not 1 exactly
    assert (found.tuning, found.estimate.value) == (
        pytest.approx(1.0, abs=0.01),
        pytest.approx(SCORES.mean(), abs=0.01),
    )
    expected = linearised_variance(SCORES, np.ones(60)) ** 0.5
    assert found.estimate.high - found.estimate.low == pytest.approx(2 * 2.100922 * expected, rel=0.01)


def test_a_scorer_that_is_wrong_throughout_does_not_bias_the_number() -> None:
    found = corrected(Log(SCORES + 1.5, log().labels, log().probabilities, list(range(60))), (1, 5))
    assert found.scorer_only == pytest.approx(SCORES.mean() + 1.5)
    assert found.estimate.value == pytest.approx(corrected(log(), (1, 5)).estimate.value)


@settings(max_examples=30)
@given(st.integers(0, 9999))
def test_with_every_reply_labeled_the_scorer_does_not_matter(seed: int) -> None:
    random = np.random.default_rng(seed)
    truth, scores = random.integers(1, 6, 40).astype(float), random.normal(3, 1, 40)
    found = corrected(Log(scores, truth, np.ones(40), list(range(40))), (1, 5))
    assert found.estimate.value == pytest.approx(truth.mean())


def test_strata_drawn_unequally_are_weighted_back() -> None:
    """90 easy replies at 5, of which 9 are labeled, and 10 hard ones at 1, of which 5 are: the mean is 4.6."""
    truth = np.array([5.0] * 90 + [1.0] * 10)
    chosen = np.array([i < 9 or 90 <= i < 95 for i in range(100)])
    chances = np.array([0.1] * 90 + [0.5] * 10)
    found = corrected(Log(np.full(100, 3.0), np.where(chosen, truth, np.nan), chances, list(range(100))), (1, 5))
    assert found.labels_only.value == pytest.approx(4.6)


@pytest.mark.parametrize(
    ("chosen", "why"),
    [
        (np.zeros(60, bool), "no reply has a label"),
        (np.arange(60) < MIN_LABELED - 1, "no interval under 10 labeled clusters, and these are 9"),
    ],
)
def test_too_few_labels_have_no_interval(chosen: np.ndarray, why: str) -> None:
    found = corrected(Log(SCORES, np.where(chosen, TRUTH, np.nan), np.full(60, 0.5), list(range(60))), (1, 5))
    assert (found.estimate.low, found.estimate.note) == (None, why)


def test_many_labels_of_few_clusters_are_few_labels() -> None:
    found = corrected(log(clusters=[i % 6 for i in range(60)]), (1, 5))
    assert found.estimate.low is None
    assert "labeled clusters" in (found.estimate.note or "")


def test_more_labels_halve_the_interval_as_promised() -> None:
    random = np.random.default_rng(3)
    scores = random.normal(3, 0.3, 20_000)
    truth = scores + random.normal(0, 1, 20_000)

    def width(m: int) -> tuple[float, int | None]:
        labels = np.where(np.arange(20_000) < m, truth, np.nan)
        found = corrected(Log(scores, labels, np.full(20_000, m / 20_000), list(range(20_000))), (-9, 9))
        return found.estimate.high - found.estimate.low, found.more_to_halve

    first, more = width(400)
    assert more is not None
    second, _ = width(400 + more)
    assert second == pytest.approx(first / 2, rel=0.08)  # the labels' own spread is an estimate


def test_no_number_of_labels_halves_what_the_scenarios_make() -> None:
    perfect = Log(SCORES, np.where(CHOSEN, SCORES, np.nan), np.full(60, 1 / 3), list(range(60)))
    assert corrected(perfect, (1, 5)).more_to_halve is None


def test_a_share_stays_within_its_ends() -> None:
    hits = (TRUTH >= 4).astype(float)
    labels = np.where(CHOSEN, np.zeros(60), np.nan)
    found = corrected(Log(hits, labels, np.full(60, 1 / 3), list(range(60))), (0, 1), share=True).estimate
    assert 0 <= found.low <= found.value <= found.high <= 1


# --- differences --------------------------------------------------------------------------------------------------


def test_the_difference_is_that_of_both_sides_and_its_error_of_both_influences() -> None:
    a, b = log(), Log(SCORES[::-1] + 0.5, log().labels, log().probabilities, list(range(60)))
    found = corrected_difference(a, b, (-4, 4))
    first, second = _parts(a), _parts(b)
    assert found.estimate.value == pytest.approx(second.value - first.value)
    parts = two_sided_variance(-first.phi, a.clusters, second.phi, b.clusters)
    assert found.error == pytest.approx(parts.whole**0.5)
    assert parts.shared == 60


def test_too_few_labels_on_one_side_give_no_difference() -> None:
    found = corrected_difference(log(), log(np.arange(60) < 5), (-4, 4))
    assert (found.estimate.value, found.p) == (None, None)
    assert found.estimate.note == "fewer than 10 labeled clusters on one side (5)"


def test_an_interval_of_superiority_never_contradicts_shared_clusters() -> None:
    """Groups that move together within clusters: the interval must use the covariance that the test uses."""
    from amends.statistics.groups import Group, superiority

    random = np.random.default_rng(1)
    of = np.repeat(np.arange(20), 5)
    base = random.normal(0, 2, 20)[of]
    a, b = base + random.normal(0, 0.3, 100), base + 0.6 + random.normal(0, 0.3, 100)
    found = superiority(Group(a, of.tolist()), Group(b, of.tolist()))
    assert found.p is not None
    assert (found.p < 0.05) == (found.estimate.low > 0.5)
