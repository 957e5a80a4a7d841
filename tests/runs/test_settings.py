"""Same settings resume, other settings are refused with the field named, one run at a time works in a folder."""

from pathlib import Path

import pytest

from amends.errors import UsageError
from amends.runs.settings import claim, locked, read_settings, write_finished

SETTINGS = {"generator": {"name": "a", "version": "1"}, "set": "test", "seed": 0}


def test_the_first_claim_writes_and_the_second_resumes(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    claim(path, SETTINGS, [], fresh=False)
    before = path.read_bytes()
    claim(path, SETTINGS, [], fresh=False)
    assert path.read_bytes() == before
    assert read_settings(path) == SETTINGS
    write_finished(path)
    assert read_settings(path) == SETTINGS


@pytest.mark.parametrize(
    ("other", "named"),
    [
        pytest.param({**SETTINGS, "seed": 1}, "seed: there 0, asked for 1", id="a seed of 0 is a seed"),
        pytest.param(
            {**SETTINGS, "generator": {"name": "a", "version": "2"}},
            "generator.version: there '1', asked for '2'",
            id="a nested field",
        ),
        pytest.param({"set": "test"}, "seed: there 0, asked for None", id="a field that is gone"),
    ],
)
def test_other_settings_name_the_field(tmp_path: Path, other: dict, named: str) -> None:
    path = tmp_path / "run.json"
    claim(path, SETTINGS, [], fresh=False)
    with pytest.raises(UsageError, match="--fresh") as caught:
        claim(path, other, [], fresh=False)
    assert named in str(caught.value)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        pytest.param("run.json", "folder holds a run", id="a run folder"),
        pytest.param("out.jsonl.run.json", "folder/out.jsonl holds a run", id="one file of many in a folder"),
    ],
)
def test_what_holds_the_other_run_is_named(tmp_path: Path, name: str, said: str) -> None:
    path = tmp_path / "folder" / name
    path.parent.mkdir()
    claim(path, SETTINGS, [], fresh=False)
    with pytest.raises(UsageError, match="other settings") as caught:
        claim(path, {"set": "train"}, [], fresh=False)
    assert said in caught.value.args[0].replace("\\", "/")


def test_output_without_settings_is_not_taken_over(tmp_path: Path) -> None:
    out = tmp_path / "replies.jsonl"
    out.write_text("somebody's work\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"replies\.jsonl"):
        claim(tmp_path / "run.json", SETTINGS, [out], fresh=False)
    assert out.read_text(encoding="utf-8") == "somebody's work\n"


def test_fresh_starts_over(tmp_path: Path) -> None:
    out = tmp_path / "replies.jsonl"
    out.write_text("old\n", encoding="utf-8")
    claim(tmp_path / "run.json", SETTINGS, [out], fresh=True)
    assert not out.exists()


@pytest.mark.parametrize("broken", [b"", b"{", b"[]", b'{"other": 1}', b'{"settings": [1]}'])
def test_a_broken_run_json_is_named(tmp_path: Path, broken: bytes) -> None:
    path = tmp_path / "run.json"
    path.write_bytes(broken)
    with pytest.raises(UsageError, match="not a run.json"):
        claim(path, SETTINGS, [], fresh=False)


def test_two_runs_are_kept_out_of_one_folder(tmp_path: Path) -> None:
    with locked(tmp_path / "run.lock"), pytest.raises(UsageError, match="another run"), locked(tmp_path / "run.lock"):
        pass
    with locked(tmp_path / "run.lock"):
        pass
    assert not (tmp_path / "run.lock").exists()
