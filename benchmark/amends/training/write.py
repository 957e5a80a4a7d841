"""A folder of weights as the scorer loads it, with its manifest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from amends.scorers.trained.weights import FILES, GRAPH, MANIFEST, RUNS, TABLES, VOCABULARY
from amends.training.export import word_tables, write_graph
from amends.training.material import CODES
from amends.training.settle import Runs

if TYPE_CHECKING:
    from amends.training.fit import Settled


def write(
    out: Path,
    network: Any,
    vocabulary: Sequence[str],
    runs: Runs,
    last: Settled,
    about: Mapping[str, Any],
) -> None:
    """Write every file, then the manifest over them.

    Args:
        out: the folder, made if need be.
        network: fitted.
        vocabulary: its entries.
        runs: of the n-grams.
        last: thresholds and odds.
        about: what else the manifest says: data, seed, counts, the plan and ``said``, the customer's pieces read.
    """
    out.mkdir(parents=True, exist_ok=True)
    write_graph(network, out / GRAPH)
    (out / VOCABULARY).write_text("\n".join(vocabulary) + "\n", encoding="utf-8")
    (out / RUNS).write_text("\n".join(runs.runs) + "\n", encoding="utf-8")
    tables = word_tables(network) | {
        "cut_shown": last.spans.shown,
        "cut_inner": last.spans.inner,
        "cut_reach": np.array(last.spans.reach),
        "cut_share": np.array(last.spans.share),
        "odds_weights": last.odds.weights,
        "odds_thetas": last.odds.thetas,
        "odds_slopes": last.odds.slopes,
        "runs_rarity": runs.rarity,
        "runs_weights": runs.weights,
        "runs_base": runs.base,
        "relevance": last.relevance.weights,
    }
    with (out / TABLES).open("wb") as file:
        np.savez(file, **tables)  # type: ignore[arg-type]
    listed = {
        name: {"sha256": hashlib.sha256((out / name).read_bytes()).hexdigest(), "bytes": (out / name).stat().st_size}
        for name in FILES
    }
    manifest = {**about, "codes": list(CODES), "files": listed}
    (out / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
