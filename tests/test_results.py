"""A Result from rows: what counts, what is left out and named, and that failing on purpose does not pay."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.records import DIMENSIONS, Annotation, Annotator, Behaviour
from amends.results import BREACH_BELOW, FULL_FROM, About, Result, Row, missing_row, row_of, summarise
from amends.rubric.definitions import behaviours, flag_codes, version
from amends.signature import KEYS, parse
from amends.statistics.clusters import METHODS
from amends.statistics.estimate import Estimate

ABOUT = About(
    {"kind": "program", "name": "probe", "version": "1"},
    "data:test",
    "0123456789ab",
    {"name": "rules", "version": 1, "weights": None},
    12345,
)
SCORER = Annotator("scorer", "program", "rules", "1")
NULLS: dict[str, float | None] = dict.fromkeys(DIMENSIONS)
EMPATHY = DIMENSIONS[0]


def judged(cluster: str, *levels: float | None, flags: tuple[str, ...] = (), codes: str = "") -> Row:
    """A row with one level for all dimensions, or one each."""
    each = levels if len(levels) == 3 else levels * 3
    shown = tuple(Behaviour(code, 10 * i, 10 * i + 1, "x") for i, code in enumerate(codes.split()))
    return Row(cluster, dict(zip(DIMENSIONS, each, strict=True)), shown, flags, given=True)


def annotation(flags: tuple[str, ...], level: float | None) -> Annotation:
    return Annotation("r", "s", SCORER, dict.fromkeys(DIMENSIONS, level), (), flags)


# --- which kind of missing ----------------------------------------------------------------------------------------

# flags, level, language of the scenario; is it a reply, is it left out; why
KINDS = [
    ((), 3, "en", True, False, "a reply that was judged"),
    (("empty",), None, "en", False, False, "nothing visible: no reply"),
    (("not_a_reply",), None, "en", False, False, "no reply"),
    (("empty",), None, None, False, False, "no reply, whatever the language"),
    (("not_a_reply",), None, "de", False, False, "no reply, whatever the language"),
    (("unsupported_language",), None, "en", False, False, "another language where ours is asked for: no reply"),
    (("unsupported_language",), None, "en-GB", False, False, "a region changes nothing"),
    (("unsupported_language",), None, "de", True, True, "the scenario is not in our language: could not be judged"),
    (("unsupported_language",), None, None, True, True, "the scenario's language is unknown: could not be judged"),
    (("refused_by_judge",), None, "en", True, True, "the judge refused: could not be judged"),
    ((), None, "en", True, True, "a null level without a flag: could not be judged"),
    (("off_topic",), 3, "en", True, False, "keeps its levels"),
    (("not_upset",), 3, "en", True, False, "keeps its levels"),
    (("unauthorised",), 3, "en", True, False, "keeps its levels"),
    (("truncated",), 2, "en", True, False, "keeps its levels"),
    (("truncated", "empty"), None, "en", False, False, "one flag of no reply is enough"),
]


@pytest.mark.parametrize(("flags", "level", "language", "is_reply", "left_out", "why"), KINDS)
def test_kinds_of_missing(
    flags: tuple[str, ...], level: float | None, language: str | None, is_reply: bool, left_out: bool, why: str
) -> None:
    row = row_of(annotation(flags, level), "s", language)
    assert row.given is is_reply, why
    result = summarise([judged("s", 4), row], ABOUT)
    for dimension in result.dimensions.values():
        assert dimension.not_scored == left_out, why
        assert dimension.breach.n == dimension.full.n == 2 - left_out, why
        assert dimension.mean.n == 2 - left_out - (not is_reply), why
    assert result.counts["no_reply"] == (not is_reply)
    assert result.counts["judged"] == 2 - left_out - (not is_reply)
    assert sum(result.counts["not_scored"].values()) == left_out


def test_the_table_covers_every_flag() -> None:
    assert {flag for flags, *_ in KINDS for flag in flags} == set(flag_codes())


def test_a_reply_that_never_came_is_a_breach_on_every_dimension() -> None:
    rows = [judged(str(i), 4) for i in range(6)] + [missing_row("6"), missing_row("7")]
    result = summarise(rows, ABOUT)
    for dimension in result.dimensions.values():
        assert dimension.breach.value == 2 / 8
        assert dimension.full.value == 6 / 8
        assert dimension.mean.value == 4.0, "a missing reply is no 0 and no 1 in the mean"
        # (6 * 4 + 2 * 1) / 8 and (6 * 4 + 2 * 5) / 8
        assert dimension.bounds == (3.25, 4.25)
        assert (dimension.breach.clusters, dimension.mean.clusters) == (8, 6)
    assert parse(result.signature)["missing"] == "2"


def test_without_a_missing_reply_there_are_no_bounds() -> None:
    result = summarise([judged("a", 4), judged("b", None)], ABOUT)
    assert all(d.bounds is None for d in result.dimensions.values())


def test_with_nothing_but_missing_replies_the_mean_is_unknown_between_its_bounds() -> None:
    result = summarise([missing_row(str(i)) for i in range(6)], ABOUT)
    for dimension in result.dimensions.values():
        assert (dimension.breach.value, dimension.full.value, dimension.mean.value) == (1.0, 0.0, None)
        assert dimension.bounds == (1.0, 5.0)
        assert dimension.mean.note == "no reply was judged"
        assert not any(dimension.levels.values())


def test_no_rows_at_all() -> None:
    result = summarise([], ABOUT)
    assert result.counts == {"replies": 0, "clusters": 0, "judged": 0, "no_reply": 0, "not_scored": {}}
    assert all(e.value is None and e.n == 0 for _, e in estimates(result))


def test_what_could_not_be_judged_is_counted_by_reason_and_left_out() -> None:
    rows = [
        judged("a", 1),
        judged("b", 5),
        judged("c", None, flags=("refused_by_judge",)),
        judged("d", None, flags=("unsupported_language",)),
        judged("e", None),
        judged("f", 4, None, 2),
    ]
    result = summarise(rows, ABOUT)
    assert result.counts["not_scored"] == {"refused_by_judge": 1, "unsupported_language": 1, "null_level": 2}
    assert [d.not_scored for d in result.dimensions.values()] == [3, 4, 3]
    assert [d.mean.n for d in result.dimensions.values()] == [3, 2, 3], "null on one dimension, judged on the others"
    assert [d.mean.value for d in result.dimensions.values()] == [10 / 3, 3.0, 8 / 3]
    assert result.counts["judged"] == 2, "judged in full"
    assert result.flags == {"unsupported_language": 1, "refused_by_judge": 1}


def test_behaviours_and_steps_rest_on_what_was_read() -> None:
    """A reply that nobody judged shows no behaviour, and that is unknown, not 0."""
    rows = [
        judged("a", 4, codes="E1 D3 E3"),
        judged("b", 2),
        judged("c", None, flags=("refused_by_judge",)),
        judged("d", None, 3, None, codes="E1"),
        missing_row("e"),
    ]
    result = summarise(rows, ABOUT)
    assert {e.n for e in result.behaviours.values()} == {3}
    assert result.behaviours["E1"].value == pytest.approx(200 / 3)
    assert result.behaviours["X8"].value == 0.0
    assert {number: e.value for number, e in result.steps.shares.items() if e.value} == {
        "1": pytest.approx(2 / 3),
        "4": pytest.approx(1 / 3),
        "6": pytest.approx(1 / 3),
    }
    assert (result.steps.mean_steps.value, result.steps.mean_steps.n) == (pytest.approx(4 / 3), 3)
    assert (result.steps.in_order.value, result.steps.in_order.n) == (1.0, 1), "of replies with two steps or more"


def test_off_topic_and_the_like_keep_their_levels() -> None:
    flags = ("off_topic", "not_upset", "unauthorised", "truncated")
    rows = [judged(flag, 3, flags=(flag,)) for flag in flags] + [judged("x", 3)]
    result = summarise(rows, ABOUT)
    assert all(d.mean.n == 5 and d.mean.value == 3.0 and not d.not_scored for d in result.dimensions.values())
    assert result.flags == dict.fromkeys(flags, 1)


@pytest.mark.parametrize(
    ("level", "counted_as", "breach", "full", "why"),
    [
        (1.0, "1", 1, 0, "the low end"),
        (2.49, "2", 1, 0, "under 2.5 is a breach"),
        (BREACH_BELOW, "3", 0, 0, "2.5 is none"),
        (3.49, "3", 0, 0, "under 3.5 is not full"),
        (FULL_FROM, "4", 0, 1, "3.5 is full"),
        (4.5, "5", 0, 1, "half rounds up"),
        (5.0, "5", 0, 1, "the high end"),
    ],
)
def test_borders_of_breach_and_full(level: float, counted_as: str, breach: int, full: int, why: str) -> None:
    one = summarise([judged("a", level)], ABOUT).dimensions[EMPATHY]
    assert dict(one.levels) == {n: int(n == counted_as) for n in "12345"}, why
    assert (one.breach.value, one.full.value) == (breach, full), why


# --- failing on purpose -------------------------------------------------------------------------------------------


FAILURES = [
    missing_row("?"),
    row_of(annotation(("empty",), None), "?", "en"),
    row_of(annotation(("not_a_reply",), None), "?", None),
    row_of(annotation(("unsupported_language",), None), "?", "en"),
]
rows_of_a_run = st.lists(
    st.one_of(
        st.builds(judged, st.sampled_from("abcdefgh"), st.integers(100, 500).map(lambda v: v / 100)),
        st.builds(judged, st.sampled_from("abcdefgh"), st.none()),
        st.builds(missing_row, st.sampled_from("abcdefgh")),
    ),
    min_size=1,
    max_size=14,
)


@settings(derandomize=True, deadline=None, max_examples=25)
@given(rows_of_a_run, st.sampled_from(FAILURES), st.data())
def test_failing_on_purpose_does_not_pay(rows: list[Row], failed: Row, data: st.DataObject) -> None:
    """A reply, whatever it was worth, replaced by a failed one: no share gets better, nor the mean's lower bound."""
    at = data.draw(st.integers(0, len(rows) - 1))
    worse = [*rows[:at], dataclasses.replace(failed, cluster=rows[at].cluster), *rows[at + 1 :]]
    before, after = summarise(rows, ABOUT), summarise(worse, ABOUT)
    for name in DIMENSIONS:
        one, other = before.dimensions[name], after.dimensions[name]
        assert other.breach.value is not None
        assert other.full.value is not None
        if one.breach.value is not None and one.full.value is not None:
            assert other.breach.value >= one.breach.value - 1e-12
            assert other.full.value <= one.full.value + 1e-12
        if rows[at].levels[name] is not None:
            assert other.bounds is not None
            lowest = one.bounds[0] if one.bounds else one.mean.value
            assert lowest is not None
            assert other.bounds[0] <= lowest + 1e-12
    assert after.counts["no_reply"] >= before.counts["no_reply"]


# --- form ---------------------------------------------------------------------------------------------------------


def a_result() -> Result:
    codes = ["E1 E2 D3 E3", "E8 X8", "D1 D3 D4 X1 X3", "E7 D6", "", "X3 E1"]
    rows = [judged(str(i % 6), 1 + i % 5, codes=codes[i % 6]) for i in range(18)]
    return summarise([*rows, missing_row("0"), judged("1", None, flags=("refused_by_judge",))], ABOUT)


def estimates(result: Result) -> Iterator[tuple[str, Estimate]]:
    for name, one in result.dimensions.items():
        yield from ((f"{name} {part}", getattr(one, part)) for part in ("breach", "full", "mean"))
    yield from result.behaviours.items()
    yield from result.steps.shares.items()
    yield "mean_steps", result.steps.mean_steps
    yield "in_order", result.steps.in_order


def test_every_number_has_n_clusters_and_an_interval_or_a_reason() -> None:
    found = list(estimates(a_result()))
    assert len(found) == 9 + 25 + 7 + 2
    for name, one in found:
        assert one.n > 0, name
        assert one.clusters > 0, name
        assert (one.method is None) == (one.low is None) == (one.high is None) == (one.note is not None), name
        if one.low is not None:
            assert one.low <= one.value <= one.high, name  # type: ignore[operator]


def test_shares_are_per_hundred_for_behaviours_alone() -> None:
    result = a_result()
    assert result.behaviours["D3"].value == pytest.approx(100 * result.steps.shares["4"].value)  # type: ignore[operator]
    assert result.behaviours["D3"].high == pytest.approx(100 * result.steps.shares["4"].high)  # type: ignore[operator]
    assert list(result.behaviours) == list(behaviours())
    assert list(result.steps.shares) == list("1234567")
    assert tuple(result.dimensions) == DIMENSIONS


def keys_within(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield key
            yield from keys_within(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from keys_within(inner)


def test_there_is_no_total_over_the_dimensions() -> None:
    words = ("total", "overall", "combined", "average", "score")
    found = [key for key in keys_within(a_result().to_dict()) if key not in ("scorer", "not_scored")]
    assert [key for key in found if any(word in key.lower() for word in words)] == []


@pytest.mark.parametrize("rows", [[], [missing_row("a")], [judged("a", 3)]], ids=["none", "missing", "one"])
def test_small_results_go_round(rows: list[Row]) -> None:
    result = summarise(rows, ABOUT)
    assert Result.from_dict(json.loads(json.dumps(result.to_dict()))) == result


def test_a_result_goes_round_through_json() -> None:
    result = a_result()
    assert Result.from_dict(result.to_dict()) == result
    assert Result.from_dict(json.loads(json.dumps(result.to_dict(), allow_nan=False))) == result


def test_the_signature_says_what_was_done() -> None:
    line = a_result().signature
    parts = parse(line)
    assert parts["data"] == "test@0123456789ab"
    assert (parts["n"], parts["missing"]) == ("20/6", "1")
    assert (parts["rubric"], parts["scorer"], parts["unit"]) == (version(), "rules.1", "every")
    assert (parts["ci"], parts["seed"]) == (METHODS, "12345")
    keys = [part.split(":")[0] for part in line.split("|")[1:]]
    assert len(set(keys)) == len(keys)
    assert keys == [key for key in KEYS if key in keys]
    assert keys[-1] == "v"


@pytest.mark.parametrize(
    ("change", "key", "value", "why"),
    [
        ({"seed": 0}, "seed", "0", "the seed written is the seed used"),
        ({"unit": "last"}, "unit", "last", "which replies of a conversation were judged"),
        ({"set_name": "logs.csv"}, "data", "logs.csv@0123456789ab", "a user's file by its name"),
        ({"scorer": {"name": "trained", "version": 2, "weights": "c0ffee"}}, "scorer", "trained.2@c0ffee", "weights"),
        ({"scorer": {"name": "own", "version": 1}}, "scorer", "own.1", "a scorer without weights"),
    ],
)
def test_what_a_result_is_about_stands_in_its_signature(change: dict[str, Any], key: str, value: str, why: str) -> None:
    assert parse(summarise([judged("a", 3)], dataclasses.replace(ABOUT, **change)).signature)[key] == value, why


def test_the_order_of_rows_changes_nothing_but_rounding() -> None:
    rows = [judged(str(i % 7), 1 + i * i % 5, codes="E1" if i % 3 else "X8") for i in range(30)]
    before, after = summarise(rows, ABOUT), summarise(rows[::-1], ABOUT)
    assert before.signature == after.signature
    for (name, one), (_, other) in zip(estimates(before), estimates(after), strict=True):
        assert (one.value, one.low, one.high) == pytest.approx((other.value, other.low, other.high)), name
