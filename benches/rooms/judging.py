"""What a judge is sent and what it writes, in characters: of the real prompt, and of answers in the judge's form."""

from __future__ import annotations

import json
from statistics import fmean

from benches.bench_scale import WORDS
from benches.rooms.material import exchanges

ASKED = 200


def judged_by_tokens() -> dict[str, float]:
    """Characters of the prompt for made-up exchanges of 80 words, and of train's annotations as a judge would write.

    Answers are the annotations of the train split by language models, laid out as ``judge`` asks for them; no model
    is asked, and no text is kept.
    """
    from amends.dataset.folder import read_records, released
    from amends.records import DIMENSIONS, Exchange
    from amends.scorers.judge.prompt import messages

    sent = [[len(m["content"]) for m in messages(Exchange.from_dict(raw))] for raw in exchanges(ASKED, WORDS)]
    answers = []
    for file in sorted((released().path / "annotations").glob("*/train.jsonl")):
        for _, raw in read_records(file, "annotation"):
            shown = [
                {"code": b["code"], "quote": b["quote"], "occurrence": 1, "passing_hint": b["strength"] < 0.5}
                for b in raw["behaviours"]
            ]
            levels = {d: raw["levels"][d] for d in DIMENSIONS}
            told = {"behaviours": shown, "flags": raw["flags"], "reason": raw["reason"], "levels": levels}
            answers.append(len(json.dumps(told, ensure_ascii=False)))
    return {
        "system_characters": fmean(system for system, _ in sent),
        "user_characters": fmean(user for _, user in sent),
        "answer_characters": fmean(answers),
        "answers": len(answers),
    }
