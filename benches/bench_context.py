"""What a missing context field costs: each withheld from the validation replies, and all together.

Usage: bench_context.py SCORER...  Writes benchmark/amends/runs/context.json, which ``score`` quotes, and prints it as a
table. Run again whenever a scorer's version or weights change: ``score`` quotes no number of another version.
"""

import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import orjson

from amends.dataset.build import manifest
from amends.dataset.folder import released
from amends.jsonl import pretty
from amends.records import DIMENSIONS, Context, Exchange
from amends.rubric.definitions import dimension_names
from amends.runs.missing import FIELDS, TOGETHER
from amends.runs.scoring import weights_of
from amends.scorercard.items import column, difference, gold_kind, items_of, of_scorer, scored_by
from amends.scorercard.material import read_folder
from amends.scorers import load_scorer
from amends.signature import SEED
from amends.statistics.estimate import Estimate

OUT = Path(__file__).parent.parent / "benchmark" / "amends" / "runs" / "context.json"
MEASURED = ("spearman", "error")


def withheld(exchange: Exchange, names: tuple[str, ...]) -> Exchange:
    """The exchange with some context fields unknown."""
    return replace(exchange, context=Context.from_dict({**exchange.context.to_dict(), **dict.fromkeys(names)}))


def costs(name: str) -> dict[str, object]:
    """Without minus with, of Spearman's rho and the mean absolute error, for each field and dimension."""
    material = read_folder(released().path, "validation")
    kind, scorer = gold_kind(material.exchanges), load_scorer(name)
    whole = items_of(material.exchanges, scored_by(scorer, material.exchanges), {}, kind)
    fields: dict[str, object] = {}
    for key, names in {**{field: (field,) for field in FIELDS}, TOGETHER: FIELDS}.items():
        bare = scored_by(scorer, [withheld(e, names) for e in material.exchanges])
        without = items_of(material.exchanges, bare, {}, kind)
        known = {
            d: [
                i
                for i, (a, b) in enumerate(zip(whole, without, strict=True))
                if a.scored.levels[d] is not None and b.scored.levels[d] is not None
            ]
            for d in DIMENSIONS
        }
        fields[key] = {}
        for d in DIMENSIONS:
            pair = [column([items[i] for i in known[d]], d, of_scorer(d)) for items in (without, whole)]
            found = difference(*pair, SEED)
            fields[key][d] = {measure: found[measure].to_dict() for measure in MEASURED}  # type: ignore[index]
    return {"version": str(scorer.version), "weights": weights_of(scorer), "gold": kind, "fields": fields}


def told(raw: dict[str, object]) -> str:
    """An estimate of a difference."""
    found = Estimate.from_dict(raw)
    if found.value is None or found.low is None or found.high is None:
        return str(found.note)
    return f"{found.value:+.3f} [{found.low:+.3f}, {found.high:+.3f}]"


def main(names: list[str]) -> None:
    """Measure, write, print."""
    before = orjson.loads(OUT.read_bytes())["scorers"] if OUT.is_file() else {}
    scorers = before | {name: costs(name) for name in names}
    document = {
        "split": "validation",
        "data": manifest(released())["version"],
        "made": date.today().isoformat(),
        "scorers": scorers,
    }
    OUT.write_bytes(pretty(document))
    for name in names:
        made = scorers[name]
        print(f"{name} {made['version']}: without minus with, validation")
        for field, by in made["fields"].items():
            for d, title in dimension_names().items():
                rho, error = (told(by[d][measure]) for measure in MEASURED)
                print(f"  {field:<14}{title:<20} rho {rho:<26} error {error}  n {by[d]['error']['n']}")


if __name__ == "__main__":
    main(sys.argv[1:] or ["rules", "trained"])
