"""A Result from columns is the Result from rows, number for number; ids, keys and clusters hold what they say."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.records import DIMENSIONS, Annotation, Annotator, Behaviour, Context, Exchange, Turn
from amends.results import About, cluster_of, row_of, summarise
from amends.rubric.definitions import behaviours, flag_codes
from amends.runs.estimates import DRAWN_SINGLY, _Kinds, codes_of, mean_of, numbered, share_of
from amends.runs.seen import Seen, keys_of
from amends.runs.tally import Tally
from amends.signature import SEED, digest
from amends.statistics.clusters import bounded, mean_estimate, share_estimate
from amends.statistics.resampling import studentised

SCORER = {"name": "s", "version": 1, "weights": None}
WHO = Annotator("scorer", "program", "s", "1")

spans = st.builds(
    lambda code, start, strength: Behaviour(code, start, start + 1, "x", strength),
    st.sampled_from([*behaviours(), "Z9"]),
    st.integers(0, 9),
    st.sampled_from([0.3, 1.0]),
)
level = st.none() | st.sampled_from([1.0, 2.49, 2.5, 3.5, 3.999, 4.37, 5.0])
judgements = st.tuples(
    st.lists(level, min_size=3, max_size=3),
    st.lists(spans, max_size=4),
    st.lists(st.sampled_from(flag_codes()), max_size=2, unique=True),
    st.sampled_from([None, "en", "de", "xx"]),
    st.sampled_from([None, "", "talk", "other"]),
)


def pairs(drawn: list[Any]) -> list[tuple[Exchange, Annotation]]:
    made = []
    for number, (levels, shown, flags, language, talk) in enumerate(drawn):
        meta = {} if talk is None else {"conversation": talk}
        exchange = Exchange(f"e{number}", (Turn("customer", "Hm."),), "x", Context(language=language), meta=meta)
        scores = dict(zip(DIMENSIONS, levels, strict=True))
        made.append((exchange, Annotation(exchange.id, None, WHO, scores, tuple(shown), tuple(flags))))
    return made


@given(st.lists(judgements, min_size=1, max_size=40))
@settings(max_examples=40, deadline=None)
def test_a_result_from_columns_is_the_result_from_rows(drawn: list[Any]) -> None:
    made = pairs(drawn)
    tally = Tally(SEED)
    for pair in made:
        tally.add(*pair)
    rows = [row_of(a, cluster_of(None, e.meta, e.id), e.context.language) for e, a in made]
    generator = {"kind": "file", "name": "f", "version": None}
    about = About(generator, "f", digest(e.to_dict() for e, _ in made), SCORER, SEED)
    found = tally.result("f", "every", SCORER)
    assert found is not None
    assert found.to_dict() == summarise(rows, about).to_dict()
    assert list(found.counts["not_scored"]) == list(summarise(rows, about).counts["not_scored"])


@pytest.mark.parametrize(
    ("clusters", "why"),
    [
        (lambda n: n, "each alone"),
        (lambda n: n // 3, "three together"),
        (lambda n: (n * 7919) % 101, "large ones, mixed up"),
        (lambda n: 0, "one cluster has no interval"),
    ],
)
def test_estimates_are_those_of_the_statistics_room_to_the_bit(clusters: Any, why: str) -> None:
    draw = np.random.default_rng(5)
    values = np.round(draw.uniform(1, 5, 1500), 2)
    hits = draw.uniform(size=1500) < 0.1
    names = [str(clusters(n)) for n in range(1500)]
    codes = codes_of(keys_of(names))
    assert mean_of(values, codes, (1.0, 5.0), 3) == mean_estimate(values.tolist(), names, (1.0, 5.0), 3), why
    assert share_of(hits, codes) == share_estimate(hits.tolist(), names), why
    flat = np.full(1500, 4.0)
    assert mean_of(flat, codes, (1.0, 5.0), 3) == mean_estimate(flat.tolist(), names, (1.0, 5.0), 3), "no spread"


def test_nothing_judged_is_said() -> None:
    nothing = np.zeros(0)
    assert mean_of(nothing, nothing.astype(np.intp), (1, 5), 1) == mean_estimate([], [], (1, 5), 1)
    assert share_of(nothing.astype(bool), nothing.astype(np.intp)) == share_estimate([], [])


def test_kinds_of_clusters_are_resampled_as_the_clusters_are() -> None:
    """Same distribution, other draws: quantiles of 10,000 resamples agree within their Monte Carlo error.

    The error of a quantile of probability 0.025 from 10,000 draws of about N(0, 1) is sqrt(0.025 * 0.975 / 10,000) /
    phi(1.96) = 0.027; of the difference of two 0.038; four of those are 0.15.
    """
    draw = np.random.default_rng(8)
    sizes = draw.integers(1, 4, 600).astype(float)
    sums = np.round(sizes * draw.choice([1.0, 2.0, 4.5], 600), 2)
    order = np.lexsort((sums, sizes))
    sums, sizes = sums[order], sizes[order]
    kinds = _Kinds(sums, sizes)
    ours, flat = kinds.studentised(1)
    theirs, _ = studentised(sums[:, None], sizes[:, None], 1)
    assert flat == 0.0
    for p in (0.025, 0.5, 0.975):
        assert np.quantile(ours, p) == pytest.approx(np.quantile(theirs[:, 0], p), abs=0.15)
    assert ours.std() == pytest.approx(theirs[:, 0].std(), rel=0.05)
    for mine, other in zip(kinds.bounded((1, 5), 1), bounded(sums, sizes, (1, 5), 1), strict=True):
        assert mine == pytest.approx(other, abs=0.02)


def test_a_mean_over_very_many_clusters_has_the_interval_of_the_normal_law() -> None:
    """At 40,000 clusters of one reply the bootstrap-t is 1.96 standard errors within its Monte Carlo error (2%)."""
    draw = np.random.default_rng(2)
    values = np.round(draw.uniform(1, 5, 2 * DRAWN_SINGLY), 2)
    found = mean_of(values, np.arange(len(values)), (1.0, 5.0), 1)
    half = 1.96 * values.std() / math.sqrt(len(values))
    assert found.low is not None
    assert found.high is not None
    assert found.value is not None
    assert found.value - found.low == pytest.approx(half, rel=0.06)
    assert found.high - found.value == pytest.approx(half, rel=0.06)
    flat = mean_of(np.full(2 * DRAWN_SINGLY, 3.0), np.arange(len(values)), (1.0, 5.0), 1)
    # the share of one added cluster among G: no further from 3 than 2 * -ln(0.025) / G
    assert flat.low == pytest.approx(3 - 2 * 3.69 / (2 * DRAWN_SINGLY), abs=3e-5)


@given(st.lists(st.sampled_from("abcdefgh"), max_size=30))
def test_clusters_are_numbered_as_they_come(names: list[str]) -> None:
    index: dict[str, int] = {}
    wanted = [index.setdefault(name, len(index)) for name in names]
    codes = codes_of(keys_of(names))
    assert codes.tolist() == wanted
    assert numbered(codes[3:]).tolist() == codes_of(keys_of(names[3:])).tolist()


@given(st.lists(st.lists(st.text(max_size=2), max_size=12), max_size=12))
def test_the_first_line_of_an_id_is_kept(blocks: list[list[str]]) -> None:
    seen, known, line = Seen(), {}, 0
    for names in blocks:
        lines = np.arange(line + 1, line + 1 + len(names), dtype=np.int64)
        line += len(names)
        wanted = [known.setdefault(name, number) for name, number in zip(names, lines.tolist(), strict=True)]
        assert seen.first(keys_of(names), lines).tolist() == wanted
