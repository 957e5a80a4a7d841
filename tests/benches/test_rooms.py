"""Rooms: what is measured is what is said, costs follow by hand arithmetic, and the pages are those of scale.json."""

from __future__ import annotations

import json
import math
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from benches import bench_rooms, bench_scale_costs
from benches.rooms import cards, checking, costs, files, material, page, picture, reporting, scorers, statistics, tables
from benches.rooms.costs import Assumed, Each, Limit
from benches.rooms.markers import STRATEGIES, markers
from benches.rooms.measuring import Case, Clock, Room, marginal, measured, of, slope

import amends
from amends.checks import check
from amends.dataset.folder import released

ROOT = Path(__file__).parents[2]


def row(room: str, part: str, size: int, cpu: float, **more: Any) -> dict[str, Any]:
    common = {"unit": "reply", "seconds": cpu, "parse_cpu": cpu / 10, "peak_mb": 100.0, "load": 1.0}
    return {"room": room, "part": part, "size": size, "cpu": cpu, **common, **more}


WRITTEN = {".jsonl": 1000.0, ".jsonl.gz": 100.0, ".jsonl.zst": 90.0, ".parquet": 80.0}
GIVEN = {".jsonl": 700.0, ".jsonl.gz": 200.0}


def scored(part: str, size: int, cpu: float, parent: float) -> dict[str, Any]:
    return row("score", part, size, cpu, parent_cpu=parent, given=GIVEN, written=WRITTEN)


def by_words(who: str, words: int, size: int, cpu: float) -> dict[str, Any]:
    return row("scorers", scorers.part(who, words), size, cpu, who=who, words=words)


DOCUMENT: dict[str, Any] = {
    "machine": {
        "date": "2026-01-02",
        "cores": 2,
        "machine": "x",
        "python": "3.11",
        "packages": {"orjson": "1"},
        "quick": False,
        "load_before": 0.1,
        "load_after": 0.2,
    },
    "rows": [
        by_words("rules", 80, 1_000, 0.3),
        by_words("rules", 80, 10_000, 3.0),
        by_words("trained", 80, 1_000, 10.0),
        # 9 s for 30,000 more are 300 us of work; the fixed 7 s at the smaller size are in neither difference
        scored("trivial", 10_000, 7.5, 7.1),
        scored("trivial", 40_000, 9.0, 7.4),
        scored("rules", 10_000, 11.0, 7.1),
        scored("rules", 40_000, 23.0, 7.7),
        scored("trained", 100, 2.0, 2.0),
        row("check", checking.PART, 1_000, 1.0, unit="exchange", peak_mb=60.0),
        row("check", checking.PART, 2_000, 2.0, unit="exchange", peak_mb=70.0),
        row("statistics", statistics.COMPARE, 100, 1.0),
        row("statistics", statistics.COMPARE, 200, 2.0, peak_mb=90.0),
        row("statistics", statistics.AGREEMENT, 100, 1.0),
        row("statistics", statistics.AGREEMENT, 300, 1.2, peak_mb=101.0),
        row("report", reporting.PAGE, 100, 0.1),
        row("report", reporting.PAGE, 200, 0.2, peak_mb=101.0),
        row("validity", "trained, train", 10, 60.0, scorer="trained", split="train"),
        row("validity", "trained, test", 10, 50.0, scorer="trained", split="test"),
    ],
    "judge": {"system_characters": 16_000, "user_characters": 2_000, "answer_characters": 800, "answers": 7},
    "files": [
        {"scorer": "rules", "exchanges": 100_000.0, "parent_mb": 100.0},
        {"scorer": "rules", "exchanges": 1_100_000.0, "parent_mb": 300.0},
    ],
}
SIMPLE = Assumed(replies=1_000_000, core_hour=0.10, characters=4, in_flight=10, answer=3.6, cluster=10, memory=1)


class TestGrowth:
    @pytest.mark.parametrize(
        ("power", "why"), [(1.0, "linear"), (2.0, "each with each"), (0.0, "a constant"), (0.5, "less than linear")]
    )
    def test_the_slope_is_the_power(self, power: float, why: str) -> None:
        rows = [row("r", "p", n, 3.0 * n**power) for n in (1_000, 10_000, 1_000_000)]
        assert slope(rows) == pytest.approx(power), why

    def test_one_size_has_no_growth(self) -> None:
        one = [row("r", "p", 10, 1.0), row("r", "p", 10, 2.0)]
        assert slope(one) is None
        assert marginal(one) is None
        assert marginal([]) is None

    def test_one_more_is_taken_at_the_end(self) -> None:
        # (50 - 20) / (300 - 200): what a start costs, and how small sizes went, is not in it
        rows = [row("r", "p", n, cpu) for n, cpu in ((300, 50.0), (100, 19.0), (200, 20.0))]
        assert marginal(rows) == pytest.approx(0.3)


class TestMeasured:
    @staticmethod
    def room(work: Any) -> Room:
        return Room("r", "reply", [], [], lambda folder, case: [], work)

    def test_a_row_has_the_reference_and_what_the_work_tells(self, tmp_path: Path) -> None:
        lines = material.write_lines(tmp_path / "a.jsonl", material.exchanges(50, 20))

        def work(folder: Path, case: Case, clock: Clock) -> Mapping[str, Any]:
            with clock:
                sum(range(200_000))
            return {"size": 7, "own": "x"}

        whole = measured(self.room(work), Case("p", 50), tmp_path, [lines])
        scaled = measured(self.room(work), Case("p", 5_000, 5_000), tmp_path, [lines])
        assert whole["parse_mb"] == pytest.approx(lines.stat().st_size / 1e6)
        assert scaled["parse_mb"] == pytest.approx(100 * whole["parse_mb"])
        assert (whole["size"], whole["own"], whole["unit"]) == (7, "x", "reply")
        assert whole["cpu"] > 0
        assert whole["peak_mb"] > 10
        assert "children_cpu" not in whole

    def test_what_is_outside_the_clock_does_not_count(self, tmp_path: Path) -> None:
        def work(folder: Path, case: Case, clock: Clock) -> Mapping[str, Any]:
            sum(range(2_000_000))
            with clock:
                pass
            return {}

        done = measured(self.room(work), Case("p", 1), tmp_path, [])
        assert done["cpu"] < 0.005
        assert "parse_cpu" not in done

    @pytest.mark.parametrize(
        ("room", "case"),
        [
            (statistics.ROOM, Case(statistics.SUMMARISE, 80, 80)),
            (statistics.ROOM, Case(statistics.AGREEMENT, 70)),
            (statistics.ROOM, Case(statistics.COMPARE, 20)),
            (checking.ROOM, Case(checking.PART, 60)),
            (reporting.ROOM, Case(reporting.TERMINAL, 40)),
            (reporting.ROOM, Case(reporting.PAGE, 40)),
            (scorers.ROOM, Case(scorers.part("rules", 20), 30)),
            (scorers.ROOM, Case(scorers.part(scorers.MARKERS, 300), 30)),
        ],
        ids=lambda x: x.name if isinstance(x, Room) else x.part,
    )
    def test_a_room_does_its_work(self, tmp_path: Path, room: Room, case: Case) -> None:
        done = measured(room, case, tmp_path, room.prepare(tmp_path, case))
        assert done["size"] == case.size
        assert done["cpu"] > 0
        assert done["parse_cpu"] > 0

    def test_rooms_are_known_by_their_names_and_quick_cases_by_their_parts(self) -> None:
        for name, room in bench_rooms.ROOMS.items():
            assert room.name == name
            assert {case.part for case in room.quick} <= {case.part for case in room.cases}

    def test_vader_is_measured_where_it_is(self, monkeypatch: pytest.MonkeyPatch) -> None:
        case = Case(scorers.part(scorers.VADER, 80), 10)
        monkeypatch.setenv(scorers.INTERPRETER, "")
        assert not scorers.there(case)
        assert scorers.there(Case(scorers.part("rules", 80), 10))
        monkeypatch.setenv(scorers.INTERPRETER, sys.executable)
        assert scorers.there(case)

    @pytest.mark.parametrize("split", cards.SPLITS)
    def test_a_card_is_made_of_a_copy_and_no_use_of_test_is_written_down(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, split: str
    ) -> None:
        case = Case(cards.part("rules", split), 0)
        found = cards.prepare(tmp_path, case)
        assert all(tmp_path in file.parents for file in found)
        assert {f"exchanges/{split}.jsonl", "robustness/gaming.jsonl"} <= {
            file.relative_to(tmp_path / "data").as_posix() for file in found
        }
        asked: dict[str, Any] = {}

        class Card:
            counts = {"replies": 3}

        def validity(scorer: str, **given: Any) -> Card:
            asked.update(given, scorer=scorer)
            return Card()

        monkeypatch.setattr(amends, "validity", validity, raising=False)
        assert cards.work(tmp_path, case, Clock())["size"] == 3
        assert asked["split"] == split
        assert asked["data"].resolve() != released().path.resolve()

    def test_forms_are_of_the_records_that_were_written(self, tmp_path: Path) -> None:
        lines = material.write_lines(tmp_path / "out.jsonl", material.judgements(material.exchanges(200, 80)))
        sizes = files._sizes(lines)
        assert sizes[".jsonl"] == pytest.approx(lines.stat().st_size / 200)
        assert set(sizes) == set(files.FORMS)
        assert max(sizes[form] for form in files.FORMS[1:]) < sizes[".jsonl"]


class TestMaterial:
    def test_replies_are_as_long_as_asked_and_the_same_each_time(self) -> None:
        for words in scorers.LENGTHS:
            made = list(material.exchanges(5, words))
            assert made == list(material.exchanges(5, words))
            # sentences are whole, of at most 30 words, so that the last may go beyond
            assert all(words <= len(one["reply"].split()) <= words + 29 for one in made)

    def test_spans_of_made_up_annotations_are_true(self) -> None:
        texts = {one["id"]: one["reply"] for one in material.varied(30)}
        for judged in material.judgements(material.varied(30), ("one", "two")):
            assert judged["behaviours"]
            for shown in judged["behaviours"]:
                assert texts[judged["reply_id"]][shown["start"] : shown["end"]] == shown["quote"]

    def test_check_finds_the_near_repeats_that_were_planted_and_nothing_else(self, tmp_path: Path) -> None:
        case = Case("", 150)
        found = check([str(file) for file in checking.prepare(tmp_path, case)])
        # each fiftieth, with three of 80 words changed
        assert [problem.line for problem in found.problems] == [50, 100, 150]
        assert all("3-word runs shared" in problem.found for problem in found.problems)

    @pytest.mark.parametrize(
        ("text", "marked", "why"),
        [
            ("Thanks for that.", {"gratitude": 1, "positive": 1}, "thanks is in the list of positive words too"),
            ("Hello. Please wait.", {"greeting": 1, "please at the start": 1}, "please begins the second sentence"),
            ("Then wait please.", {"please": 1, "direct start": 1}, "please elsewhere is another strategy"),
            ("Could you call? Will you?", {"could, would": 1, "can, will": 1, "you": 2}, "both moods"),
            ("I am sorry that we failed.", {"apology": 1, "I at the start": 1, "we": 1, "negative": 1}, "persons"),
            ("So you think.", {"direct start": 1, "you": 1, "hedges": 1}, "a hedge is a word"),
            ("Where is it?", {"direct question": 1}, "a question word at the start"),
            ("", {}, "nothing is marked where nothing is said"),
        ],
    )
    def test_markers(self, text: str, marked: dict[str, int], why: str) -> None:
        assert {name: n for name, n in markers(text).items() if n} == marked, why

    def test_there_are_as_many_strategies_as_in_the_paper(self) -> None:
        assert len(STRATEGIES) == 20


class TestCosts:
    def test_rules_are_measured_as_they_are(self) -> None:
        # (23 - 11) / 30,000 = 400 us, of which the writer (7.7 - 7.1) / 30,000 = 20 us
        found = costs.each(DOCUMENT["rows"], "rules")
        assert found.whole == pytest.approx(400e-6)
        assert found.writer == pytest.approx(20e-6)
        assert found.fed == 19

    def test_trained_is_what_it_takes_and_what_the_command_adds_to_rules(self) -> None:
        # 10 ms of its own, and 400 us - 300 us of rules' own
        assert costs.each(DOCUMENT["rows"], "trained").whole == pytest.approx(10.1e-3)

    def test_the_command_adds_no_less_than_to_a_scorer_that_does_nothing(self) -> None:
        # rules alone looks as slow as the whole of score: noise; 50 us of trivial remain
        rows = [*DOCUMENT["rows"], by_words("rules", 80, 20_000, 8.2)]
        assert costs.each(rows, "trained").whole == pytest.approx(10.05e-3)

    def test_a_measurement_without_growth_is_refused(self) -> None:
        rows = [r for r in DOCUMENT["rows"] if (r["room"], r["part"], r["size"]) != ("score", "rules", 10_000)]
        with pytest.raises(ValueError, match=r"score, rules: no growth of parent_cpu.*measure again"):
            costs.each(rows, "rules")

    @pytest.mark.parametrize(
        ("workers", "writer", "cores", "alone", "cluster", "why"),
        [
            (350e-6, 10e-6, 2, 0.05, 175e-6 / 3.6e-3, "360 s over two cores; on a cluster the writer has its own"),
            (350e-6, 10e-6, 100, 10 / 3600, 10 / 3600, "above 36 cores only the writer counts"),
        ],
    )
    def test_hours(self, workers: float, writer: float, cores: int, alone: float, cluster: float, why: str) -> None:
        one = Each(workers, writer)
        assert one.hours(1_000_000, cores) == pytest.approx(alone), why
        assert one.cluster_hours(1_000_000, cores) == pytest.approx(cluster), why

    def test_a_judge_by_tokens(self) -> None:
        # 18,000 / 4 = 4,500 in at 0.40 a million and 200 out at 1.60: 1,800 and 320 for a million replies
        assert costs.tokens(DOCUMENT["judge"], SIMPLE) == (4500, 200)
        assert costs.judge_usd(DOCUMENT["judge"], SIMPLE) == pytest.approx((1800, 320))
        # 100,000 rounds of 3.6 s
        assert costs.judge_hours(SIMPLE) == pytest.approx(100)

    def test_what_breaks_first_stands_first(self) -> None:
        found = {one.what: one for one in costs.limits(DOCUMENT)}
        # 10 MB for 1,000 exchanges more, and 1 ms each
        assert found["check"].held == pytest.approx(10_485.76)
        assert found["check"].fits(SIMPLE) == pytest.approx(102_400)
        assert found["check"].a_day() == pytest.approx(86_400_000)
        # 200 MB for a million more
        assert found["score"].held == pytest.approx(209.7152)
        # it took less memory at the larger size: no growth was seen, and none is made up
        assert found["compare"].held is None
        assert found["compare"].fits(SIMPLE) == math.inf
        first = [min(one.fits(costs.ASSUMED), one.a_day()) for one in costs.limits(DOCUMENT)]
        assert first == sorted(first)
        assert "not the limit" in page.breaks([Limit("c", "reply", "x", 10, 1.0, None)], SIMPLE)

    def test_the_table_of_bench_scale_is_read(self) -> None:
        text = (
            "scorer    exchanges  file MB  seconds\n"
            "trivial      10,000        7      7.4     1,348    239.0      7.8    775.9    268.5        186      51\n"
            "rules     1,000,000      712    727.7     1,374    179.9    379.9    379.9    206.5        352     104"
            "   (at a load of 17)\n"
            "rules in words are no row\n"
        )
        first, second = costs.scale_table(text)
        assert (first["scorer"], first["exchanges"], first["cpu"], first["parent_mb"]) == ("trivial", 10_000, 7.8, 186)
        assert (second["exchanges"], second["us_each"], second["worker_mb"]) == (1_000_000, 379.9, 104)
        with pytest.raises(ValueError, match="no table of bench_scale"):
            costs.scale_table("rules are rules")


class TestPage:
    @pytest.mark.parametrize(
        ("made", "expected"),
        [
            (page.time(0.001), "3.6 seconds"),
            (page.time(0.5), "30 minutes"),
            (page.time(47), "47 hours"),
            (page.time(49), "2 days"),
            (page.time(24 * 365 * 3), "3 years"),
            (page.usd(1234), "$1,200"),
            (page.usd(0.1234), "$0.12"),
            (page.many(100_000_000), "100 million"),
            (page.many(12_345), "12,300"),
            (page.gb(1.5e9), "1.5 GB"),
            (page.gb(2.26e12), "2.3 TB"),
        ],
    )
    def test_numbers_in_words(self, made: str, expected: str) -> None:
        assert made == expected

    def test_money(self) -> None:
        # 1,000,000 x 400 us on 2 cores: 200 s, 2 cores at $0.10: 1.1 cents; 380 us on 10 cores and one more: 38 s
        text = page.money({"rules": costs.each(DOCUMENT["rows"], "rules")}, SIMPLE)
        assert "3.3 minutes, $0.011" in text
        assert "38 seconds, $0.012" in text

    def test_disk(self) -> None:
        text = page.disk(DOCUMENT["rows"], SIMPLE)
        # 700 bytes of a million exchanges are 0.7 GB, at $0.08
        assert "| exchanges, as they come | 0.7 GB, $0.056 a month | 0.2 GB" in text
        assert "not measured" in text.splitlines()[2]
        assert "| annotations by `rules` | 1 GB, $0.08 a month |" in text

    def test_the_whole_page_says_what_it_rests_on(self) -> None:
        text = page.page(DOCUMENT, SIMPLE)
        assert "# What 1 million replies cost" in text
        assert "2026-01-02, 2 cores, x, Python 3.11;" in text
        assert "**$2,100**" in text
        quick = page.page({**DOCUMENT, "machine": DOCUMENT["machine"] | {"quick": True}})
        assert "--quick" in quick

    def test_the_block_sums_the_cards_and_marks_what_was_not_measured(self) -> None:
        text = tables.block(DOCUMENT)
        assert "validity trained, train, test: 110 s, 110 s of processors" in text
        rules = next(line for line in text.splitlines() if line.startswith("rules "))
        # 300 us a reply, ten times the parse; without VADER and markers no ratio is made up
        assert rules.split() == ["rules", "80", "10,000", "3,333", "300", "10.0", "-", "-", "100", "1.0"]

    def test_marks_keep_what_stands_around_them(self) -> None:
        once = bench_scale_costs.between("# A\n\nb\n", "made\n")
        again = bench_scale_costs.between(once + "\nc\n", "anew\n")
        assert again.startswith("# A\n\nb\n\n")
        assert again.endswith("\nc\n")
        assert "anew\n" in again
        assert "made" not in again

    def test_the_picture_is_xml_and_names_its_lines(self) -> None:
        text = picture.picture(DOCUMENT)
        words = "".join(ElementTree.fromstring(text).itertext())
        assert all(name in words for name in ("rules", "trained", "read and parse", "check", "compare"))
        assert "nan" not in text

    @pytest.mark.parametrize("arguments", [["--replies", "1e9"], ["--core-hour", "0.02"], ["--tokens", "1"]])
    def test_other_prices_are_shown_and_never_written(
        self, arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(bench_scale_costs, "write_pages", lambda: pytest.fail("wrote"))
        monkeypatch.setattr(sys, "argv", ["bench_scale_costs.py", *arguments])
        with pytest.raises(SystemExit) as ended:
            bench_scale_costs.main()
        assert ended.value.code == 2
        assert capsys.readouterr().err

    def test_an_unknown_room_is_named(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(sys, "argv", ["bench_rooms.py", "--rooms", "score,attic"])
        with pytest.raises(SystemExit) as ended:
            bench_rooms.main()
        assert ended.value.code == 2
        assert "unknown: attic" in capsys.readouterr().err


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    read: dict[str, Any] = json.loads((ROOT / "benches" / "scale.json").read_text(encoding="utf-8"))
    return read


class TestCommitted:
    """The pages are made of benches/scale.json; mend with ``python benches/bench_scale_costs.py``."""

    def test_scale_md(self, document: dict[str, Any]) -> None:
        assert (ROOT / "docs" / "SCALE.md").read_text(encoding="utf-8") == page.page(document)

    def test_scale_md_by_arithmetic_of_its_own(self, document: dict[str, Any]) -> None:
        small, large = of(document["rows"], "score", "rules")[-2:]
        whole = (large["cpu"] - small["cpu"]) / (large["size"] - small["size"]) * 100_000_000
        text = (ROOT / "docs" / "SCALE.md").read_text(encoding="utf-8")
        row = next(line for line in text.splitlines() if line.startswith("| `rules` |") and "$" in line)
        assert page.usd(whole / 3600 * costs.ASSUMED.core_hour) in row.split("|")[2]

    def test_the_block_of_the_readme(self, document: dict[str, Any]) -> None:
        text = (ROOT / "benches" / "README.md").read_text(encoding="utf-8")
        assert bench_scale_costs.between(text, tables.block(document)) == text

    def test_the_picture(self, document: dict[str, Any]) -> None:
        assert (ROOT / "docs" / "scale.svg").read_text(encoding="utf-8") == picture.picture(document)

    def test_the_table_of_bench_scale_is_that_of_the_readme(self, document: dict[str, Any]) -> None:
        text = (ROOT / "benches" / "README.md").read_text(encoding="utf-8")
        assert document["files"] == costs.scale_table(text)

    def test_every_room_was_measured(self, document: dict[str, Any]) -> None:
        assert {row["room"] for row in document["rows"]} == set(bench_rooms.ROOMS)
        assert {"VADER", "politeness markers"} <= {row.get("who") for row in document["rows"]}
