"""What the checks of a contribution find of planted rewrites and planted personal data, and their false alarms.

Run with ``python benches/bench_planted.py`` (two minutes): every row once with the extra ``contribute`` and once
without, where the extra is installed. Texts come from train and validation; no text is printed. Intervals are
Wilson's, 95%; rewrites of one text are counted as if they were independent.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from datetime import date
from math import sqrt
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

SEED = 2026112215
EACH = 400
"""Plants of a kind."""
PACKAGES = ("rensa", "phonenumbers", "email_validator")
EXAMPLES = 1_000

Row = tuple[str, str, int, int]
"""Part, name, hits, n."""


def interval(hits: int, n: int) -> tuple[float, float]:
    """Wilson's interval of a share (Wilson 1927)."""
    z, p = 1.959964, hits / n
    middle, half = (p + z * z / (2 * n)), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(0.0, (middle - half) / (1 + z * z / n)), min(1.0, (middle + half) / (1 + z * z / n))


def material() -> dict[str, dict[str, list[tuple[str, str]]]]:
    """Kind to split to pairs of id and text, of train and validation."""
    from amends.checks.base import customer_text
    from amends.dataset.folder import released

    folder = released().path
    scenarios = [json.loads(line) for line in (folder / "scenarios.jsonl").open(encoding="utf-8")]
    splits = {s["id"]: s["split"] for s in scenarios}
    found: dict[str, dict[str, list[tuple[str, str]]]] = {
        kind: {"train": [], "validation": []} for kind in ("scenario", "reply")
    }
    for s in scenarios:
        if s["split"] != "test":
            found["scenario"][s["split"]].append((s["id"], customer_text(s)))
    for line in (folder / "replies.jsonl").open(encoding="utf-8"):
        r = json.loads(line)
        if splits[r["scenario_id"]] != "test":
            found["reply"][splits[r["scenario_id"]]].append((r["id"], r["text"]))
    return found


def rewrites(texts: Mapping[str, Mapping[str, list[tuple[str, str]]]]) -> Iterator[Row]:
    """Recall by kind of rewrite, and false alarms of texts that are nobody's rewrite."""
    from benches.planted.rewrites import REWRITES, two_at_once

    from amends.checks.near import against
    from amends.checks.reworded import Index

    both = {**REWRITES, "two of these at once": two_at_once}
    tally: dict[tuple[str, str], list[int]] = {}
    for splits in texts.values():
        own = [text for _, text in splits["train"]]
        index = Index(own)
        for name, rewrite in both.items():
            rng = random.Random(f"{SEED} {name}")
            new = [rewrite(text, rng) for text in own]
            changed = [i for i, text in enumerate(new) if text != own[i]]
            runs = {m.later for m in against(new, own) if m.earlier == m.later}
            like = {i for i in changed if any(j == i for j, _ in index.like(new[i]))}
            for part, hits in (("3-word runs alone", runs), ("found", runs | like)):
                count = tally.setdefault((part, name), [0, 0])
                count[0] += len(hits & set(changed))
                count[1] += len(changed)
        for name, others in (("train against the rest of train", None), ("validation against train", "validation")):
            new = own if others is None else [text for _, text in splits[others]]
            like = {i for i, text in enumerate(new) if any(others or j != i for j, _ in index.like(text))}
            shared = set() if others is None else {m.later for m in against(new, own)}
            count = tally.setdefault(("false alarms", name), [0, 0])
            count[0] += len(like | shared)
            count[1] += len(new)
    for part in ("3-word runs alone", "found"):
        counts = [tally[part, name] for name in both]
        yield (f"rewrites, {part}", "all", sum(c[0] for c in counts), sum(c[1] for c in counts))
        yield from ((f"rewrites, {part}", name, *tally[part, name]) for name in both)
    yield from (("rewrites, false alarms", name, *c) for (part, name), c in tally.items() if part == "false alarms")


def personal(texts: Mapping[str, Mapping[str, list[tuple[str, str]]]]) -> Iterator[Row]:
    """Recall by kind of plant, false alarms on what looks like it, and on texts without any."""
    from benches.planted import details

    from amends.checks.dialled import numbers
    from amends.checks.personal import FINDERS

    finders = {what: finder for what, (finder, _, _) in FINDERS.items()}
    hosts = [text for splits in texts.values() for _, text in splits["train"]]
    clean = [text for splits in texts.values() for split in splits.values() for _, text in split]
    alarms = sum(any(any(True for _ in finder(text)) for finder in finders.values()) for text in clean)
    groups: list[tuple[str, dict[str, details.Plant], str]] = [
        ("telephone, said to be one", details.PHONES, "a telephone number"),
        ("telephone, not said", details.BARE_PHONES, "a telephone number"),
        ("e-mail", {"12 hosts, 14 forms": details.email}, "an e-mail address"),
        ("card", {"7 beginnings": details.card}, "a payment card number"),
        ("IBAN", {"8 countries": details.iban}, "a bank account number (IBAN)"),
        ("postal address", details.ADDRESSES, "a street address"),
    ]
    for part, plants, what in groups:
        for told in (False, True) if what == "a telephone number" else (False,):
            rows: list[Row] = []
            for name, plant in plants.items():
                rng = random.Random(f"{SEED} {part} {name}")
                country = name if told else None
                hits = 0
                for _ in range(EACH):
                    host, sentence = rng.choice(hosts), plant(rng)
                    text = details.planted(host, sentence, rng)
                    at = text.index(sentence)
                    spans = numbers(text, country=country) if what == "a telephone number" else finders[what](text)
                    hits += any(start < at + len(sentence) and end > at for start, end in spans)
                rows.append((f"{part}{', country told' if told else ''}", name, hits, EACH))
            if len(rows) > 1:
                yield (rows[0][0], "all", sum(r[2] for r in rows), sum(r[3] for r in rows))
            yield from rows
    for name, plant in details.LOOKALIKES.items():
        rng = random.Random(f"{SEED} {name}")
        sentences = [plant(rng) for _ in range(EACH)]
        hits = sum(any(any(True for _ in finder(s)) for finder in finders.values()) for s in sentences)
        yield ("false alarms, planted", name, hits, EACH)
    yield ("false alarms, texts", "train and validation", alarms, len(clean))


def speed(texts: Mapping[str, Mapping[str, list[tuple[str, str]]]]) -> dict[str, float]:
    """Seconds of 1,000 new examples (a scenario and a reply each) against the whole dataset, and of one more."""
    from amends.checks.base import Base
    from amends.checks.contribution import Entry, examine
    from amends.dataset.folder import released

    rng = random.Random(SEED)
    words = {kind: [w for _, text in splits["train"] for w in text.split()] for kind, splits in texts.items()}
    lengths = {kind: [len(text.split()) for _, text in splits["train"]] for kind, splits in texts.items()}
    entries = []
    for i in range(EXAMPLES):
        text = {kind: " ".join(rng.choices(words[kind], k=rng.choice(lengths[kind]))) for kind in words}
        turns = [{"role": "customer", "text": text["scenario"]}]
        entries.append(Entry({"id": f"new-{i}", "turns": turns}, "s.jsonl", i + 1))
        entries.append(Entry({"id": f"new-{i}.r1", "scenario_id": f"new-{i}", "text": text["reply"]}, "r.jsonl", i + 1))
    start, cpu = time.perf_counter(), time.process_time()
    base = Base.read(released())
    examine(entries, base)
    whole, cpu = time.perf_counter() - start, time.process_time() - cpu
    start = time.perf_counter()
    examine(entries[:2], base)
    return {"examples": EXAMPLES, "seconds": whole, "cpu": cpu, "one more": time.perf_counter() - start}


def _child(without: bool) -> None:
    if without:
        sys.modules.update(dict.fromkeys(PACKAGES))  # as where they are not installed
    texts = material()
    rows = [*rewrites(texts), *personal(texts)] if not without else [*personal(texts)]
    print(json.dumps({"rows": rows, "speed": speed(texts)}))


def _installed() -> dict[str, str]:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return {name: version(name.replace("_", "-")) for name in PACKAGES}
    except PackageNotFoundError:
        return {}


def main() -> None:
    """Measure in processes of their own, print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--child", choices=("with", "without"))
    chosen = parser.parse_args().child
    if chosen:
        _child(chosen == "without")
        return
    versions = _installed()
    load = os.getloadavg()[0]
    done = {}
    for way in ("with", "without") if versions else ("without",):
        command = [sys.executable, __file__, "--child", way]
        done[way] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    having = ", ".join(f"{name} {number}" for name, number in versions.items()) or "the extra is not installed"
    print(f"planted, {date.today()}, {platform.machine()}, Python {platform.python_version()}, seed {SEED}, {having}")
    print(f"{'':40}{'':26}{'n':>7}" + "".join(f"{way:>24}" for way in done))
    rest = {(p, n): (h, c) for p, n, h, c in done["without"]["rows"]}
    for part, name, hits, n in done.get("with", done["without"])["rows"]:
        shown = [(hits, n)] if "with" in done else []
        shown += [rest[part, name]] if (part, name) in rest else []
        cells = [f"{h / c:7.1%} [{interval(h, c)[0]:.1%}, {interval(h, c)[1]:.1%}]" for h, c in shown]
        print(f"{part:40}{name:26}{n:>7,}" + "".join(f"{cell:>24}" for cell in cells))
    for way, one in done.items():
        took = one["speed"]
        print(
            f"{took['examples']:,} examples {way} the extra: {took['seconds']:.1f} s (wanted: 20), "
            f"{took['cpu']:.1f} s of one processor; one more: "
            f"{took['one more'] * 1000:.0f} ms"
        )
    print(f"load before: {load:.1f} on {os.cpu_count()} processors")


if __name__ == "__main__":
    main()
