"""The fit of ``trained`` with torch: equal to the bit; odds follow the order; the graph says what torch says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

from amends.errors import UsageError  # noqa: E402
from amends.scorers.trained.levels import Odds  # noqa: E402
from amends.scorers.trained.pieces import Pieces  # noqa: E402
from amends.training.encoder import Published, build_encoder  # noqa: E402
from amends.training.export import rows_in_bytes, write_graph  # noqa: E402
from amends.training.fit import command, fit  # noqa: E402
from amends.training.loop import Plan, collate, fit_network, tokens_for  # noqa: E402
from amends.training.losses import ALIKE, GAPS, PLACES, pair_losses  # noqa: E402
from amends.training.material import CODES, Item, bare  # noqa: E402
from amends.training.network import build  # noqa: E402
from amends.training.pairs import Pair, Rows, pair_items  # noqa: E402
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
    nan = float("nan")
    said = Pair("co", 1, (1, 0, -1), (nan, nan, nan), (False,) * len(CODES), (0, 0))
    taught = fit_odds(every, unknown, [Rows(300 + n, 350 + n, said) for n in range(50)], np.full(3, 0.01))
    assert taught.weights[0, 2] > odds.weights[0, 2] + 0.1
    assert abs(taught.weights[1, 2]) < 0.1


def test_slopes_make_sure_odds_less_sure_where_they_err() -> None:
    random = np.random.default_rng(1)
    rows = random.standard_normal((200, 2))
    right = np.clip(np.rint(3 + rows[:, :1] * np.ones((1, 3))), 1, 5).astype(int)
    odds = fit_odds(rows, np.eye(5)[right - 1], [], np.full(2, 0.01))
    noisy = np.eye(5)[random.permutation(right) - 1]
    assert (fit_slopes(odds, rows, noisy).slopes < 0.6).all()


def test_odds_keep_to_the_annotators_difference() -> None:
    random = np.random.default_rng(2)
    rows = random.standard_normal((300, 3))
    levels = np.clip(np.rint(3 + 1.5 * rows[:, :1] + 0.5 * rows[:, 1:2] * np.ones((1, 3))), 1, 5).astype(int)
    targets = np.eye(5)[levels - 1]
    ridge = np.full(3, 0.01)
    # sides that differ in the second column alone and that annotators give equal levels
    every = np.concatenate([rows, np.array([[0.0, 1, 0]] * 60), np.array([[0.0, -1, 0]] * 60)])
    unknown = np.concatenate([targets, np.full((120, 3, 5), np.nan)])
    said = Pair("co", 1, (0, 0, 0), (0.0, 0.0, 0.0), (False,) * len(CODES), (0, 0))
    free = fit_odds(rows, targets, [], ridge)
    taught = fit_odds(every, unknown, [Rows(300 + n, 360 + n, said) for n in range(60)], ridge)

    def gaps(odds: Odds) -> np.ndarray:
        high, low = (odds.probabilities(np.array(row)) @ np.arange(1, 6) for row in ((0.0, 1, 0), (0.0, -1, 0)))
        return np.abs(high - low)

    assert (gaps(taught) < gaps(free) - 0.2).all()


def toy_pair() -> list[Item]:
    """Two replies that share all but one word; the annotators see one code apart, and a level on one dimension."""
    raw = {
        "id": "co-1", "behaviour": "D8", "dimension": "depersonalization",
        "turns": [{"role": "customer", "text": "the tub is cold"}], "fault": "company",
        "better": "it was sent by us so it is on us", "worse": "it was sent by you so it is on us",
    }  # fmt: skip
    sides = {
        side: {"levels": {"empathy": 2, "depersonalization": level, "excuse_avoidance": 3}, "only": only}
        for side, level, only in (("first", 3, []), ("second", 1, ["D8"]))
    }
    return pair_items([raw], {"co-1": [sides, sides]})


def test_pairs_cost_where_they_differ_from_their_annotators_and_nowhere_else() -> None:
    items = toy_pair()
    pieces = Pieces(VOCABULARY)
    batch = collate(items, [tokens_for(item, pieces, 0) for item in items])
    assert batch.pairs[0].pair.common == (4, 5)
    size = batch.ids.shape[1]
    thetas = torch.tensor([[-30.0, -10, 10, 30]] * 3)
    score = torch.zeros(2, 3)
    # the levels as judged: depersonalization 3 against 1 (two thresholds above against none)
    score[1, 1] = -60.0
    marks, shown = torch.full((2, size, len(CODES)), -30.0), torch.full((2, len(CODES)), -30.0)
    shown[1, CODES.index("D8")] = 30.0

    def cost(marks: torch.Tensor = marks, shown: torch.Tensor = shown, score: torch.Tensor = score) -> float:
        return float(pair_losses(batch, (marks, shown, score), thetas))

    assert cost() == pytest.approx(0, abs=1e-3)
    # a code that nobody names apart: a difference of 1 costs ALIKE (1 - 0.25 / 2)
    apart = shown.clone()
    apart[0, CODES.index("E1")] = 30.0
    assert cost(shown=apart) == pytest.approx(ALIKE * 0.875, abs=1e-3)
    # the code that parts the pair may differ, whatever it is
    assert cost(shown=shown.flip(0)) == pytest.approx(0, abs=1e-3)
    # a level that is owed equal: two levels apart cost GAPS (2 - 0.25 / 2)
    leaked = score.clone()
    leaked[0, 0] = -60.0
    assert cost(score=leaked) == pytest.approx(GAPS * 1.875, abs=1e-2)
    # a mark on one of the pieces that both share, on one side alone
    first = tokens_for(items[0], pieces, 0).first
    moved = marks.clone()
    moved[0, first, CODES.index("E1")] = 30.0
    shared = sum(cut.stop - cut.start for cut in batch.common[0][::2])
    assert cost(marks=moved) == pytest.approx(PLACES * 0.875 / shared, abs=1e-3)
    # the changed word carries what it will
    changed = marks.clone()
    changed[0, first + batch.common[0][0].stop - batch.common[0][0].start, CODES.index("E1")] = 30.0
    assert cost(marks=changed) == pytest.approx(0, abs=1e-3)


def test_pieces_that_both_sides_share_are_the_same_pieces() -> None:
    items = toy_pair()
    batch = collate(items, [tokens_for(item, Pieces(VOCABULARY), 0) for item in items])
    ((left, left2, right, right2),) = batch.common
    assert torch.equal(batch.ids[0, left], batch.ids[1, left2])
    assert torch.equal(batch.ids[0, right], batch.ids[1, right2])
    assert left.stop <= right.start
    assert left2.stop <= right2.start


@pytest.mark.parametrize("folds", [0, 4])
def test_no_more_folds_are_run_than_there_are(folds: int, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=f"{folds} folds"):
        fit(tmp_path, tmp_path / "out", 1, replace(PLAN, folds_run=folds))


def test_the_command_says_what_the_plan_is() -> None:
    plan = Plan(epochs=3, folds_run=1, fast=True, seed=7)
    assert command(Path("data"), plan) == "amends train --data data --seed 7 --epochs 3 --folds 1 --fast -o weights"
