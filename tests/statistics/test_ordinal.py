"""Proportional odds: by hand, by what a minimum is, and by statsmodels."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.statistics.calibration import gold_masses
from amends.statistics.ordinal import exceedances, fit_odds

THETAS = np.array([-np.log(4), -np.log(2), 0.0, np.log(2)])


def level_probabilities(x, weights, thetas):
    """P(level = k), k = 1..5, rows of sum 1."""
    return -np.diff(exceedances(x, weights, thetas), axis=1, prepend=1, append=0)


@pytest.mark.parametrize(
    ("x", "above"),
    [
        # odds of level > k are e^(w x) e^(-theta_k); e^(-theta) is 4, 2, 1, 1/2
        pytest.param([0, 0], [4 / 5, 2 / 3, 1 / 2, 1 / 3], id="at the centre the thresholds alone speak"),
        # e^(w x) = 2 * 1: odds 8, 4, 2, 1
        pytest.param([1, 0], [8 / 9, 4 / 5, 2 / 3, 1 / 2], id="the first member a level up doubles the odds"),
        # e^(w x) = 2 * 1/3 = 2/3: odds 8/3, 4/3, 2/3, 1/3
        pytest.param([1, -1], [8 / 11, 4 / 7, 2 / 5, 1 / 4], id="the second a level down: a third of that"),
    ],
)
def test_probabilities_by_hand(x, above):
    weights, row = np.log([2.0, 3.0]), np.array([x], dtype=float)
    assert exceedances(row, weights, THETAS)[0] == pytest.approx(above)
    edges = [1, *above, 0]
    assert level_probabilities(row, weights, THETAS)[0] == pytest.approx(
        [a - b for a, b in zip(edges, edges[1:], strict=False)]
    )


def test_a_fit_by_hand():
    """Masses that are a model's own probabilities are fitted by that model: at it the likelihood's slope is 0.

    Two members, weights ln 2 and ln 3: the rows are those of the table above with (1, 0), (1, -1) and their mirror
    images (-1, 0), whose odds are 2, 1, 1/2, 1/4, and (-1, 1), whose odds are 6, 3, 3/2, 3/4.
    """
    above = [[8 / 9, 4 / 5, 2 / 3, 1 / 2], [8 / 11, 4 / 7, 2 / 5, 1 / 4], [2 / 3, 1 / 2, 1 / 3, 1 / 5],
             [6 / 7, 3 / 4, 3 / 5, 3 / 7]]  # fmt: skip
    masses = -np.diff([[1, *row, 0] for row in above], axis=1)
    found = fit_odds(np.array([[1, 0], [1, -1], [-1, 0], [-1, 1]], dtype=float), masses, 0.0)
    assert found.weights == pytest.approx(np.log([2, 3]), abs=1e-7)
    assert found.thetas == pytest.approx(THETAS, abs=1e-7)


def drawn(seed, n, weights=(1.4, 0.5)):
    generator = np.random.default_rng(seed)
    x = np.round(generator.normal(3, 1, (n, len(weights))), 1)
    x -= x.mean(axis=0)
    noise = generator.logistic(size=(n, 1))
    return x, 1 + (x @ np.array(weights)[:, None] + noise > np.array([-3, -1, 0.5, 2.5])).sum(axis=1)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_statsmodels_finds_the_same(seed):
    """Second program: statsmodels' OrderedModel (logit), maximum likelihood without a ridge."""
    from statsmodels.miscmodels.ordinal_model import OrderedModel

    x, levels = drawn(seed, 250)
    model = OrderedModel(levels, x, distr="logit")
    with warnings.catch_warnings():
        # its own stopping rule is stricter than rounding allows
        warnings.simplefilter("ignore")
        theirs = model.fit(method="bfgs", disp=0, gtol=1e-8, maxiter=2000)
    found = fit_odds(x, gold_masses(levels.astype(float)), 0.0)
    assert found.weights == pytest.approx(theirs.params[:2], abs=1e-5)
    assert found.thetas == pytest.approx(model.transform_threshold_params(theirs.params)[1:-1], abs=1e-5)
    assert level_probabilities(x, found.weights, found.thetas) == pytest.approx(theirs.predict(x), abs=1e-5)


def cost(x, masses, ridge, weights, thetas):
    """The formula of the module, written out."""
    total = ridge / 2 * sum(w**2 for w in weights)
    for row, mass in zip(x, masses, strict=True):
        above = [1.0, *[1 / (1 + np.exp(t - row @ weights)) for t in thetas], 0.0]
        total -= sum(m * np.log(above[k] - above[k + 1]) for k, m in enumerate(mass) if m)
    return total


SAMPLES = st.lists(
    st.tuples(st.sampled_from([1, 2, 2.5, 3, 4, 5]), st.sampled_from([1.0, 2.2, 3.7, 5.0]),
              st.sampled_from([1, 1.5, 2, 3, 4, 5])),
    min_size=1, max_size=25,
)  # fmt: skip


@given(SAMPLES)
def test_it_is_the_minimum_under_weights_that_are_not_negative(rows):
    """Karush-Kuhn-Tucker by differences: flat where free, rising where a weight is held at 0."""
    x = np.array([row[:2] for row in rows], dtype=float)
    x -= x.mean(axis=0)
    masses = gold_masses(np.array([row[2] for row in rows], dtype=float))
    found = fit_odds(x, masses, 1.0, 1.0)
    assert (found.weights >= 0).all()
    assert (np.diff(found.thetas) > 0).all()
    added = np.concatenate([x, np.zeros((1, 2))]), np.concatenate([masses, np.full((1, 5), 0.2)])
    at = np.concatenate([found.weights, found.thetas])
    for number in range(6):
        step = np.zeros(6)
        step[number] = 1e-5
        up, down = (cost(*added, 1.0, *np.split(at + sign * step, [2])) for sign in (1, -1))
        slope = (up - down) / 2e-5
        if number < 2 and at[number] == 0:
            assert slope >= -1e-4
        else:
            assert slope == pytest.approx(0, abs=1e-3)


def test_a_member_that_runs_against_gold_gets_no_weight():
    x = np.array([[-2.0], [-1], [0], [1], [2]])
    assert fit_odds(x, gold_masses(np.array([5.0, 4, 3, 2, 1])), 1.0).weights == pytest.approx([0])


def test_the_ridge_holds_small_samples_back():
    x, masses = np.array([[-1.0], [1.0]]), gold_masses(np.array([1.0, 5.0]))
    weights = [fit_odds(x, masses, ridge, 1.0).weights[0] for ridge in (0.1, 1.0, 10.0)]
    assert weights == sorted(weights, reverse=True)
    assert 0 < weights[2] < 0.5


SPREAD = np.array([[-2.0], [-1], [0], [1], [2]])


def test_a_level_that_no_gold_has_needs_a_prior():
    with pytest.raises(ValueError, match="no mass"):
        fit_odds(SPREAD, gold_masses(np.array([1.0, 2, 3, 4, 4])), 1.0)


def test_gold_that_thresholds_separate_is_certain_without_a_ridge_and_not_with_one():
    masses = gold_masses(np.array([1.0, 2, 3, 4, 5]))
    for ridge, certain in ((0.0, True), (1.0, False)):
        found = fit_odds(SPREAD, masses, ridge, 0.0)
        assert np.isfinite(found.weights).all()
        assert (level_probabilities(SPREAD, found.weights, found.thetas).max(axis=1).min() > 0.999) == certain


def test_the_second_program_agrees_at_a_minimum_with_ridge_and_prior():
    """Second program: scipy's L-BFGS-B on the formula written out, bounded at weights of 0."""
    from scipy.optimize import minimize

    x, levels = drawn(4, 80, (1.4, -1.0))
    masses = gold_masses(levels.astype(float))
    added = np.concatenate([x, np.zeros((1, 2))]), np.concatenate([masses, np.full((1, 5), 0.2)])

    def at(point):
        return cost(*added, 1.0, point[:2], np.cumsum([point[2], *np.exp(point[3:])]))

    theirs = minimize(at, np.zeros(6), method="L-BFGS-B", bounds=[(0, None)] * 2 + [(None, None)] * 4, tol=1e-12)
    found = fit_odds(x, masses, 1.0, 1.0)
    assert found.weights[1] == theirs.x[1] == 0
    assert found.weights == pytest.approx(theirs.x[:2], abs=1e-4)
    assert found.thetas == pytest.approx(np.cumsum([theirs.x[2], *np.exp(theirs.x[3:])]), abs=1e-4)


SHARP = [
    (360, 3, 0.3, "three scorers that miss by a third of a level"),
    (2000, 2, 0.0, "two that say gold on 2,000 replies"),
    (8000, 1, 0.0, "one on 8,000"),
]


@pytest.mark.parametrize(("n", "columns", "noise", "why"), SHARP, ids=[row[3] for row in SHARP])
def test_members_that_are_nearly_always_right_are_fitted(n, columns, noise, why):
    """Probabilities near 0 and 1, of whose differences rounding would leave nothing."""
    for seed in range(5):
        generator = np.random.default_rng(seed)
        gold = generator.integers(1, 6, n).astype(float)
        x = np.clip(gold[:, None] + generator.normal(0, noise, (n, columns)), 1, 5)
        x -= x.mean(axis=0)
        found = fit_odds(x, gold_masses(gold), 1.0, 1.0)
        spread = level_probabilities(x, found.weights, found.thetas)
        assert (spread.argmax(axis=1) + 1 == gold).mean() > 0.9, why


def test_a_level_that_no_gold_has_keeps_a_probability():
    x = np.array([[-1.0], [0], [1]])
    found = fit_odds(x, gold_masses(np.array([3.0, 3, 4])), 1.0, 1.0)
    assert (level_probabilities(x, found.weights, found.thetas) > 0.01).all()
