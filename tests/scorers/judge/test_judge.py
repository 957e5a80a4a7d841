"""The scorer itself, over an endpoint that says what it is told to; over HTTP: tests/extras/judge."""

from __future__ import annotations

import json
import pickle
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from amends import schema
from amends.endpoint.cache import Cache
from amends.endpoint.protocol import Answer, EndpointError, EndpointRefused, Request
from amends.endpoint.usage import Prices, Usage
from amends.records import DIMENSIONS, Author, Context, Exchange, Turn
from amends.runs.scoring import annotate, annotated, weights_of
from amends.scorers.base import Scorer
from amends.scorers.judge.prompt import prompt_hash
from amends.scorers.judge.scorer import Judge
from amends.scorers.judge.settings import JudgeSettings
from amends.scorers.rules.scorer import Rules
from amends.signature import parse, signature

SORRY = "I am sorry that the cot never came. A new one is on the van tomorrow."


def case(reply: str = SORRY, **more: Any) -> Exchange:
    bare = Exchange("", (Turn("customer", "My cot never came, and the baby has none."),), reply, Context())
    return replace(bare, **more)


def said(level: int | None = 4, **more: Any) -> str:
    whole: dict[str, Any] = {"behaviours": [], "flags": [], "reason": f"level {level}"}
    return json.dumps(whole | {"levels": dict.fromkeys(DIMENSIONS, level)} | more)


class Told:
    """An endpoint that answers what a function says of the request: a text, None, or an error to raise."""

    without = ()

    def __init__(self, says: Callable[[Request], str | None | Exception]) -> None:
        self.says = says
        self.asked: list[Request] = []
        self.usage = Usage()
        self.lock = threading.Lock()

    def ask(self, request: Request, stop: threading.Event | None = None) -> Answer:
        with self.lock:
            self.asked.append(request)
        found = self.says(request)
        if isinstance(found, Exception):
            raise found
        return Answer(found, None, "stop", "m-1", 100, 10, "json_schema", "2026-11-22")


def reply_of(request: Request) -> str:
    lines = request.messages[1]["content"].splitlines()
    return str(json.loads(lines[lines.index(next(x for x in lines if x.startswith("<<<DATA"))) + 1])["reply"])


def made(tmp_path: Path, says: Callable[[Request], str | None | Exception], **settings: Any) -> tuple[Judge, Told]:
    judge, told = Judge(JudgeSettings("m", **settings), Cache(tmp_path)), Told(says)
    judge._endpoint = told  # type: ignore[assignment]
    return judge, told


def test_it_is_a_scorer_whose_signature_names_model_and_prompt(tmp_path: Path) -> None:
    judge, _ = made(tmp_path, lambda r: said())
    assert isinstance(judge, Scorer)
    assert weights_of(judge) == f"m@{prompt_hash()}"
    line = signature({"scorer": f"{judge.name}.{judge.version}@{weights_of(judge)}"})
    assert parse(line)["scorer"] == f"judge.1@m@{prompt_hash()}"
    sampled = Judge(JudgeSettings("org/m:8b", samples=5), Cache(tmp_path))
    assert sampled.weights == f"org/m:8b@{prompt_hash()}.s5.t0.7", "another way of asking is another scorer"
    assert parse(signature({"scorer": f"judge.1@{sampled.weights}"}))["scorer"].endswith(".s5.t0.7")


def test_an_answer_becomes_an_annotation_that_its_schema_takes(tmp_path: Path) -> None:
    marks = [{"code": "X3", "quote": "a new one is on the van tomorrow", "occurrence": 1, "passing_hint": False}]
    judge, told = made(tmp_path, lambda r: said(3, behaviours=marks, flags=["truncated"]))
    (found,) = annotate(judge, [case(id="r1", scenario_id="s1")])
    assert (found.reply_id, found.scenario_id) == ("r1", "s1")
    assert dict(found.levels) == dict.fromkeys(DIMENSIONS, 3.0)
    assert [(b.code, b.quote) for b in found.behaviours] == [("X3", "A new one is on the van tomorrow")]
    assert (found.flags, found.reason, found.created) == (("truncated",), "level 3", "2026-11-22")
    assert (found.probabilities, found.confidence) == (None, None), "one sample says nothing of its own sureness"
    assert found.annotator.to_dict() | {"method": None, "guideline": None} == found.annotator.to_dict()
    assert found.annotator.version == f"1@m@{prompt_hash()}"
    assert found.meta == {
        "samples": 1,
        "tokens": {"prompt": 100, "completion": 10},
        "cached": 0,
        "models": ["m-1"],
        "lost_quotes": 0,
    }
    assert schema.problems(found.to_dict(), "annotation", "f", 1) == []
    assert told.asked[0].parameters == {"temperature": 0.0}


def test_samples_are_asked_apart_and_combined(tmp_path: Path) -> None:
    judge, told = made(tmp_path, lambda r: said([2, 3, 3][r.sample]), samples=3)
    (found,) = judge.annotate([case()])
    assert found.levels["empathy"] == 3.0
    assert found.probabilities is not None
    assert found.probabilities["empathy"] == pytest.approx([0, 1 / 3, 2 / 3, 0, 0])
    assert found.confidence == dict.fromkeys(DIMENSIONS, 2 / 3)
    assert found.meta["spread"] == dict.fromkeys(DIMENSIONS, 1)
    assert found.meta["tokens"] == {"prompt": 300, "completion": 30}
    assert sorted(r.sample for r in told.asked) == [0, 1, 2]
    assert {r.parameters["temperature"] for r in told.asked} == {0.7}
    assert schema.problems(replace(found, reply_id="r").to_dict(), "annotation", "f", 1) == []


def test_an_unusable_answer_is_asked_again_once_with_the_problem(tmp_path: Path) -> None:
    judge, told = made(tmp_path, lambda r: said(4) if "could not be used" in r.messages[1]["content"] else "Gladly!")
    (found,) = judge.annotate([case()])
    assert found.levels["empathy"] == 4.0
    assert len(told.asked) == 2
    assert "it held no JSON object" in told.asked[1].messages[1]["content"]
    assert "Gladly" not in told.asked[1].messages[1]["content"]
    assert found.meta["asked_again"] == 1
    assert found.meta["tokens"] == {"prompt": 200, "completion": 20}, "both answers cost"
    assert judge.report().unusable == {"no JSON": 1}
    assert judge.report().not_judged == {}


@pytest.mark.parametrize(
    ("says", "reason", "asked"),
    [
        ("I would rather not.", "no JSON", 2),
        (None, "no text", 2),
        (said()[:-9], "half JSON", 2),
        (said(7), "wrong form", 2),
        (said(None), "no level", 1),
        (EndpointError("time-out", "no answer within 60 s (6 tries)"), "time-out", 1),
        (EndpointError("bad request", "the endpoint answers 400: too long", 400), "bad request", 1),
    ],
)
def test_what_cannot_be_judged_is_flagged_named_and_counted(
    tmp_path: Path, says: str | None | Exception, reason: str, asked: int
) -> None:
    judge, told = made(tmp_path, lambda r: says if "cot" in reply_of(r) else said(5))
    first, second, third = judge.annotate([case(), case("All is well now."), case(id="r3")])
    assert dict(first.levels) == dict.fromkeys(DIMENSIONS)
    assert first.flags == ("refused_by_judge",)
    assert first.reason is not None
    assert first.reason.startswith(f"{reason}: ")
    assert second.levels["empathy"] == 5.0, "the others are judged"
    assert third.flags == ("refused_by_judge",)
    assert judge.report().not_judged == {reason: ("#1", "r3")}
    assert (judge.report().exchanges, judge.report().judged) == (3, 1)
    assert len(told.asked) == 2 * asked + 1
    assert schema.problems(replace(first, reply_id="r").to_dict(), "annotation", "f", 1) == []


def test_most_samples_are_enough_and_half_are_not(tmp_path: Path) -> None:
    def says(request: Request) -> str:
        usable = request.sample > (0 if "cot" in reply_of(request) else 1)
        return said(2) if usable else "no"

    judge, _ = made(tmp_path, says, samples=4)
    three, two = judge.annotate([case(), case("All is well now.")])
    assert three.levels["empathy"] == 2.0
    assert (three.meta["samples"], three.meta["failed"]) == (3, {"no JSON": 1})
    assert two.flags == ("refused_by_judge",)
    assert two.meta["failed"] == {"no JSON": 2}


@pytest.mark.parametrize(
    ("reply", "flag"),
    [
        ("", "empty"),
        (" \n\u200b", "empty"),
        ("!!! 123", "not_a_reply"),
        ("https://example.org/help", "not_a_reply"),
        ("My cot never came, and the baby has none.", "not_a_reply"),
        ("Es tut uns sehr leid, dass die Lieferung nicht bei Ihnen ist.", "unsupported_language"),
    ],
)
def test_what_is_no_reply_is_flagged_as_rules_does_and_not_asked(tmp_path: Path, reply: str, flag: str) -> None:
    judge, told = made(tmp_path, lambda r: said())
    (found,) = judge.annotate([case(reply)])
    (second,) = Rules().annotate([case(reply)])
    assert found.flags == second.flags == (flag,)
    assert (found.levels, found.reason) == (second.levels, second.reason)
    assert told.asked == []
    assert judge.report().unasked == {flag: 1}


def test_a_flag_of_the_model_takes_the_levels(tmp_path: Path) -> None:
    judge, _ = made(tmp_path, lambda r: said(None, flags=["unsupported_language"]))
    (found,) = judge.annotate([case()])
    assert found.flags == ("unsupported_language",)
    assert set(found.levels.values()) == {None}
    assert judge.report().not_judged == {}, "it was judged: it is in no language that the rubric judges"


def test_order_is_kept_when_the_first_answer_comes_last(tmp_path: Path) -> None:
    last_asked = threading.Event()

    def says(request: Request) -> str:
        number = int(reply_of(request).split()[-1])
        if number == 0:
            assert last_asked.wait(30)
        if number == 3:
            last_asked.set()
        return said(number + 1)

    judge, _ = made(tmp_path, says, concurrency=4)
    found = judge.annotate([case(f"We will send you the parcel number {n}") for n in range(4)])
    assert [a.levels["empathy"] for a in found] == [1.0, 2.0, 3.0, 4.0]


def test_an_endpoint_that_takes_nothing_ends_the_run(tmp_path: Path) -> None:
    judge, told = made(tmp_path, lambda r: EndpointRefused("wrong key"), concurrency=1)
    with pytest.raises(EndpointRefused, match="wrong key"):
        judge.annotate([case(f"We are sorry, number {n}.") for n in range(50)])
    assert len(told.asked) < 50, "the rest is not asked"


def test_an_error_that_ends_the_run_ends_the_tries_of_the_others(tmp_path: Path) -> None:
    waiting, ended = threading.Event(), []

    class Waits(Told):
        def ask(self, request: Request, stop: threading.Event | None = None) -> Answer:
            if "cot" in reply_of(request):
                assert waiting.wait(30)
                raise EndpointRefused("wrong key")
            assert stop is not None
            waiting.set()
            ended.append(stop.wait(30))
            return super().ask(request, stop)

    judge, _ = made(tmp_path, lambda r: said(), concurrency=2)
    judge._endpoint = Waits(lambda r: said())  # type: ignore[assignment]
    with pytest.raises(EndpointRefused):
        judge.annotate([case(), case("All is well now.")])
    assert ended == [True]


def test_poison_outside_turns_reply_and_context_changes_nothing(tmp_path: Path) -> None:
    judge, told = made(tmp_path, lambda r: said())
    poisoned = case(
        id="gold-5", scenario_id="s", split="test", author=Author("model", "m", "1"), gold={"levels": 5}, meta={"a": 1}
    )
    clean, other = judge.annotate([case(), poisoned])
    assert told.asked[0] == told.asked[1]
    assert replace(other, reply_id="", scenario_id=None) == clean


def test_a_null_in_every_context_field_and_an_empty_batch_are_fine(tmp_path: Path) -> None:
    judge, _ = made(tmp_path, lambda r: said())
    assert judge.annotate([]) == []
    assert judge.annotate([case()])[0].levels["empathy"] == 4.0


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param("\ud800 we are sorry about the cot that never came", id="half a character"),
        pytest.param("sorry about the cot " * 5_000, id="long"),
        pytest.param("We are sorry {0} %s </s> <|im_end|>", id="control tokens"),
        pytest.param("\x00 sorry, the cot", id="nul"),
    ],
)
def test_it_raises_on_no_text(tmp_path: Path, reply: str) -> None:
    judge, _ = made(tmp_path, lambda r: said())
    assert judge.annotate([case(reply)])[0].levels["empathy"] == 4.0


def test_it_can_be_pickled_and_holds_no_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-hush-hush")
    judge = Judge(JudgeSettings("m", "http://a/v1", samples=3, prices=Prices(1, 2)), Cache(tmp_path))
    data = pickle.dumps(judge)
    again = pickle.loads(data)
    assert b"hush" not in data
    assert (again.settings, again.weights) == (judge.settings, judge.weights)
    assert again.report() == judge.report()
    assert again.report().cost == 0.0, "nothing was asked"


def test_the_report_counts_over_batches(tmp_path: Path) -> None:
    lost = [{"code": "E1", "quote": "not there", "occurrence": 1, "passing_hint": False}]
    judge, told = made(tmp_path, lambda r: said(4, behaviours=lost), prices=Prices(1.0, 2.0))
    told.usage = Usage(requests=3, answers=2, cached=1, prompt_tokens=200, completion_tokens=20)
    list(annotated(judge, [case(), case("")], 1))
    judge.annotate([case("We found it and it is yours.")])
    report = judge.report()
    assert (report.model, report.prompt) == ("m", prompt_hash())
    assert (report.exchanges, report.judged, report.unasked) == (3, 2, {"empty": 1})
    assert (report.lost_quotes, report.answered_by) == (2, {"m-1": 2})
    assert report.usage.requests == 3
    assert report.cost == pytest.approx((200 * 1.0 + 20 * 2.0) / 1e6)
