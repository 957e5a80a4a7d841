"""The attack: what it may spend, what it finds on scorers with known optima, and that it follows from the seed."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from benches.attack import attack, best_of, constant, honest, insertion
from benches.attack.budget import Counted, Spent, aim
from benches.attack.fragments import INSERTS, SLOTS, joined
from benches.attack.material import Honest, Train, hashed, read_train
from benches.attack.records import read_trace, read_winners
from benches.attack.templates import TEMPLATES
from benches.attack.words import filled, read
from hypothesis import given
from hypothesis import strategies as st

from amends.errors import UsageError
from amends.records import DIMENSIONS, Annotation, Annotator, Context, Exchange, Scenario, Turn

LOW = dict.fromkeys(DIMENSIONS, 2.0)


class Likes:
    """A scorer that gives every dimension 1 and a half level more for each of its words in the reply."""

    name, version = "likes", 1

    def __init__(self, *words: str) -> None:
        self.words, self.seen = words, list[str]()

    def annotate(self, exchanges: Sequence[Exchange]) -> list[Annotation]:
        self.seen += [f"{e.turns[0].text}|{e.reply}" for e in exchanges]
        who = Annotator("scorer", "program", self.name, "1")
        return [Annotation(e.id, None, who, dict.fromkeys(DIMENSIONS, self._level(e.reply))) for e in exchanges]

    def _level(self, reply: str) -> float | None:
        return None if reply == "?" else min(5.0, 1 + 0.5 * sum(word in reply for word in self.words))


def scenario(name: str, text: str = "") -> Scenario:
    return Scenario(name, (Turn("customer", text or f"my {name} broke"),), "train", Context(channel="email"))


MANY = [scenario(f"s{n}") for n in range(12)]


class TestBudget:
    @given(st.integers(0, 12), st.lists(st.lists(st.tuples(st.integers(0, 3), st.sampled_from("abcd")), max_size=9)))
    def test_the_limit_is_never_passed_and_no_text_is_paid_for_twice(
        self, limit: int, requests: list[list[tuple[int, str]]]
    ) -> None:
        scorer = Likes("a")
        counted = Counted(scorer, limit)
        for request in requests:
            asked = [(MANY[n], text) for n, text in request]
            before, cost = counted.calls, counted.cost(asked)
            if cost > counted.left:
                with pytest.raises(Spent):
                    counted.levels(asked)
                assert counted.calls == before
            else:
                assert [one["empathy"] for one in counted.levels(asked)] == [1.5 if t == "a" else 1 for _, t in request]
                assert counted.calls == before + cost
        assert counted.calls == len(scorer.seen) == len(set(scorer.seen)) <= limit

    def test_a_scorer_that_fails_has_been_asked(self) -> None:
        class Fails(Likes):
            def annotate(self, exchanges: Sequence[Exchange]) -> list[Annotation]:
                raise OSError

        counted = Counted(Fails(), 3)
        with pytest.raises(OSError):
            counted.levels([(MANY[0], "a"), (MANY[1], "a")])
        assert counted.left == 1

    def test_what_comes_back_may_be_changed_without_harm(self) -> None:
        counted = Counted(Likes(), 5)
        counted.levels([(MANY[0], "a")])[0]["empathy"] = 5.0
        assert counted.levels([(MANY[0], "a")])[0]["empathy"] == 1.0

    def test_aim(self) -> None:
        # (4 + 1 + 2.5) / 3: a level that was not given pays as the lowest
        assert aim({"empathy": 4.0, "depersonalization": None, "excuse_avoidance": 2.5}) == 2.5


class TestConstant:
    PLACES = tuple((f"place {n}", ("plain", "", f"word{n}", "other")) for n in range(4))
    LIKES = ("word0", "word1", "word2", "word3")

    def test_finds_the_best_of_its_fragments(self) -> None:
        counted = Counted(Likes(*self.LIKES), 2000)
        found = constant.search(counted, MANY, 1, self.PLACES)
        assert found is not None
        assert (found.text, found.best) == ("word0 word1 word2 word3", 3.0)
        # every one of the 4 ** 4 drafts but those that fell behind early; then chance finds no further one
        assert counted.calls <= 2000
        best = [step.best for step in found.steps]
        assert best == sorted(best)
        assert found.steps[-1].calls == counted.calls

    @pytest.mark.parametrize("limit", [0, 11, 12, 13, 50, 77, 200])
    def test_any_budget_is_kept(self, limit: int) -> None:
        counted = Counted(Likes(*self.LIKES), limit)
        found = constant.search(counted, MANY, 1, self.PLACES)
        assert counted.calls <= limit
        assert (found is None) == (limit < len(MANY))

    def test_what_falls_behind_costs_one_heat(self) -> None:
        counted = Counted(Likes("good"), 100)
        counted.levels([(s, "good") for s in MANY])
        assert constant.race(counted, MANY, "good", "bad") == float("-inf")
        assert counted.calls == len(MANY) + constant.HEATS[0]
        assert constant.race(counted, MANY, "good", "good, too") == float("-inf"), "equal is not above"
        assert counted.calls == len(MANY) + 2 * constant.HEATS[0]
        assert constant.race(counted, MANY, "bad", "good, too") == 1.5

    def test_stops_where_there_is_nothing_to_gain(self) -> None:
        counted = Counted(Likes("plain", "pl", "la", "ai", "in", "lai", "ain", "lain"), 2000)
        found = constant.search(counted, MANY, 1, self.PLACES)
        assert found is not None
        assert (found.best, counted.calls) == (5.0, len(MANY))

    def test_follows_from_the_seed(self) -> None:
        runs = [
            constant.search(Counted(Likes("Thursday", "maddening", "whichever"), 500), MANY, seed) for seed in (7, 7, 8)
        ]
        assert runs[0] == runs[1] != runs[2]

    def test_changes_one_place_first(self) -> None:
        best, tried = (0, 0, 0, 0), {(0, 0, 0, 0)}
        for _ in range(12):  # 4 places with 3 other fragments each
            draft = constant.changed(best, self.PLACES, tried, random.Random(1))
            assert draft is not None
            assert draft not in tried
            assert sum(a != b for a, b in zip(best, draft, strict=True)) == 1
            tried.add(draft)
        several = constant.changed(best, self.PLACES, tried, random.Random(1))
        assert several is not None
        assert sum(a != b for a, b in zip(best, several, strict=True)) in (2, 3)

    def test_nothing_left(self) -> None:
        places = (("one", ("a", "b")),)
        assert constant.changed((0,), places, {(0,), (1,)}, random.Random(1)) is None

    def test_fragments_name_no_thing_and_stand_once(self) -> None:
        for _, fragments in SLOTS:
            assert len(set(fragments)) == len(fragments)
            assert "" in fragments
            assert not any("{" in fragment for fragment in fragments)


WORDS = [
    ("I bought my boiler in May. The boiler leaks and you laughed.", {"thing": "boiler"}, "the noun said most often"),
    (
        "It was £1,299.50, due on Friday",
        {"sum": "£1,299.50", "figure": "£1,299.50", "date": "Friday"},
        "a sum and a weekday",
    ),
    ("nobody came for three weeks", {"figure": "three weeks"}, "a span in words"),
    ("Worst night of my life", {}, "neither night nor life is a thing, and a short line is no phrase"),
    ("the 3rd of nothing", {"date": "the 3rd"}, "a day of the month"),
    ("Three days without the keys and the glass", {"thing": "glass", "figure": "three days"}, "no plural; no capital"),
    ("", {}, "nothing said"),
]


class TestBestOf:
    @pytest.mark.parametrize(("said", "slots", "why"), WORDS, ids=[row[2] for row in WORDS])
    def test_words(self, said: str, slots: dict[str, str], why: str) -> None:
        found = read(Scenario("s", (Turn("agent", "my parcel £5 Monday"), Turn("customer", said)), "train"))
        found.pop("phrase", None)
        assert found == slots, why

    def test_phrase_is_a_clause_of_the_customer(self) -> None:
        said = "Hi. It is so. You left grandmother standing outside, in it. So it was as it is"
        assert read(scenario("s", said))["phrase"] == "You left grandmother standing outside"

    def test_filled(self) -> None:
        given_slots = {"thing": "sofa"}
        assert filled(("", "the {thing}", "{date} and {thing}"), given_slots) == ["", "the sofa"]

    def test_every_place_can_be_filled_for_a_customer_without_words(self) -> None:
        assert all(filled(place, {}) for place in TEMPLATES)

    def test_drafts(self) -> None:
        asked = scenario("s", "My sofa came on Tuesday, torn on three sides, and I paid £90")
        texts = best_of.drafts(asked, 5)
        assert len(texts) == len(set(texts)) == best_of.DRAWS
        assert texts == best_of.drafts(asked, 5) != best_of.drafts(asked, 6)
        assert not any("{" in text for text in texts)
        assert any("sofa" in text for text in texts)

    def test_keeps_the_best_and_the_budget(self) -> None:
        scorer = Likes("boiler", "Friday", "angry", "mistake")
        counted = Counted(scorer, 32 * 3 + 31)
        asked = [scenario(f"s{n}", f"my boiler {n} is cold") for n in range(5)]
        kept = best_of.search(counted, asked, 1)
        assert [k.scenario.id for k in kept] == ["s0", "s1", "s2"], "the fourth would pass the budget"
        assert [k.calls for k in kept] == [32, 64, 96]
        for one in kept:
            every = [scorer._level(text) or 0 for text in best_of.drafts(one.scenario, 1)]
            assert one.levels["empathy"] == max(every) == one.steps[-1].best
            assert one.steps[-1].calls == 32


INSERTED = [
    ("Dear Ann,\n\nHere it is.\n\nBo", "front", "Dear Ann,\n\nS. Here it is.\n\nBo", "after the greeting"),
    ("Dear Ann,\n\nHere it is.\n\nBo", "end", "Dear Ann,\n\nHere it is. S.\n\nBo", "before the signature"),
    ("Here it is.", "front", "S. Here it is.", "one line, front"),
    ("Here it is.", "end", "Here it is. S.", "one line, end"),
    ("Here it is, all of it now.\nAnd that is the end of it.", "end",
     "Here it is, all of it now.\nAnd that is the end of it. S.", "a long last line is no signature"),
    ("Ok", "end", "Ok S.", "a short line alone is the reply"),
]  # fmt: skip


def honest_reply(name: str, level: float | None, flags: tuple[str, ...] = ()) -> Honest:
    return Honest(name, name.partition(".")[0], f"text of {name}", dict.fromkeys(DIMENSIONS, level), flags)


class TestInsertion:
    @pytest.mark.parametrize(("text", "place", "made", "why"), INSERTED, ids=[row[3] for row in INSERTED])
    def test_inserted(self, text: str, place: str, made: str, why: str) -> None:
        assert insertion.inserted(text, place, "S.") == made, why

    def test_takes_the_sentence_that_lifts_most(self) -> None:
        # "put right" stands in two sentences, with "chase" in one: that comes first, and then nothing lifts
        counted = Counted(Likes("put", "right", "chase"), 2000)
        grown = insertion.grow(counted, MANY[0], honest_reply("s0.r1", 2.0))
        assert grown is not None
        assert grown.text.endswith("so that you need not chase it.")
        assert (grown.start_levels["empathy"], grown.levels["empathy"]) == (1.0, 2.5)
        # the start, every sentence once, every other once more
        assert counted.calls == 1 + len(INSERTS) + len(INSERTS) - 1 == grown.calls
        assert [step.best for step in grown.steps] == [1.0, 2.5, 2.5]

    def test_four_at_most(self) -> None:
        counted = Counted(Likes("chase", "noon", "angry", "sleep", "maddening", "sum back"), 2000)
        grown = insertion.grow(counted, MANY[0], honest_reply("s0.r1", 2.0))
        assert grown is not None
        assert grown.levels["empathy"] == 1 + 4 * 0.5
        assert counted.calls == insertion.most_calls()

    def test_twenty_replies_are_paid_for(self) -> None:
        assert 20 * insertion.most_calls() <= attack.CALLS

    def test_stops_before_the_budget(self) -> None:
        counted = Counted(Likes(), 250)
        chosen = [(s, honest_reply(f"{s.id}.r1", 2.0)) for s in MANY]
        # 27 calls a reply, since nothing lifts; a reply is begun only where its most is left: 250 - 27 k >= 99
        assert len(insertion.search(counted, chosen)) == 6
        assert counted.calls == 6 * 27

    def test_starts_are_poor_or_ordinary(self) -> None:
        replies = {
            "s1": [honest_reply("s1.r1", 4.0), honest_reply("s1.r2", 3.0)],
            "s2": [honest_reply("s2.r1", 5.0)],
            "s3": [honest_reply("s3.r1", 2.0, ("truncated",)), honest_reply("s3.r2", None)],
            "s4": [honest_reply("s4.r1", 1.0)],
        }
        train = Train({name: scenario(name) for name in replies}, replies, "")
        assert {reply.id for _, reply in insertion.starts(train, 20, 1)} == {"s1.r2", "s4.r1"}


def exchange(name: str, number: int, level: int, split: str = "train") -> dict[str, Any]:
    levels = {d: float(level) for d in DIMENSIONS}
    spread = {d: [0, 0, 0, 0, 0] for d in DIMENSIONS}
    gold = {"model": {"levels": levels, "distribution": spread, "behaviours": [], "flags": [], "n": 2}}
    turns = [{"role": "customer", "text": f"My {name} kettle broke on Monday and I paid £{number + 3}0 for it."}]
    told = f"Answer {number} about the {name} kettle, which is noted."
    return {"id": f"{name}.r{number}", "scenario_id": name, "sample": 0, "split": split, "channel": "email",
            "turns": turns, "reply": told, "gold": gold}  # fmt: skip


def folder_of(records: list[dict[str, Any]], folder: Path) -> Path:
    (folder / "exchanges").mkdir(parents=True)
    lines = "".join(json.dumps(record) + "\n" for record in records)
    (folder / "exchanges" / "train.jsonl").write_text(lines, encoding="utf-8")
    return folder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return folder_of([exchange(f"sc-{n:04d}", r, r + 1) for n in range(14) for r in (1, 2)], tmp_path / "data")


class TestMaterial:
    def test_only_train_is_read(self, tmp_path: Path) -> None:
        mixed = folder_of([exchange("sc-0001", 1, 2), exchange("sc-0002", 1, 2, "test")], tmp_path / "mixed")
        with pytest.raises(UsageError, match="records of test"):
            read_train(mixed)

    def test_scenarios_with_gamed_replies_are_left_out(self, tmp_path: Path) -> None:
        names = ["sc-0800", "sc-0801", "sc-1200", "elsewhere-0900"]
        train = read_train(folder_of([exchange(name, 1, 2) for name in names], tmp_path / "grown"))
        assert set(train.scenarios) == {"sc-0800", "elsewhere-0900"}

    def test_draws_grow_with_the_split(self) -> None:
        few = [f"s{n}" for n in range(100)]
        more = [*few, *(f"new{n}" for n in range(10))]
        before, after = hashed(few, 1, "panel")[:40], hashed(more, 1, "panel")[:40]
        assert [one for one in after if one in few] == before[: sum(one in few for one in after)]
        assert before != hashed(few, 2, "panel")[:40]
        assert before != hashed(few, 1, "other")[:40]
        assert before == hashed(reversed(few), 1, "panel")[:40]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constant, "HEATS", (2, 3, 4))
    monkeypatch.setattr(attack, "UNSEEN", 6)
    monkeypatch.setattr(honest, "honest_baselines", lambda: ["courtesy", "excuses"])


@pytest.mark.usefixtures("small")
def test_a_run_follows_from_the_seed_and_keeps_its_budget(tmp_path: Path, data: Path) -> None:
    for name in ("one", "two"):
        attack.main(["--scorer", "rules", "--data", str(data), "--calls", "110", "-o", str(tmp_path / name)])
    for file in ("winners.jsonl", "trace.csv", "baselines.jsonl"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()
    told = json.loads((tmp_path / "one" / "run.json").read_text())
    assert set(told["calls"]) == {"constant", "best-of-32", "insertion"}
    assert all(0 < calls <= 110 for calls in told["calls"].values())
    winners = read_winners(tmp_path / "one")
    counts = {name: sum(w.attack == name for w in winners) for name in told["calls"]}
    assert counts["constant"] == 6
    assert counts["best-of-32"] == 110 // 32
    assert counts["insertion"] >= 1
    assert len({w.id for w in winners}) == len(winners)
    assert {w.split for w in winners} == {"train"}
    # the constant is measured where the search did not look
    first = [s.id for s in read_train(data).drawn(4, 12345, "constant")]
    assert not set(first) & {w.scenario_id for w in winners if w.attack == "constant"}
    assert all(w.start is not None and w.start["gold"] == LOW for w in winners if w.attack == "insertion")
    assert {step.attack for step in read_trace(tmp_path / "one")} == set(told["calls"])


@pytest.mark.usefixtures("small")
def test_a_budget_too_small_for_one_reply_finds_none(tmp_path: Path, data: Path) -> None:
    attack.main(["--scorer", "rules", "--data", str(data), "--calls", "3", "-o", str(tmp_path / "none")])
    assert read_winners(tmp_path / "none") == []
    assert json.loads((tmp_path / "none" / "run.json").read_text())["constant"] is None


def test_joined() -> None:
    assert joined(["a.", "", "b."]) == "a. b."


def test_honest_baselines_are_no_cheats() -> None:
    assert honest.honest_baselines() == [
        "courtesy", "excuses", "listen-own-act", "policy", "retrieval", "seven-steps", "status",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["calibrated:/a/b.json", "module:Scorer", "../else"])
def test_a_scorer_whose_name_is_no_folder_needs_one(name: str, data: Path) -> None:
    with pytest.raises(UsageError, match="give -o DIR"):
        attack.main(["--scorer", name, "--data", str(data)])
