"""Scored items against gold."""

from dataclasses import replace

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.scorercard.cases import Told, annotation, exchange, text

from amends.records import DIMENSIONS, Context
from amends.scorercard.items import against_gold, column, gold_kind, items_of, of_scorer, scored_by, without_context
from amends.scorercard.sections import MEASURES
from amends.scorercard.slices import context_cost, slices

SEED = 7


def made(rows, seed_author="claude", **context):
    """Items from (reply id, gold levels, the scorer's levels)."""
    exchanges = [exchange(key, text(told), [annotation(key, gold)], seed_author, **context) for key, gold, told in rows]
    return items_of(exchanges, scored_by(Told(), exchanges), {}, "model")


def spread(shift=0.0):
    """Twelve scenarios of two replies, gold 1..5."""
    levels = [(1 + s % 5, 1 + (s + 2) % 5) for s in range(12)]
    return [
        (f"s{s}.r{r}", [level] * 3, [min(5.0, level + shift)] * 3)
        for s, pair in enumerate(levels)
        for r, level in enumerate(pair)
    ]


def test_a_scorer_that_says_what_gold_says_is_perfect():
    found, pairs = against_gold(made(spread()), SEED)
    assert pairs == "within scenarios"
    for d in DIMENSIONS:
        assert tuple(found[d]) == MEASURES
        values = {m: e.value for m, e in found[d].items()}
        assert values == pytest.approx(
            {"spearman": 1, "pairs": 1, "ordered": 1, "kappa": 1, "error": 0, "auc": 1, "upper": 1}
        )
        assert found[d]["spearman"].n == 24
        assert found[d]["upper"].n == sum(gold[0] >= 3 for _, gold, _ in spread())


def test_every_number_by_a_second_program():
    generator = np.random.default_rng(3)
    rows = [(k, g, [float(np.clip(g[0] + generator.integers(-2, 3), 1, 5))] * 3) for k, g, _ in spread()]
    found = against_gold(made(rows), SEED)[0]["empathy"]
    gold, told = (np.array([row[i][0] for row in rows], dtype=float) for i in (1, 2))
    assert found["spearman"].value == pytest.approx(scipy.stats.spearmanr(gold, told).statistic)
    assert found["error"].value == pytest.approx(np.abs(gold - told).mean())
    low, rest = told[gold < 2.5], told[gold >= 2.5]
    auc = scipy.stats.mannwhitneyu(rest, low).statistic / (len(low) * len(rest))
    assert found["auc"].value == pytest.approx(auc)
    high = gold >= 3
    assert found["upper"].value == pytest.approx(scipy.stats.spearmanr(gold[high], told[high]).statistic)


@pytest.mark.parametrize(
    ("rows", "measure", "note"),
    [
        pytest.param([("s.r1", [3, 3, 3], [None, 3, 3])], "error", "no reply has both gold and a level", id="null"),
        pytest.param([("s.r1", [3, 3, 3], [3, 3, 3])], "spearman", "fewer than three", id="one reply"),
        pytest.param([("s.r1", [3, 3, 3], [3, 3, 3])], "auc", "only breaches, or none", id="no breach"),
        pytest.param([("s.r1", [2, 3, 3], [3, 3, 3])], "upper", "no gold level of 3 or more", id="no upper"),
        pytest.param([("s.r1", [2, 3, 3], [3, 3, 3])], "pairs", "there is no pair", id="no pair"),
        pytest.param([("s.r1", [3, 3, 3], [3, 3, 3])], "kappa", "one and the same level", id="kappa of one"),
    ],
)
def test_what_cannot_be_computed_says_why(rows, measure, note):
    estimate = against_gold(made(rows), SEED)[0]["empathy"][measure]
    assert estimate.value is None
    assert note in estimate.note


def test_a_missing_level_is_left_out_of_its_dimension_alone():
    rows = spread()
    rows[0] = (rows[0][0], rows[0][1], [None, 3, 3])
    found = against_gold(made(rows), SEED)[0]
    assert [found[d]["error"].n for d in DIMENSIONS] == [23, 24, 24]
    assert found["empathy"]["error"].value == 0


@settings(max_examples=10)
@given(st.permutations(range(24)))
def test_the_order_of_the_replies_does_not_matter(order):
    items = made(spread(0.5))
    first = against_gold(items, SEED)[0]["empathy"]
    second = against_gold([items[i] for i in order], SEED)[0]["empathy"]
    for measure in MEASURES:
        a, b = first[measure], second[measure]
        assert (a.value, a.n) == (pytest.approx(b.value, abs=1e-12), b.n)
        if a.low is not None:
            assert (a.low, a.high) == pytest.approx((b.low, b.high), abs=1e-9)


@pytest.mark.parametrize(
    ("people", "models", "kind"),
    [(1, 0, "person"), (0, 1, "model"), (1, 1, "person"), (5, 5, "person"), (2, 3, "model"), (2, 2298, "model")],
)
def test_a_handful_of_people_s_labels_is_not_what_a_set_is_measured_on(people, models, kind):
    given = [("person", i) for i in range(people)] + [("model", i) for i in range(models)]
    some = [exchange(f"{k}{i}.r1", text([3, 3, 3]), [annotation(f"{k}{i}.r1", [3, 3, 3], kind=k)]) for k, i in given]
    bare = [exchange(f"bare{i}.r1", text([3, 3, 3])) for i in range(9)]
    assert gold_kind([*some, *bare]) == kind, "replies without gold are in no share"


def test_people_s_gold_counts_alone_where_it_is_enough():
    person = exchange("a.r1", text([3, 3, 3]), [annotation("a.r1", [5, 5, 5], kind="person", name="Ada")])
    model = exchange("b.r1", text([3, 3, 3]), [annotation("b.r1", [1, 1, 1])])
    assert gold_kind([model]) == "model"
    assert gold_kind([model, person]) == "person"
    assert gold_kind([]) is None
    items = items_of([person, model], scored_by(Told(), [person, model]), {}, "person")
    assert [item.gold is not None for item in items] == [True, False]
    assert column(items, "empathy", of_scorer("empathy")).gold.tolist() == [5.0]


def test_annotators_go_by_method_and_people_by_name():
    one = exchange("a.r1", text([3, 3, 3]))
    methods = [annotation("a.r1", [3, 3, 3], m) for m in ("holistic", "checklist", "adjudication")]
    people = [annotation("a.r1", [3, 3, 3], "holistic", "person", name=n) for n in ("Ada", "Bo")]
    given = {"a.r1": [*methods, *people]}
    scored = scored_by(Told(), [one])
    assert set(items_of([one], scored, given, "model")[0].annotators) == {"holistic", "checklist"}
    assert set(items_of([one], scored, given, "person")[0].annotators) == {"Ada", "Bo"}


def test_a_scorer_sees_neither_gold_nor_ids_nor_author():
    told = Told()
    one = exchange("a.r1", text([3, 3, 3]), [annotation("a.r1", [5, 5, 5])], channel="email")
    scored_by(told, [replace(one, meta={"hint": 5})])
    (seen,) = told.seen
    assert seen == one.blinded()
    assert (seen.id, seen.gold, seen.author, seen.scenario_id, seen.split, seen.meta) == (
        "",
        None,
        None,
        None,
        None,
        {},
    )


def test_slices_by_hand():
    rows = [(f"s{s}.r{r}", [3, 3, 3], [3 + r] * 3) for s in range(6) for r in (0, 1)]
    items = [
        replace(i, exchange=replace(i.exchange, context=Context(channel="email" if n < 4 else "chat", domain="d")))
        for n, i in enumerate(made(rows))
    ]
    plan = {f"s{s}.r{r}": ("planned", "ordinary")[r] for s in range(6) for r in (0, 1)}
    found = {(s.by, s.value): s.dimensions["empathy"]["error"] for s in slices(items, frozenset("x"), plan, SEED)}
    assert {key: e.n for key, e in found.items()} == {
        ("domain", "unseen"): 12, ("channel", "chat"): 8, ("channel", "email"): 4, ("length", "short"): 4,
        ("length", "middle"): 4, ("length", "long"): 4, ("writing", "planned"): 6, ("writing", "ordinary"): 6,
    }  # fmt: skip
    assert (found["writing", "planned"].value, found["writing", "ordinary"].value) == (0.0, 1.0)


def test_unknown_domains_and_files_that_are_absent_make_no_slice():
    found = slices(made(spread()), None, None, SEED)
    assert {s.by for s in found} == {"length"}


class NeedsFault:
    """Knows the level only where it is told whose fault it is."""

    name, version = "needs-fault", 1

    def annotate(self, exchanges):
        return [
            replace(a, levels=a.levels if e.context.fault else dict.fromkeys(DIMENSIONS, 3.0))
            for e, a in zip(exchanges, Told().annotate(exchanges), strict=True)
        ]


def test_what_missing_context_costs():
    rows = spread()
    exchanges = [exchange(k, text(told), [annotation(k, gold)], fault="company") for k, gold, told in rows]
    items = items_of(exchanges, scored_by(NeedsFault(), exchanges), {}, "model")
    blank = scored_by(NeedsFault(), without_context(exchanges))
    found = context_cost(items, blank, SEED)
    cost = found.difference["empathy"]
    # with context the levels are gold's; without it 3 throughout: the error is the mean distance of gold from 3
    assert cost["error"].value == pytest.approx(-np.mean([abs(gold[0] - 3) for _, gold, _ in rows]))
    assert cost["kappa"].value == pytest.approx(1.0)
    assert (cost["spearman"].value, "single level" in cost["spearman"].note) == (None, True)
    assert context_cost(made(rows), blank, SEED).why == "not applicable: no reply has any context field"
