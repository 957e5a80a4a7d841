"""What endpoints send, in the shapes in which they send it, and what their failures are called."""

from __future__ import annotations

import json
from typing import Any

import pytest

from amends.endpoint.protocol import Answer, EndpointError, EndpointRefused, failure, message_of, read_body
from amends.endpoint.usage import Prices, Usage
from amends.errors import AmendsError


def body(**message: Any) -> dict[str, Any]:
    return {"model": "m-1", "choices": [{"finish_reason": "stop", "message": {"role": "assistant", **message}}]}


@pytest.mark.parametrize(
    ("sent", "content", "refusal", "why"),
    [
        (body(content="hi"), "hi", None, "plain"),
        (body(content=None), None, None, "null"),
        (body(), None, None, "absent"),
        (body(content=None, refusal="no"), None, "no", "a refusal"),
        (body(content=[{"text": "a"}, {"type": "image"}, {"type": "text", "text": "b"}]), "ab", None, "in parts"),
        (body(content=7), None, None, "a number is no text"),
    ],
)  # fmt: skip
def test_content_is_read(sent: dict[str, Any], content: str | None, refusal: str | None, why: str) -> None:
    answer = read_body(json.dumps(sent).encode(), "plain", True)
    assert (answer.content, answer.refusal, answer.model, answer.finish) == (content, refusal, "m-1", "stop"), why


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        ({"prompt_tokens": 5, "completion_tokens": 2}, (5, 2)),
        ({"prompt_tokens": 5}, (5, None)),
        ({"prompt_tokens": "5", "completion_tokens": True}, (None, None)),
        ({"prompt_tokens": -1, "completion_tokens": 0}, (None, 0)),
        (None, (None, None)),
        ([], (None, None)),
    ],
)
def test_tokens_that_are_not_told_are_unknown(usage: Any, expected: tuple[int | None, int | None]) -> None:
    answer = read_body(json.dumps(body(content="x") | {"usage": usage}).encode(), "plain", True)
    assert (answer.prompt_tokens, answer.completion_tokens) == expected


@pytest.mark.parametrize(
    "data",
    [b"", b"<html>Welcome", b"null", b"[]", b"{}", b'{"choices": []}', b'{"choices": [null]}', b'{"choices": [{}]}',
     b'{"choices": [{"message": "hi"}]}', b"\xff\xfe", b'{"choices": {"0": {}}}'],
)  # fmt: skip
def test_what_is_no_completion_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(EndpointError, match="no chat completion") as raised:
        read_body(data, "plain", True)
    assert raised.value.kind == "no completion"
    assert not raised.value.passing


@pytest.mark.parametrize("data", [b"{", b'  {"choices": [{"mess', json.dumps(body(content="hello")).encode()[:-1]])
def test_an_answer_that_breaks_off_may_come_whole_the_next_time(data: bytes) -> None:
    with pytest.raises(EndpointError, match="breaks off: it ends") as raised:
        read_body(data, "plain", False)
    assert raised.value.kind == "cut answer"
    assert raised.value.passing


def test_an_error_with_status_200_is_an_error() -> None:
    sent = json.dumps({"error": {"message": "busy upstream", "code": 429}}).encode()
    with pytest.raises(EndpointError, match="busy upstream") as raised:
        read_body(sent, "plain", True)
    assert raised.value.kind == "rate limit"
    with pytest.raises(EndpointRefused, match="OPENAI_API_KEY"):
        read_body(b'{"error": {"message": "who?", "code": 401}}', "plain", True)


@pytest.mark.parametrize(
    ("status", "code", "answered", "expected", "says"),
    [
        (401, None, True, EndpointRefused, "check OPENAI_API_KEY"),
        (402, None, True, EndpointRefused, "no credit left"),
        (403, None, False, EndpointRefused, "may not use this model"),
        (403, None, True, EndpointError, "forbidden"),
        (404, None, True, EndpointRefused, "model's name and the base URL"),
        (429, "insufficient_quota", True, EndpointRefused, "run again to go on"),
        (429, None, True, EndpointError, "rate limit"),
        (408, None, True, EndpointError, "time-out"),
        (409, None, True, EndpointError, "busy"),
        (422, None, True, EndpointError, "bad request"),
        (529, None, True, EndpointError, "server error"),
        (500, None, True, EndpointError, "server error"),
        (400, None, True, EndpointError, "bad request"),
    ],
)
def test_failures_have_names_and_remedies(
    status: int, code: str | None, answered: bool, expected: type[Exception], says: str
) -> None:
    error = failure(status, "words of the endpoint", code, None, answered)
    assert type(error) is expected
    assert "words of the endpoint" in str(error)
    assert says in (error.kind if isinstance(error, EndpointError) else str(error))
    if isinstance(error, EndpointError):
        assert error.passing is (status in (408, 409, 429) or status >= 500)


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"error": {"message": "a\n  b", "code": "c", "param": "temperature"}}, ("a b (parameter temperature)", "c")),
        ({"message": "inner", "param": "x", "code": 4}, ("inner (parameter x)", None)),
        ({"detail": [{"loc": ["body"], "msg": "extra"}]}, ("[{'loc': ['body'], 'msg': 'extra'}]", None)),
        ({"error": "plain words"}, ("plain words", None)),
        ("<html>", ("<html>", None)),
        (None, ("no message", None)),
    ],
)
def test_messages_of_every_shape(sent: Any, expected: tuple[str, str | None]) -> None:
    assert message_of(sent) == expected


ANSWER = Answer("c", None, "stop", "m", 5, 2, "json_schema", "2026-11-22", ("temperature",))


def test_an_answer_survives_the_cache() -> None:
    kept = Answer.from_kept(json.loads(json.dumps(ANSWER.kept())))
    assert kept is not None
    assert kept.cached
    assert kept.kept() == ANSWER.kept()


@pytest.mark.parametrize(
    "change",
    [
        {"content": 7},
        {"prompt_tokens": "5"},
        {"prompt_tokens": True},
        {"form": "xml"},
        {"day": None},
        {"more": 1},
        {"without": None},
        {"without": [1]},
    ],
    ids=str,
)
def test_what_is_no_answer_is_none(change: dict[str, Any]) -> None:
    assert Answer.from_kept(ANSWER.kept() | change) is None
    raw = ANSWER.kept()
    del raw["finish"]
    assert Answer.from_kept(raw) is None


@pytest.mark.parametrize(
    ("content", "refusal", "finish", "kept", "why"),
    [
        ("x", None, "stop", True, "an answer"),
        ("{", None, "length", True, "cut: it would be cut again"),
        (None, "no", "stop", True, "a refusal"),
        (None, None, "stop", False, "nothing: a hiccup"),
        (" \n", None, "stop", False, "blanks: a hiccup"),
        (None, None, "content_filter", True, "the filter would empty it again"),
    ],
)
def test_what_is_worth_keeping(content: str | None, refusal: str | None, finish: str, kept: bool, why: str) -> None:
    assert Answer(content, refusal, finish, None, None, None, "plain", "").is_worth_keeping is kept, why


def test_cost_is_tokens_times_prices_or_unknown() -> None:
    usage = Usage(answers=2, prompt_tokens=10_000, completion_tokens=500)
    # 10,000 x 0.40 / 1,000,000 + 500 x 1.60 / 1,000,000 = 0.004 + 0.0008
    assert usage.cost(Prices(0.40, 1.60)) == pytest.approx(0.0048)
    assert usage.cost(None) is None, "no prices"
    assert Usage(answers=2, prompt_tokens=10_000, untold=1).cost(Prices(1, 1)) is None, "some tokens are unknown"
    assert Usage().cost(Prices(1, 1)) == 0.0, "nothing was asked"
    assert Usage(requests=4, retries=3, cached=9).cost(None) == 0.0, "nothing was answered, whatever it would cost"


KEY = "sk-hush-0123456789"


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        (json.dumps({"error": {"message": f"bad key {KEY}"}}).encode(), "an error with status 200"),
        (json.dumps({"error": {"message": "x" * 490 + KEY}}).encode(), "cut within the key"),
        (b"x" * 70 + KEY.encode(), "no completion, shown to within the key"),
        (b'{"choices": "' + KEY.encode() + b"y" * 70, "breaks off, shown from within the key"),
        (json.dumps({"choices": [], "you": KEY}).encode(), "JSON that is no completion"),
    ],
)
def test_a_key_that_an_answer_repeats_is_in_no_error(sent: bytes, why: str) -> None:
    with pytest.raises(AmendsError) as raised:
        read_body(sent, "plain", True, lambda text: text.replace(KEY, "***"))
    assert not any(KEY[start : start + 6] in str(raised.value) for start in range(len(KEY) - 5)), why
