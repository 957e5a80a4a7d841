"""docs/SCALE.md, every number of it from scale.json or from the stated assumptions."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from benches.rooms.costs import (
    ASSUMED,
    Assumed,
    Each,
    Limit,
    each,
    judge_hours,
    judge_usd,
    kept,
    limits,
    tokens,
)
from benches.rooms.files import FORMS
from benches.rooms.measuring import Row, of

SCORERS = ("rules", "trained")


def many(number: float) -> str:
    """A count in words where it is large: 100 million, 2.5 billion."""
    for size, word in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if number >= size:
            return f"{number / size:.3g} {word}"
    return f"{float(f'{number:.3g}'):,.0f}"


def time(hours: float) -> str:
    """Two digits and a unit that a person thinks in."""
    for size, unit in ((24 * 365, "years"), (24, "days"), (1, "hours"), (1 / 60, "minutes")):
        if hours >= 2 * size:
            return f"{digits(hours / size)} {unit}"
    return f"{digits(hours * 3600)} seconds"


def usd(amount: float) -> str:
    return f"${digits(amount)}"


def digits(number: float) -> str:
    """Two significant digits: what is behind them is not known."""
    if number >= 10:
        return f"{float(f'{number:.2g}'):,.0f}"
    return f"{number:.2g}"


def gb(size: float) -> str:
    return f"{digits(size / 1e9)} GB" if size < 1e12 else f"{digits(size / 1e12)} TB"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    right = "|".join(["---", *["---:"] * (len(head) - 1)])
    return "\n".join([f"| {' | '.join(head)} |", f"|{right}|", *[f"| {' | '.join(row)} |" for row in rows], ""])


def rates(costs: Mapping[str, Each]) -> str:
    rows = [
        [
            f"`{name}`",
            f"{digits(one.whole * 1e6)} us",
            f"{digits(one.writer * 1e6)} us",
            digits(1 / one.whole),
            many(one.fed),
        ]
        for name, one in costs.items()
    ]
    head = ("scorer", "CPU of a reply", "of it the process that writes", "replies/s on a core", "cores it can feed")
    return table(head, rows)


def money(costs: Mapping[str, Each], assumed: Assumed) -> str:
    head = ["", *[f"one machine, {n} cores" for n in assumed.machines], f"cluster, {assumed.cluster} + 1 cores"]
    rows = []
    for name, one in costs.items():
        cells = []
        for cores in assumed.machines:
            hours = one.hours(assumed.replies, cores)
            cells.append(f"{time(hours)}, {usd(hours * cores * assumed.core_hour)}")
        hours = one.cluster_hours(assumed.replies, assumed.cluster)
        cells.append(f"{time(hours)}, {usd(hours * (assumed.cluster + 1) * assumed.core_hour)}")
        rows.append([f"`{name}`", *cells])
    return table(head, rows)


def judge(document: Mapping[str, Any], assumed: Assumed) -> str:
    measured = document["judge"]
    sent, written = tokens(measured, assumed)
    rubric, talk, answer = (measured[f"{whose}_characters"] for whose in ("system", "user", "answer"))
    for_sent, for_written = judge_usd(measured, assumed)
    return (
        f"A judge (`judge:MODEL`, one answer a reply) is sent {rubric:,.0f} characters of rubric and guideline and\n"
        f"{talk:,.0f} of conversation, measured on the prompt itself, and writes some {answer:,.0f}: the mean of\n"
        f"{measured['answers']:,} annotations of train in the form\n"
        f"of its answers; no model was asked. That is {digits(sent)} tokens in and {digits(written)} out,\n"
        f"**{usd(for_sent + for_written)}** for {many(assumed.replies)} replies ({usd(for_sent)} for what it is sent,\n"
        f"{usd(for_written)} for what it writes), and {time(judge_hours(assumed))} at {assumed.in_flight} requests in\n"
        "flight. The same beginning in each prompt is cheaper at many endpoints; that is not reckoned, nor is what is\n"
        "asked again. Draw a part instead (`amends draw`), let the judge label it, and correct the scorer by it\n"
        "(`amends report --labels`): [STATISTICS.md](STATISTICS.md).\n"
    )


def disk(rows: Sequence[Row], assumed: Assumed) -> str:
    found = []
    for name, label in (("rules", "exchanges, as they come"), *[(s, f"annotations by `{s}`") for s in SCORERS]):
        last = of(rows, "score", name)[-1]
        sizes = last["given" if label.startswith("exchanges") else "written"]
        cells = []
        for form in FORMS:
            size = sizes.get(form)
            whole = (size or 0.0) * assumed.replies
            cells.append(f"{gb(whole)}, {usd(whole / 1e9 * assumed.gb_month)} a month" if size else "not measured")
        found.append([label, *cells])
    return table(["", *[f"`{form}`" for form in FORMS]], found)


def breaks(found: Sequence[Limit], assumed: Assumed) -> str:
    rows = [
        [
            f"`{one.what}`",
            one.grows,
            f"{digits(one.held)} bytes" if one.held else "none seen",
            many(one.fits(assumed)) if math.isfinite(one.fits(assumed)) else "not the limit",
            many(one.a_day()),
            many(one.measured_to),
        ]
        for one in found
    ]
    head = (
        "command",
        "what grows",
        "bytes of one more",
        f"fill {assumed.memory} GB",
        "a core does in a day",
        "measured to",
    )
    return table(head, rows)


def assumptions(assumed: Assumed) -> str:
    rows = [
        ["an hour of a core", f"${assumed.core_hour:.3f}"],
        ["a GB of disk, a month", f"${assumed.gb_month:.2f}"],
        ["a million tokens in, out", f"${assumed.token_in:.2f}, ${assumed.token_out:.2f}"],
        ["characters of a token", f"{assumed.characters:g}"],
        ["judge: in flight, and seconds until an answer", f"{assumed.in_flight}, {assumed.answer:g}"],
        ["memory of a machine", f"{assumed.memory} GB"],
    ]
    return table([f"assumed, {assumed.day}", ""], rows)


def page(document: Mapping[str, Any], assumed: Assumed = ASSUMED) -> str:
    """The page."""
    machine, rows = document["machine"], document["rows"]
    costs = {name: each(rows, name) for name in SCORERS}
    largest = max(row["exchanges"] for row in document["files"] if row["scorer"] == "rules")
    trained = max(row["size"] for row in of(rows, "scorers", "trained, 80 words"))
    quick = (
        "; small sizes (`--quick`): orders of magnitude, until all is measured on a quiet machine"
        if machine["quick"]
        else ""
    )
    loads = [row["load"] for row in rows]
    made = _PAGE.format(
        replies=many(assumed.replies),
        writer=many(largest),
        scored=many(of(rows, "score", "rules")[-1]["size"]),
        trained=many(trained),
        kept=digits(kept(document["files"])),
        held=gb(kept(document["files"]) * assumed.replies),
        about=f"{machine['date']}, {machine['cores']} cores, {machine['machine']}, Python {machine['python']}{quick}",
        loads=f"{min(loads):.1f} to {max(loads):.1f}",
        cores=machine["cores"],
        rates=rates(costs),
        money=money(costs, assumed),
        judge=judge(document, assumed),
        disk=disk(rows, assumed),
        breaks=breaks(limits(document), assumed),
        assumptions=assumptions(assumed),
        fed=many(costs["rules"].fed),
    )
    return "\n\n".join(wrapped(part) for part in made.split("\n\n"))


def wrapped(part: str) -> str:
    """A paragraph in lines of one width, whatever its numbers; tables, headings and lists stay as they are."""
    if part.startswith(("|", "#", "-", "!")):
        return part
    end = "\n" if part.endswith("\n") else ""
    return textwrap.fill(part, 118, break_long_words=False, break_on_hyphens=False) + end


_PAGE = """\
# What {replies} replies cost

Replies of 80 words, computed by `benches/bench_scale_costs.py` from what was measured (`benches/scale.json`: {about};
load {loads} on {cores} cores) and from the assumptions below. Nothing here was run at that size: it is one
reply more at the largest sizes measured (a file of {scored} exchanges; {trained} replies for `trained` itself),
times {replies}. Costs are of processor time, so that other work on the machine counts less; your own prices and
sizes: `python benches/bench_scale_costs.py --show --replies 1e9 --core-hour 0.02`.

![processor time by length and by size](scale.svg)

## Time and money

{rates}
`score FILE -o OUT`, everything included; `trained` is what it takes by itself and what the command adds to `rules`.

{money}
If cores are as quick as those measured, and kept busy. On a cluster (`--engine ray`) the cost of Ray itself is not in
the table. One process cuts the file, puts outcomes into order and writes: with `rules` it keeps {fed} cores busy and no
more. From there on cut the input into files, and run one command for each.

{judge}
{assumptions}
## Disk

{disk}
Texts of the bench repeat themselves, so that compressed sizes of real ones are larger. Compressed and Parquet outputs
are made of `OUT.lines.jsonl` at the end, and need the disk of both until then.

## What breaks first

{breaks}
In the order in which they break, by memory or by a day of one core. `score` and `check` spread over cores. The row of
`score` is the process that writes, whose memory grows by {kept} bytes a reply at its peak, the table at the end:
{held} for {replies} (`bench_scale`, to {writer} exchanges). The others work on one core and hold something of each
record: beyond their limits take a part drawn by lot (`amends draw`), or one month at a time.

- **Near-duplicates** (`check`): the runs of three words of the first 100,000 different texts are held, 8 bytes each
  (of 300,000 with the extra `contribute`); `check` says what it did not compare.
- **Parquet row groups**: input is read page by page, so that a group larger than memory is no trouble; a line
  above `--max-line` is refused.
- **Clusters of one report**: means over very many clusters are resampled by kinds of clusters (equal sum and
  size), or by narrow bins where there are many kinds, so that time does not follow the clusters.
- **The digest** in the signature sorts a checksum of every record: part of the memory above.

## On a cluster

`pip install 'amends[ray]'` on every node, the same version; the input under a path that every node sees; then
`RAY_ADDRESS=auto amends score FILE --engine ray --jobs N -o OUT`, with N actors of a core each. A worker that dies is
replaced, and its chunk is given to another; a chunk that came twice or not at all stops the run, which the same command
goes on with, by either engine. Bytes are those of a local run. Standard input, conversations and `--mask` are for
`--engine local`.
"""
