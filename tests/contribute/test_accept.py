"""Accepting and withdrawing: new versions as a whole or not at all, old ones as they were."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import orjson
import pytest
from tests.checks.conftest import read, write
from tests.contribute.cases import EXAMPLES, LABELS, OWN, example, label, tree

from amends.checks import check
from amends.contribute import swap
from amends.contribute.accept import Accepted, Terms, accept, next_version
from amends.contribute.card import _REWORDED
from amends.contribute.swap import changed, exchange, recover
from amends.contribute.withdraw import withdraw
from amends.dataset.build import manifest_of
from amends.dataset.folder import DataFolder
from amends.dataset.load import load
from amends.dataset.todo import todo
from amends.dataset.versions import known_versions, records_of
from amends.errors import AmendsError, InputError, UsageError
from amends.records import Annotation

KILLS = int(os.environ.get("AMENDS_KILLS", "6"))
DAY = "2026-11-23"


def placed(labels: list[dict[str, Any]]) -> list[tuple[str, int, Annotation]]:
    return [("labels.jsonl", i, Annotation.from_dict(one)) for i, one in enumerate(labels, start=1)]


def accepted(folder: DataFolder, labels: list[dict[str, Any]] | None = None, **terms: Any) -> Accepted:
    return accept(folder, "heron", placed(LABELS if labels is None else labels), Terms(DAY, **terms))


def test_a_contribution_becomes_records_gold_and_a_version(folder: DataFolder) -> None:
    before = tree(folder.path)
    made = accepted(folder)
    path = folder.path
    assert (made.version, made.before, made.scenarios, made.left) == ("1.3.0", "1.2.0", 1, ())
    assert made.ids == {"heron-1": "sc-0001.c1", "heron-2": "s2.c1"}
    assert not list((path / "pending").iterdir()), "nothing of it waits any more"
    assert check([str(path)]).problems == (), "manifest, build, frozen test, versions, texts"
    by_id = {record["id"]: record for record in read(path / "exchanges" / "train.jsonl")}
    own = by_id["sc-0001.c1"]
    assert own["reply"] == OWN["reply"] and own["domain"] == "kite repair" and own["split"] == "train"
    assert own["author"] == {"kind": "person", "name": "heron", "version": "1"}
    assert own["meta"] == {"writer": "heron"}
    # medians of ana (3, 4, 5) and bo (4, 4, 5); the contributor's (3, -, 5) is in none of it
    assert own["gold"]["person"]["levels"] == {"empathy": 3.5, "depersonalization": 4.0, "excuse_avoidance": 5.0}
    assert own["gold"]["person"]["n"] == 2
    assert by_id["s2.c1"]["author"] == {"kind": "model", "name": "some-model 2", "version": "2026-11"}
    ledger = {record["id"]: record for record in read(path / "contributed.jsonl")}
    assert ledger["sc-0001.c1"]["labels"] == OWN["labels"] and ledger["sc-0001.c1"]["consent"]["agreed"]
    assert "1.3.0 (2026-11-23)" in (path / "CHANGES.md").read_text()
    assert (path / "AUDIT.md").is_file() and "1.3.0" in (path / "AUDIT.md").read_text()
    listed = orjson.loads((path / "manifest.json").read_bytes())
    assert listed["version"] == "1.3.0"
    assert {"CHANGES.md", "contributed.jsonl", "AUDIT.md", "versions/1.3.0.json"} <= set(listed["files"])
    for untouched in ("exchanges/test.jsonl", "exchanges/validation.jsonl", "FROZEN.json", "versions/1.2.0.json"):
        assert tree(path)[untouched] == before[untouched], untouched


def test_the_old_version_stays_loadable(folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    old = records_of(folder, "1.2.0")
    accepted(folder)
    assert known_versions(folder) == ["1.2.0", "1.3.0"]
    assert records_of(folder, "1.2.0") == old
    new = {reply["id"] for reply in records_of(folder, "1.3.0")["replies"]}
    assert new == {reply["id"] for reply in old["replies"]} | {"sc-0001.c1", "s2.c1"}


def test_annotators_meta_is_kept_in_a_form_that_the_card_declares(folder: DataFolder) -> None:
    accepted(folder)
    record = read(folder.path / "annotations" / "ana" / "train.jsonl")[0]
    assert list(record)[0] == "id" and record["id"] == "s2.c1.ana"
    assert set(record["meta"]) == {"context", "note"}
    assert orjson.loads(record["meta"]["note"]) == LABELS[0]["meta"]


def test_two_people_are_enough_for_a_reply_of_train(folder: DataFolder) -> None:
    accepted(folder)
    assert not [one for one in todo(folder) if one.reply_id in ("sc-0001.c1", "s2.c1")], "one method, two annotators"


def test_what_waits_or_was_withdrawn_is_in_no_manifest_and_no_build(folder: DataFolder) -> None:
    assert not [name for name in manifest_of(folder, "1.2.0")["files"] if name.startswith("pending/")]
    accepted(folder)
    withdraw(folder, ["s2.c1"], day=DAY)
    assert "s2.c1" not in {reply.id for reply in folder.replies()}
    assert "s2.c1" not in {annotation.reply_id for annotation in folder.annotations()}


def test_ids_are_never_used_twice(folder: DataFolder) -> None:
    accepted(folder)
    withdraw(folder, ["sc-0001.c1", "s2.c1"], day=DAY)
    more = example(
        id="wren-1",
        credit="wren",
        scenario=OWN["scenario"] | {"turns": [{"role": "customer", "text":
            "The oven you fitted bakes only its left half, so half of our wedding bread went to the hens."}]},
        reply="Half the bread for the hens and a wedding at the door. The fitter levels the burner today before noon.",
    )  # fmt: skip
    write(folder.path / "pending" / "wren.jsonl", [more])
    labels = placed([label("wren-1", "ana"), label("wren-1", "bo")])
    assert accept(folder, "wren", labels, Terms(DAY)).ids == {"wren-1": "sc-0002.c1"}


def test_what_is_left_out_goes_on_waiting(folder: DataFolder) -> None:
    made = accepted(folder, LABELS[:2], leave_out=frozenset({"heron-2"}))
    assert made.left == ("heron-2",)
    assert [r["id"] for r in read(folder.path / "pending" / "heron.jsonl")] == ["heron-2"]
    assert check([str(folder.path)]).problems == ()


def test_new_scenarios_can_go_to_validation_with_three_labels(folder: DataFolder) -> None:
    three = [*LABELS[:2], label("heron-1", "cy")]
    with pytest.raises(UsageError, match="1 more independent label"):
        accepted(folder, LABELS[:2], split="validation", leave_out=frozenset({"heron-2"}))
    accepted(folder, three, split="validation", leave_out=frozenset({"heron-2"}))
    assert "sc-0001.c1" in {r["id"] for r in read(folder.path / "exchanges" / "validation.jsonl")}


HELD = {
    "test": "Nobody told me that the night bus was cancelled, so I stood in the rain until three.",
    "validation": "You charged the gym fee again after I moved abroad and sent every paper that was wanted.",
}


@pytest.mark.parametrize("split", HELD)
def test_what_is_near_a_held_out_text_never_goes_to_train(folder: DataFolder, split: str) -> None:
    near = example(scenario=OWN["scenario"] | {"turns": [{"role": "customer", "text": HELD[split] + " Honestly."}]})
    write(folder.path / "pending" / "heron.jsonl", [near])
    before = tree(folder.path)
    with pytest.raises(InputError, match=f"no text of {split}") as raised:
        accepted(folder, LABELS[:2])
    assert HELD[split][:30] not in str(raised.value), "nor is it shown"
    assert tree(folder.path) == before


REFUSED = [
    ("one label", LABELS[:1] + LABELS[2:], UsageError, "1 more independent label"),
    ("no label", [], UsageError, "2 more independent labels"),
    ("levels two apart", [*LABELS[:1], label("heron-1", "bo", (5, 4, 5)), *LABELS[2:]], UsageError, "an adjudication"),
    ("a scorer", [*LABELS, label("heron-1", "rules", annotator={"role": "scorer", "kind": "program"})], InputError,
     "never makes them"),
    ("the contributor", [*LABELS, label("heron-1", "Heron")], InputError, "somebody who did not write"),
    ("the model that wrote it", [*LABELS, label("heron-2", "some-model 2", annotator={"kind": "model"})], InputError,
     "somebody who did not write"),
    ("training", [*LABELS, label("heron-1", "cy", meta={"training": True})], InputError, "blind"),
    ("twice", [*LABELS, LABELS[0]], InputError, "one an annotator"),
    ("another reply", [*LABELS, label("other", "cy")], InputError, "the id of an example"),
    ("another text", [*LABELS, label("heron-1", "cy", behaviours=[
        {"code": "E1", "start": 0, "end": 4, "quote": "Sunk", "strength": 1.0}])], InputError, "quotes of the reply"),
]  # fmt: skip


@pytest.mark.parametrize(("labels", "error", "words"), [case[1:] for case in REFUSED], ids=[c[0] for c in REFUSED])
def test_what_the_gate_keeps_changes_nothing(
    folder: DataFolder, labels: list[Any], error: type[Exception], words: str
) -> None:
    before = tree(folder.path)
    with pytest.raises(error, match=words):
        accepted(folder, labels)
    assert tree(folder.path) == before
    assert [path.name for path in folder.path.parent.iterdir()] == ["data"], "nothing is left beside it"


def test_a_folder_that_would_have_problems_stays_as_it_was(folder: DataFolder) -> None:
    frozen = orjson.loads((folder.path / "FROZEN.json").read_bytes())
    frozen["test"]["sha256"] = "0" * 64
    (folder.path / "FROZEN.json").write_bytes(orjson.dumps(frozen))
    before = tree(folder.path)
    with pytest.raises(InputError, match="frozen"):
        accepted(folder)
    assert tree(folder.path) == before


@pytest.mark.parametrize(
    ("kwargs", "words"),
    [({"split": "test"}, "test is frozen"), ({"leave_out": frozenset({"x"})}, "has no example x"),
     ({"leave_out": frozenset({"heron-1", "heron-2"})}, "nothing of heron is left")],
)  # fmt: skip
def test_wrong_use(folder: DataFolder, kwargs: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        accepted(folder, **kwargs)


def test_an_unknown_contribution_is_named(folder: DataFolder) -> None:
    with pytest.raises(UsageError, match="heron"):
        accept(folder, "herron", [], Terms(DAY))


@pytest.mark.parametrize(("version", "new"), [("1.2.0", "1.3.0"), ("1.9.3", "1.10.0"), ("0.0.1", "0.1.0")])
def test_the_next_version(version: str, new: str) -> None:
    assert next_version(version) == new


@pytest.mark.parametrize("version", ["1.2", "x", "1.2.a", ""])
def test_no_version(version: str) -> None:
    with pytest.raises(UsageError):
        next_version(version)


# ---- withdrawing


def test_a_withdrawn_reply_leaves_the_next_version_alone(folder: DataFolder) -> None:
    accepted(folder)
    before = {name: (folder.path / name).read_bytes() for name in ("replies.jsonl", "scenarios.jsonl")}
    kept = records_of(folder, "1.3.0")
    made = withdraw(folder, ["sc-0001.c1"], day=DAY, reason="asked")
    assert made.version == "1.4.0"
    assert set(made.records) == {
        ("reply", "sc-0001.c1"), ("annotation", "sc-0001.c1.ana"), ("annotation", "sc-0001.c1.bo"),
        ("scenario", "sc-0001"),
    }  # fmt: skip
    assert {r["id"] for r in read(folder.path / "exchanges" / "train.jsonl")} >= {"s2.c1"}
    assert b"sc-0001" not in (folder.path / "exchanges" / "train.jsonl").read_bytes()
    assert records_of(folder, "1.3.0") == kept, "earlier versions still list it"
    assert "sc-0001.c1" not in {r["id"] for r in records_of(folder, "1.4.0")["replies"]}
    assert {name: (folder.path / name).read_bytes() for name in before} == before, "records are never edited"
    assert check([str(folder.path)]).problems == ()
    assert "sc-0001.c1" not in {reply.id for reply in folder.replies()}
    assert "sc-0001" not in {scenario.id for scenario in folder.scenarios()}


@pytest.mark.parametrize("key", ["r1", "sc-0001", "nothing"])
def test_only_contributed_replies_are_withdrawn(folder: DataFolder, key: str) -> None:
    accepted(folder)
    with pytest.raises(UsageError, match="no contributed reply"):
        withdraw(folder, [key], day=DAY)


def test_nothing_is_withdrawn_twice(folder: DataFolder) -> None:
    accepted(folder)
    withdraw(folder, ["s2.c1"], day=DAY)
    with pytest.raises(UsageError, match="no contributed reply"):
        withdraw(folder, ["s2.c1"], day=DAY)


# ---- what is said of it


def test_who_adjudicated_is_named_among_those_who_labeled(folder: DataFolder) -> None:
    apart = [label("heron-1", "ana", (1, 4, 5)), label("heron-1", "bo", (4, 4, 5)), *LABELS[2:]]
    made = accepted(folder, [*apart, label("heron-1", "cy", (4, 4, 5), annotator={"method": "adjudication"})])
    assert "labels by ana, bo, cy; test is unchanged" in made.change


# ---- whole or not at all


def test_an_error_in_the_block_leaves_the_folder_as_it_was(folder: DataFolder) -> None:
    before = tree(folder.path)
    with pytest.raises(RuntimeError), changed(folder.path) as copy:
        (copy / "replies.jsonl").write_text("gone")
        raise RuntimeError
    assert tree(folder.path) == before
    assert [path.name for path in folder.path.parent.iterdir()] == ["data"]


def test_without_an_exchange_in_one_step_the_folder_is_restored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(swap, "_at_once", lambda folder, other: False)
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "which").write_text(name)
    exchange(tmp_path / "a", tmp_path / "b")
    assert [(tmp_path / name / "which").read_text() for name in ("a", "b")] == ["b", "a"]
    (tmp_path / "a").rename(tmp_path / ".a.last")  # killed between its two renames
    recover(tmp_path / "a")
    assert (tmp_path / "a" / "which").read_text() == "b"


def test_a_folder_that_nobody_can_restore_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no data folder"):
        recover(tmp_path / "a")


def test_two_changes_at_once_are_refused(folder: DataFolder) -> None:
    with changed(folder.path), pytest.raises(AmendsError, match="another run"), changed(folder.path):
        pass


def test_whoever_looks_meanwhile_takes_nothing_of_a_change_away(folder: DataFolder) -> None:
    with changed(folder.path) as copy:
        (copy / "mark").write_text("new")
        recover(folder.path)  # as gate does: the copy was taken for what a killed change left
    assert (folder.path / "mark").read_text() == "new"


def test_killed_at_any_moment_the_folder_is_the_old_or_the_new_one(folder: DataFolder, tmp_path: Path) -> None:
    labels = tmp_path / "labels.jsonl"
    write(labels, LABELS)
    command = [sys.executable, "-m", "amends", "contribute", "accept", "heron", "--labels", str(labels)]
    command += ["--data", str(folder.path)]
    spare = tmp_path / "spare" / "data"
    shutil.copytree(folder.path, spare)
    old = tree(folder.path)
    drawn = random.Random(20261122)
    killed = 0
    for _ in range(KILLS):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        stop, line = drawn.choice(("measuring", "writing", "computing", "checking the new")), ""
        assert process.stderr
        while not line.startswith(stop) and process.poll() is None:
            line = process.stderr.readline()
        time.sleep(drawn.random() * (0.2 if stop == "checking the new" else 0.8))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        killed += process.returncode == -signal.SIGKILL
        if tree(folder.path) != old:
            assert check([str(folder.path)]).problems == (), "the new one, whole"
            assert orjson.loads((folder.path / "manifest.json").read_bytes())["version"] == "1.3.0"
            shutil.rmtree(folder.path)
            shutil.copytree(spare, folder.path)
    assert killed
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "labels.jsonl", "spare"], "nothing is left"


def test_pending_examples_load_by_name(monkeypatch: pytest.MonkeyPatch, folder: DataFolder) -> None:
    from amends.dataset import load as module

    monkeypatch.setattr(module, "released", lambda: folder)
    monkeypatch.setattr(module, "released_scenarios", lambda: {s.id: s for s in folder.scenarios()})
    for rows in (load("pending:heron"), load("pending", "heron")):
        assert [row["id"] for row in rows] == [e["id"] for e in EXAMPLES]
        assert rows[0]["labels"]["empathy"] == 3 and rows[0]["labels"]["depersonalization"] is None
        assert rows[1]["turns"][0]["text"].startswith("Third week without heating")
    with pytest.raises(UsageError, match="heron"):
        load("pending:nobody")
    with pytest.raises(UsageError, match="no versions"):
        load("pending:heron", version="1.2.0")


# ---- what the card says, and what others do meanwhile

CARD = """---
license: cc-by-4.0
---
# amends

**The labels here are by language-model annotators of one family under a written guideline, not yet by people.**
It says more.

Every text was written for this dataset by language-model contexts (`meta.writer` names the context): a reply itself, or
a macro; nothing is copied, every firm, person and number is invented.

## Licence
"""


def carded(folder: DataFolder, card: str) -> None:
    from amends.dataset.build import build

    (folder.path / "README.md").write_text(card)
    build(folder, "1.2.0")


def test_the_card_says_nothing_that_contributions_make_false_and_says_it_again_when_none_is_left(
    folder: DataFolder,
) -> None:
    carded(folder, CARD)
    accepted(folder)
    told = (folder.path / "README.md").read_text()
    assert "not yet by people" not in told and "(see Contributed)" in told and "`contributed.jsonl` names," in told
    withdraw(folder, ["sc-0001.c1", "s2.c1"], day=DAY)
    assert (folder.path / "README.md").read_text().split() == CARD.split()


def test_the_real_card_is_reworded_in_both_places() -> None:
    told = " ".join((Path(__file__).parents[2] / "data" / "README.md").read_text(encoding="utf-8").split())
    for before, after in _REWORDED:
        assert " ".join(before.split()) in told or " ".join(after.split()) in told


@pytest.mark.parametrize("claim", ["These labels are not yet\nby people, alas.", "There are no labels by people."])
def test_a_card_that_would_be_false_in_other_words_refuses(folder: DataFolder, claim: str) -> None:
    carded(folder, CARD.replace("It says more.", claim))
    before = tree(folder.path)
    with pytest.raises(InputError, match="true of contributed replies"):
        accepted(folder)
    assert tree(folder.path) == before


def test_names_are_no_markup_on_card_and_list(folder: DataFolder) -> None:
    carded(folder, CARD)
    write(folder.path / "pending" / "heron.jsonl", [OWN | {"credit": "<img src=x> <!-- /contributed --> [x](y)|z"}])
    accepted(folder, LABELS[:2])
    for name in ("README.md", "CHANGES.md"):
        told = (folder.path / name).read_text()
        assert "<img" not in told.replace("\\<", "") and "[x](y)" not in told
    withdraw(folder, ["sc-0001.c1"], day=DAY)
    assert (folder.path / "README.md").read_text().split() == CARD.split(), "the part about contributions is whole"


def test_what_others_write_meanwhile_is_not_lost(folder: DataFolder) -> None:
    before = tree(folder.path)

    def meanwhile(words: str) -> None:
        if "AUDIT" in words:
            write(folder.path / "pending" / "wren.jsonl", [OWN])

    with pytest.raises(UsageError, match="pending/wren.jsonl was written"):
        accept(folder, "heron", placed(LABELS), Terms(DAY), meanwhile)
    after = tree(folder.path)
    assert after.pop("pending/wren.jsonl") and after == before


def test_labels_take_nothing_of_the_dataset_away(folder: DataFolder) -> None:
    released = folder.annotations()[0].id
    with pytest.raises(InputError, match="no supersedes"):
        accepted(folder, [*LABELS[:1], label("heron-1", "bo", (4, 4, 5), supersedes=released), *LABELS[2:]])
    assert released in {a.id for a in folder.annotations()}


def test_meta_is_not_published(folder: DataFolder) -> None:
    write(folder.path / "pending" / "heron.jsonl", [OWN | {"meta": {"tool": "a secret"}}])
    accepted(folder, LABELS[:2])
    assert b"a secret" not in b"".join(p.read_bytes() for p in folder.path.rglob("*") if p.is_file())


def test_two_contributions_one_after_the_other(folder: DataFolder) -> None:
    turns = [{"role": "customer", "text": "The oven that you fitted bakes only its left half and the dough waits."}]
    reply = "Half an oven is half a supper. The fitter levels the burner today before noon, and it costs you nothing."
    write(folder.path / "pending" / "wren.jsonl", [example(scenario=OWN["scenario"] | {"turns": turns}, reply=reply)])
    accepted(folder)
    assert accept(folder, "wren", placed(LABELS[:2]), Terms(DAY)).ids == {"heron-1": "sc-0002.c1"}
    with pytest.raises(UsageError, match="heron"):
        accepted(folder)
    assert known_versions(folder) == ["1.2.0", "1.3.0", "1.4.0"] and check([str(folder.path)]).problems == ()


def test_the_audit_holds_one_kind_of_gold(folder: DataFolder) -> None:
    from amends.audit.material import read_material

    labels = [label(key, n, annotator={"kind": "model"}) for key in ("heron-1", "heron-2") for n in ("m", "n")]
    accepted(folder, labels)
    material = read_material(folder)
    kinds = {kind for e in material.exchanges for kind in e.gold or {}}
    assert kinds == {"person"} == {a.annotator.kind for a in material.annotations}, "most of this folder is people's"


@pytest.mark.parametrize(
    ("more", "words"),
    [({"consent": OWN["consent"] | {"agreed": False}}, "consent"), ({"consent": None}, "consent"),
     ({"consent": OWN["consent"] | {"licence": "all rights reserved"}}, "licence"),
     ({"consent": OWN["consent"] | {"day": "2099-01-01"}}, "a day until today"), ({"supersedes": "r1"}, "supersedes"),
     ({"id": "../../etc/x", "scenario": None, "scenario_id": "../s1"}, "scenario_id")],
)  # fmt: skip
def test_forged_examples_are_refused_and_nothing_changes(folder: DataFolder, more: dict[str, Any], words: str) -> None:
    made = {k: v for k, v in (OWN | more).items() if v is not None}
    write(folder.path / "pending" / "heron.jsonl", [made])
    before = tree(folder.path)
    with pytest.raises(AmendsError, match=words):
        accepted(folder, [one | {"reply_id": made["id"]} for one in LABELS[:2]])
    assert tree(folder.path) == before


def test_ids_with_paths_are_but_ids(folder: DataFolder) -> None:
    write(folder.path / "pending" / "heron.jsonl", [OWN | {"id": "../../x"}])
    who = ("../../ana", "bo")
    made = accepted(folder, [label("../../x", name) for name in who])
    assert made.ids == {"../../x": "sc-0001.c1"} and check([str(folder.path)]).problems == ()
    assert sorted(p.name for p in folder.path.parent.iterdir()) == ["data"]
