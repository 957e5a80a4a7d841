"""The extra ``contribute``: what it adds, and that the verdict on the dataset stays the same."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from amends.checks import check, dialled, mail, near
from amends.checks.dialled import numbers
from amends.checks.lsh import may_match
from amends.checks.personal import FINDERS, emails
from amends.checks.prints import prints
from amends.dataset.folder import released

PACKAGES = ("rensa", "phonenumbers", "email_validator")


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As where the extra is not installed."""
    for name in PACKAGES:
        monkeypatch.setitem(sys.modules, name, None)
    dialled._package.cache_clear()
    mail._validator.cache_clear()
    yield
    monkeypatch.undo()
    dialled._package.cache_clear()
    mail._validator.cache_clear()


def test_the_dataset_is_clean_with_the_extra() -> None:
    assert check([str(released().path)]).problems == ()


def test_the_dataset_is_clean_without_it(without: None) -> None:
    assert dialled._package() is None
    assert mail._validator() is None
    assert may_match(prints([]).runs, prints([]).sizes) is None
    assert check([str(released().path)]).problems == ()


PHONES = [
    ("Call me on 612 345 678", None, "Spain, after a word that says so"),
    ("mi número, el de Madrid: 612 345 678, gracias", None, "Spain, by its words"),
    ("Here you are: 612 345 678", "ES", "Spain, told"),
    ("It is me, 338 123 4567", "IT", "Italy, told"),
    ("my mobile is 98765 43210", None, "India"),
    ("(11) 91234-5678", None, "Brazil, by its groups"),
    ("0033 6 12 34 56 78", None, "France from abroad with 00"),
    ("ring 06.12.34.56.78", None, "France, which begins like a date"),
    ("+39 338 123 4567", None, "international"),
]
NO_PHONES = [
    ("Here you are: 612 345 678", None, "no reason to read it as one"),
    ("order 2128675309", "US", "an order number"),
    ("my customer number is 612 345 678", "ES", "a customer number"),
    ("612 345 678 visits", None, "a count"),
    ("on 06.12.2026 14:30 I called", "FR", "a date"),
    ("call 07700 900123", "GB", "kept for fiction"),
    ("call 111 111 1111", "US", "a placeholder"),
    ("my number is 0555 0147", None, "eight digits, made up as in films"),
]


@pytest.mark.parametrize(("text", "country", "why"), PHONES, ids=[row[-1] for row in PHONES])
def test_telephone_numbers_of_countries(text: str, country: str | None, why: str) -> None:
    assert len(list(numbers(text, country=country))) == 1, why


@pytest.mark.parametrize(("text", "country", "why"), NO_PHONES, ids=[row[-1] for row in NO_PHONES])
def test_what_is_no_telephone_number(text: str, country: str | None, why: str) -> None:
    assert list(numbers(text, country=country)) == [], why


def test_without_it_the_forms_alone_are_found(without: None) -> None:
    assert list(numbers("It is me, 338 123 4567", country="IT")) == []
    assert len(list(numbers("It is me, 020 7123 4567"))) == 1


ADDRESSES = [
    ("it is o'brien@gmail.com", "o'brien@gmail.com", True, "an apostrophe, whole"),
    ("write to {jo}@gmail.com", "{jo}@gmail.com", True, "braces"),
    ("2 kg @ 3.50 each", "@ 3.50", False, "a price"),
    ("me@the.counter.", "me@the.counter", True, "anything that has the form"),
    ("jo@shop.example", "jo@shop.example", False, "a reserved domain"),
]


@pytest.mark.parametrize(("text", "part", "found", "why"), ADDRESSES, ids=[row[-1] for row in ADDRESSES])
def test_email_addresses_of_rare_forms(text: str, part: str, found: bool, why: str) -> None:
    assert (part in [text[a:b] for a, b in emails(text)]) is found, why


def texts_with_rewrites(n: int, planted: int) -> list[str]:
    rng = random.Random(11)
    vocabulary = [f"w{i}" for i in range(4000)]
    texts = [" ".join(rng.choices(vocabulary, k=60)) for _ in range(n - planted)]
    for i in range(planted):
        words = texts[i].split()
        for _ in range(rng.choice((2, 4, 6))):
            words[rng.randrange(60)] = rng.choice(vocabulary)
        texts.append(" ".join(words))
    return texts


def test_a_large_set_has_the_same_matches_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [*texts_with_rewrites(3_000, 300), "", "ok", "fine thanks", "ok", "ok then go"]
    groups = ["train" if i % 3 else "test" for i in range(len(texts))]
    exact = set(near.near(texts, groups))
    asked: list[int] = []

    def counted(runs: NDArray[np.uint64], sizes: NDArray[np.int64]) -> NDArray[np.bool_] | None:
        asked.append(1)
        return may_match(runs, sizes)

    monkeypatch.setattr(near, "may_match", counted)
    monkeypatch.setattr(near, "MANY", 100)
    assert set(near.near(texts, groups)) == exact
    assert len(exact) > 250
    assert asked, "the extra was asked"


def test_texts_that_meet_nothing_are_left_out() -> None:
    texts = texts_with_rewrites(1_000, 0)
    made = prints(texts)
    flags = may_match(made.runs, made.sizes)
    assert flags is not None
    assert not flags.any()


def test_copies_of_one_text_are_named_once_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(near, "MANY", 10)
    found = list(near.near(["a b c d e f"] * 50 + ["a b c d e"], ["x"] * 51))
    assert [(m.later, m.earlier) for m in found] == [*((i, 0) for i in range(1, 50)), (50, 0)]


def test_nothing_of_it_is_imported_before_it_is_needed() -> None:
    import subprocess

    code = f"import sys, amends.checks; print([n for n in {PACKAGES!r} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path.cwd())
    assert done.stdout.strip() == "[]"


def test_finders_end_on_hostile_texts() -> None:
    """With a pattern that backtracks this would not end."""
    for piece in ("1 ", "(1", "+1 ", "0044 ", "a@", '"a"@', "call 1", "a at gmail dot ", "@a."):
        for finder, _, _ in FINDERS.values():
            list(finder(piece * (20_000 // len(piece))))
