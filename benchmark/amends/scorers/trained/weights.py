"""The stored weights: a manifest with checksums, a graph, tables; checked before anything is read from them."""

from __future__ import annotations

import functools
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from amends.errors import UsageError
from amends.scorers.trained.decode import Spans
from amends.scorers.trained.levels import Odds
from amends.scorers.trained.ngrams import Grams
from amends.scorers.trained.pieces import Pieces
from amends.scorers.trained.relevance import Relevance

Array = np.ndarray[Any, np.dtype[Any]]
FOLDER = Path(__file__).parent / "weights"
MANIFEST = "manifest.json"
GRAPH, TABLES, VOCABULARY, RUNS = "encoder.onnx", "tables.npz", "vocabulary.txt", "runs.txt"
FILES = (GRAPH, TABLES, VOCABULARY, RUNS)
"""Everything a folder of weights holds beside its manifest."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What a folder of weights comes to in memory."""

    session: Any
    """Of onnxruntime."""
    pieces: Pieces
    words: Array
    """Vectors of the vocabulary in whole numbers, one scale a row."""
    scales: Array
    kinds: Array
    """Vectors of the kinds of piece."""
    codes: tuple[str, ...]
    said: int
    """Pieces of the customer's turns that are read."""
    spans: Spans
    odds: Odds
    grams: Grams
    relevance: Relevance


def checksum(folder: Path = FOLDER) -> str:
    """First 12 hex of the SHA-256 over the manifest's file checksums: what names the weights.

    Raises:
        UsageError: there is no manifest, or it cannot be read.
    """
    listed = _manifest(folder)["files"]
    return hashlib.sha256(json.dumps({name: listed[name]["sha256"] for name in sorted(listed)}).encode()).hexdigest()[
        :12
    ]


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = orjson.loads((folder / MANIFEST).read_bytes())
        names = {name: str(entry["sha256"]) for name, entry in found["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"{folder / MANIFEST}: no manifest of weights ({error}); reinstall amends.") from None
    if sorted(names) != sorted(FILES):
        raise UsageError(f"{folder / MANIFEST}: lists {sorted(names)}, expected {sorted(FILES)}; reinstall amends.")
    return found


def _checked(folder: Path) -> dict[str, Any]:
    """The manifest, once every file is what it says.

    Raises:
        UsageError: with each file that is absent or differs.
    """
    manifest = _manifest(folder)
    wrong = []
    for name, entry in manifest["files"].items():
        path = folder / name
        if not path.is_file():
            wrong.append(f"{name} is absent")
        elif (found := hashlib.sha256(path.read_bytes()).hexdigest()) != entry["sha256"]:
            wrong.append(f"{name} has checksum {found[:12]}, the manifest says {str(entry['sha256'])[:12]}")
    if wrong:
        raise UsageError(
            f"the weights in {folder} are not what they were made as: {'; '.join(wrong)}; reinstall amends."
        )
    return manifest


@functools.lru_cache(maxsize=2)
def load(folder: Path = FOLDER) -> Weights:
    """Read a folder of weights, once a process.

    Args:
        folder: as written by ``amends.training``.

    Raises:
        UsageError: a file is absent or differs from the manifest.
    """
    manifest = _checked(folder)
    with np.load(folder / TABLES, allow_pickle=False) as stored:
        tables = {name: stored[name] for name in stored.files}
    lines = (folder / VOCABULARY).read_text(encoding="utf-8").splitlines()
    runs = (folder / RUNS).read_text(encoding="utf-8").splitlines()
    return Weights(
        _session(folder / GRAPH),
        Pieces(lines),
        tables["words"],
        tables["scales"],
        tables["kinds"],
        tuple(manifest["codes"]),
        int(manifest["said"]),
        Spans(tables["cut_shown"], tables["cut_inner"], float(tables["cut_reach"]), float(tables["cut_share"])),
        Odds(tables["odds_weights"], tables["odds_thetas"], tables["odds_slopes"]),
        Grams(runs, tables["runs_rarity"], tables["runs_weights"], tables["runs_base"]),
        Relevance(tables["relevance"]),
    )


def _session(path: Path) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
