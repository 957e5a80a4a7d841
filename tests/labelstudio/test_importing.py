"""Exports of Label Studio: what becomes an annotation, what is passed over, and every problem by its name."""

from __future__ import annotations

import copy
import dataclasses
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.labelstudio import studio

from amends.errors import InputError, Problem, UsageError
from amends.labelstudio.config import config
from amends.labelstudio.importing import Imported, imported
from amends.labelstudio.people import parse_names, pseudonyms, who
from amends.labelstudio.tasks import task
from amends.records import DIMENSIONS, Annotation, Annotator, Behaviour, Exchange, Turn
from amends.rubric.definitions import behaviours

POO = "\U0001f4a9"
INTERFACE = studio.Interface(config())
REPLY = f"{POO} We are sorry.\nThe courier lost it,\r\nnot us. So sorry."
DRAW = {"probability": 0.25, "stratum": None, "n": 5, "of": 20, "seed": 1, "data": "abc"}
TURNS = (Turn("customer", "Where is it?"),)
EXCHANGE = Exchange("e1", TURNS, REPLY, meta={"draw": DRAW})
OTHER = Exchange("e2", TURNS, "Calm down.", scenario_id="sc-1")


def span(code: str, quote: str, reply: str = REPLY, strength: float = 1.0) -> Behaviour:
    start = reply.index(quote)
    return Behaviour(code, start, start + len(quote), quote, strength)


def said(exchange: Exchange = EXCHANGE, name: str = "person-1", **more) -> Annotation:
    who = Annotator("annotator", "person", name, "1", "holistic", "1.1")
    levels = more.pop("levels", {"empathy": 3, "depersonalization": None, "excuse_avoidance": 1})
    return Annotation(exchange.id, exchange.scenario_id, who, levels, **more)


FULL = said(
    behaviours=(span("E3", "We are sorry"), span("X6", "The courier lost it", strength=0.3), span("X7", "So sorry")),
    flags=("off_topic", "truncated"),
    reason="I hesitated.\nTwice.",
)


def exported(*people_said, exchange: Exchange = EXCHANGE, number: int = 1, **more) -> dict:
    made = task(exchange)
    results = [(person, studio.result(INTERFACE, made, exchange.reply, one)) for person, one in people_said]
    return studio.annotated(made, number, results, **more)


def run(tmp_path: Path, tasks, names=(), exchanges=(EXCHANGE, OTHER)) -> tuple[Imported, list[Problem]]:
    file = tmp_path / "export.json"
    file.write_text(json.dumps(tasks), encoding="utf-8")
    told: list[Problem] = []
    found = imported(str(file), "a.jsonl", {e.id: e for e in exchanges}, parse_names(names), told.append)
    return found, told


def bare(annotation: Annotation) -> Annotation:
    """Without what only an import knows: id, day, meta."""
    return dataclasses.replace(annotation, id=None, created=None, meta={})


def test_everything_that_a_person_said_comes_back(tmp_path: Path) -> None:
    found, told = run(tmp_path, [exported((7, FULL))])
    assert told == []
    (one,) = found.annotations
    assert bare(one) == FULL
    assert one.id == "e1.person-1"
    assert one.created == "2026-11-20"
    assert one.meta == {"label_studio": {"task": "1", "annotation": "100"}, "seconds": 41.5, "draw": DRAW}
    assert found.people == {"person-1": "7"}
    assert found.counts == {}


def test_line_ends_within_a_span(tmp_path: Path) -> None:
    whole = said(behaviours=(span("E3", "sorry.\nThe courier"), span("X6", "The courier lost it,\r\nnot us")))
    found, told = run(tmp_path, [exported((1, whole))])
    assert told == []
    assert bare(found.annotations[0]) == whole


def test_several_people_keep_their_annotations_and_a_person_only_the_latest(tmp_path: Path) -> None:
    second = said(name="person-2", levels=dict.fromkeys(DIMENSIONS, 5))
    later = exported((7, said(levels=dict.fromkeys(DIMENSIONS, 2))), updated_at="2026-11-21T00:00:00Z")
    found, told = run(tmp_path, [later, exported((7, FULL), (9, second), number=2)])
    assert told == []
    levels = {a.annotator.name: a.levels["empathy"] for a in found.annotations}
    assert levels == {"person-1": 2, "person-2": 5}
    assert found.counts == {"earlier annotations of a reply by the same person passed over": 1}


def test_what_is_passed_over_is_counted(tmp_path: Path) -> None:
    one = exported((7, FULL))
    one["predictions"] = [{"result": [], "score": 0.9}, {"result": []}]
    one["drafts"] = [{"result": []}]
    cancelled = exported((7, said(OTHER)), exchange=OTHER, number=2, was_cancelled=True)
    found, told = run(tmp_path, [one, cancelled, exported(exchange=OTHER, number=3)])
    assert told == []
    assert len(found.annotations) == 1
    assert found.counts == {
        "predictions passed over": 2,
        "drafts passed over": 1,
        "tasks without an annotation": 1,
        "cancelled annotations passed over": 1,
    }


def test_ground_truth_goes_to_meta_and_what_was_unsure_to_confidence(tmp_path: Path) -> None:
    one = exported((7, FULL), ground_truth=True)
    values = {"choices": ["empathy", "excuse_avoidance"]}
    one["annotations"][0]["result"].append({"id": "u", "from_name": "unsure", "type": "choices", "value": values})
    found, told = run(tmp_path, [one])
    assert told == []
    assert found.annotations[0].meta["ground_truth"] is True
    assert found.annotations[0].confidence == {"empathy": 0.5, "depersonalization": None, "excuse_avoidance": 0.5}


def test_relations_between_spans_say_nothing(tmp_path: Path) -> None:
    one = exported((7, FULL))
    one["annotations"][0]["result"].append({"type": "relation", "from_id": "r0", "to_id": "r1", "direction": "right"})
    found, told = run(tmp_path, [one])
    assert told == []
    assert bare(found.annotations[0]) == FULL


def test_offsets_in_utf_16_units_are_seen_from_the_rest_of_the_export(tmp_path: Path) -> None:
    # "ha" at 4 to 6: in code points the third, in units the second; the other span is a word that stands once
    laughing = Exchange("e3", TURNS, f"{POO}{POO}hahaha sorry")
    made = task(laughing)
    for utf16 in (True, False):
        marked = (Behaviour("D8", 2, 4, "ha"), Behaviour("D8", 4, 6, "ha"), span("E3", "sorry", laughing.reply))
        there = said(laughing, behaviours=marked)
        result = studio.result(INTERFACE, made, laughing.reply, there, utf16)
        found, told = run(tmp_path, [studio.annotated(made, 1, [(1, result)])], exchanges=[laughing])
        assert told == []
        assert bare(found.annotations[0]) == there
    # with nothing else to tell by, the place is not guessed
    alone = said(laughing, behaviours=(Behaviour("D8", 4, 6, "ha"),))
    found, told = run(
        tmp_path,
        [studio.annotated(made, 1, [(1, studio.result(INTERFACE, made, laughing.reply, alone))])],
        exchanges=[laughing],
    )
    assert (found.annotations, len(told)) == ([], 1)
    assert "two places" in str(told[0])


def test_a_span_that_an_old_version_misplaced_is_found_by_its_words_and_counted(tmp_path: Path) -> None:
    one = exported((7, FULL))
    value = one["annotations"][0]["result"][0]["value"]
    value["start"], value["end"] = value["start"] + 9, value["end"] + 9
    found, told = run(tmp_path, [one])
    assert told == []
    assert bare(found.annotations[0]) == FULL
    assert found.counts == {"spans found by their words, their offsets led elsewhere": 1}


def change(path: str, value):
    """A change of the first annotation, at a path below it; None takes it away."""

    def changed(one: dict) -> None:
        *way, last = [int(p) if p.isdigit() else p for p in path.split(".")]
        there = one["annotations"][0]
        for part in way:
            there = there[part]
        if value is None:
            del there[last]
        else:
            there[last] = value

    return changed


def task_change(path: str, value):
    def changed(one: dict) -> None:
        *way, last = path.split(".")
        there = one
        for part in way:
            there = there[part]
        there[last] = value

    return changed


# results of FULL: 0 E3, 1 X6, 2 its hint, 3 X7, 4 empathy, 5 depersonalization, 6 excuse_avoidance, 7 flags, 8 reason
@pytest.mark.parametrize(
    ("broken", "path", "found"),
    [
        (change("result.4", None), "$.annotations[0].result[from_name=empathy]", "nothing"),
        (change("result.4.value.choices", []), "result[4].value.choices", "0 choices"),
        (change("result.4.value.choices", ["1 dismisses", "2 absent"]), "result[4].value.choices", "2 choices"),
        (change("result.4.value.choices", ["6 more"]), "result[4].value.choices[0]", '"6 more"'),
        (change("result.4.value.choices", ["10 more"]), "result[4].value.choices[0]", '"10 more"'),
        (change("result.4.value.choices", [3]), "result[4].value.choices[0]", "3"),
        (change("result.4.value.choices", "3"), "result[4].value.choices", '"3"'),
        (change("result.4.from_name", "depersonalization"), "result[5].from_name", '"depersonalization" again'),
        (change("result.4.from_name", "sentiment"), "result[4].from_name", '"sentiment"'),
        (change("result.4.value", "x"), "result[4].value", '"x"'),
        (change("result.4", "x"), "result[4].from_name", '"x"'),
        (change("result", None), "$.annotations[0].result", "nothing"),
        (change("result", {}), "$.annotations[0].result", "{}"),
        (change("result.0.value.labels", ["E9 nothing"]), "result[0].value.labels[0]", '"E9 nothing"'),
        (change("result.0.value.labels", []), "result[0].value.labels", "no label"),
        (change("result.0.value.labels", None), "result[0].value.labels", "nothing"),
        (change("result.0.value.start", "x"), "result[0].value", "{"),
        (change("result.0.value.start", True), "result[0].value", "{"),
        (change("result.0.value.start", 1.5), "result[0].value", "{"),
        (change("result.0.value.text", "never said"), "result[0].value", "does not stand in the reply"),
        (change("result.2.value.choices", ["plain"]), "result[2].value.choices", "['plain']"),
        (change("result.2.id", "nobody"), "result[2].id", '"nobody"'),
        (change("result.7.value.choices", ["great"]), "result[7].value.choices[0]", '"great"'),
        (change("result.8.value.text", [1]), "result[8].value.text", "[1]"),
        (change("completed_by", None), "$.annotations[0].completed_by", "nothing"),
        (change("completed_by", {}), "$.annotations[0].completed_by", "{}"),
        (change("created_at", "yesterday"), "$.annotations[0].created_at", "yesterday"),
        (task_change("data.amends", None), "$.data.amends.reply_id", "nothing"),
        (task_change("data.amends.reply_id", 5), "$.data.amends.reply_id", "5"),
        (task_change("data.amends.reply_id", "e9"), "$.data.amends.reply_id", '"e9"'),
        (task_change("data.amends.digest", "000000000000"), "$.data.amends.digest", "changed in a.jsonl"),
        (task_change("data.reply", "We are not sorry."), "$.data.reply", "changed in Label Studio"),
        (task_change("data.turns", []), "$.data.turns", "changed in Label Studio"),
        (task_change("data", []), "$.data", "[]"),
        (task_change("annotations", {}), "$.annotations", "{}"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_and_everything_else_is_kept(tmp_path: Path, broken, path: str, found: str) -> None:
    bad = exported((7, FULL), number=41)
    broken(bad)
    good = exported((7, said(OTHER)), exchange=OTHER, number=42)
    got, told = run(tmp_path, [bad, good])
    assert [a.reply_id for a in got.annotations] == ["e2"]
    assert told
    assert any(path in p.path and found in p.found for p in told), [str(p) for p in told]
    assert all(p.path.startswith("task 41: ") and p.expected and p.remedy for p in told)


def test_all_problems_come_at_once(tmp_path: Path) -> None:
    bad = exported((7, FULL), (8, FULL), number=41)
    first = bad["annotations"][0]["result"]
    first[0]["value"]["labels"] = ["E9"]
    first[4]["value"]["choices"] = ["6"]
    del first[6]
    found, told = run(tmp_path, [bad])
    assert len(told) == 3
    assert [a.annotator.name for a in found.annotations] == ["person-2"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "empty file"),
        ("{", "broken JSON"),
        ('["\\ud83d"', "broken JSON"),
        ("[" * 5000 + '"\\ud83d"' + "]" * 5000, "broken JSON"),
        ("[1]", "an export of Label Studio"),
        ('[{"a": 1}]', "an object with a"),
        ('{"data": {}}', "an export of Label Studio"),
        ('[{"id": 1, "data": {"reply": "x"}, "predictions": []}]', "an export of Label Studio"),
        (json.dumps([task(EXCHANGE)]), "an export of Label Studio"),  # the tasks themselves
    ],
)
def test_what_is_no_export_is_refused_whole(tmp_path: Path, content: str, why: str) -> None:
    (tmp_path / "export.json").write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=why):
        imported(str(tmp_path / "export.json"), "a.jsonl", {}, {}, lambda problem: None)


def test_half_a_character_spoils_its_own_annotation_only(tmp_path: Path) -> None:
    bad = exported((7, FULL), number=41)
    bad["annotations"][0]["result"][0]["value"] |= {"start": 1, "end": 4, "text": "\udca9 W"}
    good = exported((7, said(OTHER)), exchange=OTHER, number=42)
    found, told = run(tmp_path, [bad, good])  # json.dumps writes the half as \\udca9, as Label Studio does
    assert [a.reply_id for a in found.annotations] == ["e2"]
    assert [p.path for p in told] == ["task 41: $.annotations[0].result[0].value"]
    reason = exported((7, dataclasses.replace(FULL, reason="so \ud83d")))
    found, told = run(tmp_path, [reason])
    assert told == []
    assert found.annotations[0].reason == "so \ufffd"


def test_an_export_without_a_task_is_none(tmp_path: Path) -> None:
    found, told = run(tmp_path, [])
    assert (found.annotations, told) == ([], [])


@pytest.mark.parametrize(
    ("people", "names", "expected"),
    [
        # pseudonyms follow the users' numbers, not the order of the export
        ([9, 7, 10], [], {"9": "person-2", "7": "person-1", "10": "person-3"}),
        ([9, 7], ["9=anna"], {"9": "anna", "7": "person-1"}),
        ([{"id": 3, "email": "Ann@x.org", "first_name": "Ann"}], ["ann@X.org=anna"], {"3": "anna"}),
        (["b@x.org", "a@x.org"], [], {"b@x.org": "person-1", "a@x.org": "person-2"}),
        # an address may be the pseudonym only where it is asked for
        (["b@x.org"], ["b@x.org=b@x.org"], {"b@x.org": "b@x.org"}),
        # a pseudonym that somebody was given is not given again
        ([1, 2], ["2=person-1"], {"1": "person-2", "2": "person-1"}),
        # some annotations of an export give the address, others the number alone
        ([{"id": 3, "email": "a@x.org"}, 3], ["a@x.org=anna"], {"3": "anna"}),
        ([{"username": "ann"}], ["ann=anna"], {"ann": "anna"}),
        # two accounts of one person
        ([1, 2], ["1=anna", "2=anna"], {"1": "anna", "2": "anna"}),
    ],
)
def test_who_labelled_becomes_a_pseudonym(people, names, expected) -> None:
    assert pseudonyms([found for one in people if (found := who(one))], parse_names(names)) == expected


@pytest.mark.parametrize("nobody", [None, "", " ", {}, {"email": None}, True, 1.5, []])
def test_nobody_is_named(nobody) -> None:
    assert who(nobody) is None


@pytest.mark.parametrize(
    "names", [["7"], ["=anna"], ["7="], ["7=" + "x" * 61], ["7=a\nb"], ["7=anna", "7=bert"], ["A@x=anna", "a@x=bert"]]
)
def test_names_that_cannot_be_meant_are_refused(names) -> None:
    with pytest.raises(UsageError, match="--name"):
        parse_names(names)


def test_a_name_for_nobody_is_refused_without_showing_addresses(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="8: nobody of this export") as refused:
        run(tmp_path, [exported(("ann.smith@x.org", FULL))], names=["8=anna"])
    assert "ann.smith" not in str(refused.value)


def test_addresses_stay_out_of_the_records(tmp_path: Path) -> None:
    person = {"id": 7, "email": "ann.smith@x.org", "first_name": "Ann", "last_name": "Smith", "username": "asmith"}
    found, _ = run(tmp_path, [exported((person, FULL))])
    text = json.dumps([a.to_dict() for a in found.annotations])
    assert not any(word in text.lower() for word in ("smith", "x.org", '"ann"'))


def test_json_min_without_hints_says_the_same(tmp_path: Path) -> None:
    plain = said(behaviours=(span("E3", "We are sorry"), span("X7", "So sorry")), flags=("off_topic",), reason="So.")
    several = said(OTHER, flags=("off_topic", "truncated"))
    whole = [exported((7, plain), (9, plain)), exported((7, several), exchange=OTHER, number=2)]
    from_json, _ = run(tmp_path, whole)
    from_min, told = run(tmp_path, [record for one in whole for record in studio.minimal(one)])
    assert told == []
    assert from_min.annotations == from_json.annotations
    assert len(from_min.annotations) == 3


def test_json_min_with_a_hint_is_refused_by_name_and_the_rest_kept(tmp_path: Path) -> None:
    whole = [exported((7, FULL), number=41), exported((7, said(OTHER)), exchange=OTHER, number=42)]
    found, told = run(tmp_path, [record for one in whole for record in studio.minimal(one)])
    assert [a.reply_id for a in found.annotations] == ["e2"]
    assert [p.path for p in told] == ["task 41: $.strength"]
    assert "JSON-MIN does not say of which words" in told[0].found


KEYS = ["id", "value", "choices", "labels", "start", "end", "text", "from_name"]
ALPHABET = st.sampled_from(f"aeo .,\n{POO}\u0301\u00e9\u200d\U0001f468\u05d0\u00df<&$'\"\u2028")
LEVELS = st.fixed_dictionaries({d: st.sampled_from([None, 1, 2, 3, 4, 5]) for d in DIMENSIONS})


@st.composite
def judged(draw: st.DrawFn) -> tuple[Exchange, Annotation]:
    # the words at the beginning stand once, so that the export shows how it counts
    reply = f"{POO}{POO} once: " + draw(st.text(ALPHABET, max_size=40))
    exchange = Exchange("e1", TURNS, reply)
    spans = {(3, 7, "E1"): 1.0}
    for _ in range(draw(st.integers(0, 5))):
        start = draw(st.integers(0, len(reply) - 1))
        end = draw(st.integers(start + 1, len(reply)))
        if reply[start:end].strip():
            spans[start, end, draw(st.sampled_from(sorted(behaviours())))] = draw(st.sampled_from([1.0, 0.3]))
    marked = tuple(Behaviour(c, s, e, reply[s:e], strength) for (s, e, c), strength in sorted(spans.items()))
    flags = tuple(draw(st.lists(st.sampled_from(["off_topic", "not_upset", "truncated"]), unique=True)))
    reason = draw(st.text(ALPHABET, max_size=20).filter(str.strip) | st.none())
    return exchange, said(exchange, levels=draw(LEVELS), behaviours=marked, flags=flags, reason=reason)


@given(judged(), st.booleans())
def test_annotations_go_there_and_come_back(tmp_path_factory, made: tuple[Exchange, Annotation], utf16: bool) -> None:
    exchange, annotation = made
    there = task(exchange)
    one = studio.annotated(there, 1, [(1, studio.result(INTERFACE, there, exchange.reply, annotation, utf16))])
    found, told = run(tmp_path_factory.getbasetemp(), [one], exchanges=[exchange])
    assert told == []
    assert [bare(a) for a in found.annotations] == [annotation]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 50) | st.text("a1 ", max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(st.data())
def test_no_export_breaks_the_reader(tmp_path_factory, data: st.DataObject) -> None:
    one = copy.deepcopy(exported((7, FULL)))
    results = one["annotations"][0]["result"]
    for _ in range(data.draw(st.integers(1, 3))):
        i = data.draw(st.integers(0, len(results) - 1))
        part = results[i]
        if isinstance(part, dict) and isinstance(part.get("value"), dict) and data.draw(st.booleans()):
            part["value"][data.draw(st.sampled_from(["start", "end", "text", "labels", "choices"]))] = data.draw(JSON)
        elif isinstance(part, dict) and data.draw(st.booleans()):
            part[data.draw(st.sampled_from(["id", "from_name", "value", "type"]))] = data.draw(JSON)
        else:
            results[i] = data.draw(JSON)
    found, told = run(tmp_path_factory.getbasetemp(), [one])
    assert bool(found.annotations) != bool(told)
    for annotation in found.annotations:
        assert all(REPLY[b.start : b.end] == b.quote for b in annotation.behaviours)


# ---- one person is not another


def test_a_user_may_have_a_pseudonym_by_number_and_by_address(tmp_path) -> None:
    tasks = [exported((7, FULL)), exported(("ana@example.org", said(OTHER)), exchange=OTHER, number=2)]
    found, told = run(tmp_path, tasks, ["7=anna", "ana@example.org=anna"])
    assert (len(found.annotations), told) == (2, [])


def test_who_takes_anothers_number_as_a_user_name_does_not_become_them(tmp_path) -> None:
    tasks = [exported(({"id": 7, "email": "a@example.org"}, FULL), ({"id": 8, "username": "7"}, said()))]
    found, told = run(tmp_path, tasks, ["7=anna"])
    assert (found.people, told) == ({"anna": "7", "person-1": "8"}, [])
    assert [(a.annotator.name, a.reason) for a in found.annotations] == [("anna", FULL.reason), ("person-1", None)]


def test_who_takes_anothers_address_as_a_user_name_is_refused(tmp_path) -> None:
    people = {"id": 7, "email": "a@example.org"}, {"id": 8, "username": "A@example.org"}
    with pytest.raises(UsageError, match="users 7 and 8 both go by it"):
        run(tmp_path, [exported((people[0], FULL), (people[1], said()))], ["a@example.org=anna"])


@pytest.mark.parametrize("day", ["2026-99-99T00:00:00Z", "2026-02-31"])
def test_a_day_that_there_is_not(tmp_path, day) -> None:
    found, told = run(tmp_path, [exported((7, FULL), created_at=day)])
    assert found.annotations == []
    assert ["created_at" in str(problem) for problem in told] == [True]
