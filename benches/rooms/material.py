"""Seeded texts and records for the rooms: exchanges of any length, annotations with true spans, words at random."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import orjson
from benches import natural
from benches.bench_scale import SEED

CODES = ("E1", "E2", "D1", "D2", "X1", "X2")
"""Behaviours that made-up annotations show."""
FORMULAS = ("thank you for writing to us", "we are sorry for any inconvenience", "please let us know at any time")
"""What a tenth of the runs of three words in texts at random is made of, as replies of one desk share theirs."""


def write_lines(path: Path, records: Any) -> Path:
    """JSON lines, unless they stand there from an earlier case."""
    if not path.exists():
        part = path.with_suffix(".part")
        with part.open("wb") as target:
            for record in records:
                target.write(orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE))
        part.replace(path)
    return path


def exchanges(count: int, words: int, seed: int = SEED) -> Any:
    """Exchanges whose replies have so many words or a few more, as people write them."""
    draw = random.Random(f"{seed}/{words}")
    for number in range(count):
        turns = [{"role": "customer", "text": natural.customer(draw)}]
        yield {"id": f"x{number}", "channel": "email", "turns": turns, "reply": natural.reply(draw, words)}


def vocabulary(draw: random.Random, size: int = 20_000) -> list[str]:
    """Made-up words."""
    return ["".join(draw.choices("abcdefghijklmnoprstuvw", k=draw.randint(3, 9))) for _ in range(size)]


def varied(count: int, seed: int = SEED) -> Any:
    """Exchanges of 40 and 80 words at random with a formula of the desk; each fiftieth nearly repeats an earlier."""
    draw = random.Random(seed)
    words = vocabulary(draw)
    kept: list[tuple[str, str]] = []
    for number in range(count):
        if number % 50 == 49:
            asked, said = draw.choice(kept)
            changed = said.split()
            for place in draw.sample(range(len(changed)), 3):
                changed[place] = draw.choice(words)
            reply = " ".join(changed)
        else:
            half = [" ".join(draw.choices(words, k=37)) for _ in range(2)]
            asked, reply = " ".join(draw.choices(words, k=40)), f"{half[0]} {draw.choice(FORMULAS)} {half[1]}"
        if len(kept) < 1000:
            kept.append((asked, reply))
        turns = [{"role": "customer", "text": asked}]
        yield {"id": f"x{number}", "turns": turns, "reply": reply}


def judgements(made: Any, annotators: tuple[str, ...] = ("one",), seed: int = SEED) -> Any:
    """Judgements at random of exchanges: levels, and three behaviours on words that stand in the reply."""
    draw = random.Random(seed)
    for exchange in made:
        for name in annotators:
            yield annotation(draw, exchange["id"], exchange["reply"], name)


def annotation(draw: random.Random, reply_id: str, text: str, name: str) -> dict[str, Any]:
    """One judgement at random."""
    shown = []
    for code in draw.sample(CODES, 3):
        start = draw.randrange(max(1, len(text) - 30))
        end = min(len(text), start + 25)
        shown.append({"code": code, "start": start, "end": end, "quote": text[start:end], "strength": 1.0})
    who = {"role": "annotator", "kind": "model", "name": name, "version": "1", "method": "holistic", "guideline": "1.1"}
    levels = {d: draw.randint(1, 5) for d in ("empathy", "depersonalization", "excuse_avoidance")}
    return {
        "reply_id": reply_id,
        "scenario_id": None,
        "annotator": who,
        "levels": levels,
        "behaviours": shown,
        "flags": [],
        "reason": "Drawn at random.",
    }
