"""What the released test sets owe to whoever is judged by them: counts, balance, labels that follow from reading."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

import pytest

from amends.audit.pairs import cues, far_apart, judged, orders, shared
from amends.dataset.folder import released
from amends.dataset.versions import Records, current_records
from amends.records import DIMENSIONS
from amends.rubric.definitions import behaviours
from amends.scorercard.families import family_of


@pytest.fixture(scope="module")
def records() -> Records:
    return current_records(released())


@pytest.fixture(scope="module")
def by_pair(records: Records) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for judgement in records["judgements"]:
        found[judgement["pair_id"]].append(judgement)
    return found


@pytest.mark.parametrize("code", list(behaviours()))
def test_thirty_pairs_for_each_behaviour(code: str, records: Records) -> None:
    own = [r for r in records["contrast"] if r["behaviour"] == code]
    assert len(own) >= 30
    held_out = [r for r in own if r["split"] == "test"]
    assert len(held_out) >= 19
    assert 1 / 4 <= 1 - len(held_out) / len(own) <= 0.55, "a third to half to train on"
    kinds = Counter(r["kind"] for r in own)
    assert kinds["textbook"] >= 5
    assert kinds["trap"] >= 5
    assert kinds["paraphrase"] >= 15
    home = {"E": "empathy", "D": "depersonalization", "X": "excuse_avoidance"}[code[0]]
    assert {r["dimension"] for r in own} == {home}


def test_contrast_replies_are_alike_in_length_and_no_split_shares_a_writer(records: Records) -> None:
    assert far_apart(records["contrast"]) == []
    assert shared(records["contrast"]) == ([], [])


def test_what_a_contrast_pair_expects_is_what_both_annotators_saw(
    records: Records, by_pair: dict[str, list[dict[str, Any]]]
) -> None:
    for record in records["contrast"]:
        seen = {orders(j) for j in by_pair[record["id"]]}
        assert len(by_pair[record["id"]]) >= 2, record["id"]
        assert seen == {tuple(record["expects"][d] for d in DIMENSIONS)}, record["id"]


def test_a_contrast_pair_moves_its_own_dimension(records: Records) -> None:
    still = {r["behaviour"] for r in records["contrast"] if not r["expects"][r["dimension"]]}
    assert still <= {"D5"}, "no level is owed for welcoming feedback; every other behaviour lifts or caps its own"


@pytest.mark.parametrize("cue", ["words", "digits", "question marks", "overlap with the customer"])
def test_no_cue_alone_tells_which_reply_is_gamed(cue: str, records: Records) -> None:
    share = cues(records["gaming"], "gaming", 1)[cue].value
    assert share is not None
    assert 0.45 <= share <= 0.55


def test_gaming_pairs_play_every_trick_and_lose_in_both_annotators_eyes(
    records: Records, by_pair: dict[str, list[dict[str, Any]]]
) -> None:
    assert len(records["gaming"]) >= 150
    tricks = Counter(r["trick"] for r in records["gaming"])
    assert len(tricks) >= 15
    assert min(tricks.values()) >= 8
    assert judged(records["gaming"], "gaming", by_pair).intended.value == 1.0


def test_invariance_pairs(records: Records, by_pair: dict[str, list[dict[str, Any]]]) -> None:
    changes = Counter(family_of(r["change"]) for r in records["invariance"])
    families = Counter(family for family, _ in changes.elements())
    assert families["form and wording"] >= 120
    assert families["english"] >= 100
    names = {group: n for (family, group), n in changes.items() if family == "names"}
    assert len(names) == 8
    assert set(names.values()) == {100}, "the same replies under every group of names"
    assert len({str(r["turns"]) for r in records["invariance"] if r["change"].startswith("names:")}) == 100
    read = [r for r in records["invariance"] if not r["change"].startswith("names:")]
    assert all(len(by_pair[r["id"]]) >= 2 for r in read)
    assert judged(read, "invariance", by_pair).intended.value == 1.0


def test_degenerate_inputs(records: Records) -> None:
    assert len(records["degenerate"]) >= 60
    assert len({str(r["reply"]) for r in records["degenerate"]}) == len(records["degenerate"])


def test_every_system_answers_the_same_forty_scenarios_and_is_judged_three_times(records: Records) -> None:
    answered: dict[str, set[str]] = defaultdict(set)
    for reply in records["system_replies"]:
        answered[reply["author"]["name"]].add(reply["scenario_id"])
    assert len(answered) >= 10
    assert {frozenset(some) for some in answered.values()} == {frozenset(answered["echo"])}
    assert len(answered["echo"]) == 40
    splits = {s["id"]: s["split"] for s in records["scenarios"]}
    assert {splits[s] for s in answered["echo"]} == {"test"}
    methods: dict[str, set[str]] = defaultdict(set)
    for a in records["system_annotations"]:
        methods[a["reply_id"]].add(a["annotator"]["method"])
    assert all({"holistic", "checklist", "comparative"} <= methods[r["id"]] for r in records["system_replies"])
    own = [r for r in records["system_replies"] if r["author"]["kind"] == "model"]
    assert all("same model family as the annotators" in r["meta"]["family"] for r in own)
