"""The endpoint without the openai package: what it needs, keeps and hides. With it: tests/extras/judge."""

from __future__ import annotations

import pickle
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from amends.endpoint.cache import Cache
from amends.endpoint.client import DEFAULT_URL, Endpoint, Settings
from amends.endpoint.protocol import Answer, Request
from amends.errors import UsageError

REQUEST = Request(({"role": "user", "content": "hello"},), None, {"temperature": 0.0})


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openai", None)  # as where it is not installed
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


def test_a_missing_extra_is_named() -> None:
    with pytest.raises(UsageError, match=r"pip install 'amends\[judge\]'"):
        Endpoint(Settings("m")).ask(REQUEST)


@pytest.mark.parametrize(
    ("given", "environment", "expected"),
    [
        (None, None, DEFAULT_URL),
        (None, "http://env:8000/v1/", "http://env:8000/v1"),
        ("https://own/v1", "http://env/v1", "https://own/v1"),
        ("http://[::1]:8000/v1", None, "http://[::1]:8000/v1"),
        ("https://own/@cf/v1", None, "https://own/@cf/v1"),
    ],
)
def test_the_base_url_is_the_argument_else_the_environment(
    given: str | None, environment: str | None, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if environment:
        monkeypatch.setenv("OPENAI_BASE_URL", environment)
    assert Endpoint(Settings("m", given)).base_url == expected


@pytest.mark.parametrize(
    "given",
    ["localhost:8000", "ftp://a/v1", "http://", "http://[::1", "file:/etc", "http://a:x/", f"http://{'a' * 64}.org"],
)
def test_what_is_no_address_is_refused(given: str) -> None:
    with pytest.raises(UsageError, match="no http or https address"):
        Endpoint(Settings("m", given))


@pytest.mark.parametrize(
    ("given", "said", "why"),
    [
        ("https://ann:hunter2@host/v1", "password", "a right address with a password"),
        ("https://hunter2@host/v1", "password", "a key as a user's name"),
        ("ftp://ann:hunter2@host/v1", "password", "another scheme"),
        ("ann:hunter2@host/v1", "password", "no scheme"),
        ("https://ann:hunter2@host:x/v1", "password", "no port"),
        # the openai package appends to the whole of it: /v1/?key=hunter2chat/completions
        ("https://host/v1?key=hunter2", "parameters", "a key as a parameter"),
        ("host/v1?key=hunter2", "parameters", "the same without a scheme"),
    ],
)
def test_a_secret_in_the_address_is_refused_and_not_shown(given: str, said: str, why: str) -> None:
    with pytest.raises(UsageError, match=said) as raised:
        Endpoint(Settings("m", given))
    assert "hunter2" not in str(raised.value), why


def test_a_client_that_cannot_be_made_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**given: object) -> object:
        raise ValueError("Unknown scheme for proxy URL; the key is sk-hush")

    monkeypatch.setenv("OPENAI_API_KEY", "sk-hush")
    monkeypatch.setitem(sys.modules, "openai", SimpleNamespace(OpenAI=refuse))
    with pytest.raises(UsageError, match="Unknown scheme for proxy URL.*proxies") as raised:
        Endpoint(Settings("m")).ask(REQUEST)
    assert "hush" not in str(raised.value)


def test_what_was_kept_needs_no_package_and_no_key(tmp_path: Path) -> None:
    endpoint = Endpoint(Settings("m", "http://a/v1"), Cache(tmp_path))
    kept = Answer("words", None, "stop", "m-1", 5, 2, "plain", "2026-11-22")
    Cache(tmp_path).put(endpoint.key(REQUEST), kept.kept())
    answer = endpoint.ask(REQUEST)
    assert (answer.content, answer.cached) == ("words", True)
    assert (endpoint.usage.cached, endpoint.usage.requests) == (1, 0)
    assert pickle.loads(pickle.dumps(endpoint)).ask(REQUEST).content == "words"


def test_a_pickle_holds_no_key_and_finds_the_same_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-hush-hush")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://env/v1")
    endpoint = Endpoint(Settings("m"))
    data = pickle.dumps(endpoint)
    monkeypatch.delenv("OPENAI_BASE_URL")
    again = pickle.loads(data)
    assert b"hush" not in data
    assert again.base_url == "http://env/v1"
    assert again.key(REQUEST) == endpoint.key(REQUEST)


def test_the_key_of_the_endpoint_is_in_no_cache_key(monkeypatch: pytest.MonkeyPatch) -> None:
    first = Endpoint(Settings("m")).key(REQUEST)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-other")
    assert Endpoint(Settings("m")).key(REQUEST) == first
