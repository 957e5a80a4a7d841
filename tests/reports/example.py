"""A realistic Result: 240 replies asked for, 237 given, 233 judged, from 80 scenarios, with their texts."""

import dataclasses
import math

from tests.reports.cases import CASES

from amends.records import DIMENSIONS, Annotation, Annotator, Exchange
from amends.results import DimensionResult, Result, StepResult
from amends.rubric.definitions import behaviours
from amends.rubric.levels import HINT
from amends.rubric.steps import step_coverage
from amends.statistics.estimate import Estimate

NAMES = ["Amara", "Ben", "Chloé", "Dmitri", "Elif", "Farid", "Grace", "Hana", "Ines", "Jonas", "Kofi", "Lena", "Mei"]
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
WHO = Annotator("scorer", "program", "trained", "2")
SIGNATURE = (
    "amends|data:test@9f3c12aa01bc|n:240/80|missing:3|rubric:1.0|scorer:trained.2@c0ffee|unit:every"
    "|ci:cluster-t.10000|seed:12345|v:0.3.0"
)


def _filled(text, fill):
    for key, value in fill.items():
        text = text.replace("{" + key + "}", value)
    return text


def _item(case, number):
    """One exchange with its annotation, made from a case."""
    context, turns, reply, shown, levels, reason, _ = case
    fill = {"name": NAMES[number % 13], "order": f"{48_213 + 17 * number}", "day": DAYS[number % 6]}
    text = _filled(reply, fill)
    spans = []
    for code, quote, *strength in shown:
        quote = _filled(quote, fill)
        start = text.index(quote)
        spans.append(
            {"code": code, "start": start, "end": start + len(quote), "quote": quote,
             "strength": strength[0] if strength else 1.0}
        )  # fmt: skip
    shift = ((number * 37) % 7 - 3) * 0.1
    exchange = {
        "id": f"r-{number:03}", "scenario_id": f"s-{number // 3:03}", **context, "reply": text,
        "turns": [{"role": role, "text": _filled(words, fill)} for role, words in turns],
    }  # fmt: skip
    flags = ["not_upset"] if context["emotion"] == "none" else []
    judged = {d: min(5, max(1, round(level + shift, 2))) for d, level in zip(DIMENSIONS, levels, strict=True)}
    annotation = {
        "reply_id": exchange["id"], "scenario_id": exchange["scenario_id"], "annotator": WHO.to_dict(),
        "levels": judged, "behaviours": spans, "flags": flags, "reason": reason,
    }  # fmt: skip
    return Exchange.from_dict(exchange), Annotation.from_dict(annotation)


def items():
    """The 237 replies that were given, with their judgements; four of them could not be judged."""
    queue = [case for case in CASES for _ in range(case[-1])]
    # 89 shares no factor with 237: every case comes up, well mixed, and always in the same order.
    made = [_item(queue[number * 89 % len(queue)], number) for number in range(len(queue))]
    for place, flag in ((40, "refused_by_judge"), (90, "refused_by_judge"), (150, "truncated"), (233, None)):
        exchange, annotation = made[place]
        levels = annotation.levels if flag == "truncated" else dict.fromkeys(DIMENSIONS)
        raw = annotation.to_dict() | {"levels": levels, "flags": [flag or "unsupported_language"]}
        made[place] = exchange, Annotation.from_dict(raw)
    exchange, annotation = made[120]
    levels = {**annotation.levels, "empathy": None}
    made[120] = exchange, Annotation.from_dict(annotation.to_dict() | {"levels": levels})
    return made


def share(hits, n, clusters=80, method="cluster-t.10000"):
    """A share with its Wilson interval."""
    z = 1.96
    centre = (hits + z * z / 2) / (n + z * z)
    half = z * math.sqrt(hits * (n - hits) / n + z * z / 4) / (n + z * z)
    return Estimate(hits / n, max(0.0, centre - half), min(1.0, centre + half), n, clusters, method)


def mean(values):
    """A mean with its normal interval."""
    n = len(values)
    middle = sum(values) / n
    half = 1.96 * math.sqrt(sum((v - middle) ** 2 for v in values) / (n - 1) / n)
    return Estimate(middle, middle - half, middle + half, n, 80, "cluster-t.10000")


def _dimension(name, annotations, missing):
    levels = [a.levels[name] for a in annotations if a.levels[name] is not None]
    counts = {str(level): 0 for level in range(1, 6)}
    for level in levels:
        counts[str(math.floor(level + 0.5))] += 1
    n = len(levels) + missing
    middle = mean(levels)
    low, high = ((middle.value * len(levels) + end * missing) / n for end in (1, 5))
    return DimensionResult(
        counts,
        share(sum(level < 2.5 for level in levels) + missing, n),
        share(sum(level >= 3.5 for level in levels), n),
        middle,
        (low, high),
        len(annotations) - len(levels),
    )


def _per_100(code, judged):
    shown = sum(any(b.code == code and b.strength >= HINT for b in a.behaviours) for a in judged)
    rate = share(shown, len(judged))
    return Estimate(100 * rate.value, 100 * rate.low, 100 * rate.high, rate.n, rate.clusters, rate.method)


def result():
    """The Result of ``items`` with three replies that were not given."""
    annotations = [annotation for _, annotation in items()]
    judged = [a for a in annotations if a.levels["depersonalization"] is not None]
    steps = [step_coverage([a.behaviours]) for a in judged]
    several = [s for s in steps if len(s.order) > 1]
    return Result(
        {"kind": "program", "name": "warm-template", "version": "3"},
        {"name": "data:test", "digest": "9f3c12aa01bc", "scenarios": 80},
        {"name": "trained", "version": 2, "weights": "c0ffee"},
        SIGNATURE,
        {"replies": 240, "clusters": 80, "judged": len(judged), "no_reply": 3,
         "not_scored": {"refused_by_judge": 2, "unsupported_language": 1}},
        {name: _dimension(name, annotations, 3) for name in DIMENSIONS},
        {code: _per_100(code, judged) for code in behaviours()},
        StepResult(
            {str(k): share(sum(k in s.order for s in steps), len(steps)) for k in range(1, 8)},
            mean([len(s.order) for s in steps]),
            share(sum(s.in_order for s in several), len(several)),
        ),
        {"empty": 3, "not_upset": 8, "truncated": 1, "refused_by_judge": 2, "unsupported_language": 1},
    )  # fmt: skip


def bare():
    """The same Result where nothing was judged: no numbers, and one without an interval."""
    made = result()
    nothing = Estimate(None, None, None, 0, 0, None, "no reply was judged")
    lone = Estimate(33.3, None, None, 3, 1, None, "one cluster gives no interval")
    dimensions = {
        name: dataclasses.replace(one, levels={}, breach=nothing, full=nothing, mean=nothing, bounds=None)
        for name, one in made.dimensions.items()
    }
    steps = StepResult(dict.fromkeys("1234567", nothing), nothing, nothing)
    return dataclasses.replace(made, dimensions=dimensions, steps=steps, behaviours={"E1": nothing, "E6": lone})
