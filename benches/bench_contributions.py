"""How long `amends check` takes for a contribution of 1,000 examples, whole command, against the whole dataset.

The texts are 80 words each, drawn by a seed from the replies of train: the vocabulary, the length and the names of the
dataset, and no near-duplicates. Run: python benches/bench_contributions.py [N]
"""

from __future__ import annotations

import json
import platform
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from amends.dataset.folder import released

SEED = 20261122
CONSENT = {"licence": "CC BY 4.0", "agreed": True, "day": "2026-11-22"}
CONTEXT = ("language", "domain", "channel", "fault", "relationship", "company", "emotion", "intensity")


def examples(count: int) -> list[dict[str, object]]:
    drawn = random.Random(SEED)
    scenarios = released().scenarios("train")
    inside = {scenario.id for scenario in scenarios}
    words = [word for r in released().replies() if r.scenario_id in inside for word in r.text.split()]
    made = []
    for i in range(count):
        scenario = scenarios[i % len(scenarios)]
        own = {name: getattr(scenario.context, name) for name in CONTEXT}
        turns = [{"role": "customer", "text": " ".join(drawn.choices(words, k=80))}]
        made.append({"id": f"b-{i}", "scenario": own | {"turns": turns}, "reply": " ".join(drawn.choices(words, k=80)),
                     "consent": CONSENT, "credit": "bench", "written": "model", "model": "lot"})  # fmt: skip
    return made


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as where:
        file = Path(where) / "bench.jsonl"
        file.write_text("".join(json.dumps(one) + "\n" for one in examples(count)))
        for turn in range(2):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            start = time.monotonic()
            done = subprocess.run([sys.executable, "-m", "amends", "check", str(file)], capture_output=True, text=True,
                                  check=False)  # fmt: skip
            wall = time.monotonic() - start
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            line = done.stdout.splitlines()[-1]
            print(f"{count:,} examples, run {turn + 1}: {wall:.1f} s wall, {cpu:.1f} s CPU, "
                  f"{after.ru_maxrss / 1024:.0f} MB; {line}; Python {platform.python_version()}")  # fmt: skip


if __name__ == "__main__":
    main()
