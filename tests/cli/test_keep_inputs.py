"""No command writes over the file that it reads: somebody's log may be the only one that there is."""

import errno
from pathlib import Path

import pytest

LOG = '{"id": "1", "turns": [{"role": "customer", "text": "Where is it?"}], "reply": "On its way."}\n'

CASES = [
    (["score", "LOG", "-o", "LOG", "--fresh"], "emptied the log, and ended with 0"),
    (["score", "LOG", "-o", "LOG"], "named --fresh as the way, which emptied it"),
    (["score", "LOG", "-o", "LINK", "--fresh"], "another path to the same file"),
    (["draw", "LOG", "--n", "1", "-o", "LOG"], "left the drawn replies alone"),
    (["report", "LOG", "--html", "LOG"], "a page in its place"),
    (["report", "OTHER", "--source", "LOG", "--html", "LOG"], "the texts are read too"),
    (["report", "OTHER", "--labels", "LOG", "--html", "LOG"], "labels are people's work"),
    (["compare", "OTHER", "LOG", "--sheet", "LOG"], "the second side"),
    (["plan", "OTHER", "LOG", "--svg", "LOG"], "a pilot"),
    (["explain", "LOG", "--html", "LOG"], "a page in its place"),
    (["label-studio", "import", "OTHER", "--source", "LOG", "-o", "LOG"], "the source of the tasks"),
]


@pytest.mark.parametrize(("args", "why"), CASES, ids=[" ".join(args) for args, _ in CASES])
def test_what_is_read_is_not_written_over(amends, tmp_path: Path, args: list[str], why: str) -> None:
    paths = {"LOG": tmp_path / "log.jsonl", "OTHER": tmp_path / "other.jsonl", "LINK": tmp_path / "link.jsonl"}
    for name in ("LOG", "OTHER"):
        paths[name].write_text(LOG)
    paths["LINK"].symlink_to(paths["LOG"])
    scorer = ["--scorer", "rules"] if args[0] not in ("draw", "label-studio") else []
    called = amends(*[paths.get(arg, arg) for arg in args], *scorer)
    assert called.code == 2, why
    assert paths["LOG"].read_text() == LOG, why
    assert "is what this command reads" in called.err
    assert "--fresh" not in called.err


RUNS = [
    (["run", "REPLIES", "-o", "FOLDER", "--fresh"], "emptied the replies that it was to score"),
    (["run", "REPLIES", "-o", "FOLDER"], "named --fresh as the way, which emptied them"),
    (["generate", "REPLIES", "-o", "REPLIES", "--fresh"], "a replies file is a generator too"),
]


@pytest.mark.parametrize(("args", "why"), RUNS, ids=[" ".join(args) for args, _ in RUNS])
def test_replies_in_the_run_folder_stay(amends, tmp_path: Path, args: list[str], why: str) -> None:
    paths = {"FOLDER": tmp_path, "REPLIES": tmp_path / "replies.jsonl"}
    paths["REPLIES"].write_text('{"id": "r", "scenario_id": "sc-0001", "text": "Sorry."}\n')
    called = amends(*[paths.get(arg, arg) for arg in args], "--split", "train")
    assert called.code == 2, why
    assert paths["REPLIES"].read_text(), why
    assert "is what this command reads" in called.err


SHEETS = [
    ("pairs.csv", "may hold somebody's ratings", "the same command again took the ratings of 150 pairs with it"),
    ("pairs.csv.key.json", "a sheet that raters have needs it", "the sheet was moved to the raters, its key was not"),
]


@pytest.mark.parametrize(("name", "said", "why"), SHEETS, ids=[name for name, *_ in SHEETS])
def test_a_sheet_that_is_there_stays(amends, tmp_path: Path, name: str, said: str, why: str) -> None:
    log, there = tmp_path / "log.jsonl", tmp_path / name
    log.write_text(LOG)
    there.write_text("of before")
    called = amends("compare", log, log, "--pair-by", "id", "--scorer", "rules", "--sheet", tmp_path / "pairs.csv")
    assert called.code == 2, why
    assert said in called.err
    assert there.read_text() == "of before", why


def test_a_full_disk_is_named_as_one(amends, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """ "OSError: [Errno 28]" told nobody that the same command goes on once there is room."""
    log = tmp_path / "log.jsonl"
    log.write_text(LOG)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    called = amends("draw", log, "--n", "1", "-o", tmp_path / "drawn.jsonl")
    assert called.code == 2
    assert called.err.strip().endswith(
        "amends: No space left on device: nothing more could be written; make room, and give the same command again"
    )


def test_another_file_is_written(amends, tmp_path: Path) -> None:
    log, out = tmp_path / "log.jsonl", tmp_path / "drawn.jsonl"
    log.write_text(LOG)
    out.write_text("old")
    assert amends("draw", log, "--n", "1", "-o", out).code == 0
    assert out.read_text() != "old"
