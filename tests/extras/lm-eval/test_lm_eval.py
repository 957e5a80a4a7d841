"""The extra ``lm-eval``: the task as lm-evaluation-harness finds and runs it, offline."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from lm_eval import simple_evaluate
from lm_eval.api.model import LM
from lm_eval.tasks import TaskManager
from lm_eval.utils import handle_non_serializable, make_table
from tests.harness import offline
from tests.harness.cases import LIMIT, SCORER, figures, replies, run

from amends.errors import UsageError
from amends.harness import LM_EVAL
from amends.harness.judging import messages_of, scenarios_of, system_prompt
from amends.records import DIMENSIONS

pytestmark = pytest.mark.filterwarnings("ignore")
ASKED = {"split": "validation", "scorer": SCORER}


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    offline.cut(monkeypatch)


class Known(LM):
    """A model whose replies are known: it answers in the order in which it is asked."""

    tokenizer_name = "known"

    def __init__(self, texts: list[str]) -> None:
        super().__init__()
        self.texts = texts
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def generate_until(self, requests: list[Any], disable_tqdm: bool = False) -> list[str]:
        self.asked = [request.args for request in requests]
        return self.texts[: len(requests)]

    def loglikelihood(self, requests: list[Any], disable_tqdm: bool = False) -> list[tuple[float, bool]]:
        raise AssertionError("amends asks for replies alone")

    def loglikelihood_rolling(self, requests: list[Any], disable_tqdm: bool = False) -> list[float]:
        raise AssertionError("amends asks for replies alone")

    def apply_chat_template(self, chat_history: list[dict[str, str]], add_generation_prompt: bool = True) -> str:
        return json.dumps([chat_history, add_generation_prompt])


def evaluated(model: Any, metadata: dict[str, Any] = ASKED, limit: int = LIMIT, **options: Any) -> dict[str, Any]:
    manager = TaskManager(include_path=str(LM_EVAL), include_defaults=False, metadata=dict(metadata))
    found: dict[str, Any] = simple_evaluate(
        model=model, tasks=["amends"], task_manager=manager, limit=limit, bootstrap_iters=100, **options
    )
    return found


def shown(found: dict[str, Any]) -> dict[str, float | None]:
    """Metrics without lm-eval's own fields."""
    own = {key.removesuffix(",none"): value for key, value in found["results"]["amends"].items() if ",none" in key}
    return {name: value for name, value in own.items() if not name.endswith("_stderr")}


def test_the_numbers_are_those_of_a_run(tmp_path: Path) -> None:
    texts = replies()
    found = evaluated(Known(list(texts.values())))
    result = run(texts, tmp_path)
    # the last bits of a sum depend on its order
    assert shown(found) == pytest.approx(figures(result) | {"no_reply": result.counts["no_reply"]}, rel=1e-12)
    assert result.counts["no_reply"] == 10
    assert sum(result.counts["not_scored"].values()) > 0
    assert found["configs"]["amends"]["metadata"]["signature"] == result.signature
    # what lm-eval prints and writes
    assert "empathy_breach_high" in make_table(found)
    written = json.loads(json.dumps(found, default=handle_non_serializable))
    assert written["configs"]["amends"]["metadata"]["signature"] == result.signature


def test_the_mock_model_of_lm_eval(tmp_path: Path) -> None:
    result = run(dict.fromkeys(replies(), "lol"), tmp_path)
    assert shown(evaluated("dummy")) == figures(result) | {"no_reply": result.counts["no_reply"]}


def test_what_could_not_be_judged_is_never_0() -> None:
    # of length 10: the scorer refuses every one of them
    found = shown(evaluated(Known(["I am sorry"] * LIMIT)))
    for dimension in DIMENSIONS:
        assert found[f"{dimension}_judged"] == 0
        assert found[f"{dimension}_n"] == 0
        assert [found[f"{dimension}{part}"] for part in ("", "_low", "_breach", "_full")] == [None] * 4
    assert found["no_reply"] == 0


def test_each_reply_has_its_own_values(tmp_path: Path) -> None:
    texts = replies()
    logged = evaluated(Known(list(texts.values())), log_samples=True)["samples"]["amends"]
    assert [sample["doc"]["id"] for sample in logged] == [scenario_id for scenario_id, _ in texts]
    for sample, text in zip(logged, texts.values(), strict=True):
        assert sample["filtered_resps"] == [text]
        assert set(sample["doc"]) == {"id", "messages"}
        for dimension in DIMENSIONS:
            level, breach, full = (sample[f"{dimension}{part}"] for part in ("", "_breach", "_full"))
            assert sample[f"{dimension}_judged"] == (level is not None)
            if level is not None:
                assert (breach, full) == (level < 2.5, level >= 3.5)
            else:
                # not given: a breach; given and not judged: nothing
                assert (breach, full) == ((None, None) if sample["no_reply"]["given"] else (1.0, 0.0))


def test_a_model_with_a_chat_template_gets_the_chat() -> None:
    model = Known(list(replies().values()))
    evaluated(model, apply_chat_template=True)
    chats = [messages_of(scenario, system_prompt(None)) for scenario in scenarios_of("validation", LIMIT)]
    assert [json.loads(prompt) for prompt, _ in model.asked] == [[chat, True] for chat in chats]
    assert {len(chat) for chat in chats} >= {2, 4}, "with turns of the agent among them"
    # nothing but the model's own end stops a reply, and never lm-eval's default, a blank line
    assert [settings["until"] for _, settings in model.asked] == [[]] * LIMIT


def test_a_model_without_one_gets_the_same_as_text() -> None:
    model = Known(list(replies().values()))
    evaluated(model)
    for (prompt, settings), scenario in zip(model.asked, scenarios_of("validation", LIMIT), strict=True):
        system, *turns = messages_of(scenario, system_prompt(None))
        who = {"user": "Customer", "assistant": "Agent"}
        said = "\n\n".join(f"{who[turn['role']]}: {turn['content']}" for turn in turns)
        assert prompt == f"{system['content']}\n\n{said}\n\nAgent:"
        assert settings["until"] == ["\n\nCustomer:"]
        assert settings["max_gen_toks"] == 1024


def test_prompts_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("You answer for {company}.", encoding="utf-8")
    model = Known(list(replies().values()))
    asked = ASKED | {"system": str(tmp_path / "mine.txt")}
    evaluated(model, asked, 3, apply_chat_template=True, system_instruction="Be brief.")
    firsts = [json.loads(prompt)[0][0] for prompt, _ in model.asked]
    companies = [s.context.company or "the company" for s in scenarios_of("validation", 3)]
    assert [first["content"] for first in firsts] == [f"Be brief.\n\nYou answer for {name}." for name in companies]


@pytest.mark.parametrize(
    ("metadata", "said"),
    [
        pytest.param({"split": "dev"}, "split", id="split"),
        pytest.param({"scorer": "nobody"}, "scorer", id="scorer"),
    ],
)
def test_a_wrong_parameter_is_named(metadata: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        evaluated(Known([]), metadata)


def test_no_option_shows_a_model_examples() -> None:
    # a shot would be a labeled reply of the set
    plain, shot = Known(["lol"] * 3), Known(["lol"] * 3)
    evaluated(plain, limit=3)
    evaluated(shot, limit=3, num_fewshot=2)
    assert shot.asked == plain.asked
