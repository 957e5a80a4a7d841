"""Who may come to a desk, and what a scenario is in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from amends.desk.folder import claim
from amends.desk.people import MOST_PEOPLE, fit, read_labels, team
from amends.desk.wording import shown
from amends.errors import InputError, UsageError
from amends.records import Context, Scenario, Turn


@pytest.mark.parametrize(
    ("label", "folder"),
    [
        ("Ana Silva", "person-ana-silva"),
        ("Zoë", "person-zoe"),
        ("../../etc", "person-etc"),
        ("CON", "person-con"),
        ("a/b\\c", "person-a-b-c"),
        ("李", "person-674e"),
        ("sessions.json", "person-sessions-json"),
    ],
)
def test_a_folder_for_each_that_every_file_system_takes(label: str, folder: str) -> None:
    assert team([label])[0].folder == folder


@pytest.mark.parametrize(
    "labels",
    [
        pytest.param([], id="nobody"),
        pytest.param(["Ana", "ana"], id="one folder for two"),
        pytest.param(["Ana Silva", "Ana-Silva"], id="one folder for two spellings"),
        pytest.param([""], id="no name"),
        pytest.param([" Ana"], id="a blank at the end"),
        pytest.param(["a\nb"], id="two lines"),
        pytest.param(["a" * 61], id="too long"),
        pytest.param(["\u202eana"], id="turns the direction"),
        pytest.param([f"p{n}" for n in range(MOST_PEOPLE + 1)], id="too many"),
    ],
)
def test_a_team_that_is_none(labels: list[str]) -> None:
    with pytest.raises(UsageError):
        team(labels)


def test_names_with_blanks_inside_and_signs_of_any_script_are_fine() -> None:
    assert all(map(fit, ["Ana Silva", "李", "o'Neil", "مرحبا", "👩", "a" * 60]))


def test_people_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "people.txt"
    file.write_bytes("\ufeff# the team\nAna Silva\r\n\n  Zoë  \n".encode())
    assert read_labels(file) == ["Ana Silva", "Zoë"]


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"\xff", "not UTF-8"),
        (b"a" * (1 << 20) + b"bc", "more than 1 MB"),
        (b"Ana\n" + b"b" * 61 + b"\n", "people.txt:2"),
        (b"A\x00na\n", "people.txt:1"),
    ],
)
def test_a_file_of_people_that_is_none(tmp_path: Path, data: bytes, found: str) -> None:
    file = tmp_path / "people.txt"
    file.write_bytes(data)
    with pytest.raises(InputError, match=found):
        read_labels(file)
    with pytest.raises(InputError):
        read_labels(tmp_path)
    with pytest.raises(InputError):
        read_labels(tmp_path / "missing.txt")


def scenario(**context) -> Scenario:
    turns = (Turn("customer", "Where is it?"),)
    return Scenario("s1", turns, "train", Context(**context), {"plan": "p"})


def test_a_scenario_in_words() -> None:
    told = shown(
        scenario(
            language="en", domain="parcels", channel="phone", fault="company", relationship="established",
            company="Acme", customer_org="The Society", emotion="anger", intensity=4, authority="May refund.",
        )
    )  # fmt: skip
    assert told == {
        "language": "en",
        "context": [
            ("You are", "an agent of Acme"),
            ("Business", "parcels"),
            ("You answer", "on the telephone; write what you would say"),
            ("The customer is", "a customer of some time, writing for The Society"),
            ("What you may and may not", "May refund."),
        ],
        "turns": [{"role": "customer", "text": "Where is it?"}],
    }


def test_what_is_not_known_is_said_to_be() -> None:
    words = dict(shown(scenario())["context"])
    assert words["You are"] == "an agent of a company that is not named"
    assert words["You answer"] == "in writing"
    assert words["What you may and may not"] == "not stated"
    assert "None" not in str(words)


def test_a_folder_holds_work_on_one_set(tmp_path: Path) -> None:
    one, other = [scenario(company="Acme")], [scenario(company="Other")]
    path = tmp_path / "desk.json"
    claim(path, "train", one)
    claim(path, "train", one)
    with pytest.raises(UsageError, match="split: there 'train', asked for 'test'"):
        claim(path, "test", one)
    with pytest.raises(UsageError, match="data: there"):
        claim(path, "train", other)
    path.write_text("{")
    with pytest.raises(UsageError, match="damaged"):
        claim(path, "train", one)
