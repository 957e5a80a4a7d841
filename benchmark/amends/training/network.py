"""The network: an encoder with heads for marks on pieces, behaviours of the reply, and ordered levels."""

from __future__ import annotations

from typing import Any

from amends.training.material import CODES

KINDS = 4
"""Kinds of piece (scorers/trained/inputs.py)."""


def build(encoder: Any) -> Any:
    """The network around an encoder.

    Levels follow the proportional-odds model (McCullagh 1980): P(level > k) = sigmoid(s - theta_k) with ordered
    theta; a code's score is the smooth maximum of its pieces' logits with what the whole reply says.

    Args:
        encoder: from ``encoder.build_encoder``.
    """
    import torch
    from torch import nn

    width = encoder.width
    codes = len(CODES)

    class Network(nn.Module):  # type: ignore[misc, unused-ignore]
        def __init__(self) -> None:
            super().__init__()
            self.encoder = encoder
            self.kinds = nn.Embedding(KINDS, width)
            nn.init.zeros_(self.kinds.weight)
            self.marks = nn.Linear(width, codes)
            self.whole = nn.Linear(width, codes)
            self.scale = nn.Parameter(torch.ones(codes))
            self.hidden = nn.Linear(2 * width + codes, 96)
            self.score = nn.Linear(96, 3)
            self.direct = nn.Linear(codes, 3)
            self.steps = nn.Parameter(torch.tensor([[-2.0, 0.5, 0.5, 0.5]] * 3))
            nn.init.constant_(self.marks.bias, -3.0)
            self.drop = nn.Dropout(0.1)

        def thetas(self) -> Any:
            return torch.cat([self.steps[:, :1], nn.functional.softplus(self.steps[:, 1:]) + 0.1], 1).cumsum(1)

        def forward(self, vectors: Any, seen: Any, reply: Any) -> tuple[Any, Any, Any]:
            states = self.encoder(vectors, seen)
            return self.heads(states, reply)

        def heads(self, states: Any, reply: Any) -> tuple[Any, Any, Any]:
            marks = self.marks(self.drop(states))
            outside = (reply == 0).unsqueeze(-1)
            count = reply.sum(1, keepdim=True).clamp(min=1)
            high = torch.logsumexp(marks.masked_fill(outside, -30.0) * 2, 1) / 2
            first = states[:, 0]
            mean = (states * reply.unsqueeze(-1)).sum(1) / count
            shown = high * self.scale + self.whole(self.drop(first))
            inner = torch.cat([first, mean, torch.tanh(shown / 2)], 1)
            score = self.score(torch.tanh(self.hidden(self.drop(inner)))) + self.direct(torch.sigmoid(shown))
            return marks, shown, score

        def embed(self, ids: Any, kinds: Any) -> Any:
            return self.encoder.words(ids) + self.kinds(kinds)

    return Network()
