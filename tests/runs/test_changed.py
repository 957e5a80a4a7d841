"""A run folder that was changed after the run, or taken up again and stopped, gives no number of other texts."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from amends.comparison.sides import Fields, load_side
from amends.errors import GeneratorError, UsageError
from amends.generators.function import FunctionGenerator
from amends.leaderboard.sources import Submission, of_run
from amends.runs.execute import Asked, Done, Plan, execute
from amends.runs.stored import Reading, stored_results
from amends.scorers import load_scorer

KIND = "I am so sorry your week was lost to this. We will refund it by Friday; does that suit you?"
COLD = "It is not our fault. You should have read the terms."
RULES = load_scorer("rules")


def answer(scenario: dict) -> str:
    return KIND


def half(scenario: dict) -> str:
    """No reply to every other scenario."""
    if int(scenario["id"][-1]) % 2:
        raise ValueError("not now")
    return KIND


def run(folder: Path, function: Callable[[dict], str] = answer) -> Done:
    made = FunctionGenerator(function, "tests:answer", sys.modules[__name__])
    return execute(Plan(Asked(made, "train", limit=6), RULES), folder)


def report(folder: Path) -> object:
    return stored_results(str(folder), Reading(RULES, print))


def compare(folder: Path) -> object:
    return load_side(str(folder), RULES, None, Fields(), print)


def submit(folder: Path) -> object:
    return of_run(folder, Submission(), None)


def reword(folder: Path) -> None:
    file = folder / "replies.jsonl"
    file.write_text(file.read_text(encoding="utf-8").replace(KIND, COLD), encoding="utf-8")


def lift(folder: Path) -> None:
    file = folder / "annotations.jsonl"
    records = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    for record in records:
        record["levels"]["empathy"] = 5
    file.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")


def improve(folder: Path) -> None:
    file = folder / "result.json"
    file.write_text(file.read_text(encoding="utf-8").replace("breach", "breach "), encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        pytest.param(reword, "replies.jsonl", id="replies mended by hand: the judgements are of the old ones"),
        pytest.param(lift, "annotations.jsonl", id="judgements changed: report and compare would differ"),
        pytest.param(improve, "result.json", id="numbers changed"),
        pytest.param(lambda f: (f / "annotations.jsonl").unlink(), "annotations.jsonl", id="judgements gone"),
    ],
)
@pytest.mark.parametrize("reader", [report, compare, submit])
def test_a_changed_folder_is_not_read(
    tmp_path: Path, change: Callable[[Path], None], named: str, reader: Callable[[Path], object]
) -> None:
    run(tmp_path)
    change(tmp_path)
    with pytest.raises(UsageError, match=rf"{named} changed after the run.*run the same command again"):
        reader(tmp_path)


@pytest.mark.parametrize("change", [reword, lift, improve])
def test_the_same_command_scores_what_stands_there(tmp_path: Path, change: Callable[[Path], None]) -> None:
    before = run(tmp_path).result.to_dict()
    change(tmp_path)
    again = run(tmp_path).result.to_dict()
    assert (again == before) == (change is not reword)
    if change is reword:
        assert again["dimensions"]["excuse_avoidance"]["breach"]["value"] == 1.0
    report(tmp_path)
    compare(tmp_path)


@pytest.mark.parametrize(
    ("change", "asked"),
    [
        pytest.param(improve, 0, id="numbers alone are made anew from the judgements that stand there"),
        pytest.param(lambda f: (f / "result.json").unlink(), 0, id="and so are numbers that are gone"),
        pytest.param(lift, 6, id="judgements that were changed are not believed"),
    ],
)
def test_a_judge_is_asked_again_only_for_what_changed(
    tmp_path: Path, change: Callable[[Path], object], asked: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = run(tmp_path).result.to_dict()
    change(tmp_path)
    judged: list[object] = []
    whole = type(RULES).annotate
    monkeypatch.setattr(type(RULES), "annotate", lambda self, e: (judged.extend(e), whole(self, e))[1])
    assert run(tmp_path).result.to_dict() == before
    assert len(judged) == asked


def test_a_folder_of_an_older_package_is_read(tmp_path: Path) -> None:
    run(tmp_path)
    document = json.loads((tmp_path / "run.json").read_bytes())
    del document["files"]
    (tmp_path / "run.json").write_text(json.dumps(document), encoding="utf-8")
    report(tmp_path)
    compare(tmp_path)


def test_stopped_before_the_judgements_it_is_not_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Replies that no judgement is there for would count as not given, and lose against every other."""
    run(tmp_path, half)
    report(tmp_path)
    monkeypatch.setattr("amends.runs.execute._annotate", _stop)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, answer)
    for reader in (report, compare):
        with pytest.raises(UsageError, match="not finished; run the same command again"):
            reader(tmp_path)


def test_a_start_that_came_to_nothing_leaves_a_finished_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The endpoint is down today: what was reported yesterday can be reported still."""
    run(tmp_path, half)
    monkeypatch.setattr("amends.runs.execute.generated", _fail)
    with pytest.raises(GeneratorError):
        run(tmp_path, half)
    report(tmp_path)
    compare(tmp_path)


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


def _fail(*_: object) -> None:
    raise GeneratorError("no endpoint")
