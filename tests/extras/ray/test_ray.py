"""--engine ray with several workers: what a local run gives, also where a worker dies, and where a run goes on."""

import gzip
import importlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from amends.errors import UsageError
from amends.logs.reader import Source
from amends.logs.units import Log
from amends.runs.cluster import Ray, _all
from amends.runs.engine import Engine, Local
from amends.runs.score import Output, score_file
from amends.runs.work import Outcome
from amends.scorers import load_scorer

ray = pytest.importorskip("ray")

# names that Ray's processes find: some package of the environment may install a "tests" of its own
FOLDERS = [str(Path(__file__).parent), str(Path(__file__).parents[2] / "runs")]
sys.path[:0] = FOLDERS
Length: Any = importlib.import_module("lengths").Length
Dying: Any = importlib.import_module("dying").Dying

WORKERS = 3
# Ray itself warns of what will change in later versions of it
pytestmark = pytest.mark.filterwarnings(
    "ignore::FutureWarning", "ignore::DeprecationWarning", "ignore::ResourceWarning"
)


@pytest.fixture(scope="module", autouse=True)
def stopped() -> Iterator[None]:
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join([*FOLDERS, *([before] if before else [])])
    yield
    ray.shutdown()
    os.environ.pop("PYTHONPATH") if before is None else os.environ.update(PYTHONPATH=before)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty blocks, with bad lines and an id that comes again far off."""
    made = []
    for n in range(4000):
        turns = [{"role": "customer", "text": f"Lamp <{n}> came in pieces. " + "no answer " * (n % 200)}]
        record: dict[str, Any] = {"id": f"e{n}", "turns": turns, "reply": "We are sorry. " * (n % 20)}
        record |= {"meta": {"conversation": f"c{n % 30}"}}
        made.append(json.dumps(record))
    made[3500], made[1500] = made[5], "{"
    path = tmp_path_factory.mktemp("in") / "in.jsonl"
    path.write_text("\n".join(made))
    return path


def made_by(engine: Engine, scorer: Any, file: Path, out: Path) -> tuple[bytes, Any, list[str]]:
    told: list[str] = []
    found = score_file(Source(str(file)), scorer, out=Output(out), tell=lambda p: told.append(str(p)), engine=engine)
    assert found.result is not None
    return out.read_bytes(), found.result, told


@pytest.fixture(scope="module")
def local(file: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, Any, list[str]]:
    return made_by(Local(1), Length(), file, tmp_path_factory.mktemp("out") / "out.jsonl")


def test_the_same_annotations_in_the_same_order_and_the_same_table(file: Path, local: Any, tmp_path: Path) -> None:
    assert len(local[2]) == 2
    assert made_by(Ray(WORKERS), Length(), file, tmp_path / "out.jsonl") == local


def test_the_scorer_that_ships(file: Path, tmp_path: Path) -> None:
    ours = made_by(Ray(WORKERS), load_scorer("rules"), file, tmp_path / "ray.jsonl")
    assert ours == made_by(Local(2), load_scorer("rules"), file, tmp_path / "local.jsonl")


def test_a_worker_that_dies_loses_nothing_and_repeats_nothing(file: Path, local: Any, tmp_path: Path) -> None:
    marker = tmp_path / "killed"
    found = made_by(Ray(WORKERS), Dying(marker, "<2100>"), file, tmp_path / "out.jsonl")
    assert marker.exists(), "no worker was killed: the test shows nothing"
    assert int(marker.read_text()) != os.getpid()
    assert found == local


def test_a_run_that_was_cut_goes_on_with_another_engine(file: Path, local: Any, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    made_by(Local(1), Length(), file, out)
    out.write_bytes(local[0][: len(local[0]) // 2])
    assert made_by(Ray(WORKERS), Length(), file, out) == local


def test_gzip_in(file: Path, local: Any, tmp_path: Path) -> None:
    packed = tmp_path / "in.jsonl.gz"
    packed.write_bytes(gzip.compress(file.read_bytes()))
    assert made_by(Ray(WORKERS), Length(), packed, tmp_path / "out.jsonl")[0] == local[0]


def test_what_one_process_must_read_is_refused(tmp_path: Path) -> None:
    rows = "conversation,role,text\n" + "c1,customer,The lamp is broken.\nc1,agent,We are sorry.\n"
    (tmp_path / "talks.csv").write_text(rows)
    source = Source(str(tmp_path / "talks.csv"), log=Log())
    with pytest.raises(UsageError, match="--engine ray takes replies and exchanges"):
        score_file(source, Length(), tell=lambda problem: None, engine=Ray(WORKERS))


def outcomes(*places: int | None) -> Iterator[Any]:
    return (None if place is None else Outcome(place, None) for place in places)


LOSSES = [
    ((4, 6, None), "chunk 6 where chunk 5 was due", "one is lost"),
    ((4, 4, None), "chunk 4 where chunk 5 was due", "one is repeated"),
    ((4, 5), "ended after chunk 5", "the end is lost"),
]


@pytest.mark.parametrize(("places", "said", "why"), LOSSES, ids=[case[-1] for case in LOSSES])
def test_what_ray_would_lose_or_repeat_is_no_output(places: tuple[int | None, ...], said: str, why: str) -> None:
    with pytest.raises(RuntimeError, match=said):
        list(_all(outcomes(*places), 4))
    assert [outcome.place for outcome in _all(outcomes(4, 5, None), 4)] == [4, 5]
