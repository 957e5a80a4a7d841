"""What a scorer is worth: read from the small file or a whole card, shown only for the scorer that it is of."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.site import made

from amends.errors import InputError
from amends.resources import shipped
from amends.site import build
from amends.site.facts import FILE, read

ONE = {"value": 0.37, "low": 0.2, "high": 0.62, "n": 40, "clusters": 40, "method": "x", "note": None}


def card(version: int = 2) -> dict:
    """What a card of ``validity --json`` has of it."""
    return {
        "scorer": {"name": "trained", "version": version, "weights": "9805f62970ff"},
        "items": {}, "gold": "model", "signature": "amends|data:test@0|v:1",
        "systems": {"dimensions": {"empathy": {"largest": ONE, "between": ["excuses", "prompt-rubric"]}}},
        "gaming": {"every": ONE, "dimensions": {"empathy": ONE}},
    }  # fmt: skip


def test_the_committed_facts_are_of_the_committed_cards() -> None:
    """Every number of leaderboard/scorers.json stands in the scorer's card or in the attack's report."""
    root = shipped("data").parent
    for raw in json.loads((root / "leaderboard" / FILE).read_bytes())["scorers"]:
        text = (root / "docs" / "cards" / f"{raw['scorer']['name']}-test.txt").read_text(encoding="utf-8")
        attack = (root / "benches" / "ATTACK.md").read_text(encoding="utf-8")
        assert raw["signatures"][0] in text and raw["signatures"][1] in attack
        for found in raw["bias"].values():
            one = found["largest"]
            assert f"{one['value']:.2f}     [{one['low']:.2f}, {one['high']:.2f}]   {one['n']} (" in text
            assert f"({found['between'][0]} over {found['between'][1]}," in text
        for one in raw["gaming"].values():
            assert f"{100 * one['value']:.1f}%   [{100 * one['low']:.1f}%, {100 * one['high']:.1f}%]" in text
        for one in raw["attack"].values():
            assert f"{one['value']:.2f} [{one['low']:.2f}, {one['high']:.2f}] |" in attack


def test_a_whole_card_is_read_too(tmp_path: Path) -> None:
    (tmp_path / "card.json").write_text(json.dumps(card()), encoding="utf-8")
    facts = read(tmp_path / "card.json")["trained.2@9805f62970ff"]
    assert [(fact.name, fact.cell.value, fact.detail) for fact in facts.bias] == [
        ("Empathy", "0.37", "excuses over prompt-rubric")
    ]
    assert [fact.name for fact in facts.gaming] == ["every dimension named", "Empathy"]


def test_facts_stand_under_the_tables_of_their_scorer_alone(tmp_path: Path) -> None:
    board, _ = made.many(2)
    for version, shown in ((2, True), (1, False)):
        (tmp_path / "card.json").write_text(json.dumps(card(version)), encoding="utf-8")
        built = build(board, tmp_path / "out", None, read(tmp_path / "card.json"))
        assert ("trained.2@9805f62970ff" in built.without) is not shown
        page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
        assert ("excuses over prompt-rubric" in page) is shown
        assert ("No file gave the bias" in page) is not shown


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "no file"),
        (b"", "empty"),
        (b"[1]", "a list"),
        (b"{}", "neither form"),
        (b'{"scorers": [{"scorer": {}}]}', "a scorer without a name"),
        (b"[" * 100_000, "too deep"),
        (b'{"scorers": "all"}', "a text in place of a list"),
    ],
)
def test_what_is_neither_is_refused_in_words(tmp_path: Path, content: bytes | None, why: str) -> None:
    path = tmp_path / "scorers.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match="expected facts of scorers"):
        read(path)
