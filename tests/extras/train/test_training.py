"""The fit of ``trained`` with torch: equal to the bit; odds follow the order; the graph says what torch says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

from amends.scorers.trained.pieces import Pieces  # noqa: E402
from amends.training.encoder import Published, build_encoder  # noqa: E402
from amends.training.export import rows_in_bytes, write_graph  # noqa: E402
from amends.training.loop import Plan, fit_network  # noqa: E402
from amends.training.material import CODES, Item, bare  # noqa: E402
from amends.training.network import build  # noqa: E402
from amends.training.settle import fit_odds, fit_slopes  # noqa: E402

WIDTH = 24
VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *"abcdefghijklmnopqrstuvwxyz", *(f"##{c}" for c in "abcdeilnorstuwy")]
PLAN = Plan(epochs=2, batch=4, fast=False, seed=3)


def tiny() -> Published:
    """An encoder of one layer with drawn weights, by the names of the published file."""
    random = np.random.default_rng(5)

    def drawn(*shape: int) -> np.ndarray:
        return (random.standard_normal(shape) * 0.1).astype(np.float32)

    tensors = {
        "embeddings.word_embeddings.weight": drawn(len(VOCABULARY), WIDTH),
        "embeddings.position_embeddings.weight": drawn(512, WIDTH),
        "embeddings.token_type_embeddings.weight": drawn(2, WIDTH),
        "embeddings.LayerNorm.weight": np.ones(WIDTH, np.float32),
        "embeddings.LayerNorm.bias": np.zeros(WIDTH, np.float32),
    }
    for name, out, inner in (
        ("attention.self.query", WIDTH, WIDTH),
        ("attention.self.key", WIDTH, WIDTH),
        ("attention.self.value", WIDTH, WIDTH),
        ("attention.output.dense", WIDTH, WIDTH),
        ("intermediate.dense", 48, WIDTH),
        ("output.dense", WIDTH, 48),
    ):
        tensors[f"encoder.layer.0.{name}.weight"] = drawn(out, inner)
        tensors[f"encoder.layer.0.{name}.bias"] = np.zeros(out, np.float32)
    for name in ("attention.output.LayerNorm", "output.LayerNorm"):
        tensors[f"encoder.layer.0.{name}.weight"] = np.ones(WIDTH, np.float32)
        tensors[f"encoder.layer.0.{name}.bias"] = np.zeros(WIDTH, np.float32)
    return Published(VOCABULARY, tensors)


def items() -> list[Item]:
    raw = {"id": "sc-1", "turns": [{"role": "customer", "text": "the tub is cold"}], "fault": "company"}
    made = []
    for n, text in enumerate(["we own it and a new one is sent", "you are a clown", "so sorry it was cold", "no"]):
        base = bare(raw, text)
        marks = np.zeros((len(base.words), len(CODES)), np.float32)
        marks[:, n] = 1
        made.append(replace(base, marks=marks, shown=marks.max(0), levels=np.eye(5, dtype=np.float32)[[n, n, n]]))
    return made


def fitted():  # type: ignore[no-untyped-def]
    torch.set_num_threads(1)
    torch.manual_seed(PLAN.seed)
    network = build(build_encoder(tiny(), range(len(VOCABULARY))))
    fit_network(network, items(), Pieces(VOCABULARY), PLAN)
    return network


def test_two_fits_on_one_thread_are_equal_to_the_bit() -> None:
    first, second = fitted().state_dict(), fitted().state_dict()
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_the_graph_says_what_torch_says(tmp_path: Path) -> None:
    import onnxruntime

    network = fitted()
    write_graph(network, tmp_path / "g.onnx")
    assert [path.name for path in tmp_path.iterdir()] == ["g.onnx"]
    vectors = torch.randn(1, 17, WIDTH)
    ones = torch.ones(1, 17)
    with torch.no_grad():
        expected = network(vectors, ones, ones)
    session = onnxruntime.InferenceSession(str(tmp_path / "g.onnx"), providers=["CPUExecutionProvider"])
    found = session.run(None, {"vectors": vectors.numpy(), "seen": ones.numpy(), "reply": ones.numpy()})
    for one, two in zip(found, expected, strict=True):
        # 8 bits: a few hundredths on numbers of order 1
        assert np.abs(one - two.numpy()).max() < 0.15


def test_rows_in_bytes_are_near() -> None:
    table = np.random.default_rng(0).standard_normal((5, 8)).astype(np.float32)
    rows, scales = rows_in_bytes(table)
    assert np.abs(rows * scales[:, None] - table).max() <= scales.max() / 2 + 1e-6


def test_odds_follow_the_order_and_the_pairs() -> None:
    random = np.random.default_rng(0)
    rows = random.standard_normal((300, 3))
    levels = np.clip(np.rint(3 + 1.5 * rows[:, :1] + 0.3 * random.standard_normal((300, 3))), 1, 5).astype(int)
    targets = np.eye(5)[levels - 1]
    odds = fit_odds(rows, targets, [], np.full(3, 0.01))
    assert (odds.weights[:, 0] > 5 * np.abs(odds.weights[:, 1:]).max()).all()
    assert (np.diff(odds.thetas, axis=1) > 0).all()
    # pairs that differ in the third column alone teach its weight
    better, worse = np.array([[0.0, 0, 2]] * 50), np.array([[0.0, 0, -2]] * 50)
    every = np.concatenate([rows, better, worse])
    unknown = np.concatenate([targets, np.full((100, 3, 5), np.nan)])
    taught = fit_odds(every, unknown, [(300 + n, 350 + n, (1, 0, -1)) for n in range(50)], np.full(3, 0.01))
    assert taught.weights[0, 2] > odds.weights[0, 2] + 0.1
    assert abs(taught.weights[1, 2]) < 0.1


def test_slopes_make_sure_odds_less_sure_where_they_err() -> None:
    random = np.random.default_rng(1)
    rows = random.standard_normal((200, 2))
    right = np.clip(np.rint(3 + rows[:, :1] * np.ones((1, 3))), 1, 5).astype(int)
    odds = fit_odds(rows, np.eye(5)[right - 1], [], np.full(2, 0.01))
    noisy = np.eye(5)[random.permutation(right) - 1]
    assert (fit_slopes(odds, rows, noisy).slopes < 0.6).all()
