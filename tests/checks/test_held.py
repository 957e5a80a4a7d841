"""What stands for texts and ids: prints, hashes, and texts that lie on the disk."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from amends.checks import texts as texts_module
from amends.checks.chunks import picked
from amends.checks.hashed import hashed
from amends.checks.prints import DIGEST, normal_words, prints, similarity, word_runs
from amends.checks.texts import Texts
from amends.errors import UsageError

WORDY = st.one_of(st.text(max_size=30), st.lists(st.sampled_from("abcé"), max_size=9).map(" ".join))


@given(st.text())
@example("don\u2019t_stop \x1f\x85\xa0\u2003 \uff37\uff25")
@example("A_b1\x1c2")
def test_words_are_runs_of_letters_and_digits(text: str) -> None:
    plain = unicodedata.normalize("NFKC", text).casefold()
    assert normal_words(text) == re.findall(r"[^\W_]+", plain)


@given(st.lists(WORDY, max_size=8))
def test_prints_are_equal_where_words_and_runs_are(texts: list[str]) -> None:
    made = prints(texts)
    words = [normal_words(text) for text in texts]
    assert len(made) == len(texts)
    assert made.sizes.tolist() == [len(word_runs(own)) for own in words]
    ends = np.cumsum(made.sizes)
    runs = [set(own.tolist()) for own in np.split(made.runs, ends[:-1])] if texts else []
    digests = [made.digests[i * DIGEST : (i + 1) * DIGEST] for i in range(len(texts))]
    for i, one in enumerate(words):
        for j, other in enumerate(words):
            assert len(runs[i] & runs[j]) == len(word_runs(one) & word_runs(other))
            assert (digests[i] == digests[j]) is (one == other)
            both = word_runs(one) | word_runs(other)
            shared = len(word_runs(one) & word_runs(other))
            assert similarity(one, other) == pytest.approx(shared / len(both) if both else 0.0)


@given(st.lists(WORDY, max_size=8), st.data())
def test_prints_of_some_texts_are_those_of_these(texts: list[str], data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.booleans(), min_size=len(texts), max_size=len(texts)))
    some = prints(texts).only(np.array(chosen, dtype=bool))
    own = prints([text for text, mine in zip(texts, chosen, strict=True) if mine])
    assert some.digests == own.digests
    assert some.sizes.tolist() == own.sizes.tolist()
    assert some.runs.tolist() == own.runs.tolist()


def test_a_word_has_one_number_in_every_process() -> None:
    # BLAKE2b-64 of "tea" and of the others, mixed: a change would make processes of two versions disagree
    import subprocess
    import sys

    code = "from amends.checks.prints import prints; print(prints(['tea rain late bus']).runs.tolist())"
    said = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in "12"
    }
    assert said == {f"{prints(['tea rain late bus']).runs.tolist()}\n"}


IDS = st.lists(st.text(max_size=2), max_size=12)


@given(IDS, IDS)
def test_hashes_know_what_is_repeated_and_what_is_missing(ids: list[str], known: list[str]) -> None:
    assert hashed(ids).twice() == {hash(one) for one in ids if ids.count(one) > 1}
    assert hashed(ids).without(hashed(known)) == {hash(one) for one in ids if one not in known}
    assert len(hashed(ids)) == len(ids)


@given(st.lists(st.tuples(st.text(max_size=2), st.text(max_size=5)), max_size=9), st.integers(0, 40))
def test_texts_come_back_under_their_ids(pairs: list[tuple[str, str]], in_memory: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(texts_module, "_IN_MEMORY", in_memory)
        held = Texts()
        expected: dict[str, list[str]] = {}
        for key, text in pairs:
            held.add(key, text)
            expected.setdefault(key, []).append(text)
            assert held.get(key) == expected[key]
        assert len(held) == len(pairs)
        assert all(held.get(key) == own for key, own in expected.items())
        assert held.get("none") == []


def test_texts_whose_ids_share_a_hash_are_told_apart() -> None:
    class Same(str):
        def __hash__(self) -> int:
            return 7

    held = Texts()
    held.add(Same("a"), "one")
    held.add(Same("b"), "two")
    assert held.get(Same("a")) == ["one"]
    assert held.get(Same("b")) == ["two"]
    assert held.get(Same("c")) == []


def test_some_lines_of_a_file_are_read_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"\n\xff\n" + b"".join(b"%d\n" % i for i in range(3, 50)))
    monkeypatch.setattr("amends.checks.chunks.BYTES", 20)
    assert list(picked(str(path), {48, 3, 7})) == [(3, 3), (7, 7), (48, 48)]
    assert list(picked(str(path), set())) == []
    table = tmp_path / "a.csv"
    table.write_text("id,customer,reply\n1,x,a\n2,x,b\n3,x,c\n")
    assert [(number, record["id"]) for number, record in picked(str(table), {2, 4})] == [(2, "1"), (4, "3")]


def test_no_room_for_texts_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts_module, "_IN_MEMORY", 10)

    def full(*given: object, **named: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.TemporaryFile", full)
    texts = Texts()
    with pytest.raises(UsageError, match="TMPDIR"):
        texts.add("a", "more than ten bytes")
