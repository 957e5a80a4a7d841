"""Many calls to an endpoint that loses a fifth of them end complete, each reply once; killed runs ask nothing twice.

AMENDS_CALLS sets how many: 400 in ``make test-extras``, 10,000 in ``make soak``.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.extras.judge.faulty_server import FAULTS, faulty

from amends.endpoint.cache import Cache
from amends.endpoint.client import Endpoint, Settings
from amends.endpoint.retry import Backoff
from amends.generators import Failure
from amends.generators.endpoint import RETRIES, EndpointGenerator
from amends.generators.options import ModelOptions
from amends.runs.execute import Asked
from amends.runs.generate import generate_file
from amends.runs.replies import expected_keys

CALLS = int(os.environ.get("AMENDS_CALLS", "400"))
SCENARIOS = 40
LISTENING = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background is started deaf to it
from amends.__main__ import main
main()
"""


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMENDS_CACHE", str(tmp_path / "cache"))
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


def records(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def test_a_fifth_of_the_calls_is_lost_and_no_reply(tmp_path: Path) -> None:
    samples = CALLS // SCENARIOS
    out = tmp_path / "replies.jsonl"
    failures: list[Failure] = []
    started = time.monotonic()
    with faulty(0.2, hang=4.0) as server:
        # a short wait between tries; everything else is as the command has it
        settings = Settings("m", server.url, 3.0, 32, Backoff(retries=RETRIES, first=0.02))
        made = EndpointGenerator("m", ModelOptions(concurrency=32), Endpoint(settings, Cache()))
        asked = Asked(made, "train", samples, SCENARIOS)
        there = generate_file(asked, out, fresh=False, report=failures.append, step=lambda *step: None)
        used = made.usage()
    found = records(out)
    assert there == (SCENARIOS * samples, SCENARIOS * samples)
    assert failures == []
    keys = [(reply["scenario_id"], reply["sample"]) for reply in found]
    assert keys == list(expected_keys(asked.scenarios(), samples)), "complete, each once, in order"
    texts = [reply["text"] for reply in found]
    assert len(set(texts)) == len(texts), "no answer stands in two places"
    assert set(texts) <= set(server.answered), "and none is half of one"
    assert used["answers"] == len(texts), "each was taken once"
    assert used["requests"] == used["answers"] + used["retries"]
    assert set(server.faults) == set(FAULTS)
    assert 0.1 * server.asked < sum(server.faults.values()) < 0.3 * server.asked
    written = json.loads((tmp_path / "replies.jsonl.run.json").read_bytes())["usage"]
    assert written["prompt_tokens"] == 400 * len(texts)
    shown = {"calls": server.asked, "faults": dict(server.faults), "late": len(server.answered) - len(texts)}
    sys.stdout.write(f"\nsoak: {len(texts):,} replies, {shown}, {time.monotonic() - started:.0f} s\n")


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is a POSIX signal")
def test_a_killed_run_asks_for_no_reply_twice(tmp_path: Path) -> None:
    out, concurrency, wanted, kills = tmp_path / "replies.jsonl", 4, 120, 3
    with faulty(0.0, pause=0.02) as server:
        command = [sys.executable, "-m", "amends", "generate", "openai:m", "-o", str(out), "--base-url", server.url]
        command += ["--split", "train", "--limit", "40", "--samples", "3", "--concurrency", str(concurrency)]
        kept: dict[tuple[str, int], str] = {}
        for kill in range(kills):
            aim = (kill + 1) * wanted // (kills + 1)
            with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.DEVNULL) as process:
                while len(server.answered) < aim and process.poll() is None:
                    time.sleep(0.005)
                process.send_signal(signal.SIGKILL)
            whole = out.read_bytes().rpartition(b"\n")[0]
            now = {(r["scenario_id"], r["sample"]): r["text"] for r in map(json.loads, whole.splitlines())}
            assert kept.items() <= now.items(), "nothing is lost on the way"
            kept = now
            assert 0 < len(kept) < wanted, "a kill among the replies, or the test shows nothing"
        ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
        answered = len(server.answered)
    assert ended.returncode == 0, ended.stderr
    found = {(r["scenario_id"], r["sample"]): r["text"] for r in records(out)}
    assert len(records(out)) == len(found) == wanted
    assert kept.items() <= found.items()
    assert answered <= wanted + kills * concurrency, "only what was on its way at a kill may be asked again"


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT to a child is POSIX")
def test_a_run_that_is_interrupted_keeps_what_was_under_way_and_says_what_it_used(tmp_path: Path) -> None:
    out = tmp_path / "replies.jsonl"
    with faulty(0.0, pause=0.1) as server:
        command = [sys.executable, "-c", LISTENING, "generate", "openai:m", "-o", str(out), "--base-url", server.url]
        command += ["--split", "train", "--limit", "40", "--price", "1,1"]
        with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as process:
            while len(server.answered) < 10 and process.poll() is None:
                time.sleep(0.005)
            process.send_signal(signal.SIGINT)
            said = process.communicate()[1]
        assert process.returncode == 130, said
        used = json.loads((tmp_path / "replies.jsonl.run.json").read_bytes())["usage"]
        # 420 tokens an answer at 1 a million
        assert used["answers"] == len(server.answered)
        assert used["cost"] == pytest.approx(420e-6 * used["answers"])
        assert "requests" in said and "the same command goes on from there" in said
        assert subprocess.run(command, cwd=tmp_path, capture_output=True).returncode == 0
        assert len(server.answered) == 40, "not one was asked twice: what was under way lay in the cache"
    assert len(records(out)) == 40
