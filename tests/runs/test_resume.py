"""A run killed at random moments and taken up again equals a run that nobody disturbed, byte for byte."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

KILLS = int(os.environ.get("AMENDS_KILLS", "20"))
SEED = 20261122
COMPARED = ("replies.jsonl", "annotations.jsonl", "result.json", "report.html")

SLOW = """
import json, sys, time
for line in sys.stdin:
    scenario = json.loads(line)
    time.sleep(0.004)
    text = "I am so sorry this happened. " + scenario["turns"][-1]["text"][::-1]
    print(json.dumps({"scenario_id": scenario["id"], "text": text}), flush=True)
"""


@pytest.fixture
def generator(tmp_path: Path) -> Path:
    folder = tmp_path / "slow"
    folder.mkdir()
    (folder / "generate.py").write_text(SLOW, encoding="utf-8")
    (folder / "generator.json").write_text(
        '{"name":"slow","version":"1","kind":"program","command":["{python}","generate.py"],"seconds_per_reply":10}',
        encoding="utf-8",
    )
    return folder


def command(generator: Path, out: Path) -> list[str]:
    return [
        sys.executable,
        "-m",
        "amends",
        "run",
        str(generator),
        "--samples",
        "6",
        "--limit",
        "16",
        "--scorer",
        "rules",  # quick: a kill is to fall among the replies, not into the loading of weights
        "--jobs",
        "1",
        "-o",
        str(out),
    ]


def finished(generator: Path, out: Path) -> dict[str, bytes]:
    done = subprocess.run(command(generator, out), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return {name: (out / name).read_bytes() for name in COMPARED}


def lines_in(file: Path) -> int:
    return file.read_bytes().count(b"\n") if file.exists() else 0


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is a POSIX signal")
def test_killed_at_random_moments_and_resumed(generator: Path, tmp_path: Path) -> None:
    started = time.monotonic()
    undisturbed = finished(generator, tmp_path / "undisturbed")
    length = time.monotonic() - started
    moments = random.Random(SEED)
    out = tmp_path / "disturbed"
    partial = 0
    for kill in range(KILLS):
        with subprocess.Popen(command(generator, out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            if kill % 2:
                time.sleep(moments.uniform(0.0, 1.1) * length)
            else:  # among the replies, however slow the machine is today
                wanted = moments.randint(1, 60)
                while process.poll() is None and lines_in(out / "replies.jsonl") < wanted:
                    time.sleep(0.01)
            process.send_signal(signal.SIGKILL)
            process.wait()
        partial += 0 < lines_in(out / "replies.jsonl") < 96
        if (out / "result.json").exists() or kill % 5 == 4:
            assert finished(generator, out) == undisturbed
            for file in out.iterdir():
                file.unlink()
    assert finished(generator, out) == undisturbed
    assert partial, "no kill fell between the first and the last reply: the test shows nothing"


def test_a_torn_line_is_cut_and_asked_for_again(generator: Path, tmp_path: Path) -> None:
    undisturbed = finished(generator, tmp_path / "undisturbed")
    out = tmp_path / "torn"
    finished(generator, out)
    for name in ("replies.jsonl", "annotations.jsonl"):
        data = (out / name).read_bytes()
        (out / name).write_bytes(data[: len(data) * 2 // 3])
    (out / "result.json").unlink()
    assert finished(generator, out) == undisturbed


def test_a_reply_is_never_asked_for_twice(tmp_path: Path) -> None:
    folder = tmp_path / "counting"
    folder.mkdir()
    (folder / "generate.py").write_text(
        "import json, sys\n"
        "for n, line in enumerate(sys.stdin):\n"
        "    scenario = json.loads(line)\n"
        "    open('asked.txt', 'a').write(scenario['id'] + '\\n')\n"
        "    print(json.dumps({'scenario_id': scenario['id'], 'text': 'We will put it right.'}), flush=True)\n",
        encoding="utf-8",
    )
    (folder / "generator.json").write_text(
        '{"name":"counting","version":"1","kind":"program","command":["{python}","generate.py"]}', encoding="utf-8"
    )
    out = tmp_path / "out"
    arguments = [sys.executable, "-m", "amends", "run", str(folder), "--limit", "16", "-o", str(out)]
    subprocess.run(arguments, capture_output=True, check=True)
    data = (out / "replies.jsonl").read_bytes().splitlines(keepends=True)
    (out / "replies.jsonl").write_bytes(b"".join(data[:5]))
    subprocess.run(arguments, capture_output=True, check=True)
    asked = (folder / "asked.txt").read_text(encoding="utf-8").split()
    assert len(asked) == 16 + 11, "16 at first, then only the 11 whose replies were lost"
