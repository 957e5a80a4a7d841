"""Very many clusters are drawn by their kinds: other draws of the same distribution."""

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.statistics import adjusted, kinds, paired, resampling
from amends.statistics.bins import LOST, MOST, gathered
from amends.statistics.clusters import bounded, mean_of_sums
from amends.statistics.groups import Group
from amends.statistics.influence import cells, codes, distinct, outermost, together, variance
from amends.statistics.kinds import DRAWN_SINGLY, Kinds, resampled
from amends.statistics.resampling import RESAMPLES, studentised


def test_signs_by_kind_give_the_p_of_signs_one_by_one(monkeypatch) -> None:
    """Of 10,000 patterns the error of a p of one half is 0.005; of a difference 0.007; four of those are 0.028."""
    draw = np.random.default_rng(3)
    sums = draw.choice([-1.0, -0.5, 0.0, 0.5, 1.0], (400, 2)) + np.array([0.055, 0.04])
    plain = resampling.flip_p(sums, 1)
    monkeypatch.setattr(resampling, "DRAWN_SINGLY", 100)
    assert resampling.flip_p(sums, 1) == pytest.approx(plain, abs=0.028)
    assert 0.02 < plain.min() < plain.max() < 0.9
    every = draw.normal(size=(400, 2))
    assert (resampling.flip_p(every, 1) == resampling.flip_p(every, 1)).all(), "no two alike: drawn one by one"


# --- more kinds than are drawn each on its own ---------------------------------------------------------------------

MANY = DRAWN_SINGLY + 500


def by_size(sums: np.ndarray, sizes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    order = np.lexsort((sums, sizes))
    return sums[order], sizes[order]


def clusters_of(what: str) -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(21)
    sizes = draw.integers(1, 6, MANY).astype(float)
    level = {
        "real": draw.uniform(1, 5, MANY),
        "skew": np.minimum(5.0, 1 + draw.exponential(0.3, MANY)),
        "most alike": np.where(draw.random(MANY) < 0.9, 5.0, draw.uniform(1, 5, MANY)),
        "one large": draw.uniform(1, 5, MANY),
    }[what]
    if what == "one large":
        sizes[7], level[7] = 2000.0, 1.5
    return by_size(sizes * level, sizes)


@pytest.mark.parametrize("what", ["real", "skew", "most alike", "one large"])
def test_bins_of_kinds_have_the_distribution_of_clusters_drawn_one_by_one(what: str, monkeypatch) -> None:
    """Kolmogorov & Smirnov on 10,000 t* of each; the ends' Monte Carlo error is as in tests/runs/test_summary.py.

    The large cluster's t* is discrete in how often it was drawn, for which the test is no less careful.
    """
    sums, sizes = clusters_of(what)
    made = Kinds(sums, sizes)
    assert len(made) > MOST
    binned, _ = resampled(sums, sizes, 1)
    t, _ = studentised(sums[:, None], sizes[:, None], 2)
    single = t[:, 0]
    assert scipy.stats.ks_2samp(binned, single).pvalue > 0.001
    monkeypatch.setattr(kinds, "MOST", len(sums))
    exact, _ = made.studentised(3)
    assert scipy.stats.ks_2samp(binned, exact).pvalue > 0.001
    for p in (0.025, 0.5, 0.975):
        assert np.quantile(binned, p) == pytest.approx(np.quantile(single, p), abs=0.2), p
    assert binned.std() == pytest.approx(single.std(), rel=0.05)


def test_the_interval_of_real_levels_is_scipys() -> None:
    """SciPy's bootstrap (BCa) is of the same order; the error of an end is 0.038 standard errors, four are 0.15."""
    values = np.sort(np.random.default_rng(22).gamma(2.0, 0.5, MANY))
    ours = mean_of_sums(values, np.ones(MANY), (0.0, 100.0), 1)
    other = scipy.stats.bootstrap(
        (values,), np.mean, n_resamples=9_999, batch=500, method="BCa", rng=np.random.default_rng(3)
    ).confidence_interval
    error = values.std(ddof=1) / MANY**0.5
    assert ours.low == pytest.approx(other.low, abs=0.2 * error)
    assert ours.high == pytest.approx(other.high, abs=0.2 * error)


def test_intervals_by_bins_keep_their_word(monkeypatch) -> None:
    """Of 120 samples 95% are covered: between 0.95 - 3.3 errors of 0.02, and 1. A thousand draws each will do."""
    monkeypatch.setattr(resampling, "RESAMPLES", 1_000)
    draw, covered = np.random.default_rng(23), 0
    for seed in range(120):
        values = np.sort(np.minimum(5.0, 1 + draw.exponential(1.0, DRAWN_SINGLY + 1)))
        found = mean_of_sums(values, np.ones(len(values)), (1.0, 5.0), seed)
        # E min(X, 4) = 1 - exp(-4) for X exponential of mean 1
        covered += found.low <= 2 - np.exp(-4.0) <= found.high
    assert 0.884 <= covered / 120 <= 1.0


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 600), st.sampled_from([1.0, 1e3, 1e9]))
def test_bins_lose_next_to_nothing(seed: int, many: int, far: float) -> None:
    draw = np.random.default_rng(seed)
    values = np.unique(np.append(draw.normal(size=many), far * draw.uniform(2, 3)))
    counts = draw.integers(1, 50, len(values)).astype(float)
    starts = gathered(values, counts)
    assert starts[0] == 0 and (np.diff(starts) > 0).all()
    assert starts[-1] == len(values) - 1 or far == 1.0, "an outlier has a bin of its own"
    number = np.searchsorted(starts, np.arange(len(values)), side="right") - 1
    means = np.bincount(number, weights=counts * values) / np.bincount(number, weights=counts)
    within = counts @ (values - means[number]) ** 2
    assert within <= 1.01 * LOST * (counts @ values**2)


def test_bins_by_hand() -> None:
    """128 equal steps of one cluster each: (held + place) / 2 is the step's number, so each is its own bin."""
    values = np.arange(128.0) - 63.5
    assert gathered(values, np.ones(128)).tolist() == list(range(128))
    few = gathered(np.array([-1.0, -0.999_999, 1.0]), np.array([1.0, 1.0, 2.0]))
    assert few.tolist() in ([0, 1, 2], [0, 2]), "what is nearly one value may be one"


@pytest.mark.parametrize("shift", [0.01, 0.025])
def test_flips_of_real_differences_agree_with_scipy(shift: float) -> None:
    """The error of the difference of two drawn p is sqrt(2 p (1 - p) / 10,000)."""
    values = np.random.default_rng(24).normal(shift, 1.0, MANY)
    other = scipy.stats.permutation_test(
        (values, np.zeros(MANY)),
        lambda x, y, axis: np.mean(x - y, axis=axis),
        permutation_type="samples",
        n_resamples=RESAMPLES,
        batch=500,
        vectorized=True,
        rng=np.random.default_rng(6),
    )
    p = float(other.pvalue)
    assert 0.01 < p < 0.6
    assert resampling.flip_p(values[:, None], 9)[0] == pytest.approx(p, abs=4 * (2 * p * (1 - p) / RESAMPLES) ** 0.5)


def test_flips_by_bins_have_the_variance_and_the_observed_sum_of_what_they_stand_for() -> None:
    values = np.random.default_rng(25).normal(0.1, 1.0, (MANY, 1))
    observed, flipped = resampling.flip_statistics(values, 4)
    assert observed[0] == pytest.approx(abs(values.sum()) / np.sqrt((values**2).sum()), rel=1e-12)
    assert flipped.shape == (RESAMPLES + 1, 1) and flipped[0, 0] == observed[0]
    # |T| of very many symmetric parts is that of a standard normal
    assert scipy.stats.kstest(flipped[1:, 0], scipy.stats.halfnorm.cdf).pvalue > 0.001


def test_many_columns_of_few_kinds_go_by_kinds_and_of_real_levels_together() -> None:
    draw = np.random.default_rng(26)
    ones = np.ones((MANY, 40))
    assert paired._quicker_by_kinds(draw.choice([-1.0, 0.0, 1.0], (MANY, 40)), ones)
    assert not paired._quicker_by_kinds(draw.normal(size=(MANY, 40)), ones)
    assert paired._quicker_by_kinds(draw.normal(size=(8 * MANY, 1)), np.ones((8 * MANY, 1)))


def test_bounds_of_any_order_are_one() -> None:
    """Above DRAWN_SINGLY kinds are counted in an order of their own."""
    sums = np.append(np.zeros(MANY), [1.0, 0.0, 1.0])
    other = sums[np.random.default_rng(27).permutation(len(sums))]
    ones = np.ones(len(sums))
    assert bounded(sums, ones, (0.0, 1.0), 1) == bounded(other, ones, (0.0, 1.0), 1)


def test_draws_are_those_of_the_seed_each_time() -> None:
    """What is remembered is what is drawn anew: blocks in turn from one generator."""
    generator = np.random.default_rng(5)
    anew = [resampling.drawn(generator, rows, 30, np.float64) for rows in resampling.blocks(30)]
    for _ in range(2):
        assert all((a == b).all() for a, b in zip(resampling._draws(30, 5), anew, strict=True))
    first = [block.copy() for block in resampling.signs(20, 5)]
    for block in resampling.signs(20, 5):
        block *= 0.0
    assert all((a == b).all() for a, b in zip(resampling.signs(20, 5), first, strict=True)), "a reader changes no other"


def test_many_columns_are_each_drawn_by_kind(monkeypatch) -> None:
    draw = np.random.default_rng(4)
    values = draw.choice([-1.0, 0.0, 0.0, 1.0], (500, 3))
    values[:40, 1] = np.nan
    labels = np.arange(500)
    plain = paired.columns(values, labels, (-1.0, 1.0), 1)
    for module in (paired, paired.mean_of_sums.__globals__):
        if isinstance(module, dict):
            monkeypatch.setitem(module, "DRAWN_SINGLY", 100)
        else:
            monkeypatch.setattr(module, "DRAWN_SINGLY", 100)
    for one, other in zip(plain, paired.columns(values, labels, (-1.0, 1.0), 1), strict=True):
        assert (one.value, one.n, one.clusters) == (other.value, other.n, other.clusters)
        assert (other.low, other.high) == pytest.approx((one.low, one.high), abs=0.006)


def test_a_mix_of_very_many_clusters_is_laid_out_by_cell(monkeypatch) -> None:
    """The same sums in another order: equal but for rounding."""
    draw = np.random.default_rng(5)
    sides = [Group(draw.choice([1.0, 2.5, 4.0, 5.0], n), draw.integers(0, 60, n)) for n in (500, 450)]
    strata = [draw.integers(0, 5, 500), draw.integers(0, 6, 450)]
    table = adjusted.standardised(sides[0], sides[1], strata[0], strata[1])
    monkeypatch.setattr(adjusted, "DRAWN_SINGLY", 3)
    by_cell = adjusted.standardised(sides[0], sides[1], strata[0], strata[1])
    assert by_cell.strata == table.strata == 5 and by_cell.covered == table.covered
    assert by_cell.difference.error == pytest.approx(table.difference.error, rel=1e-9)
    assert by_cell.difference.estimate.value == pytest.approx(table.difference.estimate.value, rel=1e-12)


def test_labels_by_number_are_labels_by_name() -> None:
    draw = np.random.default_rng(6)
    inner, other = draw.integers(0, 30, 200), draw.integers(0, 7, 200)
    outer = inner // 3
    phi = draw.normal(size=200)
    names = [[f"n{x}" for x in labels] for labels in (inner, outer, other)]
    assert codes(inner).tolist() == codes(names[0]).tolist()
    assert distinct(together(inner, other + 20)) == len({*inner.tolist(), *(other + 20).tolist()})
    assert together(inner[:2], ["a"]) == [inner[0], inner[1], "a"]
    kept = outermost([inner, outer, other])
    assert [k is outer or k is other for k in kept] == [True, True]
    assert variance(phi, [inner, outer, other]) == variance(phi, names)
    assert len(np.unique(cells(inner, other))) == len(set(zip(inner.tolist(), other.tolist(), strict=True)))


@pytest.mark.parametrize("share", [0.5, 2.0, 100.0])
def test_a_cluster_with_many_of_the_replies_stands_alone_though_its_residual_is_like_others(share: float) -> None:
    """Taken together with others it was in every resample: an interval of 60% of its length at a share of 100."""
    sums, sizes = np.random.default_rng(1).normal(3, 1, MANY), np.ones(MANY)
    sums[0], sizes[0] = share * MANY * sums[1:].mean(), share * MANY
    sums, sizes = by_size(sums, sizes)
    one_by_one, _ = studentised(sums[:, None], sizes[:, None], 1)
    by_kind, _ = resampled(sums, sizes, 1)
    wanted = np.quantile(one_by_one[:, 0], [0.025, 0.975])
    assert np.quantile(by_kind, [0.025, 0.975]) == pytest.approx(wanted, abs=0.09)
