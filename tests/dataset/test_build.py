"""The build: committed exchanges come out byte for byte, nothing is joined in silence, old versions stay."""

from __future__ import annotations

import hashlib
import shutil
from typing import Any

import orjson
import pytest
from tests.dataset.cases import SCENARIOS, TEXT, annotation, append, exchanges, system

from amends.dataset.build import build, joined, manifest
from amends.dataset.folder import SPLITS, DataFolder, read_records, released
from amends.dataset.todo import todo
from amends.dataset.versions import known_versions, records_of
from amends.errors import InputError
from amends.schema import problems


def refused(folder: DataFolder) -> list[str]:
    """Every problem with the folder's own path left out."""
    with pytest.raises(InputError) as raised:
        build(folder, "0.1.0")
    assert not (folder.path / "exchanges").exists(), "nothing is written"
    assert not (folder.path / "manifest.json").exists()
    assert all(problem.remedy for problem in raised.value.problems)
    return [str(problem).replace(f"{folder.path}/", "") for problem in raised.value.problems]


# ---- the released folder --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    """A copy of the released folder, all that is computed taken out, built again."""
    path = tmp_path_factory.mktemp("data") / "data"
    shutil.copytree(released().path, path)
    for part in ("exchanges", "contrast"):
        shutil.rmtree(path / part)
    (path / "manifest.json").unlink()
    build(DataFolder(path), manifest(released())["version"])
    return DataFolder(path)


COMPUTED = sorted(
    path.relative_to(released().path).as_posix()
    for part in ("exchanges", "contrast", "versions")
    for path in (released().path / part).iterdir()
)


@pytest.mark.parametrize("name", COMPUTED)
def test_what_is_committed_rebuilds_byte_for_byte(name: str, rebuilt: DataFolder) -> None:
    assert (rebuilt.path / name).read_bytes() == (released().path / name).read_bytes(), "run amends data build"


def test_nothing_else_is_built(rebuilt: DataFolder) -> None:
    names = {path.relative_to(rebuilt.path).as_posix() for path in rebuilt.path.rglob("*") if path.is_file()}
    assert names == {
        path.relative_to(released().path).as_posix() for path in released().path.rglob("*") if path.is_file()
    }


def test_the_committed_manifest_is_that_of_the_files(rebuilt: DataFolder) -> None:
    new, old = manifest(rebuilt), manifest(released())
    stale = {name for name in {*new["files"], *old["files"]} if new["files"].get(name) != old["files"].get(name)}
    assert stale == set(), "run amends data build"
    assert new == old


def test_every_released_exchange_passes_its_schema() -> None:
    for split in SPLITS:
        for line, record in read_records(released().path / "exchanges" / f"{split}.jsonl", "exchange"):
            assert record["split"] == split, line
            assert record["gold"], line


def test_every_released_version_can_be_had() -> None:
    for version in known_versions(released()):
        assert joined(records_of(released(), version))


# ---- a folder of one's own ------------------------------------------------------------------------------------


def test_a_build(folder: DataFolder) -> None:
    written = build(folder, "0.1.0")
    first, *others = exchanges(folder)
    assert [first["id"], *[other["id"] for other in others]] == ["s1.r1", "s1.r2", "s2.r1", "s2.r2"], "sorted by id"
    assert [x["id"] for x in exchanges(folder, "test")] == ["s3.r1", "s3.r2"]
    assert exchanges(folder, "validation") == []
    assert problems(first, "exchange", "-", 1) == []
    assert first["reply"] == TEXT
    assert (first["scenario_id"], first["split"], first["domain"], first["emotion"]) == ("s1", "train", "parcels", None)
    assert first["author"]["name"] == "m"
    assert first["meta"] == {"writer": "w"}
    assert first["gold"]["model"]["levels"] == {"empathy": 2.5, "depersonalization": 3.0, "excuse_avoidance": 3.0}
    assert first["gold"]["model"]["n"] == 2
    assert written["version"] == "0.1.0"
    assert written == manifest(folder)
    assert written["files"]["replies.jsonl"] == {
        "sha256": hashlib.sha256((folder.path / "replies.jsonl").read_bytes()).hexdigest(),
        "records": 6,
    }
    assert {"annotations/bob/b.jsonl", "exchanges/train.jsonl", "versions/0.1.0.json"} <= set(written["files"])
    assert "manifest.json" not in written["files"]


def test_a_build_again_changes_nothing(folder: DataFolder) -> None:
    build(folder, "0.1.0")
    before = {path: path.read_bytes() for path in folder.path.rglob("*") if path.is_file()}
    build(folder, "0.1.0")
    assert {path: path.read_bytes() for path in folder.path.rglob("*") if path.is_file()} == before


def test_the_order_of_the_lines_says_nothing(folder: DataFolder) -> None:
    build(folder, "0.1.0")
    before = exchanges(folder)
    for name in ("scenarios.jsonl", "replies.jsonl", "annotations/ann.jsonl"):
        path = folder.path / name
        path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[::-1]))
    build(folder, "0.1.0")
    assert exchanges(folder) == before


def test_a_reply_that_nobody_judged_waits_and_is_listed(folder: DataFolder) -> None:
    append(folder.path / "replies.jsonl", {"id": "s1.r9", "scenario_id": "s1", "text": "Hi."})
    build(folder, "0.1.0")
    assert "s1.r9" not in [x["id"] for x in exchanges(folder)]
    assert [(t.needs, t.have) for t in todo(folder) if t.reply_id == "s1.r9"] == [("annotation", ())]


def test_contrast_is_split(folder: DataFolder) -> None:
    pair = {"behaviour": "E1", "dimension": "empathy", "kind": "trap", "turns": SCENARIOS[0]["turns"], "better": "a",
            "worse": "b", "expects": {"empathy": 1, "depersonalization": 0, "excuse_avoidance": 0}}  # fmt: skip
    append(folder.path / "contrast.jsonl", {"id": "c1", "split": "test"} | pair, {"id": "c2", "split": "train"} | pair)
    build(folder, "0.1.0")
    ids = {p.stem: [orjson.loads(x)["id"] for x in p.read_bytes().splitlines()] for p in
           (folder.path / "contrast").iterdir()}  # fmt: skip
    assert ids == {"test": ["c1"], "train": ["c2"]}


def test_a_superseded_pair_is_in_no_split(folder: DataFolder) -> None:
    pair = {"behaviour": "E1", "dimension": "empathy", "kind": "trap", "turns": SCENARIOS[0]["turns"], "better": "a",
            "worse": "b", "expects": {"empathy": 1, "depersonalization": 0, "excuse_avoidance": 0}}  # fmt: skip
    append(folder.path / "contrast.jsonl", {"id": "c1", "split": "test"} | pair)
    append(folder.path / "contrast.jsonl", {"id": "c2", "split": "test", "supersedes": "c1"} | pair)
    build(folder, "0.1.0")
    built = (folder.path / "contrast" / "test.jsonl").read_bytes().splitlines()
    assert [orjson.loads(x)["id"] for x in built] == ["c2"]


def test_replies_of_whole_generators_are_joined_apart(folder: DataFolder) -> None:
    system(folder)
    build(folder, "0.1.0")
    one = exchanges(folder, "systems")
    assert [(x["id"], x["split"], x["gold"]["model"]["levels"]["empathy"]) for x in one] == [("s3.echo.0", "test", 2)]
    assert "s3.echo.0" not in [x["id"] for split in SPLITS for x in exchanges(folder, split)]
    listed = orjson.loads((folder.path / "versions" / "0.1.0.json").read_bytes())["records"]
    assert list(listed["system_replies"]) == ["s3.echo.0"]


def test_a_system_that_answers_no_scenario_is_refused(folder: DataFolder) -> None:
    system(folder, "s9")
    assert refused(folder) == [
        "systems/replies.jsonl $.s9.echo.0.scenario_id: found s9, expected a scenario's id; mend it"
    ]


BROKEN = [
    ("replies.jsonl", {"id": "x", "scenario_id": "s9", "text": "?"},
     ["replies.jsonl $.x.scenario_id: found s9, expected a scenario's id; mend it"], "a reply to no scenario"),
    ("annotations/ann.jsonl", annotation("s1.r9", "ann"),
     ["annotations $.s1.r9.ann.reply_id: found s1.r9, expected the id of a current reply; "
      "mend it; what judges a superseded reply is superseded with it"], "an annotation of no reply"),
    ("replies.jsonl", {"id": "s1.r3", "scenario_id": "s1", "text": TEXT, "supersedes": "s1.r1"},
     [f"annotations $.s1.r1.{name}.reply_id: found s1.r1, expected the id of a current reply; "
      "mend it; what judges a superseded reply is superseded with it" for name in ("ann", "bob")],
     "annotations of a reply that was superseded"),
    ("annotations/eve.jsonl", annotation("s1.r1", "eve", behaviours=[
        {"code": "E8", "start": 1, "end": 7, "quote": "Sorry."}, {"code": "D1", "start": 99, "end": 101, "quote": "it"}
     ]), ["annotations $.s1.r1.eve.behaviours[0]: found the quote 'Sorry.' at 1, "
          "expected quote == text[start:end], counted in Unicode code points; count again",
          "annotations $.s1.r1.eve.behaviours[1]: found the quote 'it' at 99, "
          "expected quote == text[start:end], counted in Unicode code points; count again"],
     "spans that quote what the reply does not say"),
    ("scenarios.jsonl", SCENARIOS[0], ['scenarios.jsonl:4 $.id: found "s1" again (first at scenarios.jsonl:3), '
     "expected an id used once; give a new id"], "an id twice in a file"),
    ("annotations/bob/c.jsonl", annotation("s1.r1", "ann"),
     ['annotations/bob/c.jsonl:1 $.id: found "s1.r1.ann" again (first at annotations/ann.jsonl:1), '
      "expected an id used once; give a new id"], "an id twice over files"),
    ("annotations/eve.jsonl", {k: v for k, v in annotation("s1.r1", "eve").items() if k != "id"},
     ["annotations/eve.jsonl:1 $.id: found nothing, expected an id (records in data/ have one); add it"], "no id"),
    ("replies.jsonl", b"{", ["replies.jsonl:7 $: found broken JSON (unexpected end of data, column 2), "
     "expected one JSON object; mend or remove this line"], "broken JSON"),
    ("replies.jsonl", {"id": "x"}, [
        "replies.jsonl:7 $.scenario_id: found nothing, expected the field 'scenario_id'; add it",
        "replies.jsonl:7 $.text: found nothing, expected the field 'text'; add it"], "a record that breaks its schema"),
    ("annotations/eve.jsonl", annotation("s1.r1", "eve", levels={"empathy": 2.5, "depersonalization": 1,
     "excuse_avoidance": 1}), ["annotations/eve.jsonl:1 $.levels.empathy: found 2.5, "
     "expected a whole number or null; change the value"], "an annotator's half level"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "record", "expected", "why"), BROKEN, ids=[why for *_, why in BROKEN])
def test_what_does_not_join_is_named(file: str, record: Any, expected: list[str], why: str, folder: DataFolder) -> None:
    append(folder.path / file, record)
    found = [line.replace(f"(first at {folder.path}/", "(first at ") for line in refused(folder)]
    assert found == expected, why


def test_all_orphans_are_named_at_once(folder: DataFolder) -> None:
    append(folder.path / "replies.jsonl", {"id": "x", "scenario_id": "s9", "text": "?"})
    append(folder.path / "annotations" / "ann.jsonl", annotation("y", "ann"), annotation("z", "ann"))
    assert len(refused(folder)) == 3


def test_no_manifest(folder: DataFolder) -> None:
    with pytest.raises(InputError, match="run amends data build"):
        manifest(folder)
