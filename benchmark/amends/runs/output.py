"""Where annotations go: lines that grow on disk and, for a compressed or a Parquet file, the file made of them."""

from __future__ import annotations

import gzip
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from amends.arrow import table_bytes, write_parquet, zstd
from amends.records import DIMENSIONS, Json
from amends.runs.blocks import Block, blocks
from amends.runs.engine import in_order

_NUMBERS = dict.fromkeys(DIMENSIONS, "number")
_WHO = dict.fromkeys(("role", "kind", "name", "version", "method", "guideline"), "text")
_SHOWN = {"code": "text", "start": "whole", "end": "whole", "quote": "text", "strength": "number"}
COLUMNS: Mapping[str, Any] = {
    "reply_id": "text",
    "scenario_id": "text",
    "annotator": _WHO,
    "levels": _NUMBERS,
    "probabilities": {name: ["number"] for name in DIMENSIONS},
    "confidence": _NUMBERS,
    "behaviours": [_SHOWN],
    "flags": ["text"],
    "reason": "text",
    "created": "text",
    "meta": "text",
}
"""Columns of annotations in a Parquet file; ``meta`` is JSON text."""

_GROUP = 32
"""Blocks a row group: some ten thousand annotations."""


def is_parquet(path: Path) -> bool:
    """Whether a file is Parquet by its name."""
    return path.name.lower().endswith(".parquet")


def lines_of(out: Path) -> Path:
    """The file of lines behind an output: itself, or one beside it that goes when the output is made.

    A compressed file that was cut cannot be gone on with, and a Parquet file is none before its end.

    Args:
        out: as the user named it.
    """
    packed = out.name.lower().endswith((".gz", ".zst", ".parquet"))
    return out.with_name(out.name + ".lines.jsonl") if packed else out


def pack(out: Path, jobs: int) -> None:
    """Make the output of its lines, and remove those.

    Args:
        out: as the user named it.
        jobs: processes at most.
    """
    lines = lines_of(out)
    if lines == out:
        return
    part = out.with_name(out.name + ".part")
    stream = blocks(str(lines), max_line=1 << 40) if lines.stat().st_size else iter(())
    if is_parquet(out):
        write_parquet(part, COLUMNS, in_order(_as_table, stream, jobs), _GROUP)
    else:
        squeeze = _as_gzip if out.name.lower().endswith(".gz") else _as_zstd
        with part.open("wb") as target:
            target.writelines(in_order(squeeze, stream, jobs))
    with part.open("rb+") as target:
        os.fsync(target.fileno())
    part.replace(out)
    lines.unlink()


def _as_gzip(block: Block) -> bytes:
    # members one after another are one gzip file (RFC 1952, 2.2); without a time, so that equal lines give equal bytes
    return gzip.compress(block.body or b"", 6, mtime=0)


def _as_zstd(block: Block) -> bytes:
    return zstd(block.body or b"")


def _as_table(block: Block) -> bytes:
    rows = [orjson.loads(line) for line in (block.body or b"").split(b"\n") if line]
    return table_bytes([_row(row) for row in rows], COLUMNS)


def _row(annotation: Json) -> Json:
    meta = annotation.get("meta")
    return annotation | {"meta": orjson.dumps(meta).decode() if meta else None}
