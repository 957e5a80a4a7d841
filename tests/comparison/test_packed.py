"""Names and levels in few bytes are the names and levels that were put in."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.comparison.conftest import side

from amends.comparison import examples, packed
from amends.comparison.packed import TOGETHER, Levels, Names, Strings
from amends.comparison.two import Asked, compare_two
from amends.comparison.units import Units
from amends.records import DIMENSIONS
from amends.runs.estimates import codes_of
from amends.runs.seen import keys_of

texts = st.text(st.characters(exclude_categories=()), max_size=8)


@settings(max_examples=50, deadline=None)
@given(st.lists(texts, max_size=20), st.integers(0, 3))
def test_strings_come_back_and_have_their_keys(some: list[str], blocks: int) -> None:
    whole = [f"n{i}" for i in range(blocks * TOGETHER // 2)] + some
    held = Strings()
    for text in whole:
        held.append(text)
    assert list(held) == whole and held[2:5] == whole[2:5]
    assert (held.keys() == keys_of(whole)).all() if whole else held.keys().shape == (0, 2)
    with pytest.raises(IndexError):
        held[len(whole)]


def test_a_long_name_needs_wider_ends() -> None:
    held = Strings()
    whole = ["x" * 300] * TOGETHER + ["y"]
    for text in whole:
        held.append(text)
    assert held[TOGETHER - 1] == whole[0] and held[TOGETHER] == "y"


def test_a_label_comes_back_as_what_it_was() -> None:
    held = Strings()
    labels = ["a", ("alone", ("f", "x'1")), 3, None]
    for label in labels:
        held.append(repr(label))
    assert [Names(held).name(i) for i in range(4)] == labels


@pytest.mark.parametrize("most", [0, 5, 4096])
def test_levels_come_back_to_the_last_bit(most: int, monkeypatch) -> None:
    """However many differ: numbered in one byte, in two, or not at all from some block on."""
    monkeypatch.setattr(packed, "_MOST_LEVELS", most)
    draw = np.random.default_rng(1)
    parts = [draw.choice([1.0, 2.5, np.nan], (40, 3)), draw.uniform(1, 5, (300, 3)), np.full((2, 3), np.nan)]
    held = Levels()
    for part in parts:
        held.add(part)
    with pytest.raises(RuntimeError):
        held.column(0)
    held.close()
    whole = np.concatenate(parts)
    for place in range(3):
        assert np.array_equal(held.column(place), whole[:, place], equal_nan=True)
    assert np.array_equal(held.row(41), whole[41])


def test_no_replies_have_no_levels() -> None:
    held = Levels()
    held.close()
    assert held.column(2).shape == (0,)
    assert len(Units.of([]).own) == 0


def test_a_reply_without_a_conversation_is_its_own_from_the_first_that_has_one_on() -> None:
    made = side("a", [1.0, 2.0, 3.0, 4.0])
    units = [type(u)(u.id, None, *[getattr(u, n) for n in u.__slots__[2:8]], talk) for u, talk in zip(
        made.units, [None, "c", "c", None], strict=True
    )]  # fmt: skip
    own = Units.of(units).own
    assert (own == keys_of([units[0].id, "c", "c", units[3].id])).all()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), min_size=1, max_size=30))
def test_keys_that_share_a_half_are_told_apart(pairs: list[tuple[int, int]]) -> None:
    """64 of 128 bits alike is all but impossible in a file, and must not join two clusters."""
    index: dict[tuple[int, int], int] = {}
    wanted = [index.setdefault(pair, len(index)) for pair in pairs]
    assert codes_of(np.array(pairs, dtype=np.uint64)).tolist() == wanted


@pytest.mark.parametrize("first", [1, 3, 1_000])
def test_examples_are_in_order_however_many_differ_alike(first: int, monkeypatch) -> None:
    """Largest first, ties by key as text; the first few are looked at before all are put in order."""
    monkeypatch.setattr(examples, "_FIRST", first)
    levels = [1.0] * 30
    a, b = side("a", levels), side("b", [5.0 if i % 2 else 4.0 for i in range(30)])
    found = compare_two(a, b, Asked()).examples
    assert [e.key for e in found] == sorted(str(i) for i in range(1, 30, 2))[: examples.TOP]
    assert {e.difference for e in found} == {4.0} and {e.dimension for e in found} == {DIMENSIONS[0]}
