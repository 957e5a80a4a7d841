"""Pairs in the audit: cues, agreement of blind annotators, what splits share; by hand arithmetic."""

from __future__ import annotations

from typing import Any

import pytest

from amends.audit.pairs import cues, far_apart, judged, orders, shared
from amends.records import DIMENSIONS, Json

TURNS = [{"role": "customer", "text": "The red boat sank on Monday."}]


def contrast(name: str, better: str = "a b", worse: str = "a b", **more: Any) -> Json:
    turns = more.pop("turns", [{"role": "customer", "text": f"{name} sank."}])
    return {"id": name, "split": "test", "behaviour": "E1", "dimension": "empathy", "kind": "trap", "turns": turns,
            "better": better, "worse": worse,
            "expects": {"empathy": 1, "depersonalization": 0, "excuse_avoidance": 0}} | more  # fmt: skip


@pytest.mark.parametrize(
    ("cue", "better", "worse", "share"),
    [
        pytest.param("words", "a b c", "a b", 1.0, id="longer"),
        pytest.param("words", "a b", "a b c", 0.0, id="shorter"),
        pytest.param("words", "a b", "c d", 0.5, id="a tie is half"),
        pytest.param("words", "a <!-- b c d -->", "a b", 0.0, id="only what the customer sees counts"),
        pytest.param("characters, as stored", "a  b", "a b", 1.0, id="characters as they are stored"),
        pytest.param("line breaks", "a\nb", "a b", 1.0, id="line breaks"),
        pytest.param("digits", "order 12", "order 1", 1.0, id="digits one by one"),
        pytest.param("question marks", "why??", "why?", 1.0, id="question marks"),
        pytest.param("exclamation marks", "so", "so!", 0.0, id="exclamation marks"),
        pytest.param('"sorry"', "Sorry, sorry", "sorry", 1.0, id="sorry, in any case"),
        pytest.param("overlap with the customer", "red boat x", "red y x", 1.0, id="2/3 of the words against 1/3"),
        pytest.param("overlap with the customer", "red red x y", "red x y", 0.5, id="distinct words, 1/3 and 1/3"),
    ],
)
def test_a_cue(cue: str, better: str, worse: str, share: float) -> None:
    assert cues([contrast("c", better, worse, turns=TURNS)], "contrast", 1)[cue].value == share


def test_lengths_more_than_fifteen_percent_apart_are_named() -> None:
    records = [
        contrast("even", "w " * 100, "w " * 115),
        contrast("over", "w " * 100, "w " * 116),
        contrast("under", "w " * 116, "w " * 100),
    ]
    assert far_apart(records) == ["over", "under"]


def test_what_train_shares_with_the_rest_is_named() -> None:
    records = [
        contrast("a", split="train", meta={"writer": "w1"}, turns=TURNS),
        contrast("b", split="test", meta={"writer": "w1"}, turns=TURNS),
        contrast("c", split="test", meta={"writer": "w2"}),
    ]
    writers, turns = shared(records)
    assert writers == ["w1"]
    assert len(turns) == 1


def judgement(name: str, first: tuple[Any, ...], second: tuple[Any, ...], **more: Any) -> Json:
    def side(levels: tuple[Any, ...], only: list[str]) -> Json:
        return {"levels": dict(zip(DIMENSIONS, levels, strict=True)), "only": only}

    who = {"role": "annotator", "kind": "model", "name": name, "version": "1", "method": more.get("method", "pairs")}
    return {"id": f"c.{name}", "pair_id": "c", "annotator": who, "first": side(first, more.get("first_only", ["E1"])),
            "second": side(second, more.get("second_only", []))}  # fmt: skip


def test_orders_are_signs_and_no_level_stands_below_every_level() -> None:
    assert orders(judgement("a", (4, 3, None), (2, 3, 3))) == (1, 0, -1)
    assert orders(judgement("a", (1, 3, None), (2, 2, None))) == (-1, 1, 0)


def test_a_level_on_one_side_alone_is_no_success() -> None:
    gaming = {"id": "c", "trick": "x", "dimensions": list(DIMENSIONS), "turns": TURNS, "honest": "a", "gamed": "b"}
    lost = [judgement(n, (None, None, None), (5, 5, 5)) for n in "ab"]
    won = [judgement(n, (1, 1, 1), (None, None, None)) for n in "ab"]
    still = {"id": "c", "change": "x", "turns": TURNS, "reply": "a", "variant": "b"}
    assert judged([gaming], "gaming", {"c": lost}).intended.value == 0.0
    assert judged([gaming], "gaming", {"c": won}).intended.value == 1.0
    assert judged([still], "invariance", {"c": won}).intended.value == 0.0


def test_one_annotator_twice_is_not_two() -> None:
    twice = [judgement("a", (4, 3, 3), (2, 3, 3)), judgement("a", (4, 3, 3), (2, 3, 3))]
    assert judged([contrast("c")], "contrast", {"c": twice}).agreed.n == 0


def test_another_difference_is_counted() -> None:
    two = [judgement("a", (4, 3, 3), (2, 3, 3)), judgement("b", (4, 3, 3), (2, 3, 3), second_only=["X8"])]
    found = judged([contrast("c")], "contrast", {"c": two})
    assert (found.named.value, found.alone.value) == (1.0, 0.0)


def test_a_lean_towards_the_text_that_stood_first() -> None:
    a = judgement("a", (4, 3, 3), (2, 3, 3)) | {"shown_first": "first"}
    b = judgement("b", (4, 3, 3), (2, 3, 3)) | {"shown_first": "second"}
    tied = judgement("z", (3, 3, 3), (3, 3, 3)) | {"shown_first": "first"}
    found = judged([contrast("c")], "contrast", {"c": [a, b, tied]})
    assert (found.first.value, found.first.n) == (0.5, 2)


def row(*values: float | None) -> dict[str, float | None]:
    return dict(zip(("agreed", "intended", "named"), values, strict=True))


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        pytest.param(
            [judgement("a", (4, 3, 3), (2, 3, 3)), judgement("b", (5, 3, 3), (4, 3, 3))], row(1, 1, 1), id="all agree"
        ),
        pytest.param(
            [judgement("a", (4, 3, 3), (2, 3, 3)), judgement("b", (4, 3, 3), (4, 3, 3))],
            row(0, 0, 1),
            id="one sees no difference",
        ),
        pytest.param(
            [judgement("a", (4, 4, 3), (2, 3, 3)), judgement("b", (4, 4, 3), (2, 3, 3))],
            row(1, 0, 1),
            id="both see a second dimension move: agreed, and not what the pair is meant to show",
        ),
        pytest.param(
            [judgement("a", (4, 3, 3), (2, 3, 3)), judgement("b", (4, 3, 3), (2, 3, 3), first_only=[])],
            row(1, 1, 0),
            id="one does not name the behaviour",
        ),
        pytest.param(
            [judgement("a", (4, 3, 3), (2, 3, 3)), judgement("b", (4, 3, 3), (2, 3, 3), second_only=["E1"])],
            row(1, 1, 0),
            id="one names it on both sides",
        ),
        pytest.param([judgement("a", (4, 3, 3), (2, 3, 3))], row(None, None, None), id="one annotator is no agreement"),
        pytest.param(
            [judgement("a", (4, 3, 3), (2, 3, 3)), judgement("z", (1, 1, 1), (5, 5, 5), method="adjudication")],
            row(None, None, None),
            id="who adjudicates knows that others disagreed",
        ),
    ],
)
def test_judged(made: list[Json], expected: dict[str, float | None]) -> None:
    found = judged([contrast("c")], "contrast", {"c": made})
    assert {name: getattr(found, name).value for name in expected} == expected


def test_gaming_wins_where_named_and_invariance_stands_still() -> None:
    two = [judgement("a", (4, 2, 3), (2, 3, 3)), judgement("b", (3, 2, 3), (1, 3, 3))]
    gaming = {"id": "c", "trick": "x", "dimensions": ["empathy"], "turns": TURNS, "honest": "a", "gamed": "b"}
    assert judged([gaming], "gaming", {"c": two}).intended.value == 1.0
    both = gaming | {"dimensions": ["empathy", "depersonalization"]}
    assert judged([both], "gaming", {"c": two}).intended.value == 0.0
    still = {"id": "c", "change": "x", "turns": TURNS, "reply": "a", "variant": "b"}
    assert judged([still], "invariance", {"c": two}).intended.value == 0.0
    same = [judgement(n, (4, 2, 3), (4, 2, 3)) for n in "ab"]
    assert judged([still], "invariance", {"c": same}).intended.value == 1.0
    assert judged([still], "invariance", {"c": same}).named.n == 0
