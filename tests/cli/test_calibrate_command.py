"""``calibrate``: the file, the tables, and the scorer that it makes wherever a scorer goes."""

import json
from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from tests.scorercard.cases import TURNS, Told, folder, text, write

import amends.scorers
from amends.records import DIMENSIONS
from amends.schema import problems
from amends.terminal import WIDTH


class Mute(Told):
    """A judge whose every request was refused."""

    name = "mute"

    def annotate(self, exchanges):
        return [replace(one, levels=dict.fromkeys(DIMENSIONS)) for one in super().annotate(exchanges)]


@pytest.fixture(autouse=True)
def told(monkeypatch):
    """Two scorers that say what the reply tells them to."""
    for name in ("told", "other"):
        monkeypatch.setitem(amends.scorers.SCORERS, name, "tests.scorercard.cases:Told")


@pytest.fixture
def data(tmp_path):
    return folder(tmp_path / "data", scenarios=8)


def test_the_file_is_written_and_the_tables_are_printed(amends, data):
    called = amends("calibrate", "told", "-o", "c.json", "--data", data)
    assert called.code == 0, called.err
    raw = orjson.loads(Path("c.json").read_bytes())
    assert problems(raw, "calibration", "-", None) == []
    assert "use it as --scorer calibrated:c.json" in called.err
    *lines, last = called.out.splitlines()
    assert last.startswith("amends|data:validation@")
    assert f"|scorer:calibrated.1@{raw['checksum'][:12]}|" in last
    assert "|gold:model|" in last
    assert max(map(len, lines)) <= WIDTH
    for heading in ("Empathy: out of fold (5 folds by scenario)", "Empathy: calibrated:told minus each, same replies"):
        assert heading in called.out
    assert "what people would say has not been asked" in " ".join(called.out.split())


def test_every_number_of_the_file_is_printed_with_its_interval(amends, data):
    from amends.reports import wording
    from amends.statistics.estimate import Estimate

    called = amends("calibrate", "told", "other", "-o", "c.json", "--data", data)
    measured = orjson.loads(Path("c.json").read_bytes())["measured"]
    assert list(measured["levels"]) == ["told", "other", "calibrated:told", "calibrated:other", "ensemble"]
    assert list(measured["gains"]) == ["told", "other", "calibrated:told", "calibrated:other"]
    for some in measured["levels"].values():
        for by_measure in some.values():
            shown = wording.printed(Estimate.from_dict(by_measure["error"]), "level")
            assert shown.value in called.out and shown.interval in called.out and f"n {shown.n}" in called.out


def test_json_is_the_file(amends, data):
    called = amends("calibrate", "told", "-o", "c.json", "--data", data, "--json")
    assert called.out.encode() == Path("c.json").read_bytes()


def test_the_same_twice(amends, data):
    first, second = (amends("calibrate", "told", "-o", f, "--data", data) for f in ("a.json", "b.json"))
    assert first.out == second.out
    assert Path("a.json").read_bytes() == Path("b.json").read_bytes()
    amends("calibrate", "told", "-o", "c.json", "--data", data, "--seed", "7")
    assert json.loads(Path("c.json").read_bytes())["fitted"]["seed"] == 7


REFUSED = [
    (["told", "told", "-o", "n.json"], "a scorer stands twice", "one scorer twice"),
    (["told", "-o", "there.json"], "there.json is there; name a new file", "nothing is written over"),
    (["told", "-o", "n.json", "--split", "test"], "'test' is not one of 'train', 'validation'", "test only measures"),
    (["tests.scorercard.cases:Told", "-o", "n.json"], "unknown member of a calibration", "a file names no code"),
    (["toll", "-o", "n.json"], "Did you mean told", "no such scorer"),
    (["-o", "n.json"], "Missing argument", "nobody named"),
    (["told", "-o", "-"], "-o - is no file", "a scorer is loaded from a file"),
    (["told", "-o", "there.json/n.json"], "there.json: File exists", "a file where a folder would be"),
    (["told", "-o", "n.json", "--seed", "-1"], "-1 is not in the range x>=0", "numpy knows no such seed"),
    (["told"], "Missing option '-o'", "no file named"),
]


@pytest.mark.parametrize(("args", "words", "why"), REFUSED, ids=[why for *_, why in REFUSED])
def test_wrong_use_exits_2_and_writes_nothing(amends, data, args, words, why):
    Path("there.json").write_text("mine")
    called = amends("calibrate", *args, "--data", data)
    assert called.code == 2
    assert words in called.err
    assert not Path("n.json").exists()
    assert Path("there.json").read_text() == "mine"


@pytest.fixture
def calibrated(amends, data):
    amends("calibrate", "told", "other", "-o", "c.json", "--data", data)
    return "calibrated:c.json"


def test_score_takes_it_and_says_what_it_is_made_of(amends, calibrated):
    rows = [{"id": f"u{i}", "turns": TURNS, "reply": text([i, i, i])} for i in (1, 3, 5)]
    write(Path("own.jsonl"), *rows, {"id": "none", "turns": TURNS, "reply": text([None] * 3, flags=["not_a_reply"])})
    called = amends("score", "own.jsonl", "--scorer", calibrated, "-o", "out.jsonl", "--jobs", "1")
    assert called.code == 0, called.err
    assert "told.3 + told.3, fitted to model gold of validation@" in called.err
    checksum = orjson.loads(Path("c.json").read_bytes())["checksum"][:12]
    assert f"scorer:calibrated.1@{checksum}" in called.out
    judged = [orjson.loads(line) for line in Path("out.jsonl").read_bytes().splitlines()]
    levels = [one["levels"]["empathy"] for one in judged]
    assert levels[:3] == sorted(levels[:3]) and len(set(levels[:3])) == 3
    assert (levels[3], judged[3]["flags"]) == (None, ["not_a_reply"])


def test_another_file_is_another_scorer_that_does_not_resume(amends, calibrated, data):
    write(Path("own.jsonl"), {"id": "u", "turns": TURNS, "reply": text([3, 3, 3])})
    amends("score", "own.jsonl", "--scorer", calibrated, "-o", "out.jsonl", "--jobs", "1")
    amends("calibrate", "told", "-o", "d.json", "--data", data)
    called = amends("score", "own.jsonl", "--scorer", "calibrated:d.json", "-o", "out.jsonl", "--jobs", "1")
    assert called.code == 2
    assert "weights" in called.err


def test_validity_has_a_card_of_it_with_calibration_and_error_by_confidence(amends, calibrated, data):
    called = amends("validity", calibrated, "--data", data)
    assert called.code == 0, called.err
    assert called.out.startswith("scorer     calibrated 1 (weights ")
    assert "CALIBRATION" in called.out
    assert "ERROR BY CONFIDENCE" in called.out
    card = json.loads(amends("validity", calibrated, "--data", data, "--json").out)
    assert card["confidence"]["why"] is None
    assert card["confidence"]["dimensions"]["empathy"]["all"]["n"] == 32
    amends("validity", calibrated, "--data", data, "--html", "card.html")
    page = Path("card.html").read_text(encoding="utf-8")
    assert 'href="#confidence"' in page and "Surest four fifths" in page


def test_a_card_of_a_scorer_without_confidence_says_so(amends, data):
    printed = amends("validity", "told", "--data", data).out
    assert "ERROR BY CONFIDENCE" not in printed
    assert "no confidence: this scorer gives none" in printed


def test_a_tampered_file_is_refused(amends, calibrated):
    write(Path("own.jsonl"), {"id": "u", "turns": TURNS, "reply": text([3, 3, 3])})
    body = Path("c.json").read_text()
    Path("c.json").write_text(body.replace('"replies": 32', '"replies": 3200'))
    called = amends("score", "own.jsonl", "--scorer", calibrated)
    assert called.code == 2
    assert "was changed after it was written" in called.err


def test_a_folder_that_may_not_be_written_to_is_named_before_anything_is_scored(amends, data, monkeypatch):
    """Rights are none for root, under whom tests may run: what the system would say is put in its mouth."""
    import amends.cli.calibrate as module

    monkeypatch.setattr(module.os, "access", lambda path, mode: Path(path) != Path("kept"))
    monkeypatch.setattr(module, "calibrate", lambda *args, **named: pytest.fail("scored"))
    called = amends("calibrate", "told", "-o", "kept/n.json", "--data", data)
    assert called.code == 2
    assert "-o: kept may not be written to" in called.err


def test_paths_may_hold_any_letter(amends, data):
    data.rename("ünï dätä")
    assert amends("calibrate", "told", "-o", "cäl ö.json", "--data", "ünï dätä").code == 0
    write(Path("own.jsonl"), {"id": "u", "turns": TURNS, "reply": text([3, 3, 3])})
    assert amends("score", "own.jsonl", "--scorer", "calibrated:cäl ö.json", "-o", "o.jsonl", "--jobs", "1").code == 0


def test_long_names_stay_within_the_width(amends, data, monkeypatch):
    from amends.scorers import SCORERS

    long = [f"plug-in-with-a-name-as-long-as-that-of-a-model-{k}" for k in "abc"]
    for name in long:
        monkeypatch.setitem(SCORERS, name, "tests.scorercard.cases:Told")
    monkeypatch.setattr("tests.scorercard.cases.Told.name", "told-under-a-name-that-is-long-too")
    *lines, _ = amends("calibrate", *long, "-o", "c.json", "--data", data).out.splitlines()
    assert max(map(len, lines)) <= WIDTH
    assert sum(line.count("told-under-a-name-that-is-long-too.3") for line in lines) == 3


def test_a_member_that_judges_nothing_is_named(amends, data, monkeypatch):
    from amends.scorers import SCORERS

    monkeypatch.setitem(SCORERS, "mute", "tests.cli.test_calibrate_command:Mute")
    called = amends("calibrate", "told", "mute", "-o", "c.json", "--data", data)
    assert called.code == 0
    assert "mute: levels on fewer than 20 replies with gold, so it is in no odds" in called.err
    assert "told: levels" not in called.err
    measured = orjson.loads(Path("c.json").read_bytes())["measured"]["levels"]
    assert measured["ensemble"] == measured["calibrated:told"]
    assert {one["n"] for one in measured["calibrated:mute"]["empathy"].values()} == {0}
