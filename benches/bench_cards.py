"""Scorer cards on all released sets: docs/cards/<scorer>-<split>.txt and .html, and the summary docs/CARDS.md.

Usage: bench_cards.py SCORER...  A use of the test split is written into data/TEST_USE.md, as by the command.
"""

import sys
from datetime import date
from pathlib import Path

import amends
from amends.records import DIMENSIONS
from amends.reports.scorercard import page, terminal
from amends.rubric.definitions import dimension_names
from amends.scorercard.sections import Card
from amends.statistics.estimate import Estimate

DOCS = Path(__file__).parent.parent / "docs"
SPLITS = ("train", "validation", "test")
HEAD = """# Scorer cards

What each scorer of this repository is worth on every released set, written by `benches/bench_cards.py` ({day}). In
full: {links}.

Labels are by language-model annotators of one family: a scorer that is near to them is near to them; what people would
say has not been asked. Numbers in brackets are 95% intervals, n is replies or pairs. Robustness sets and systems are
test sets, whatever the split; they stand in the column of test alone. `trained` was fitted on train, replies and
contrast pairs: its column of train says how well it remembers, and is none to cite.

"""


def told(estimate: Estimate | None, share: bool = False) -> str:
    """A number with interval and n."""
    if estimate is None or estimate.value is None:
        return "not applicable"

    def number(x: float) -> str:
        return f"{100 * x:.0f}%" if share else f"{x:.2f}"

    if estimate.low is None or estimate.high is None:
        return f"{number(estimate.value)} (n {estimate.n})"
    return f"{number(estimate.value)} [{number(estimate.low)}, {number(estimate.high)}] (n {estimate.n:,})"


def rows(card: Card, last: bool) -> dict[str, str]:
    """Line to number; tests that know no split only in the last column."""
    names = dimension_names()
    found = {f"{names[d]}: Spearman's rho": told(card.items[d]["spearman"]) for d in DIMENSIONS}
    if card.floors.table:
        found |= {
            f"{names[d]}: rho of a bag of words": told(card.floors.table["words"][d]["spearman"]) for d in DIMENSIONS
        }
    found |= {f"{names[d]}: mean error in levels": told(card.items[d]["error"]) for d in DIMENSIONS}
    if card.contrast.whole:
        whole = card.contrast.whole
        found |= {"contrast: better reply higher (tie half)": told(whole.level, True)}
        found |= {f"contrast, {k}: better higher": told(s.level, True) for k, s in card.contrast.by_kind.items()}
        found |= {"contrast: behaviour in the right reply alone": told(whole.behaviour, True)}
        found |= {"contrast: level moved where none is owed": told(whole.leakage, True)}
    if not last:
        return found
    found["gaming: honest reply wins"] = told(card.gaming.every, True)
    found |= {f"invariance, {k}: unchanged": told(s.unchanged, True) for k, s in card.invariance.by_family.items()}
    for family, apart in card.invariance.farthest.items():
        for d in apart.largest:
            two = " over ".join(apart.between[d]) or "no two differ"
            found[f"{family}: farthest groups, {names[d]}"] = f"{told(apart.largest[d])} {two}"
    found["degenerate: owed and given"] = told(card.degenerate.met, True)
    for d, one in card.systems.dimensions.items():
        found[f"systems: pairs ordered right, {names[d]}"] = told(one.ordered, True)
        found[f"systems: soft pairwise accuracy, {names[d]}"] = told(one.soft, True)
        found[f"systems: largest difference in bias, {names[d]}"] = (
            f"{told(one.largest)} {' over '.join(one.between)}, chosen after seeing"
        )
    return found


def main(scorers: list[str]) -> None:
    """Write the cards and the summary."""
    (DOCS / "cards").mkdir(exist_ok=True)
    body, links = [], []
    for scorer in scorers:
        columns = []
        for split in SPLITS:
            card = amends.validity(scorer, split=split)
            lines = [x for x in terminal(card).splitlines(keepends=True) if not x.startswith("speed ")]
            (DOCS / "cards" / f"{scorer}-{split}.txt").write_text("".join(lines), encoding="utf-8")
            columns.append((rows(card, split == SPLITS[-1]), card.signature))
            links.append(f"[{scorer}, {split}](cards/{scorer}-{split}.txt)")
        (DOCS / "cards" / f"{scorer}-test.html").write_text(page(card), encoding="utf-8")
        links.append(f"[{scorer}, test, as a page](cards/{scorer}-test.html)")
        names = list(dict.fromkeys(name for found, _ in columns for name in found))
        table = [f"## `{scorer}`\n", f"| | {' | '.join(SPLITS)} |", "|---|" + "---|" * len(SPLITS)]
        table += [f"| {name} | {' | '.join(found.get(name, '') for found, _ in columns)} |" for name in names]
        table += ["", "```text", *[signature for _, signature in columns], "```", ""]
        body.append("\n".join(table))
    head = HEAD.format(day=date.today(), links=", ".join(links))
    (DOCS / "CARDS.md").write_text(head + "\n".join(body), encoding="utf-8")


main(sys.argv[1:] or ["rules"])
