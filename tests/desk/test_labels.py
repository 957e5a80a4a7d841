"""One person's labels on disk: whole records, nothing lost, nothing twice, whatever moment the process dies at."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.desk import journal
from amends.desk.labels import CONSENT, HINT, UNSURE, Final, Labels, Lacking, Outdated, Terms
from amends.desk.standing import blank, lacks
from amends.errors import InputError, UsageError
from amends.records import DIMENSIONS, Annotation, Exchange, Turn
from amends.schema import problems

DRAWN = {"probability": 0.5, "stratum": None, "n": 1, "of": 2, "seed": 1, "data": "abc"}
EXCHANGES = {
    f"r{n}": Exchange(f"r{n}", (Turn("customer", "Late!"),), f"We are sorry 💬 {n}.", scenario_id=f"s{n}")
    for n in (1, 2)
} | {"own": Exchange("own", (Turn("customer", "Late!"),), "No.", meta={"draw": DRAWN, "agent": "x"})}
ORDER = ["r2", "own", "r1"]
TERMS = Terms("1.1", 7)
LEVELS = {"empathy": 3, "depersonalization": None, "excuse_avoidance": 1}
MARK = {"code": "E3", "start": 7, "end": 14, "quote": "sorry 💬", "strength": 1.0}


def made(folder: Path, name: str = "heron", terms: Terms = TERMS, order: list[str] = ORDER) -> Labels:
    labels = Labels(folder, EXCHANGES, order, terms)
    if name:
        labels.consent(name)
    return labels


def said(**more) -> dict:
    return blank() | {"levels": LEVELS} | more


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_bytes().splitlines()] if path.exists() else []


def finish(labels: Labels, item: str, label: dict | None = None, revision: int = 0) -> None:
    labels.done(item, 12.5, labels.label(item, label or said(), 9.0, revision))


def test_a_record_is_what_the_schema_says(tmp_path: Path) -> None:
    labels = made(tmp_path)
    finish(labels, "r1", said(behaviours=[MARK], flags=["truncated"], reason=" Hm. ", unsure=["empathy"]))
    (record,) = lines(tmp_path / "annotations.jsonl")
    assert problems(record, "annotation", "f", 1) == []
    assert record.pop("created") == lines(tmp_path / "labels.jsonl")[-1]["at"][:10]
    assert record == {
        "reply_id": "r1",
        "scenario_id": "s1",
        "annotator": {
            "role": "annotator", "kind": "person", "name": "heron", "version": "1", "method": "holistic",
            "guideline": "1.1",
        },
        "levels": LEVELS,
        "confidence": {"empathy": UNSURE, "depersonalization": None, "excuse_avoidance": None},
        "behaviours": [MARK],
        "flags": ["truncated"],
        "reason": "Hm.",
        "meta": {"seconds": 12.5, "training": False, "order": {"seed": 7, "position": 3}},
    }  # fmt: skip


def test_the_probability_of_a_drawn_reply_survives_and_nothing_else_of_its_meta(tmp_path: Path) -> None:
    labels = made(tmp_path)
    finish(labels, "own")
    (record,) = lines(tmp_path / "annotations.jsonl")
    assert record["meta"]["draw"] == DRAWN
    assert "agent" not in record["meta"]
    assert (record["scenario_id"], record["confidence"], record["reason"]) == (None, None, None)


def test_an_action_that_is_not_finished_makes_no_record(tmp_path: Path) -> None:
    labels = made(tmp_path)
    labels.label("r1", said(), 1, 0)
    assert lines(tmp_path / "annotations.jsonl") == []
    assert made(tmp_path, "").stands("r1").label == said()


def test_the_journal_holds_only_what_an_action_changed(tmp_path: Path) -> None:
    labels = made(tmp_path)
    one = said(behaviours=[MARK])
    labels.label("r1", one, 1, 0)
    labels.label("r1", one | {"flags": ["truncated"]}, 2, 1)
    events = lines(tmp_path / "labels.jsonl")
    assert events[0]["event"] == "consent"
    assert events[0]["text"] == CONSENT
    assert [event["set"] for event in events[1:]] == [
        {"levels": LEVELS, "behaviours": [MARK]},
        {"flags": ["truncated"]},
    ]


@pytest.mark.parametrize(
    ("label", "found"),
    [
        (blank(), "empathy, depersonalization, excuse avoidance"),
        (blank() | {"levels": {"empathy": 1, "excuse_avoidance": None}}, "judged: depersonalization."),
        (said(flags=["empty"]), "gets no levels"),
        (said(flags=["not_a_reply", "truncated"]), "flag not a reply gets"),
        (said(flags=["off_topic"], levels=LEVELS | {"empathy": 4}), "at most 3"),
        (said(flags=["off_topic"]), ""),
        (said(flags=["empty"], levels=dict.fromkeys(DIMENSIONS)), ""),
        (said(), ""),
    ],
)
def test_what_a_label_lacks(tmp_path: Path, label: dict, found: str) -> None:
    assert found in lacks(label)
    assert bool(found) == bool(lacks(label))
    labels = made(tmp_path)
    revision = labels.label("r1", label, 1, 0)
    if found:
        with pytest.raises(Lacking):
            labels.done("r1", 2, revision)
        assert labels.stands("r1").state == "open"
    else:
        labels.done("r1", 2, revision)
        assert labels.stands("r1").state == "done"


def test_a_finished_one_may_change_and_stays_finished_while_it_is_whole(tmp_path: Path) -> None:
    labels = made(tmp_path)
    finish(labels, "r1")
    finish(labels, "r2")
    labels.label("r1", said(levels=LEVELS | {"empathy": 5}), 20, 2)
    assert [r["levels"]["empathy"] for r in lines(tmp_path / "annotations.jsonl")] == [5, 3]
    labels.label("r1", blank(), 20, 3)
    assert labels.stands("r1").state == "open"
    assert [r["reply_id"] for r in lines(tmp_path / "annotations.jsonl")] == ["r2"]
    labels.skip("r2", "no", 1, 2)
    assert lines(tmp_path / "annotations.jsonl") == []
    assert labels.states() == ["skip", "open", "open"]
    labels.label("r2", said(flags=["truncated"]), 1, 3)
    assert labels.stands("r2").state == "open", "whoever labels a skipped one has taken it up again"


def test_a_page_that_asks_twice_changes_nothing(tmp_path: Path) -> None:
    """The answer of the server was lost on its way, and the page asks again."""
    labels = made(tmp_path)
    finish(labels, "r1")
    labels.skip("r2", "no", 1, 0)
    before = (tmp_path / "labels.jsonl").read_bytes(), (tmp_path / "annotations.jsonl").read_bytes()
    assert labels.label("r1", said(), 99, 0) == 2
    assert labels.done("r1", 99, 0) == 2
    assert labels.skip("r2", "no", 99, 0) == 1
    assert ((tmp_path / "labels.jsonl").read_bytes(), (tmp_path / "annotations.jsonl").read_bytes()) == before


def test_another_window_overwrites_nothing_unseen(tmp_path: Path) -> None:
    labels = made(tmp_path)
    labels.label("r1", said(), 1, 0)
    for call in (
        lambda: labels.label("r1", blank(), 1, 0),
        lambda: labels.done("r1", 1, 0),
        lambda: labels.skip("r1", "no", 1, 7),
    ):
        with pytest.raises(Outdated):
            call()
    assert labels.stands("r1").label == said()


def test_in_training_what_was_finished_is_final(tmp_path: Path) -> None:
    labels = made(tmp_path, terms=Terms("1.1", 7, training=True))
    finish(labels, "r1")
    assert lines(tmp_path / "annotations.jsonl")[0]["meta"]["training"] is True
    for again in (labels, made(tmp_path, "", Terms("1.1", 7, training=True))):
        with pytest.raises(Final):
            again.label("r1", blank(), 1, 2)
        with pytest.raises(Final):
            again.skip("r1", "no", 1, 2)
    labels.label("r2", said(), 1, 0)


def test_looking_needs_everything_and_makes_it_final(tmp_path: Path) -> None:
    labels = made(tmp_path)
    finish(labels, "r1")
    finish(labels, "r2")
    with pytest.raises(Lacking):
        labels.look()
    labels.label("r1", said(flags=["truncated"]), 1, 2)
    labels.skip("own", "no", 1, 0)
    assert labels.finished
    assert not labels.looked
    labels.look()
    labels.look()
    assert [event["event"] for event in lines(tmp_path / "labels.jsonl")].count("looked") == 1
    for again in (labels, made(tmp_path, "")):
        assert again.looked
        for item in ORDER:
            with pytest.raises(Final):
                again.label(item, blank() | {"reason": "new"}, 1, again.stands(item).revision)


def test_more_replies_after_looking_are_open_and_blind_again(tmp_path: Path) -> None:
    few = made(tmp_path, order=["r1"])
    finish(few, "r1")
    few.look()
    more = made(tmp_path, "")
    assert (more.looked, more.states()) == (False, ["open", "open", "done"])
    with pytest.raises(Final):
        more.label("r1", blank(), 1, 2)


def test_what_is_no_longer_asked_for_keeps_its_record(tmp_path: Path) -> None:
    labels = made(tmp_path)
    finish(labels, "r1")
    fewer = made(tmp_path, "", order=["r2"])
    assert [r["reply_id"] for r in lines(tmp_path / "annotations.jsonl")] == ["r1"]
    assert (fewer.asks_for("r1"), fewer.asks_for("r2")) == (False, True)


def test_cut_anywhere_in_the_journal_it_is_taken_up(tmp_path: Path) -> None:
    """What the process died at: a line is there whole or not at all, and the annotations follow."""
    labels = made(tmp_path)
    finish(labels, "r1", said(behaviours=[MARK]))
    finish(labels, "r2")
    whole = (tmp_path / "labels.jsonl").read_bytes()
    ends = [i + 1 for i, byte in enumerate(whole) if byte == 10]
    for cut in {*range(0, len(whole), 37), *ends, *[end - 1 for end in ends]}:
        (tmp_path / "labels.jsonl").write_bytes(whole[:cut])
        (tmp_path / "annotations.jsonl").unlink(missing_ok=True)
        again = made(tmp_path, "")
        events = sum(end <= cut for end in ends)
        assert again.events == events
        assert len(lines(tmp_path / "annotations.jsonl")) == (events >= 3) + (events >= 5)


def test_annotations_that_were_torn_or_lost_are_made_again(tmp_path: Path) -> None:
    labels = made(tmp_path)
    finish(labels, "r1")
    finish(labels, "r2")
    file = tmp_path / "annotations.jsonl"
    whole = file.read_bytes()
    for damage in (b"", whole[:40], whole[:-9], whole + b'{"reply_id'):
        file.write_bytes(damage)
        made(tmp_path, "")
        assert sorted(file.read_bytes().splitlines()) == sorted(whole.splitlines())


@pytest.mark.parametrize(
    "line",
    [b"[1]\n", b'{"event": "label"}\n', b'{"event": "what", "item": "r1", "seconds": 1}\n', b"no json\n",
     b'{"event": "done", "at": "x", "item": "unknown", "position": 1, "seconds": 1}\n'],
)  # fmt: skip
def test_a_line_that_the_desk_did_not_write_is_named(tmp_path: Path, line: bytes) -> None:
    made(tmp_path)
    with (tmp_path / "labels.jsonl").open("ab") as stream:
        stream.write(line)
    with pytest.raises(InputError, match=r"labels\.jsonl:2"):
        made(tmp_path)


def test_a_full_disk_loses_nothing_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    labels = made(tmp_path)
    labels.label("r1", said(), 1, 0)
    before = (tmp_path / "labels.jsonl").read_bytes()

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(journal.os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            labels.label("r1", said(flags=["truncated"]), 1, 1)
    assert (tmp_path / "labels.jsonl").read_bytes() == before
    assert labels.stands("r1").label == said(), "memory does not know more than the disk"
    assert labels.label("r1", said(flags=["truncated"]), 1, 1) == 2


def test_when_only_the_annotations_could_not_be_written_the_next_try_mends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    labels = made(tmp_path)
    revision = labels.label("r1", said(), 1, 0)

    def full(self: journal.Lines, data: bytes) -> None:
        if self.path.name == "annotations.jsonl":
            raise OSError(28, "No space left on device")
        whole(self, data)

    whole = journal.Lines.append
    with monkeypatch.context() as patched:
        patched.setattr(journal.Lines, "append", full)
        with pytest.raises(OSError, match="No space"):
            labels.done("r1", 1, revision)
    assert lines(tmp_path / "annotations.jsonl") == []
    labels.done("r1", 1, revision)
    assert [r["reply_id"] for r in lines(tmp_path / "annotations.jsonl")] == ["r1"]


def test_a_file_that_another_program_changed_is_not_written_over(tmp_path: Path) -> None:
    labels = made(tmp_path)
    finish(labels, "r1")
    (tmp_path / "annotations.jsonl").write_bytes(b"")
    finish(labels, "r2")
    assert len(lines(tmp_path / "annotations.jsonl")) == 2, "it follows from the journal"
    (tmp_path / "labels.jsonl").unlink()
    with pytest.raises(OSError, match="changed by another program"):
        labels.label("own", said(), 1, 0)
    with pytest.raises(UsageError, match=r"labels\.jsonl, from which"):
        made(tmp_path)
    assert len(lines(tmp_path / "annotations.jsonl")) == 2


@pytest.mark.parametrize("name", ["labels.jsonl", "annotations.jsonl", "."])
def test_links_are_refused(tmp_path: Path, name: str) -> None:
    inside, outside = tmp_path / "desk", tmp_path / "outside"
    outside.mkdir()
    if name == ".":
        inside.symlink_to(outside)
    else:
        inside.mkdir()
        (inside / name).symlink_to(outside / "secret")
    with pytest.raises(UsageError, match="is a link"):
        made(inside)
    assert list(outside.iterdir()) == []


_LABELS = st.builds(
    lambda levels, flags, unsure, strength, reason: (
        blank()
        | {
            "levels": levels,
            "flags": sorted(flags),
            "unsure": sorted(unsure),
            "reason": reason,
            "behaviours": [MARK | {"strength": strength}] if strength else [],
        }
    ),
    st.dictionaries(st.sampled_from(DIMENSIONS), st.sampled_from([None, 1, 2, 3, 4, 5])),
    st.sets(st.sampled_from(["truncated", "off_topic", "empty"])),
    st.sets(st.sampled_from(DIMENSIONS)),
    st.sampled_from([0, HINT, 1.0]),
    st.text(max_size=5),
)
_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("label"), st.sampled_from(["r1", "r2"]), _LABELS),
        st.tuples(st.sampled_from(["done", "skip"]), st.sampled_from(["r1", "r2"]), st.just("why")),
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(steps=_STEPS)
def test_taken_up_again_it_stands_as_it_stood(tmp_path_factory: pytest.TempPathFactory, steps: list) -> None:
    folder = tmp_path_factory.mktemp("labels")
    labels = made(folder)
    for step, item, what in steps:
        revision = labels.stands(item).revision
        try:
            if step == "label":
                labels.label(item, what, 1.0, revision)
            elif step == "done":
                labels.done(item, 2.0, revision)
            else:
                labels.skip(item, what, 3.0, revision)
        except Lacking:
            assert lacks(labels.stands(item).label)
    on_disk = sorted((folder / "annotations.jsonl").read_bytes().splitlines()) if labels.annotations() else []
    again = made(folder, "")
    assert [again.stands(item) for item in ORDER] == [labels.stands(item) for item in ORDER]
    assert [a.to_dict() for a in again.annotations()] == [a.to_dict() for a in labels.annotations()]
    assert sorted(Annotation.from_dict(json.loads(line)).reply_id for line in on_disk) == [
        a.reply_id for a in labels.annotations()
    ]
    for annotation in labels.annotations():
        assert problems(json.loads(json.dumps(annotation.to_dict())), "annotation", "f", 1) == []
