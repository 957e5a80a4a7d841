"""The tables of benches/README.md, from scale.json."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from benches.rooms import scorers
from benches.rooms.measuring import Row, marginal, of, slope

_EXPLAINED = """\
`x parse` is processor time against a bare read and parse (orjson) of the records that the row is about, in the same
process: all threads and worker processes count, so both sides have the same number of cores. Where seconds are fewer
than CPU, both cores were at work; where they are many more, other work was on the machine. `load` is that of the row's
minute. MB is the peak of the process that does the work. The card runs on a copy of the data folder, so that no use of
test is written down.

VADER (Hutto & Gilbert 2014) is the sentiment lexicon that a user would take instead; the politeness markers are those
of Danescu-Niculescu-Mizil et al. (2013), table 3, by regular expressions of this bench. Neither gives a level or a
dimension: they say what reading the same replies costs. Texts are sentences of train, put together anew by a seed
with other numbers and names (`benches/natural.py`), for `check` words at random with a near-repeat in each fifty. Of a
long reply `trained` reads beginning and end only, so that beyond some 300 words it costs no more.
"""


def heading(machine: Mapping[str, Any]) -> str:
    """One line: day, machine, versions, load."""
    packages = ", ".join(f"{name} {version}" for name, version in machine["packages"].items())
    quick = "; small sizes (--quick), until all is measured quietly" if machine["quick"] else ""
    return (
        f"rooms, {machine['date']}, {machine['cores']} cores, {machine['machine']}, Python {machine['python']}{quick}\n"
        f"{packages}\nload before {machine['load_before']}, after {machine['load_after']}"
    )


def _ratio(row: Row, other: Row | None) -> str:
    if other is None:
        return "-"
    times = (row["cpu"] / row["size"]) / (other["cpu"] / other["size"])
    return f"{times:.2g}" if times < 10 else f"{times:,.0f}"


def by_length(rows: Sequence[Row]) -> list[str]:
    """Scorers, the most replies measured of each length, beside the two that a user would pick instead."""
    lines = ["scorer                words  replies     /s   CPU us   x parse   x VADER  x markers    MB   load"]
    last = {
        (row["who"], row["words"]): row
        for row in sorted((r for r in rows if r["room"] == "scorers"), key=lambda r: r["size"])
    }
    for (_, words), row in sorted(last.items(), key=_order):
        others = [_ratio(row, last.get((name, words))) for name in (scorers.VADER, scorers.MARKERS)]
        lines.append(
            f"{_who(row):20}{words:7,}{row['size']:9,}{row['size'] / row['seconds']:7,.0f}"
            f"{row['cpu'] / row['size'] * 1e6:9,.0f}{_parse(row):>10}{others[0]:>10}{others[1]:>11}"
            f"{row['peak_mb']:6.0f}{row['load']:7.1f}"
        )
    return lines


def _order(found: tuple[tuple[str, int], Row]) -> tuple[int, int]:
    """By scorer as the rooms have them, then by length."""
    (who, words), _ = found
    return scorers.WHO.index(who), words


def _who(row: Row) -> str:
    return f"{row['who']}.{row['version']}" if "version" in row else str(row["who"])


def _parse(row: Row) -> str:
    return f"{row['cpu'] / row['parse_cpu']:,.1f}" if row.get("parse_cpu") else "-"


def others(rows: Sequence[Row]) -> list[str]:
    """Every other case."""
    head = (("room", -13), ("part", -39), ("size", 10), (" unit", 10), ("seconds", 10), ("CPU", 9), ("x parse", 11))
    lines = ["".join(f"{name:<{-w}}" if w < 0 else f"{name:>{w}}" for name, w in (*head, ("MB", 6), ("load", 6)))]
    for row in rows:
        if row["room"] != "scorers":
            lines.append(
                f"{row['room']:13}{row['part']:39}{row['size']:10,} {row['unit']:>9}{row['seconds']:10.2f}"
                f"{row['cpu']:9.2f}{_parse(row):>11}{row['peak_mb']:6.0f}{row['load']:6.1f}"
            )
    return lines


def growth(rows: Sequence[Row]) -> list[str]:
    """Slopes, of all that was measured at two sizes or more."""
    head = (("room", -13), ("part", -34), ("sizes", 20), ("slope", 7), ("last", 7), ("one more us", 13))
    lines = ["".join(f"{name:<{-w}}" if w < 0 else f"{name:>{w}}" for name, w in (*head, ("one more bytes", 16)))]
    for room, part in dict.fromkeys((row["room"], row["part"]) for row in rows):
        mine = of(rows, room, part)
        if len({row["size"] for row in mine}) < 2:
            continue
        one, held = (marginal(mine, key) or 0.0 for key in ("cpu", "peak_mb"))
        sizes = f"{mine[0]['size']:,} to {mine[-1]['size']:,}"
        lines.append(
            f"{room:13}{part:34}{sizes:>20}{slope(mine) or 0:7.2f}{slope(mine[-2:]) or 0:7.2f}"
            f"{one * 1e6:13,.0f}{held * 2**20 if held > 0 else 0:16,.0f}"
        )
    return lines


def cards(rows: Sequence[Row]) -> list[str]:
    """The card over all released sets, in sum."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        if row["room"] == "validity":
            found.setdefault(row["scorer"], []).append(row)
    return [
        f"validity {scorer}, {', '.join(r['split'] for r in mine)}: {sum(r['seconds'] for r in mine):.0f} s, "
        f"{sum(r['cpu'] for r in mine):.0f} s of processors (wanted of trained: all sets under 120 s)"
        for scorer, mine in found.items()
    ]


def block(document: Mapping[str, Any]) -> str:
    """What stands in benches/README.md between its marks."""
    rows = document["rows"]
    parts = [
        "## Every room (`bench_rooms.py`)\n",
        "![seconds by size, and a reply by its length](../docs/scale.svg)\n",
        "\n".join(["```text", heading(document["machine"]), "", *by_length(rows), "", *others(rows), "", *cards(rows)]),
        "```\n",
        _EXPLAINED,
        "Growth: slope of log CPU on log size, 1 is linear; over all sizes, and between the last two, of which the\n"
        "price of one more is taken too. Few clusters are drawn singly by the intervals, many by their kinds; so a\n"
        "table, a report or a comparison of few can take longer than one of more, and the last step tells how it\n"
        "goes on.\n",
        "\n".join(["```text", *growth(rows), "```\n"]),
        "What a hundred million replies cost by these rates: [docs/SCALE.md](../docs/SCALE.md).\n",
    ]
    return "\n".join(parts)
