"""From the fitted network to what the scorer loads: a graph of whole numbers and tables, no pickle."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np

from amends.scorers.trained.quantise import in_bytes
from amends.training.material import Array

OPSET = 17


def write_graph(network: Any, out: Path) -> None:
    """Export everything behind the table of words, matrices in 8 bits (one scale a column).

    Args:
        network: fitted.
        out: the file.
    """
    import torch

    network.eval()
    width = network.encoder.width
    sample = (torch.zeros(1, 9, width), torch.ones(1, 9), torch.ones(1, 9))
    names = ["vectors", "seen", "reply"]
    whole = out.with_suffix(".float.onnx")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network,
            sample,
            str(whole),
            dynamo=False,
            opset_version=OPSET,
            input_names=names,
            output_names=["marks", "shown", "score"],
            dynamic_axes={name: {1: "pieces"} for name in [*names, "marks"]},
        )
    in_bytes(whole, out)
    whole.unlink()


def rows_in_bytes(table: Array) -> tuple[Array, Array]:
    """A table as whole numbers -127..127 with one scale a row: ``table ~ rows * scales[:, None]``."""
    scales = np.abs(table).max(1) / 127
    rows = np.rint(table / np.maximum(scales, 1e-12)[:, None]).astype(np.int8)
    return rows, scales.astype(np.float32)


def word_tables(network: Any) -> dict[str, Array]:
    """The tables that make pieces into vectors."""
    rows, scales = rows_in_bytes(network.encoder.words.weight.detach().numpy())
    return {"words": rows, "scales": scales, "kinds": network.kinds.weight.detach().numpy().astype(np.float32)}
