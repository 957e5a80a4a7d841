"""The attack's numbers by hand, its report with and without labels, and packets that tell annotators nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from benches.attack import figures, packet, report
from benches.attack.material import Honest, Train
from benches.attack.records import (
    ATTACKS,
    Step,
    Winner,
    read_lines,
    winner_id,
    write_lines,
    write_trace,
    write_winners,
)

from amends.errors import InputError, UsageError
from amends.records import DIMENSIONS, Context, Scenario, Turn

SCORER = {"name": "toy", "version": 3, "weights": None}
WHO = {"role": "annotator", "kind": "model", "name": "a", "version": "1", "method": "holistic", "guideline": "1.1"}


def winner(attack: str, scenario: str, level: float | None, start: tuple[float, float] | None = None) -> Winner:
    """A winner whose three levels are one."""
    text = f"{attack} text" if attack == ATTACKS[0] else f"{attack} text for {scenario}"
    begun = start and {"id": f"{scenario}.r1", "score": every(start[0]), "gold": every(start[1])}
    name = winner_id("toy.3", attack, scenario, text)
    return Winner(name, attack, SCORER, scenario, "train", text, every(level), begun or None, 7)


def every(level: float | None) -> dict[str, float | None]:
    return dict.fromkeys(DIMENSIONS, level)


def labels(of: Winner | str, *levels: float | None) -> list[dict[str, Any]]:
    name = of if isinstance(of, str) else of.id
    return [
        {"winner": name, "annotator": {**WHO, "name": f"a{n}"}, "levels": every(x), "reason": None}
        for n, x in enumerate(levels)
    ]


class TestFigures:
    def test_score_minus_gold_by_hand(self) -> None:
        own = [winner(ATTACKS[1], f"s{n}", level) for n, level in enumerate([5.0, 4.0, 4.5, 5.0, 3.0, 4.0, None])]
        # gold 3, 2.5, 1, 2, 3 (one annotator could not judge): the last two winners have none
        some = [(3, 3), (2, 3), (1, 1), (2, 2), (3, None)]
        gold = figures.gold_of([one for w, two in zip(own, some, strict=False) for one in labels(w, *two)])
        found = figures.row(own, gold, ATTACKS[1], "empathy", 1)
        assert (found.score.n, found.score.value) == (6, pytest.approx(25.5 / 6))
        assert (found.gold.n, found.gold.value) == (5, pytest.approx(11.5 / 5))
        assert found.judged_score.value == pytest.approx(21.5 / 5)
        assert found.excess.value == pytest.approx((2 + 1.5 + 3.5 + 3 + 0) / 5)
        assert found.excess.low is not None
        assert found.excess.low < 2 < (found.excess.high or 0)
        assert found.start is None

    def test_starts_of_insertion(self) -> None:
        own = [winner(ATTACKS[2], f"s{n}", 4.0, (2.0 + n, 1.0 + n)) for n in range(2)]
        found = figures.row(own, {}, ATTACKS[2], "empathy", 1)
        assert found.start is not None
        assert found.start_gold is not None
        assert (found.start.value, found.start_gold.value) == (2.5, 1.5)
        assert found.excess.value is None
        assert found.excess.note

    @pytest.mark.parametrize(
        ("means", "median", "over", "below", "why"),
        [
            ([1, 2, 4], 2, 1.0, False, "odd: the middle one"),
            ([1, 2, 4, 5], 3, 0.0, False, "even: the mean of the middle two; equal is not below"),
            ([4, 5, 5], 5, -2.0, True, "below"),
            ([], None, None, None, "no baseline"),
        ],
    )
    def test_beside_baselines(
        self, means: list[float], median: float | None, over: float | None, below: bool | None, why: str
    ) -> None:
        own = [winner(ATTACKS[0], f"s{n}", 3.0) for n in range(5)]
        records = [
            {"generator": f"g{g}", "version": "1", "scenario_id": f"s{n}", "score": every(float(mean))}
            for g, mean in enumerate(means)
            for n in range(5)
        ]
        found = figures.beside_baselines(own, records, "empathy", 1)
        assert (found.own.value, found.median.value, found.over.value, found.below) == (3.0, median, over, below), why
        assert found.median.n == found.over.n == (5 if means else 0)

    def test_the_median_rests_on_the_scenarios_that_both_have(self) -> None:
        """The middle baseline has no level on s0, where the constant is weak: 4 - 3 on the four that are left."""
        own = [winner(ATTACKS[0], f"s{n}", 1.0 if n == 0 else 4.0) for n in range(5)]
        records = [
            {"generator": "g", "version": "1", "scenario_id": f"s{n}", "score": every(3.0 if n else None)}
            for n in range(5)
        ]
        found = figures.beside_baselines(own, records, "empathy", 1)
        assert (found.median.value, found.over.value, found.over.n, found.below) == (3.0, 1.0, 4, False)

    def test_gold_is_that_of_the_dataset(self) -> None:
        """Median of 1, 2, 5 (their mean is 2.67); null where most gave none, kept where half did."""
        given = [*labels("w1", 1, 2, 5), *labels("w2", 4, None, None), *labels("w3", 4, None)]
        gold = figures.gold_of(given)
        assert [gold[name]["empathy"] for name in ("w1", "w2", "w3")] == [2.0, None, 4.0]

    def test_an_annotator_counts_once(self) -> None:
        with pytest.raises(UsageError, match=r"w1: two annotations by a0 1 \(holistic\)"):
            figures.gold_of([*labels("w1", 2), *labels("w1", 3)])

    def test_drift(self) -> None:
        stored = {f"control:s{n}.r1": every(float(n)) for n in (2, 3)} | {"control:s4.r1": every(None)}
        gold = figures.gold_of([*labels("control:s2.r1", 3, 4), *labels("control:s4.r1", 3)])
        found = figures.drift(gold, stored, "empathy", 1)
        assert (found.value, found.n, found.clusters) == (1.5, 1, 1)

    def test_curve(self) -> None:
        steps = [Step("a", "s1", 1, 1.0), Step("a", "s1", 5, 3.0), Step("a", "s2", 2, 2.0), Step("a", "s2", 4, 4.0),
                 Step("b", "s1", 1, 5.0)]  # fmt: skip
        # from call 2 on both have a reply: (1 + 2) / 2; at 4 (1 + 4) / 2; at 5 (3 + 4) / 2
        assert figures.curve(steps, "a") == [(2, 1.5), (4, 2.5), (5, 3.5)]
        assert figures.curve(steps, "c") == []


def test_a_curve_is_drawn_in_steps() -> None:
    assert report.stepped([(1, 2.0), (4, 3.0)], 9) == [(1, 2.0), (4, 2.0), (4, 3.0), (9, 3.0)]
    assert report.stepped([], 9) == []


def run_folder(folder: Path) -> list[Winner]:
    own = [winner(ATTACKS[0], f"s{n}", 4.0) for n in range(6)]
    own += [winner(ATTACKS[1], f"s{n}", 5.0) for n in range(6)]
    own += [winner(ATTACKS[2], f"s{n}", 4.5, (2.0, 2.0)) for n in range(6)]
    folder.mkdir()
    write_winners(folder, own)
    write_trace(folder, [Step(ATTACKS[0], "", 6, 3.0), Step(ATTACKS[0], "", 20, 4.0)])
    poor = [
        {"generator": g, "version": "1", "scenario_id": f"s{n}", "score": every(2.0)} for g in "ab" for n in range(6)
    ]
    write_lines(folder / "baselines.jsonl", poor)
    told = {
        "scorer": SCORER, "amends": "0", "data": "0123456789ab", "seed": 12345, "limit": 2000, "machine": "a machine",
        "calls": dict.fromkeys(ATTACKS, 20), "seconds": dict.fromkeys(ATTACKS, 1.0), "date": "2026-11-22",
        "constant": {"text": "One reply <for> all.", "panel": 4.0, "calls": 20},
    }  # fmt: skip
    (folder / "run.json").write_text(json.dumps(told))
    return own


@pytest.fixture
def train() -> Train:
    scenarios = {
        f"s{n}": Scenario(f"s{n}", (Turn("customer", f"the {n}"),), "train", Context(fault="company"))
        for n in range(40)
    }
    replies = {s: [Honest(f"{s}.r{r}", s, f"honest {s} {r}", every(3.0), ()) for r in (1, 2)] for s in scenarios}
    return Train(scenarios, replies, "0123456789ab")


Reported = Callable[[list[dict[str, Any]]], str]


@pytest.fixture
def reported(tmp_path: Path, train: Train, monkeypatch: pytest.MonkeyPatch) -> Reported:
    monkeypatch.setattr(report, "read_train", lambda folder: train)

    def made(annotations: list[dict[str, Any]]) -> str:
        if annotations:
            write_lines(tmp_path / "annotations.jsonl", annotations)
        paths = [str(tmp_path / "run"), "--annotations", str(tmp_path / "annotations.jsonl")]
        report.main([*paths, "-o", str(tmp_path / "ATTACK.md")])
        return (tmp_path / "ATTACK.md").read_text()

    return made


class TestReport:
    def test_without_labels_there_is_no_gold(self, tmp_path: Path, reported: Reported) -> None:
        run_folder(tmp_path / "run")
        text = reported([])
        assert "Nothing has been judged yet: no gold is printed." in text
        assert "No winner of this scorer has been judged yet" in text
        assert text.count(report.MISSING) == 3 * 9, "three cells of nine rows"
        assert "|gold:none|" in text
        assert "> One reply <for> all." in text
        assert "**does not stay below** the median honest baseline: Empathy, Depersonalization, Excuse" in text

    def test_with_labels(self, tmp_path: Path, reported: Reported) -> None:
        own = run_folder(tmp_path / "run")
        given = [one for w in own if w.attack == ATTACKS[1] for one in labels(w, 2, 3)]
        given += labels("control:s1.r1", 4, 4) + labels("toy.2:constant:s1:00000000", 1)
        text = reported(given)
        assert "Gold is the median of 2 annotators: a0 1 (model, holistic, guideline 1.1); a1" in text
        assert "Labels of 1 texts that are no winners of these runs are left out." in text
        assert "| best-of-32 | Empathy | 6 | 5.00 [" in text
        rows = [line for line in text.splitlines() if line.startswith("| best-of-32 | Empathy")]
        # 5 - 2.5 on each of the six
        assert rows[0].count("2.50 [") == 2
        assert "Empathy 1.00 (no interval under 5 clusters) (n 1)" in text
        assert "|gold:model|" in text
        picture = (tmp_path / "attack.svg").read_text()
        assert picture.count("<polyline") == 1
        assert "toy.3" in picture

    def test_who_judged_only_what_is_gone_is_no_annotator(self, tmp_path: Path, reported: Reported) -> None:
        run_folder(tmp_path / "run")
        text = reported(labels("toy.2:constant:s1:00000000", 1))
        assert "Nothing has been judged yet: no gold is printed. Labels of 1 texts" in text
        assert "Gold is" not in text

    def test_missing_levels_count_by_winner_and_other_n_are_said(self, tmp_path: Path, reported: Reported) -> None:
        own = [asdict(w) for w in run_folder(tmp_path / "run")]
        own[0] |= {"score": every(None)}
        write_lines(tmp_path / "run" / "winners.jsonl", own)
        text = reported([])
        assert "|missing:1|" in text, "one winner, not its three levels"
        (row, *_) = [line for line in text.splitlines() if line.startswith("| Empathy |")]
        assert [cell.strip().endswith("(n 5)") for cell in row.split("|")[2:7]] == [True, False, False, True, True]

    def test_without_a_run_nothing_is_written(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(report, "HERE", tmp_path)
        with pytest.raises(UsageError, match="no run folder was named"):
            report.main(["-o", str(tmp_path / "ATTACK.md")])
        assert not (tmp_path / "ATTACK.md").exists()

    def test_kinds_are_not_pooled(self) -> None:
        person = {"annotator": {**WHO, "kind": "person"}}
        assert [report.kind_of(some) for some in ([], labels("w", 1), [person])] == ["none", "model", "person"]
        with pytest.raises(UsageError, match="model and person"):
            report.kind_of([*labels("w", 1), person])

    def test_a_constant_that_stays_below(self, tmp_path: Path, reported: Reported) -> None:
        own = run_folder(tmp_path / "run")
        lower = [{**asdict(w), "score": every(1.5)} if w.attack == ATTACKS[0] else asdict(w) for w in own]
        write_lines(tmp_path / "run" / "winners.jsonl", lower)
        assert "**stays below** the median honest baseline on every dimension" in reported([])

    def test_without_baselines_nothing_is_claimed(self, tmp_path: Path, reported: Reported) -> None:
        run_folder(tmp_path / "run")
        write_lines(tmp_path / "run" / "baselines.jsonl", [])
        text = reported([])
        assert "cannot be said: Empathy, Depersonalization, Excuse avoidance." in text
        assert "stay below**" not in text


class TestPacket:
    def runs(self) -> list[list[Winner]]:
        return [
            [
                *(winner(ATTACKS[0], f"s{n}", 4.0) for n in range(40)),
                *(winner(ATTACKS[1], f"s{n}", 4.0) for n in range(40)),
                *(winner(ATTACKS[2], f"s{n}", 4.0, (1, 1)) for n in range(20)),
            ]
        ]

    def test_counts_and_blindness(self, train: Train) -> None:
        lines, key = packet.packet(self.runs(), train, 1)
        names = [one["winner"] for one in key]
        assert [sum(f":{a}:" in name for name in names) for a in ATTACKS] == [12, 24, 20]
        assert sum(name.startswith("control:s") for name in names) == packet.CONTROLS
        assert len({line["reply_id"] for line in lines}) == len(lines) == len(names)
        for line, one in zip(lines, key, strict=True):
            assert set(line) == {"reply_id", "context", "turns", "text"}
            assert line["turns"] == [{"role": "customer", "text": f"the {one['scenario_id'][1:]}"}]
            shown = json.dumps({**line, "text": ""})
            assert not any(word in shown for word in ("toy", "control", "constant", "insertion", "best-of", "s3"))

    def test_order_is_random_and_follows_from_the_seed(self, train: Train) -> None:
        once, again, other = (packet.packet(self.runs(), train, seed)[1] for seed in (1, 1, 2))
        assert once == again != other
        kinds = ["control" if one["winner"].startswith("control") else "winner" for one in once]
        assert kinds not in (sorted(kinds), sorted(kinds, reverse=True))

    def test_two_scorers_are_judged_on_the_same_scenarios(self) -> None:
        own = self.runs()[0]
        assert [w.scenario_id for w in packet.chosen(own, 1)] == [w.scenario_id for w in packet.chosen(own[::-1], 1)]

    def test_a_packet_does_not_lie_in_the_repository(self, tmp_path: Path) -> None:
        assert packet.outside(tmp_path) == tmp_path
        with pytest.raises(UsageError, match="belong outside"):
            packet.outside(packet.ROOT / "benches" / "new")

    KEY = [{"reply_id": "r-1", "winner": "w1"}, {"reply_id": "r-2", "winner": "w2"}]

    def test_opened(self) -> None:
        given = [{"reply_id": "r-2", "levels": every(2), "reason": "so"}, {"reply_id": "r-1", "levels": every(None)}]
        found = packet.opened(self.KEY, given, WHO)
        assert [(a["winner"], a["levels"]["empathy"], a["reason"]) for a in found] == [
            ("w2", 2, "so"),
            ("w1", None, None),
        ]
        assert found[0]["annotator"] == WHO

    @pytest.mark.parametrize(
        ("given", "why"),
        [
            ([("r-1", 2)], "r-2"),
            ([("r-1", 2), ("r-2", 2), ("r-3", 2)], "r-3"),
            ([("r-1", 2), ("r-1", 2), ("r-2", 2)], "r-1"),
            ([("r-1", 2.5), ("r-2", 2)], "whole"),
            ([("r-1", 0), ("r-2", 2)], "whole"),
            ([("r-1", True), ("r-2", 2)], "whole"),
        ],
    )
    def test_labels_that_do_not_fit_are_refused(self, given: list[tuple[str, Any]], why: str) -> None:
        with pytest.raises(UsageError, match=why):
            packet.opened(self.KEY, [{"reply_id": name, "levels": every(x)} for name, x in given], WHO)

    @pytest.mark.parametrize("line", [{}, {"levels": None}, {"levels": [1, 2, 3]}, {"levels": {"empathy": 1}}])
    def test_labels_without_levels_are_refused(self, line: dict[str, Any]) -> None:
        with pytest.raises(UsageError, match="r-1: levels"):
            packet.opened(self.KEY[:1], [{"reply_id": "r-1", **line}], WHO)
        with pytest.raises(UsageError, match="wrong: None, r-1"):
            packet.opened(self.KEY[:1], [line], WHO)

    def test_annotator_record(self) -> None:
        assert packet.annotator_record("a:1:holistic", "1.1") == WHO
        with pytest.raises(UsageError, match="NAME:VERSION:METHOD"):
            packet.annotator_record("a:1", "1.1")

    def test_files(self, tmp_path: Path, train: Train, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(packet, "read_train", lambda folder: train)
        run_folder(tmp_path / "run")
        packet.main([str(tmp_path / "run"), "-o", str(tmp_path / "blind")])
        key = [json.loads(line) for line in (tmp_path / "blind" / "key.jsonl").read_text().splitlines()]
        assert len(key) == 18 + packet.CONTROLS
        write_lines(tmp_path / "labels", [{"reply_id": k["reply_id"], "levels": every(3), "reason": None} for k in key])
        for name in ("a", "b", "a"):
            packet.main([str(tmp_path / "labels"), "--open", str(tmp_path / "blind" / "key.jsonl"), "--annotator",
                         f"{name}:1:holistic", "-o", str(tmp_path / "annotations.jsonl")])  # fmt: skip
        found = (tmp_path / "annotations.jsonl").read_text().splitlines()
        assert len(found) == 2 * len(key), "labels of one annotator given again replace the earlier ones"
        packet.main([str(tmp_path / "labels"), "--open", str(tmp_path / "blind" / "key.jsonl"), "--annotator",
                     "a:1:checklist", "-o", str(tmp_path / "annotations.jsonl")])  # fmt: skip
        found = (tmp_path / "annotations.jsonl").read_text().splitlines()
        assert len(found) == 3 * len(key), "a name that judges by another method is another annotator"


def test_lines_end_where_lines_of_json_end(tmp_path: Path) -> None:
    """Line separators of Unicode may stand in a customer's words; str.splitlines would cut the record there."""
    path, records = tmp_path / "l.jsonl", [{"text": "one\u2028two\x85three\x0bfour"}, {"text": ""}]
    write_lines(path, records)
    assert read_lines(path) == records
    write_lines(path, [])
    assert read_lines(path) == []


@pytest.mark.parametrize(
    ("text", "place"), [("{}\n{torn", "l.jsonl:2"), ("{}\n[1]\n", "l.jsonl:2 $: found no object"), (None, "no such")]
)
def test_files_that_do_not_read_are_named(tmp_path: Path, text: str | None, place: str) -> None:
    if text is not None:
        (tmp_path / "l.jsonl").write_text(text)
    with pytest.raises(InputError) as error:
        read_lines(tmp_path / "l.jsonl")
    assert place in str(error.value)
