"""Pairs of replies: by hand, and by Somers' D of scipy."""

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from amends.statistics.pairwise import ALL, WITHIN, pair_scores

SEED = 7


def scores(gold, scored, clusters):
    return pair_scores(np.array(gold, dtype=float), np.array(scored, dtype=float), clusters, SEED)


@pytest.mark.parametrize(
    ("gold", "scored", "right", "ordered"),
    [
        # pairs (1,2) (1,3) (2,3) of one scenario
        pytest.param([1, 2, 3], [1, 2, 3], 1.0, 1.0, id="all in order"),
        pytest.param([1, 2, 3], [3, 2, 1], 0.0, 0.0, id="all against it"),
        pytest.param([1, 2, 3], [2, 2, 2], 0.0, 0.5, id="a constant earns nothing where gold ties nothing"),
        pytest.param([2, 2, 2], [1, 1, 1], 1.0, None, id="a constant earns every tie"),
        # gold ties (1,2); the scorer too: T_gs = 1; (1,3) and (2,3) in order
        pytest.param([1, 1, 3], [2, 2, 4], 1.0, 1.0, id="a tie of both is right"),
        # the scorer separates what gold ties: T_g = 1 of 3
        pytest.param([1, 1, 3], [1, 1.01, 4], 2 / 3, 1.0, id="real levels lose gold's ties, without calibration"),
        # the scorer ties (1,2) of three that gold separates
        pytest.param([1, 2, 3], [1, 1, 3], 2 / 3, 2.5 / 3, id="a tie of the scorer is wrong, or half"),
    ],
)
def test_by_hand(gold, scored, right, ordered):
    found = scores(gold, scored, ["s"] * 3)
    assert found.which == WITHIN
    assert found.right.value == pytest.approx(right)
    assert found.right.n == 3
    assert found.ordered.value == (None if ordered is None else pytest.approx(ordered))
    if ordered is None:
        assert found.ordered.note == "gold separates no pair"


def test_only_pairs_of_one_scenario_count():
    # within a: 1 < 2 in order; within b: 5 > 4 in order; between them everything is upside down
    found = scores([1, 2, 5, 4], [4, 5, 2, 1], ["a", "a", "b", "b"])
    assert (found.right.value, found.right.n, found.right.clusters) == (1.0, 2, 2)


def test_without_two_replies_to_a_scenario_all_pairs_count_and_it_is_said():
    gold, scored = [1, 2, 3, 4, 5, 5], [1, 2, 4, 3, 5, 5]
    found = scores(gold, scored, list("abcdef"))
    # 15 pairs: one upside down (3, 4), one tie of both
    assert (found.which, found.right.n, found.right.clusters) == (ALL, 15, 6)
    assert found.right.value == pytest.approx(14 / 15)
    assert found.ordered.value == pytest.approx(13 / 14)
    assert found.right.low < found.right.value <= found.right.high


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), min_size=3, max_size=25))
def test_ordered_is_somers_d(pairs):
    """Somers' D of the scorer given gold is (C - D) / (C + D + T_s): ordered right is (1 + D) / 2."""
    gold, scored = ([p[i] for p in pairs] for i in (0, 1))
    if len(set(gold)) < 2 or len(set(scored)) < 2:
        return  # scipy gives NaN for a constant; the cases by hand hold it
    expected = (1 + scipy.stats.somersd(gold, scored).statistic) / 2
    assert scores(gold, scored, ["s"] * len(pairs)).ordered.value == pytest.approx(expected)
    assert scores(gold, scored, list(range(len(pairs)))).ordered.value == pytest.approx(expected)


@given(st.lists(st.integers(1, 5), min_size=2, max_size=20))
def test_gold_itself_gets_every_pair_right(levels):
    assert scores(levels, levels, ["s"] * len(levels)).right.value == 1.0


def test_the_error_over_all_pairs_is_that_of_the_jackknife():
    """Leave-one-out jackknife of the same number; both estimate the error of a U-statistic (Arvesen 1969)."""
    generator = np.random.default_rng(9)
    gold = generator.integers(1, 6, 60).astype(float)
    scored = np.clip(gold + generator.integers(-2, 3, 60), 1, 5)
    found = scores(gold, scored, list(range(60)))
    for name in ("right", "ordered"):
        estimate = getattr(found, name)
        less = [
            getattr(scores(np.delete(gold, i), np.delete(scored, i), list(range(59))), name).value for i in range(60)
        ]
        jackknife = np.sqrt(59 / 60 * ((np.array(less) - np.mean(less)) ** 2).sum())
        error = (estimate.high - estimate.low) / 2 / scipy.stats.t.ppf(0.975, 59)
        assert error == pytest.approx(jackknife, rel=0.1)


def test_one_reply_makes_no_pair():
    found = scores([3], [3], ["a"])
    assert (found.right.value, found.right.note) == (None, "there is no pair")


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5), st.integers(0, 6)), min_size=2, max_size=30))
def test_pairs_within_scenarios_are_those_of_two_loops(rows):
    """Clusters of any size, their replies in any order."""
    right, ordered = [], []
    for i, (gold, scored, home) in enumerate(rows):
        for other_gold, other_scored, other_home in rows[i + 1 :]:
            if home == other_home:
                own, their = np.sign(gold - other_gold), np.sign(scored - other_scored)
                right.append(own == their)
                if own:
                    ordered.append((1 + own * their) / 2)
    if right:
        gold, scored, homes = zip(*rows, strict=True)
        found = scores(gold, scored, [f"s{home}" for home in homes])
        assert (found.right.value, found.right.n) == (pytest.approx(np.mean(right)), len(right))
        assert found.ordered.n == len(ordered)
        assert found.ordered.value == (pytest.approx(np.mean(ordered)) if ordered else None)
