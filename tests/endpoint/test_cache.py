"""The answers on disk: where they lie, what names them, and what a broken file does."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.endpoint.cache import Cache, cache_folder, key_of
from amends.errors import UsageError

HOME = Path("/u/ann")


@pytest.mark.parametrize(
    ("environ", "platform", "expected", "why"),
    [
        ({}, "linux", "/u/ann/.cache/amends", "XDG's default"),
        ({"XDG_CACHE_HOME": "/big/cache"}, "linux", "/big/cache/amends", "XDG"),
        ({"XDG_CACHE_HOME": "cache"}, "linux", "/u/ann/.cache/amends", "XDG: a relative path is ignored"),
        ({"XDG_CACHE_HOME": ""}, "linux", "/u/ann/.cache/amends", "XDG: empty is unset"),
        ({}, "darwin", "/u/ann/Library/Caches/amends", "macOS"),
        ({"XDG_CACHE_HOME": "/x"}, "darwin", "/u/ann/Library/Caches/amends", "XDG is none of macOS's"),
        ({"LOCALAPPDATA": "/c/Local"}, "win32", "/c/Local/amends/Cache", "Windows"),
        ({}, "win32", "/u/ann/AppData/Local/amends/Cache", "Windows without the variable"),
        ({"AMENDS_CACHE": "/mine", "XDG_CACHE_HOME": "/x"}, "linux", "/mine", "the user's word"),
        ({"AMENDS_CACHE": "/mine"}, "darwin", "/mine", "the user's word, everywhere"),
    ],
)
def test_the_folder_is_the_platforms(environ: dict[str, str], platform: str, expected: str, why: str) -> None:
    assert cache_folder(environ, platform, HOME) == Path(expected), why


ASKED = {
    "model": "m",
    "base_url": "http://a/v1",
    "messages": [{"role": "user", "content": "hello"}],
    "schema": {"type": "object"},
    "parameters": {"temperature": 0.0},
    "sample": 0,
}


@pytest.mark.parametrize(
    "other",
    [
        {"model": "n"},
        {"base_url": "http://b/v1"},
        {"messages": [{"role": "user", "content": "hello "}]},
        {"messages": [{"role": "system", "content": "hello"}]},
        {"schema": None},
        {"parameters": {"temperature": 0.5}},
        {"sample": 1},
    ],
    ids=lambda other: next(iter(other)),
)
def test_every_part_is_in_the_key(other: dict[str, object]) -> None:
    assert key_of(ASKED | other) != key_of(ASKED)
    assert key_of({name: ASKED[name] for name in reversed(ASKED)}) == key_of(ASKED), "the order of the parts is not"


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_any_text_has_a_key(text: str) -> None:
    assert len(key_of(ASKED | {"messages": [{"role": "user", "content": text}]})) == 64


def test_an_answer_comes_back(tmp_path: Path) -> None:
    cache, key = Cache(tmp_path / "new"), key_of(ASKED)
    assert cache.get(key) is None
    assert cache.put(key, {"content": "é \u2028"})
    assert Cache(tmp_path / "new").get(key) == {"content": "é \u2028"}
    assert [path.name for path in (tmp_path / "new").rglob("*.json*")] == [f"{key}.json"], "no part is left"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty: the disk was full"),
        (b'{"format": 1, "key"', "half written"),
        (b"\x00" * 100, "a hole"),
        (b"[]", "no object"),
        (b'{"format": 0, "key": "K", "answer": {}}', "another version"),
        (b'{"format": 1, "key": "other", "answer": {}}', "renamed by hand"),
        (b'{"format": 1, "key": "K", "answer": "text"}', "no answer"),
        (b"[" * 100_000, "hostile"),
    ],
)
def test_a_broken_file_counts_as_absent_and_is_rewritten(tmp_path: Path, data: bytes, why: str) -> None:
    cache, key = Cache(tmp_path), key_of(ASKED)
    cache.path(key).parent.mkdir(parents=True)
    cache.path(key).write_bytes(data.replace(b"K", key.encode()))
    assert cache.get(key) is None, why
    assert cache.put(key, {"content": "whole"})
    assert cache.get(key) == {"content": "whole"}


def test_a_disk_that_takes_nothing_loses_no_answer(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    assert Cache(tmp_path / "file").put(key_of(ASKED), {"content": "x"}) is False
    assert Cache(tmp_path).put(key_of(ASKED), {"content": "\ud800"}) is False, "what UTF-8 cannot hold"


def test_many_writers_of_one_key_leave_one_whole_file(tmp_path: Path) -> None:
    cache, key = Cache(tmp_path), key_of(ASKED)
    start = threading.Barrier(8)

    def write(n: int) -> None:
        start.wait()
        assert cache.put(key, {"content": "x" * (n * 1000)})

    threads = [threading.Thread(target=write, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = cache.get(key)
    assert kept is not None
    assert len(kept["content"]) % 1000 == 0
    assert len(list(tmp_path.rglob("*.*"))) == 1


def test_a_home_folder_of_nobody_is_named() -> None:
    with pytest.raises(UsageError, match="AMENDS_CACHE is '~nobody-of-this-name/x'"):
        cache_folder({"AMENDS_CACHE": "~nobody-of-this-name/x"})
