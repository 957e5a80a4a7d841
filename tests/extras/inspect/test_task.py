"""The extra ``inspect``: the task as Inspect finds and runs it, with Inspect's own mock model, offline."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from inspect_ai import eval as evaluate
from inspect_ai import score as score_again
from inspect_ai.log import EvalLog, EvalScore, read_eval_log
from inspect_ai.model import ModelOutput, ModelUsage, get_model
from inspect_ai.scorer import Score
from tests.harness import offline
from tests.harness.cases import LIMIT, SCORER, figures, replies, run

from amends.dataset.folder import released_scenarios
from amends.errors import UsageError
from amends.harness.inspect_task import amends as amends_task
from amends.harness.inspect_task import levels
from amends.harness.judging import messages_of, scenarios_of, system_prompt
from amends.records import DIMENSIONS

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
ASKED = {"split": "validation", "scorer": SCORER, "limit": LIMIT}
Asked = list[list[dict[str, str]]]


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    offline.cut(monkeypatch)


def chats() -> dict[str, str]:
    """What a model is asked to the scenario's id: the mock model sees no ids."""
    told = {str(messages_of(s, system_prompt(None))): s.id for s in scenarios_of("validation", LIMIT)}
    assert len(told) == LIMIT
    return told


def mock(texts: dict[tuple[str, int], str], asked: Asked) -> Any:
    """Inspect's mock model with known replies: the first for a scenario's first epoch, and so on."""
    known, seen = chats(), Counter[str]()

    def answer(messages: Any, *_: Any) -> ModelOutput:
        chat = [{"role": message.role, "content": message.text} for message in messages]
        asked.append(chat)
        scenario_id = known[str(chat)]
        output = ModelOutput.from_content("mockllm", texts[scenario_id, seen[scenario_id]])
        seen[scenario_id] += 1
        # without it mockllm counts tokens with tiktoken, which fetches its vocabulary
        output.usage = ModelUsage()
        return output

    return get_model("mockllm/model", custom_outputs=answer, memoize=False)


def evaluated(folder: Path, model: Any, **options: Any) -> EvalLog:
    [log] = evaluate("amends/amends", model=model, task_args=ASKED, log_dir=str(folder), display="none", **options)
    assert log.status == "success", log.error
    return log


def shown(log: EvalLog) -> dict[str, float]:
    assert log.results is not None
    [one] = log.results.scores
    assert isinstance(one, EvalScore)
    return {name: metric.value for name, metric in one.metrics.items()}


@pytest.mark.parametrize("samples", [pytest.param(1, id="one reply each"), pytest.param(2, id="two epochs")])
def test_the_numbers_are_those_of_a_run(samples: int, tmp_path: Path) -> None:
    texts = replies(samples)
    asked: Asked = []
    log = evaluated(tmp_path, mock(texts, asked), epochs=samples)
    result = run(texts, tmp_path, samples)
    counts = result.counts
    wanted = figures(result) | {
        "replies": counts["replies"],
        "scenarios": counts["clusters"],
        "no_reply": counts["no_reply"],
    }
    assert shown(log) == pytest.approx(wanted, rel=1e-12)
    assert counts["no_reply"] == 10 * samples
    assert sum(counts["not_scored"].values()) > 0
    # the log's signature lacks only what Inspect counts: n and missing
    parts = result.signature.split("|")
    assert log.eval.metadata is not None
    assert log.eval.metadata["signature"] == "|".join(p for p in parts if p.split(":")[0] not in ("n", "missing"))
    assert Counter(map(str, asked)) == dict.fromkeys(chats(), samples), "asked for the chat and nothing else"


def test_what_stands_in_a_score(tmp_path: Path) -> None:
    texts = replies()
    evaluated(tmp_path, mock(texts, []))
    # from the file: NaN must survive it
    log = read_eval_log(str(next(tmp_path.glob("*.eval"))))
    scores: dict[str, Score] = {str(s.id): s.scores["levels"] for s in log.samples or () if s.scores}
    assert list(scores) == [scenario_id for scenario_id, _ in texts]
    reasons = Counter(score.reason for score in scores.values())
    assert reasons["no_response"] == 10
    assert reasons["grader_failed"] > 0
    for scenario_id, score in scores.items():
        assert isinstance(score.value, dict)
        assert list(score.value) == list(DIMENSIONS)
        assert score.answer == texts[scenario_id, 0]
        meta, explanation = score.metadata or {}, score.explanation or ""
        assert all(math.isnan(level) for level in score.value.values()) == (score.reason is not None)
        assert meta["given"] == (score.reason != "no_response")
        assert "|n:1/1|" in meta["signature"]
        assert ("empty" in meta["flags"]) == (score.answer == "")
        for behaviour in meta["behaviours"]:
            assert behaviour["quote"] == texts[scenario_id, 0][behaviour["start"] : behaviour["end"]]
            assert f"{behaviour['code']} ({behaviour['start']}-{behaviour['end']}" in explanation
            assert behaviour["quote"] in explanation
    assert any(score.metadata and score.metadata["behaviours"] for score in scores.values())
    assert any(math.isnan(score.as_dict()["empathy"]) and not score.reason for score in scores.values())


def test_no_sample_holds_what_a_generator_may_not_see() -> None:
    task = amends_task("validation")
    for sample in task.dataset:
        assert not sample.target
        assert not sample.metadata
        context = released_scenarios()[str(sample.id)].context
        told = [{"role": m.role, "content": m.text} for m in sample.input if not isinstance(m, str)]
        assert told == messages_of(released_scenarios()[str(sample.id)], system_prompt(None))
        assert f"fault: {context.fault}" not in str(sample).lower()


def test_a_system_prompt_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("You answer for {company}. Rhyme.", encoding="utf-8")
    task = amends_task("validation", "rules", 5, str(tmp_path / "mine.txt"))
    companies = [released_scenarios()[str(sample.id)].context.company or "the company" for sample in task.dataset]
    first = [sample.input[0].text for sample in task.dataset if not isinstance(sample.input, str)]
    assert first == [f"You answer for {company}. Rhyme." for company in companies]
    assert task.metadata["system_sha256"] != amends_task("validation", "rules", 5).metadata["system_sha256"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param({"split": "dev"}, "split", id="split"),
        pytest.param({"scorer": "nobody"}, "scorer", id="scorer"),
        pytest.param({"limit": 0}, "at least 1", id="limit"),
    ],
)
def test_a_wrong_parameter_is_named(arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        amends_task(**arguments)


@pytest.mark.parametrize(
    ("make", "same"),
    [
        pytest.param(lambda: levels(SCORER), True, id="the same scorer finds the same"),
        pytest.param(lambda: levels("rules"), False, id="another judges the stored replies anew"),
    ],
)
def test_a_log_can_be_scored_again(make: Callable[[], Any], same: bool, tmp_path: Path) -> None:
    log = evaluated(tmp_path, mock(replies(), []))
    again = score_again(log, make(), action="overwrite", display="none")
    assert (shown(again) == shown(log)) == same
