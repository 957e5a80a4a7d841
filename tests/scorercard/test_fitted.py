"""A card on the replies that a scorer was fitted on says so beside the name of the set."""

from dataclasses import replace
from functools import cache
from types import SimpleNamespace
from typing import Any

import pytest
from tests.scorercard.cases import Told

from amends.dataset.folder import released
from amends.reports.scorercard import set_line
from amends.scorercard.card import card_of
from amends.scorercard.material import Material, read_folder
from amends.scorers import load_scorer
from amends.signature import digest


@cache
def material(split: str) -> Material:
    whole = read_folder(released().path, split)
    none: Any = dict.fromkeys(("train", "contrast", "gaming", "invariance", "degenerate"))
    return replace(whole, exchanges=whole.exchanges[:12], systems=[], **none)


def calibrated(split: str) -> Any:
    scorer: Any = Told()
    records = digest(exchange.to_dict() for exchange in material(split).exchanges)
    scorer.calibration = SimpleNamespace(fitted=SimpleNamespace(split=split, digest=records))
    return scorer


@pytest.mark.parametrize(
    ("scorer", "split", "name", "flattered"),
    [
        pytest.param(lambda: load_scorer("trained"), "train", "train", True, id="trained has learnt from train"),
        pytest.param(lambda: load_scorer("trained"), "validation", "validation", False, id="and not from validation"),
        pytest.param(lambda: load_scorer("trained"), "train", "own.jsonl", False, id="a user's own file"),
        pytest.param(lambda: load_scorer("rules"), "train", "train", False, id="rules was written, not fitted"),
        pytest.param(lambda: calibrated("train"), "train", "train", True, id="a calibration: on its records"),
        pytest.param(lambda: calibrated("train"), "validation", "validation", False, id="a calibration: on others"),
    ],
)
def test_a_card_on_what_was_fitted_on_says_so(scorer: Any, split: str, name: str, flattered: bool) -> None:
    card = card_of(scorer(), replace(material(split), name=name))
    assert ("on which it was fitted: what follows flatters it" in set_line(card)) is flattered
    assert type(card).from_dict(card.to_dict()).set == card.set
