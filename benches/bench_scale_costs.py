"""docs/SCALE.md, docs/scale.svg and the tables of benches/README.md, from benches/scale.json.

    python benches/bench_scale_costs.py            # write the pages
    python benches/bench_scale_costs.py --show [--replies 1e9] [--core-hour 0.02] [--gb-month USD] [--tokens IN,OUT] ...

The table of ``bench_scale`` is taken from benches/README.md into scale.json, so that one file holds every measurement.
With other prices or sizes the page is printed and nothing is written: the committed page has the stated ones.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from benches.rooms.costs import ASSUMED, Assumed, scale_table  # noqa: E402
from benches.rooms.page import page  # noqa: E402
from benches.rooms.picture import picture  # noqa: E402
from benches.rooms.tables import block  # noqa: E402

MEASURED, README, DOCS = HERE / "scale.json", HERE / "README.md", HERE.parent / "docs"
START, END = "<!-- rooms, by bench_rooms.py -->\n", "<!-- /rooms -->\n"


def between(text: str, made: str) -> str:
    """A page with what stands between its marks made anew; where it has no marks, at its end."""
    if START not in text:
        return f"{text.rstrip()}\n\n{START}{made}{END}"
    before, _, rest = text.partition(START)
    return before + START + made + END + rest.partition(END)[2]


def write_pages() -> None:
    """Everything that is made of scale.json."""
    readme = README.read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(MEASURED.read_text(encoding="utf-8"))
    document["files"] = scale_table(readme)
    made = {
        MEASURED: json.dumps(document, indent=1) + "\n",
        DOCS / "SCALE.md": page(document),
        DOCS / "scale.svg": picture(document),
        README: between(readme, block(document)),
    }
    # all or none: what cannot be computed has failed above
    for path, text in made.items():
        path.write_text(text, encoding="utf-8")
        print(path.relative_to(HERE.parent))


def _pair(text: str) -> tuple[float, float]:
    try:
        sent, written = (float(one) for one in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text} is no pair of prices; expected two numbers, as in 0.40,1.60"
        ) from None
    return sent, written


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--show", action="store_true", help="print the page, write nothing")
    asked.add_argument("--replies", type=lambda text: int(float(text)), default=ASSUMED.replies)
    asked.add_argument("--core-hour", type=float, default=ASSUMED.core_hour, metavar="USD")
    asked.add_argument("--gb-month", type=float, default=ASSUMED.gb_month, metavar="USD")
    asked.add_argument("--tokens", type=_pair, metavar="IN,OUT", help="USD for a million of each")
    asked.add_argument("--cluster", type=int, default=ASSUMED.cluster, metavar="CORES")
    asked.add_argument("--memory", type=int, default=ASSUMED.memory, metavar="GB")
    given = asked.parse_args()
    sent, written = given.tokens or (ASSUMED.token_in, ASSUMED.token_out)
    assumed: Assumed = replace(
        ASSUMED,
        replies=given.replies,
        core_hour=given.core_hour,
        gb_month=given.gb_month,
        token_in=sent,
        token_out=written,
        cluster=given.cluster,
        memory=given.memory,
    )
    if not given.show and assumed != ASSUMED:
        asked.error("the committed page has the stated prices and sizes; add --show to see it with yours")
    if given.show:
        print(page(json.loads(MEASURED.read_text(encoding="utf-8")), assumed), end="")
    else:
        write_pages()


if __name__ == "__main__":
    main()
