"""The alternative annotator test: by hand, its t test and its adjustment by scipy."""

import numpy as np
import pytest
import scipy.stats

from amends.statistics.alternative import alternative_test, benjamini_yekutieli

SEED = 7
N = 60
GENERATOR = np.random.default_rng(6)
TRUE = GENERATOR.integers(1, 6, N).astype(float)
PERSONS = np.clip(TRUE + GENERATOR.integers(-1, 2, (3, N)), 1, 5)
OWN = [f"s{i}" for i in range(N)]


def test_wins_by_hand():
    # replies where the others say 3 and 3: the person says 5 (RMSE 2), the scorer 4 (1): the scorer wins;
    # equal levels: a tie counts for both; the scorer at 1 against the person at 2: the person wins
    persons = np.array([[5.0, 3.0, 2.0], [3.0, 3.0, 3.0], [3.0, 3.0, 3.0]])
    scored = np.array([4.0, 3.0, 1.0])
    found = alternative_test(np.tile(persons, 20), np.tile(scored, 20), [f"s{i}" for i in range(60)], SEED)
    assert found.persons[0].advantage.value == pytest.approx(2 / 3)
    assert found.persons[0].person.value == pytest.approx(2 / 3)


def test_p_is_student_s_where_every_reply_is_its_own_scenario():
    scored = np.clip(TRUE + np.random.default_rng(8).integers(-1, 2, N), 1, 5)
    found = alternative_test(PERSONS, scored, OWN, SEED, epsilon=0.2)
    raw = []
    for j in range(3):
        others = np.delete(PERSONS, j, axis=0)
        scorer, person = (-np.sqrt(((x - others) ** 2).mean(axis=0)) for x in (scored, PERSONS[j]))
        d = (person >= scorer).astype(float) - (scorer >= person).astype(float)
        raw.append(scipy.stats.ttest_1samp(d, 0.2, alternative="less").pvalue)
    expected = scipy.stats.false_discovery_control(raw, method="by")
    assert [one.p for one in found.persons] == pytest.approx(list(expected))


def test_gold_may_stand_in_and_noise_may_not():
    good = alternative_test(PERSONS, TRUE, OWN, SEED)
    assert good.passed
    assert good.winning_rate == 1.0
    assert good.advantage.low > 0.5
    bad = alternative_test(PERSONS, 6 - TRUE, OWN, SEED)
    assert not bad.passed
    assert bad.winning_rate == 0.0


def test_replies_to_one_scenario_are_not_counted_as_many():
    # the same 20 replies three times over are no more evidence than 20: clusters must widen p
    persons, scored = np.repeat(PERSONS[:, :20], 3, axis=1), np.repeat(TRUE[:20] + 0.4, 3)
    apart = alternative_test(persons, scored, [f"s{i}" for i in range(60)], SEED)
    together = alternative_test(persons, scored, [f"s{i // 3}" for i in range(60)], SEED)
    assert all(t.p >= a.p for t, a in zip(together.persons, apart.persons, strict=True))
    assert any(t.p > a.p for t, a in zip(together.persons, apart.persons, strict=True))


@pytest.mark.parametrize("p", [[0.01], [0.01, 0.02, 0.9], [0.5, 0.5], [0.001, 0.04, 0.03, 0.2]])
def test_benjamini_yekutieli_is_that_of_scipy(p):
    assert benjamini_yekutieli(p) == pytest.approx(list(scipy.stats.false_discovery_control(p, method="by")))


@pytest.mark.parametrize(("persons", "n"), [(2, 60), (3, 49)])
def test_too_few_are_refused(persons, n):
    with pytest.raises(ValueError, match="3 persons on 50"):
        alternative_test(np.ones((persons, n)), np.ones(n), list(range(n)), SEED)
