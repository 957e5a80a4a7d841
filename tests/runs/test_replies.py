"""Replies on disk: in order without being held, asked for once, and what they cost over every start of a run."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.generators.fake_endpoint import generator, scenario

from amends.endpoint.protocol import EndpointError, EndpointRefused
from amends.endpoint.usage import Prices
from amends.errors import InputError
from amends.generators import Failure
from amends.generators.endpoint import EndpointGenerator
from amends.jsonl import dumps
from amends.records import Reply
from amends.runs.execute import Asked
from amends.runs.generate import generate_file
from amends.runs.lines import places
from amends.runs.replies import Wanted, generated

ABC = [scenario(name, name) for name in "abc"]


def quiet(*step: object) -> None:
    """Nobody watches."""


def lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True)


def test_a_line_is_found_again_by_its_place(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    replies = [Reply("1", "a", "eins"), Reply("2", "b", "zw\u00f6\U0001f600"), Reply("3", "c", "")]
    path.write_bytes(b"".join(dumps(reply.to_dict()) for reply in replies[:2]) + b"\n" + dumps(replies[2].to_dict()))
    found = list(places(path, Reply.from_dict, "a reply"))
    assert [reply for reply, _ in found] == replies
    data = path.read_bytes()
    for reply, start in found:
        assert data[start:].startswith(dumps(reply.to_dict())), "bytes, not characters; a blank line between"
    assert list(places(tmp_path / "none", Reply.from_dict, "a reply")) == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (b'{"id": "1"\n', "broken JSON"),
        (b'{"id": "1"}\n', "not a reply"),
        (b"[]\n", "not a reply"),
        (b"\xff\n", "broken"),
    ],
)
def test_a_damaged_line_is_named(line: bytes, found: str, tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    path.write_bytes(dumps(Reply("1", "a", "x").to_dict()) + line)
    with pytest.raises(InputError, match=f"r.jsonl:2 .*{found}.*--fresh"):
        list(places(path, Reply.from_dict, "a reply"))


def test_what_failed_is_named_and_asked_for_again(tmp_path: Path) -> None:
    path, log = tmp_path / "r.jsonl", tmp_path / "log"
    broken = {"b", "c"}
    made, fake = generator(
        lambda request, n: (
            EndpointError("server error", "500") if request.messages[-1]["content"] in broken else f"answer {n}"
        )
    )
    failures: list[Failure] = []
    assert generated(Wanted(made, ABC), path, log, failures.append, quiet) == (1, 3)
    assert sorted(f.scenario_id or "" for f in failures) == ["b", "c"]
    first = lines(path)
    broken.clear()
    assert generated(Wanted(made, ABC), path, log, failures.append, quiet) == (3, 3)
    assert lines(path)[0] == first[0], "what was answered stays as it was"
    assert fake.asked == 3 + 2
    assert generated(Wanted(made, ABC), path, log, failures.append, quiet) == (3, 3)
    assert fake.asked == 5, "nothing is missing: nothing is asked"
    assert len(failures) == 2


def test_usage_is_summed_over_the_starts_of_a_run(tmp_path: Path) -> None:
    out = tmp_path / "r.jsonl"
    refuse = True

    def says(request: object, n: int) -> str | Exception:
        return EndpointRefused("no credit") if refuse and n >= 3 else "Sorry."

    made, _ = generator(says, prices=Prices(2.0, 8.0), concurrency=1)
    asked = Asked(made, "train", limit=5)
    with pytest.raises(EndpointRefused):
        generate_file(asked, out, fresh=False, report=print, step=quiet)

    def run_json() -> dict:
        return json.loads((tmp_path / "r.jsonl.run.json").read_bytes())

    assert (run_json()["usage"]["answers"], "finished" in run_json()) == (3, False)
    refuse = False
    assert generate_file(asked, out, fresh=False, report=print, step=quiet) == (5, 5)
    used = run_json()["usage"]
    # the same object goes on counting; only what the second start used is added: 5 answers of 50 + 10 tokens
    assert (used["answers"], used["prompt_tokens"], used["completion_tokens"]) == (5, 250, 50)
    assert used["cost"] == pytest.approx(5 * (50 * 2 + 10 * 8) / 1e6)
    assert "finished" in run_json()
    settings = run_json()["settings"]["generator"]
    assert settings["system_sha256"] == made.card["system_sha256"]
    assert (settings["temperature"], settings["name"]) == (None, "m")


def test_a_cost_that_is_not_known_once_is_not_known_in_all(tmp_path: Path) -> None:
    out = tmp_path / "r.jsonl"
    for prices, limit in ((None, 1), (Prices(1, 1), 1)):
        made, _ = generator(prices=prices)
        generate_file(Asked(made, "train", limit=limit), out, fresh=False, report=print, step=quiet)
    used = json.loads((tmp_path / "r.jsonl.run.json").read_bytes())["usage"]
    assert (used["cost"], used["answers"]) == (None, 1)


def test_starts_that_were_given_no_answer_leave_the_cost_known(tmp_path: Path) -> None:
    out, run_json = tmp_path / "r.jsonl", tmp_path / "r.jsonl.run.json"
    keyless, _ = generator(lambda request, n: EndpointRefused("no key"))
    with pytest.raises(EndpointRefused):
        generate_file(Asked(keyless, "train", limit=2), out, fresh=False, report=print, step=quiet)
    for prices in (Prices(2.0, 8.0), None):  # the last start finds nothing to ask
        made, _ = generator(prices=prices)
        generate_file(Asked(made, "train", limit=2), out, fresh=False, report=print, step=quiet)
        # 2 x (50 x 2 + 10 x 8) / 1,000,000
        assert json.loads(run_json.read_bytes())["usage"]["cost"] == pytest.approx(0.00036)


def test_an_interrupt_between_two_replies_stops_what_runs_behind_them_first(tmp_path: Path) -> None:
    made, _ = generator(concurrency=1)
    stopped: list[bool] = []

    def stream(*given: object, **more: object) -> Iterator[Reply]:
        try:
            yield from EndpointGenerator.generate(made, *given, **more)
        finally:
            stopped.append(True)

    def interrupted(what: str, done: int, total: int) -> None:
        if (tmp_path / "r.jsonl").is_file() and lines(tmp_path / "r.jsonl"):
            raise KeyboardInterrupt

    made.generate = stream  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt) as raised:
        generated(Wanted(made, ABC), tmp_path / "r.jsonl", tmp_path / "log", print, interrupted)
    # the traceback is alive here, and would keep the stream open
    assert raised.tb is not None and stopped == [True]
    assert len(lines(tmp_path / "r.jsonl")) == 1


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.sets(st.integers(0, 11)), st.integers(0, 400)), max_size=4),
    st.integers(1, 3),
    st.permutations("abcd"),
)
def test_whatever_fails_and_wherever_it_is_cut_each_reply_comes_once(
    starts: list[tuple[set[int], int]], samples: int, order: list[str]
) -> None:
    # a start of the run loses the calls that it lists by number, and then so many bytes from the file's end
    scenarios = [scenario(name, name) for name in order]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "r.jsonl"
        kept: dict[object, bytes] = {}
        for lost, cut in [*starts, (set[int](), 0)]:
            made, fake = generator(
                lambda request, n, lost=lost: EndpointError("time-out", "late") if n in lost else f"\u00e4 {n}"
            )
            there, wanted = generated(Wanted(made, scenarios, samples), path, Path(folder) / "l", lambda f: None, quiet)
            assert fake.asked == wanted - len(kept), "what is on disk is not asked for"
            now = {(r["scenario_id"], r["sample"]): line for line in lines(path) for r in [json.loads(line)]}
            assert len(now) == len(lines(path)) == there
            assert kept.items() <= now.items()
            data = path.read_bytes()
            path.write_bytes(data[: max(0, len(data) - cut)])
            whole = path.read_bytes().rpartition(b"\n")
            kept = {key: line for key, line in now.items() if line in whole[0] + whole[1]}
        assert list(now) == [(name, sample) for name in order for sample in range(samples)]
