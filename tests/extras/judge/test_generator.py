"""``amends run`` and ``generate openai:MODEL`` against a local server: what is sent, kept, counted, refused."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from tests.extras.judge.local_server import KEY, Model, completion, error
from werkzeug import Response

from amends.endpoint.cache import Cache
from amends.endpoint.client import Endpoint, Settings
from amends.endpoint.pace import Pace
from amends.endpoint.protocol import EndpointError, Request
from amends.endpoint.retry import Backoff

GENERATE = ("generate", "openai:org/m", "--split", "train", "--limit", "4", "-o", "r.jsonl")


def replies(folder: Path, name: str = "r.jsonl") -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / name).read_bytes().splitlines()]


def run_json(folder: Path, name: str = "r.jsonl.run.json") -> dict[str, Any]:
    document: dict[str, Any] = json.loads((folder / name).read_bytes())
    return document


def test_what_is_sent_and_what_is_written(amends, model: Model, tmp_path: Path) -> None:
    (tmp_path / "system.txt").write_text("You are {company}. {authority}")
    model.says = lambda body, n: f"reply {n}"
    called = amends(
        *GENERATE, "--system", "system.txt", "--temperature", "0.3", "--max-tokens", "200", "--price", "2,8"
    )
    assert called.code == 0, called.err
    assert len(model.asked) == 4
    for body in model.asked:
        assert set(body) == {"model", "messages", "temperature", "max_tokens"}
        assert (body["model"], body["temperature"], body["max_tokens"]) == ("org/m", 0.3, 200)
        assert body["messages"][0]["role"] == "system" and "{" not in body["messages"][0]["content"]
        assert body["messages"][-1]["role"] == "user"
    assert model.headers[0]["authorization"] == f"Bearer {KEY}"
    [first, *_] = replies(tmp_path)
    assert first["author"]["kind"] == "model"
    assert first["id"] == f"{first['scenario_id']}.org/m.0"
    assert first["meta"] == {
        "model": "m-2026-11-01", "finish": "stop", "tokens": {"prompt": 4000, "completion": 200}
    }  # fmt: skip
    document = run_json(tmp_path)
    asked = document["settings"]["generator"]
    assert (asked["temperature"], asked["max_tokens"], asked["base_url"]) == (0.3, 200, model.url)
    assert len(asked["system_sha256"]) == 64
    # 4 x (4,000 x 2 + 200 x 8) / 1,000,000
    assert document["usage"]["cost"] == pytest.approx(0.0384)
    assert "4 replies; 4 requests (0 retries), 0 answers from the cache" in called.err
    assert "16,000 + 800 tokens (prompts + replies); cost 0.0384" in called.err
    assert "answered by: m-2026-11-01 4" in called.err
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]


def test_a_run_is_scored_and_resumed_without_asking(amends, model: Model, tmp_path: Path) -> None:
    model.says = lambda body, n: ["We are so sorry about this.", "", completion(None, refusal="I cannot help.")][n % 3]
    arguments = ("run", "openai:m", "--split", "train", "--limit", "3", "--scorer", "rules", "-o", "out", "--json")
    called = amends(*arguments)
    assert called.code == 0, "an empty answer and a refusal are replies: nothing is missing"
    result = json.loads(called.out)
    assert result["generator"]["kind"] == "model"
    assert result["counts"]["replies"] == 3
    assert result["counts"]["no_reply"] == 1, "the empty one counts as what it is"
    assert "of the replies: empty 1, refused 1" in called.err
    before = (tmp_path / "out" / "replies.jsonl").read_bytes()
    assert amends(*arguments).code == 0
    assert len(model.asked) == 3
    assert (tmp_path / "out" / "replies.jsonl").read_bytes() == before


def test_the_cache_answers_a_fresh_start(amends, model: Model, tmp_path: Path) -> None:
    model.says = lambda body, n: f"reply {n}"
    amends(*GENERATE, "--samples", "2")
    before = (tmp_path / "r.jsonl").read_bytes()
    called = amends(*GENERATE, "--samples", "2", "--fresh")
    assert len(model.asked) == 8
    assert "0 requests (0 retries), 8 answers from the cache" in called.err
    assert (tmp_path / "r.jsonl").read_bytes() == before
    assert len({reply["text"] for reply in replies(tmp_path)}) == 8, "samples are asked for one by one"
    amends(*GENERATE, "--samples", "2", "--temperature", "1", "--fresh")
    assert len(model.asked) == 16, "another setting is another question"


OTHER = [
    (("--temperature", "0.7"), "generator.temperature: there None, asked for 0.7"),
    (("--max-tokens", "50"), "generator.max_tokens: there None, asked for 50"),
    (("--system", "system.txt"), "generator.system_sha256: there "),
    (("--base-url", "http://127.0.0.1:9/v1"), "generator.base_url: there "),
]


@pytest.mark.parametrize(("more", "named"), OTHER, ids=[row[0][0] for row in OTHER])
def test_other_settings_are_refused_and_the_field_is_named(
    more: tuple[str, ...], named: str, amends, model: Model, tmp_path: Path
) -> None:
    (tmp_path / "system.txt").write_text("Be brief.")
    model.says = lambda body, n: "Sorry."
    assert amends(*GENERATE).code == 0
    called = amends(*GENERATE, *more)
    assert called.code == 2
    assert named in called.err
    assert "--fresh" in called.err
    assert len(model.asked) == 4
    assert "requests" not in called.err, "nothing was asked: nothing is accounted for"
    faster = ("--concurrency", "2", "--rate", "6000/min", "--timeout", "9", "--price", "1,1")
    assert amends(*GENERATE, *faster).code == 0, "how fast, and at what price, is no setting of the replies"


def test_what_failed_is_named_counted_and_asked_again(amends, model: Model, tmp_path: Path) -> None:
    bad: list[str] = []

    def says(body: dict[str, Any], n: int) -> Any:
        bad.extend([] if bad else [body["messages"][-1]["content"]])
        return error(400, "the text is not taken") if bad == [body["messages"][-1]["content"]] else "Sorry."

    model.says = says
    called = amends(*GENERATE)
    assert called.code == 1
    assert "3 of 4 replies in r.jsonl" in called.err
    assert "sample 0: no reply: the endpoint answers 400: the text is not taken" in called.err
    assert "without a reply: bad request 1" in called.err
    model.says = lambda body, n: "Very sorry."
    called = amends(*GENERATE)
    assert (called.code, len(model.asked)) == (0, 5)
    assert sorted(reply["text"] for reply in replies(tmp_path)) == ["Sorry."] * 3 + ["Very sorry."]


def test_no_credit_ends_the_run_with_a_remedy_and_what_was_used(amends, model: Model, tmp_path: Path) -> None:
    model.says = lambda body, n: "Sorry." if n < 2 else error(429, "quota", code="insufficient_quota")
    called = amends(*GENERATE, "--concurrency", "1", "--price", "1,1")
    assert called.code == 2
    assert "no credit left" in called.err
    assert "2 replies; " in called.err and "cost 0.0084" in called.err
    assert len(replies(tmp_path)) == 2
    assert run_json(tmp_path)["usage"]["answers"] == 2
    model.says = lambda body, n: "Sorry."
    assert amends(*GENERATE, "--concurrency", "1").code == 0
    assert len(replies(tmp_path)) == 4


def test_the_rate_is_kept_by_every_request(model: Model) -> None:
    model.says = lambda body, n: "hi"
    waits: list[float] = []
    made = Endpoint(Settings("m", rate=60.0), None, waits.append)
    made._pace = Pace(60.0, lambda: 0.0)
    for number in range(4):
        made.ask(Request(({"role": "user", "content": str(number)},)))
    assert waits == [1.0, 2.0, 3.0], "a second apart, on a clock that stands still"


def test_a_rate_slows_a_run_down(amends, model: Model, tmp_path: Path) -> None:
    model.says = lambda body, n: "Sorry."
    started = time.monotonic()
    assert amends(*GENERATE, "--rate", "600/min").code == 0
    assert time.monotonic() - started >= 0.3, "four requests are three times a tenth of a second apart"


def test_retry_after_is_respected(amends, model: Model) -> None:
    model.says = lambda body, n: error(429, "slow", {"Retry-After": "1.5"}) if n == 0 else "Sorry."
    started = time.monotonic()
    called = amends(*GENERATE)
    assert called.code == 0
    assert time.monotonic() - started >= 1.5
    assert "5 requests (1 retries)" in called.err


def ask(**parameters: Any) -> Request:
    return Request(({"role": "user", "content": "hello"},), None, parameters)


def test_the_most_tokens_go_by_the_name_that_a_model_takes(model: Model) -> None:
    said = "Unsupported parameter: 'max_tokens' is not supported. Use 'max_completion_tokens' instead."
    model.says = lambda body, n: error(400, said, param="max_tokens") if "max_tokens" in body else "hi"
    made = Endpoint(Settings("m"), None, lambda seconds: None)
    answer = made.ask(ask(max_tokens=50))
    assert (answer.without, made.without) == ((), ()), "it was not left out"
    made.ask(ask(max_tokens=50))
    assert [set(body) - {"model", "messages"} for body in model.asked] == [
        {"max_tokens"},
        {"max_completion_tokens"},
        {"max_completion_tokens"},
    ]


def test_a_limit_on_tokens_is_never_left_out(model: Model) -> None:
    model.says = lambda body, n: error(400, "max_tokens and max_completion_tokens are too large")
    made = Endpoint(Settings("m"), None, lambda seconds: None)
    with pytest.raises(EndpointError, match="too large"):
        made.ask(ask(max_tokens=10**9))
    assert all("max_tokens" in body or "max_completion_tokens" in body for body in model.asked)


def test_half_an_answer_is_asked_for_again(model: Model, tmp_path: Path) -> None:
    whole = completion("hi").get_data()
    model.says = lambda body, n: Response(whole[:-20], 200, content_type="application/json") if n == 0 else "hi"
    made = Endpoint(Settings("m"), Cache(tmp_path), lambda seconds: None)
    assert made.ask(ask()).content == "hi"
    assert made.usage.retries == 1


def test_an_address_that_nobody_answers_is_given_up_soon(model: Model) -> None:
    waits: list[float] = []
    made = Endpoint(Settings("m", "http://127.0.0.1:9/v1", backoff=Backoff(retries=8)), None, waits.append)
    with pytest.raises(Exception, match="is http://127.0.0.1:9/v1 the right base URL"):
        made.ask(ask())
    assert len(waits) == 3
    model.says = lambda body, n: None
