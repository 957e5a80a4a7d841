"""The endpoint against a local server: tries and waits, refusals, what it learns, what it keeps."""

from __future__ import annotations

import logging
import socket
import threading
from pathlib import Path
from typing import Any

import pytest
from tests.extras.judge.local_server import KEY, Model, completion, error
from werkzeug import Response

from amends.endpoint.cache import Cache
from amends.endpoint.client import Endpoint, Settings
from amends.endpoint.protocol import EndpointError, EndpointRefused, Request
from amends.endpoint.retry import Backoff
from amends.endpoint.usage import Prices
from amends.errors import UsageError

SCHEMA = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}


def ask(content: str = "hello", schema: Any = None, **parameters: Any) -> Request:
    return Request(({"role": "user", "content": content},), schema, parameters)


class Slept(list[float]):
    """Waits that were asked for and not waited."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


def endpoint(cache: Cache | None = None, **settings: Any) -> tuple[Endpoint, Slept]:
    slept = Slept()
    return Endpoint(Settings("m", **settings), cache, slept), slept


def test_what_is_sent(model: Model) -> None:
    model.says = lambda body, n: "hi"
    made, _ = endpoint()
    answer = made.ask(ask(temperature=0.5))
    assert model.asked == [{"model": "m", "messages": [{"role": "user", "content": "hello"}], "temperature": 0.5}]
    assert model.headers[0]["authorization"] == f"Bearer {KEY}"
    assert (answer.content, answer.model, answer.finish) == ("hi", "m-2026-11-01", "stop")
    assert (made.usage.requests, made.usage.answers, made.usage.prompt_tokens) == (1, 1, 4000)
    # 4,000 x 2 / 1,000,000 + 200 x 8 / 1,000,000 = 0.008 + 0.0016
    assert made.cost(Prices(2.0, 8.0)) == pytest.approx(0.0096)
    assert made.cost(None) is None


@pytest.mark.parametrize(
    ("responses", "waits", "why"),
    [
        ([error(429, "slow", {"Retry-After": "7"})], [7.0], "as asked"),
        ([error(429, "slow", {"retry-after-ms": "9000"})], [9.0], "as asked, in milliseconds"),
        ([error(429, "slow")], [(0.5, 1.0)], "the first wait of the backoff"),
        ([error(500, "oh")], [(0.5, 1.0)], "500 then 200"),
        ([error(503, "oh"), error(408, "oh"), error(409, "oh")], [(0.5, 1), (1, 2), (2, 4)], "it doubles"),
        ([Response("<html>Bad gateway", 502)], [(0.5, 1.0)], "a proxy's page"),
    ],
)
def test_what_may_pass_is_tried_again(model: Model, responses: list[Response], waits: list[Any], why: str) -> None:
    model.says = lambda body, n: responses[n] if n < len(responses) else "hi"
    made, slept = endpoint()
    assert made.ask(ask()).content == "hi", why
    assert len(slept) == len(waits) == made.usage.retries
    for seconds, expected in zip(slept, waits, strict=True):
        low, high = expected if isinstance(expected, tuple) else (expected, expected)
        assert low <= seconds <= high
    assert made.usage.requests == len(responses) + 1


def test_tries_end(model: Model) -> None:
    model.says = lambda body, n: error(429, "too many requests")
    made, slept = endpoint(backoff=Backoff(retries=3))
    with pytest.raises(EndpointError, match=r"429: too many requests \(4 tries\)") as raised:
        made.ask(ask())
    assert raised.value.kind == "rate limit"
    assert (len(slept), len(model.asked)) == (3, 4)


def test_an_hours_wait_is_not_waited_for(model: Model) -> None:
    model.says = lambda body, n: error(429, "come back", {"Retry-After": "3600"})
    made, slept = endpoint()
    with pytest.raises(EndpointError, match="asks to wait 3600 s"):
        made.ask(ask())
    assert slept == []


@pytest.mark.parametrize(
    ("response", "says"),
    [
        (error(401, f"Incorrect API key provided: {KEY}."), "check OPENAI_API_KEY"),
        (error(403, "no access to m"), "may not use this model"),
        (error(404, "The model m does not exist"), "check the model's name and the base URL"),
        (error(429, "You exceeded your current quota", code="insufficient_quota"), "no credit left"),
        (Response("<html>Welcome to nginx", 200), "right base URL"),
    ],
)
def test_what_no_request_will_pass_is_said_once_with_a_remedy(model: Model, response: Response, says: str) -> None:
    model.says = lambda body, n: response
    made, slept = endpoint()
    with pytest.raises(EndpointRefused, match=says) as raised:
        made.ask(ask(schema=SCHEMA))
    assert (len(model.asked), slept) == (1, [])
    assert KEY not in str(raised.value)
    assert isinstance(raised.value, UsageError)


def test_no_server_at_all(model: Model) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    made, slept = endpoint(base_url=f"http://127.0.0.1:{port}/v1", backoff=Backoff(retries=2))
    with pytest.raises(EndpointRefused, match=f"127.0.0.1:{port}/v1 the right base URL"):
        made.ask(ask())
    assert len(slept) == 2


def test_a_time_out_is_tried_again_and_named(model: Model) -> None:
    done = threading.Event()
    model.says = lambda body, n: "late" if done.wait(30) else "late"
    made, slept = endpoint(timeout=0.1, backoff=Backoff(retries=1))
    with pytest.raises(EndpointError, match=r"no answer within 0.1 s \(2 tries\)") as raised:
        made.ask(ask())
    done.set()
    assert raised.value.kind == "time-out"
    assert len(slept) == 1


def test_a_stop_ends_the_tries(model: Model) -> None:
    model.says = lambda body, n: error(500, "oh")
    made, slept = endpoint()
    stop = threading.Event()
    stop.set()
    with pytest.raises(EndpointError):
        made.ask(ask(), stop)
    assert (len(model.asked), slept) == (1, [])


@pytest.mark.parametrize(
    ("refused", "left", "why"),
    [
        ((), "json_schema", "takes everything"),
        (("json_schema",), "json_object", "an older endpoint"),
        (("json_schema", "json_object"), "plain", "an endpoint without structured output"),
    ],
)
@pytest.mark.parametrize("status", [400, 422])
def test_the_form_that_an_endpoint_takes_is_found_once(
    model: Model, refused: tuple[str, ...], left: str, status: int, why: str
) -> None:
    def says(body: dict[str, Any], n: int) -> Any:
        form = body.get("response_format", {}).get("type", "plain")
        return error(status, f"response_format {form} is unavailable") if form in refused else "{}"

    model.says = says
    made, _ = endpoint()
    assert made.ask(ask("a", SCHEMA)).form == left, why
    assert len(model.asked) == len(refused) + 1
    assert made.ask(ask("b", SCHEMA)).form == left
    assert len(model.asked) == len(refused) + 2, "remembered"
    if left == "json_schema":
        wanted = model.asked[0]["response_format"]["json_schema"]
        assert wanted == {"name": "answer", "strict": True, "schema": SCHEMA}


def test_an_endpoint_that_does_not_say_what_it_refuses_is_found_out(model: Model) -> None:
    model.says = lambda body, n: error(400, "Bad request") if "response_format" in body else "{}"
    made, _ = endpoint()
    assert made.ask(ask("a", SCHEMA)).form == "plain"
    assert made.ask(ask("b", SCHEMA)).form == "plain"
    assert len(model.asked) == 4


def test_a_parameter_that_is_not_taken_is_left_out_and_named(model: Model) -> None:
    said = "Unsupported value: 'temperature' does not support 0.0 with this model."
    model.says = lambda body, n: error(400, said, param="temperature") if "temperature" in body else "{}"
    made, _ = endpoint()
    assert made.ask(ask("a", SCHEMA, temperature=0.0)).form == "json_schema"
    made.ask(ask("b", SCHEMA, temperature=0.0))
    assert ["temperature" in body for body in model.asked] == [True, False, False]
    assert made.without == ("temperature",)


def test_a_bad_text_teaches_nothing(model: Model) -> None:
    model.says = lambda body, n: error(400, "Bad input") if body["messages"][0]["content"] == "bad" else "{}"
    made, slept = endpoint()
    with pytest.raises(EndpointError, match="400: Bad input") as raised:
        made.ask(ask("bad", SCHEMA))
    assert raised.value.kind == "bad request"
    assert slept == [], "never tried again as it was"
    assert made.ask(ask("good", SCHEMA)).form == "json_schema"
    before = len(model.asked)
    with pytest.raises(EndpointError):
        made.ask(ask("bad", SCHEMA))
    assert len(model.asked) == before + 1, "the endpoint is known by now: it is the text"


def test_a_text_that_is_too_long_is_asked_once(model: Model) -> None:
    model.says = lambda body, n: error(400, "maximum context length is 8192", code="context_length_exceeded")
    made, _ = endpoint()
    with pytest.raises(EndpointError, match="context length"):
        made.ask(ask("long", SCHEMA))
    assert len(model.asked) == 1


def test_a_403_after_an_answer_is_about_one_text(model: Model) -> None:
    model.says = lambda body, n: "hi" if n == 0 else error(403, "input was flagged")
    made, _ = endpoint()
    made.ask(ask("a"))
    with pytest.raises(EndpointError, match="flagged"):
        made.ask(ask("b"))


def test_an_answer_is_kept_over_a_restart(model: Model, tmp_path: Path) -> None:
    model.says = lambda body, n: f"answer {n}"
    first, _ = endpoint(Cache(tmp_path / "c"))
    assert [first.ask(ask(text)).content for text in ("a", "b", "a")] == ["answer 0", "answer 1", "answer 0"]
    again, _ = endpoint(Cache(tmp_path / "c"))
    answer = again.ask(ask("a"))
    assert (answer.content, answer.cached, answer.prompt_tokens) == ("answer 0", True, 4000)
    assert len(model.asked) == 2
    assert (again.usage.requests, again.usage.cached, again.cost(Prices(1, 1))) == (0, 1, 0.0)
    again.ask(Request(ask("a").messages, sample=1))
    assert len(model.asked) == 3, "another sample is another answer"


def test_an_empty_answer_and_an_error_are_not_kept(model: Model, tmp_path: Path) -> None:
    replies: list[Any] = [completion(None), error(400, "no"), "whole"]
    model.says = lambda body, n: replies[n]
    made, _ = endpoint(Cache(tmp_path / "c"))
    assert made.ask(ask()).content is None
    with pytest.raises(EndpointError):
        made.ask(ask())
    assert made.ask(ask()).content == "whole"
    assert made.ask(ask()).cached


def test_a_broken_file_is_asked_again_and_mended(model: Model, tmp_path: Path) -> None:
    model.says = lambda body, n: f"answer {n}"
    cache = Cache(tmp_path / "c")
    made, _ = endpoint(cache)
    made.ask(ask())
    path = cache.path(made.key(ask()))
    path.write_bytes(path.read_bytes()[:40])
    assert made.ask(ask()).content == "answer 1"
    assert made.ask(ask()).content == "answer 1"
    assert len(model.asked) == 2


def test_a_cache_that_cannot_be_written_loses_no_answer(model: Model, tmp_path: Path) -> None:
    model.says = lambda body, n: "hi"
    (tmp_path / "file").write_text("", encoding="utf-8")
    made, _ = endpoint(Cache(tmp_path / "file"))
    assert made.ask(ask()).content == "hi"
    assert made.usage.unsaved == 1


def test_the_same_thing_asked_at_once_is_asked_once(model: Model, tmp_path: Path) -> None:
    model.says = lambda body, n: "hi"
    made, _ = endpoint(Cache(tmp_path / "c"))
    start = threading.Barrier(8)
    found = []

    def work() -> None:
        start.wait()
        found.append(made.ask(ask()).content)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["hi"] * 8
    assert len(model.asked) == 1


def test_no_more_requests_are_in_flight_than_allowed(model: Model) -> None:
    made, _ = endpoint(concurrency=3)
    inside, most, lock, full = 0, 0, threading.Lock(), threading.Event()
    free: list[bool] = []

    def says(body: dict[str, Any], n: int) -> str:
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
            if inside == 3 and not full.is_set():
                free.append(made._slots.acquire(blocking=False))
                full.set()
        assert full.wait(30), "three at once are allowed"
        with lock:
            inside -= 1
        return "hi"

    model.says = says
    threads = [threading.Thread(target=made.ask, args=(ask(str(n)),)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (most, free) == (3, [False])
    assert made.usage.answers == 12


def test_tokens_that_are_not_told_make_the_cost_unknown(model: Model) -> None:
    model.says = lambda body, n: completion("hi", usage=False)
    made, _ = endpoint()
    made.ask(ask())
    assert made.usage.untold == 1
    assert made.cost(Prices(1, 1)) is None


def test_an_own_endpoint_needs_no_key_and_openais_does(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    model.says = lambda body, n: "hi"
    assert endpoint()[0].ask(ask()).content == "hi"
    monkeypatch.delenv("OPENAI_BASE_URL")
    with pytest.raises(UsageError, match="OPENAI_API_KEY is not set"):
        endpoint()[0].ask(ask())
    monkeypatch.setenv("OPENAI_API_KEY", "sk-\u2026")
    with pytest.raises(UsageError, match="copy it again"):
        endpoint()[0].ask(ask())


def test_the_key_is_in_no_file_and_no_log(model: Model, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "amends")
    model.says = lambda body, n: error(400, f"key {KEY} is odd") if n else "hi"
    made, _ = endpoint(Cache(tmp_path / "c"))
    made.ask(ask("a"))
    with pytest.raises(EndpointError) as raised:
        made.ask(ask("b"))
    assert "key *** is odd" in str(raised.value)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if KEY.encode() in path.read_bytes()]
    assert KEY not in caplog.text
