"""The report of the adaptive attack: benches/ATTACK.md and attack.svg, from run folders and blind annotations.

Usage: report.py [DIR...] [--annotations FILE] [--data data] [-o benches/ATTACK.md]
"""

from __future__ import annotations

import argparse
import itertools
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from benches.attack.budget import Levels  # noqa: E402
from benches.attack.figures import Constant, beside_baselines, curve, drift, gold_of, row  # noqa: E402
from benches.attack.material import SPLIT, read_train  # noqa: E402
from benches.attack.packet import CONTROL  # noqa: E402
from benches.attack.records import (  # noqa: E402
    ATTACKS,
    BASELINES,
    RUN,
    Step,
    Winner,
    read_lines,
    read_trace,
    read_winners,
)

from amends import html  # noqa: E402
from amends.errors import UsageError  # noqa: E402
from amends.records import DIMENSIONS  # noqa: E402
from amends.resources import shipped  # noqa: E402
from amends.rubric.definitions import dimension_names, version  # noqa: E402
from amends.signature import scorer_tag, signature  # noqa: E402
from amends.statistics.clusters import METHODS  # noqa: E402
from amends.statistics.estimate import Estimate  # noqa: E402

Json = dict[str, Any]

HEAD = """# Adaptive attack on the scorers

Written by `benches/attack/report.py` from what `make bench-attack` found. A vendor who has read the rubric and may
ask the scorer seeks replies that it likes, on train scenarios, with {limit} scorer calls an attack: **constant**, one
reply that is put under every scenario, from fragments that name no thing (a raced hill climb on a panel of scenarios;
measured on others); **best-of-32**, replies from templates filled with the customer's own thing, figure, date and
phrase; **insertion**, up to four sentences put into an honest poor or ordinary reply, each time the one that lifts
most. What is maximised is the mean of the three levels; what is reported are the dimensions, one by one. Winners are
judged blind, with honest train replies among them as controls; score minus gold is what the attack gained that no
reader sees. Numbers in brackets are 95% intervals, scenarios resampled whole. `trained` was fitted on the train
split: it knows the scenarios, and the honest replies that insertion starts from and `retrieval` gives, but none of
the winners.

![best so far by calls](attack.svg)
"""
MISSING = "not judged"


@dataclass(frozen=True)
class Run:
    """A run folder."""

    about: Json
    winners: list[Winner]
    steps: list[Step]
    baselines: list[Json]

    @property
    def tag(self) -> str:
        """The scorer as signatures name it."""
        scorer = self.about["scorer"]
        return scorer_tag(scorer["name"], scorer["version"], scorer["weights"])


def read_run(folder: Path) -> Run:
    """What attack.py left in a folder."""
    about: Json = orjson.loads((folder / RUN).read_bytes())
    return Run(about, read_winners(folder), read_trace(folder), read_lines(folder / BASELINES))


def told(estimate: Estimate | None, missing: str = "", n: int | None = None) -> str:
    """``4.13 [4.02, 4.24]``; without an interval the reason why; with its n where that is not the ``n`` of the row."""
    if estimate is None or estimate.value is None:
        return missing
    other = "" if n in (None, estimate.n) else f" (n {estimate.n})"
    if estimate.low is None or estimate.high is None:
        return f"{estimate.value:.2f} ({estimate.note}){other}"
    return f"{estimate.value:.2f} [{estimate.low:.2f}, {estimate.high:.2f}]{other}"


def winners_table(run: Run, gold: dict[str, Levels]) -> list[str]:
    """Score, gold and score minus gold, attack by attack."""
    names = dimension_names()
    lines = [
        "| attack | dimension | n | score | before insertion: score | before: gold | judged | score of those | gold | "
        "score minus gold |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for attack in ATTACKS:
        for d in DIMENSIONS:
            found = row(run.winners, gold, attack, d, run.about["seed"])
            judged = [told(found.judged_score), told(found.gold), told(found.excess)]
            n = found.score.n
            cells = [attack, names[d], str(n), told(found.score, "no winner"), told(found.start, n=n)]
            cells += [told(found.start_gold, n=n), str(found.gold.n), *(judged if found.gold.n else [MISSING] * 3)]
            lines.append(f"| {' | '.join(cells)} |")
    return lines


def constant_lines(run: Run) -> list[str]:
    """The constant in full, and its mean scores beside those of the honest baselines."""
    about, seed, names = run.about["constant"], run.about["seed"], dimension_names()
    if about is None:
        return [f"The budget of {run.about['limit']:,} calls did not pay for one reply on the panel.", ""]
    own = [w for w in run.winners if w.attack == ATTACKS[0]]
    found = [beside_baselines(own, run.baselines, d, seed) for d in DIMENSIONS]
    generators = sorted({name for one in found for name in one.baselines})
    lines = [f"> {about['text']}", ""]
    lines += [
        f"Found after {about['calls']:,} calls, when what it maximises stood at {about['panel']:.2f} on its own panel "
        "(by which it was chosen, so that number has no interval). Mean scores on "
        f"{len(own)} scenarios that the search did not see, and those of the honest baselines on them (echo sends the "
        "customer's words back and gives no reply; cheats are no baselines to stay below):",
        "",
        f"| dimension | constant | {' | '.join(generators)} | median of these | constant minus the middle one |",
        "|---|---|" + "---|" * len(generators) + "---|---|",
    ]
    for one in found:
        shown = [one.own, *(one.baselines.get(g) for g in generators), one.median, one.over]
        lines.append(f"| {' | '.join([names[one.dimension], *(told(x, 'none', len(own)) for x in shown)])} |")
    return [*lines, "", verdict(found), ""]


def verdict(found: Sequence[Constant]) -> str:
    """Whether the constant stays below the median honest baseline, dimension by dimension."""
    names = dimension_names()
    unknown = [names[one.dimension] for one in found if one.below is None]
    above = [names[one.dimension] for one in found if one.below is False]
    if above:
        return f"The best constant reply **does not stay below** the median honest baseline: {', '.join(above)}."
    if unknown:
        return f"Whether it stays below the median honest baseline cannot be said: {', '.join(unknown)}."
    return "The best constant reply **stays below** the median honest baseline on every dimension."


def section(run: Run, gold: dict[str, Levels], kind: str) -> list[str]:
    """Everything about one scorer; ``kind`` is that of the annotators."""
    about = run.about
    calls = ", ".join(
        f"{attack} {about['calls'][attack]:,} ({about['seconds'][attack]:.0f} s)" for attack in about["calls"]
    )
    judged = [w for w in run.winners if w.id in gold]
    line = signature(
        {
            "data": f"{SPLIT}@{about['data']}",
            "n": f"{len(run.winners)}/{len({w.scenario_id for w in run.winners})}",
            "missing": sum(None in w.score.values() for w in run.winners),
            "gold": kind if judged else "none",
            "rubric": version(),
            "scorer": run.tag,
            "unit": "every",
            "ci": METHODS,
            "seed": about["seed"],
        }
    )
    return [
        f"## `{run.tag}`",
        "",
        f"Calls used, of {about['limit']:,} each: {calls}. {about['date']}, {about['machine']}, seed {about['seed']}.",
        "",
        "### The constant reply",
        "",
        *constant_lines(run),
        "### Winners",
        "",
        *winners_table(run, gold),
        "",
        *([] if judged else ["No winner of this scorer has been judged yet: there is no gold.", ""]),
        "```text",
        line,
        "```",
        "",
    ]


def controls_lines(gold: dict[str, Levels], stored: dict[str, Levels], seed: int) -> list[str]:
    """What the annotators of the packet made of honest train replies, beside the gold of the dataset."""
    if not any(name in gold for name in stored):
        return []
    names = dimension_names()
    found = {d: drift(gold, stored, d, seed) for d in DIMENSIONS}
    numbers = "; ".join(f"{names[d]} {told(one)} (n {one.n})" for d, one in found.items())
    return ["## Controls", "", f"Annotators of the packet minus gold of the dataset, honest replies: {numbers}.", ""]


def kind_of(annotations: Sequence[Json]) -> str:
    """Kind of the annotators, ``none`` where nothing was judged.

    Raises:
        UsageError: there are several kinds, which are never pooled.
    """
    kinds = sorted({str(a["annotator"]["kind"]) for a in annotations})
    if len(kinds) > 1:
        raise UsageError(f"annotations are by {' and '.join(kinds)}; gold pools no kinds: give a file of one of them.")
    return kinds[0] if kinds else "none"


def current(annotations: Sequence[Json], runs: Sequence[Run]) -> tuple[list[Json], int]:
    """Annotations of the runs' winners and of controls, and how many texts that are neither were left out."""
    winners = {w.id for run in runs for w in run.winners}
    kept = [a for a in annotations if a["winner"] in winners or a["winner"].startswith(CONTROL)]
    return kept, len({a["winner"] for a in annotations} - {a["winner"] for a in kept})


def annotators_line(annotations: Sequence[Json], stale: int) -> str:
    """Who judged, and how many texts that are no winners any more were left out."""
    left = f" Labels of {stale} texts that are no winners of these runs are left out." if stale else ""
    if not annotations:
        return f"Nothing has been judged yet: no gold is printed.{left}\n"
    who = {
        f"{a['annotator']['name']} {a['annotator']['version']} ({a['annotator']['kind']}, {a['annotator']['method']}, "
        f"guideline {a['annotator']['guideline']})"
        for a in annotations
    }
    return f"Gold is the median of {len(who)} annotators: {'; '.join(sorted(who))}.{left}\n"


def stepped(line: Sequence[tuple[int, float]], most: int) -> list[tuple[int, float]]:
    """A curve whose value stands until the next rises, drawn to the end of the panel."""
    if not line:
        return []
    corners = [point for (x, y), (further, _) in itertools.pairwise(line) for point in ((x, y), (further, y))]
    return [*corners, line[-1], (most, line[-1][1])]


def picture(runs: Sequence[Run]) -> str:
    """Best so far by calls: a panel an attack, a line a scorer."""
    units = ("in all", "a scenario", "a reply")
    panels = []
    for attack, unit in zip(ATTACKS, units, strict=True):
        lines = [curve(run.steps, attack) for run in runs]
        most = max((x for line in lines for x, _ in line), default=1)
        panels.append({"name": attack, "unit": unit, "lines": [stepped(line, most) for line in lines], "most": most})
    return html.render(
        HERE / "trace.svg.j2",
        title="Adaptive attack: mean level of the best reply so far",
        series=[run.tag for run in runs],
        panels=panels,
        note="Mean of the three levels, which the attack maximises; the constant on its own panel.",
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Write and print the report."""
    asked = _parser().parse_args(arguments)
    folders = asked.folders or sorted(path.parent for path in (HERE / "runs").glob(f"*/{RUN}"))
    if not folders:
        raise UsageError(f"no run folder was named and none lies in {HERE / 'runs'}; run attack.py first.")
    runs = [read_run(folder) for folder in folders]
    judged = read_lines(asked.annotations) if asked.annotations.exists() else []
    annotations, stale = current(judged, runs)
    gold, kind = gold_of(annotations), kind_of(annotations)
    train = read_train(asked.data)
    stored = {f"{CONTROL}{reply.id}": reply.gold for some in train.replies.values() for reply in some}
    limits = sorted({run.about["limit"] for run in runs})
    parts = [HEAD.format(limit=" or ".join(f"{n:,}" for n in limits)), annotators_line(annotations, stale)]
    for run in runs:
        parts.append("\n".join(section(run, gold, kind)))
    parts.append("\n".join(controls_lines(gold, stored, runs[0].about["seed"])))
    text = "\n".join(part for part in parts if part).rstrip() + "\n"
    asked.o.write_text(text, encoding="utf-8")
    asked.o.with_name("attack.svg").write_text(picture(runs), encoding="utf-8")
    print(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("folders", nargs="*", type=Path, metavar="DIR", help="run folders; all of benches/attack/runs")
    parser.add_argument("--annotations", type=Path, default=HERE / "annotations.jsonl")
    parser.add_argument("--data", type=Path, default=shipped("data"), help="for the gold of the controls")
    parser.add_argument("-o", type=Path, default=HERE.parent / "ATTACK.md")
    return parser


if __name__ == "__main__":
    main()
