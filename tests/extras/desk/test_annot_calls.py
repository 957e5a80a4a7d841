"""The calls of labelling, attacked: another's work, gold before its time, fields that are no label."""

from __future__ import annotations

import json

import pytest
from tests.extras.desk.annot_served import EXCHANGES, GOLD, LEVELS, Annotator, exchange, labelled
from tests.extras.desk.served import POISON

from amends.desk.figures import FEWEST
from amends.desk.labelling import MAX_MARKS, MAX_REASON, MAX_WHY

REPLY = EXCHANGES[0].reply
MARK = {"code": "E3", "start": 7, "end": 12, "quote": "sorry", "strength": 1.0}
HIDDEN = ("emotion", "intensity", "gold", "split", "author", "scenario_id", "reply_id", "plan", "distribution", "meta")
"""Names of fields that no answer may hold before it is time."""


@pytest.fixture(scope="module")
def ana(tmp_path_factory):
    """Somebody who is in, and of whom nothing is ever stored."""
    with labelled(tmp_path_factory.mktemp("ana") / "desk") as desk:
        browser = desk.browser(name="ana")
        browser.desk = desk
        yield browser
        assert [event["event"] for event in desk.events()] == ["consent"]


@pytest.fixture
def pair(tmp_path):
    with labelled(tmp_path / "desk", people=["Ana", "Bo"]) as desk:
        yield desk


# ---- what must not reach the browser


def test_gold_ids_and_everything_hidden_stay_here_over_a_whole_session(tmp_path) -> None:
    many = [*EXCHANGES, exchange(4, "", "It broke.", "What broke?", "Everything."), *[exchange(n) for n in range(5, 9)]]
    with labelled(tmp_path / "desk", many, ["Ana", "Bo"]) as desk:
        people = [desk.browser(which, f"name-{which}") for which in (0, 1)]
        seen = []
        for browser in people:
            seen += [browser.get(path) for path in ("/", "/api/state", "/api/guideline", "/api/nothing")]
            seen.append(browser.agreement())
            for number, key in enumerate(browser.names()):
                seen += [browser.get(f"/api/items/{key}"), browser.label(key, flags=["empty"]), browser.done(key)]
                seen += [browser.label(key, 1, behaviours=[MARK]), browser.label(key, 0), browser.done(key, 2)]
                if number == 2:
                    seen.append(browser.skipped(key, 3))
                seen.append(browser.get(f"/api/items/{key}"))
            seen += [browser.agreement(), browser.get("/api/state"), browser.label(key, 3), browser.skipped("x" * 20)]
    bodies = b"".join(got.body for got in seen)
    heads = json.dumps([got.headers for got in seen]).encode()
    assert b"Everything." in bodies
    assert b"comes by Friday" in bodies
    # the page and the guideline hold such words themselves, the same for everybody
    told = b"".join(got.body for got in seen if got.body.startswith(b"{") and b'"whole"' not in got.body)
    for word in HIDDEN:
        assert word.encode() not in told, word
    assert POISON.encode() not in bodies + heads
    assert str(tmp_path).encode() not in bodies


def test_what_is_hidden_would_be_seen() -> None:
    """The test above can fail: everything that is not to be seen holds the poison, and what is shown does not."""
    raw = EXCHANGES[0].to_dict()
    for name in ("id", "scenario_id", "split", "emotion", "author", "gold", "meta"):
        assert POISON in str(raw[name]), name
    assert POISON not in str([raw[name] for name in ("turns", "reply", "authority", "company")])


def test_gold_comes_in_training_alone_and_only_after_the_reply(tmp_path) -> None:
    with labelled(tmp_path / "desk", training=True) as desk:
        browser = desk.browser(name="ana")
        first, second, _ = browser.names()
        before = [browser.get("/api/state"), browser.get(f"/api/items/{first}"), browser.label(first)]
        before += [browser.get(f"/api/items/{first}"), browser.skipped(second), browser.get(f"/api/items/{second}")]
        assert all("gold" not in got.json for got in before)
        done = browser.done(first)
        assert done.json["gold"] == GOLD
        assert done.json["final"] is True
        assert browser.get(f"/api/items/{first}").json["gold"] == GOLD
        assert "gold" not in browser.get(f"/api/items/{second}").json
        assert (browser.label(first, 2, flags=["truncated"]).status, browser.skipped(first, 2).status) == (403, 403)
        assert [record["meta"]["training"] for record in desk.records()] == [True]


def test_agreement_is_shown_when_everything_is_finished_and_then_it_is_final(pair) -> None:
    ana = pair.browser(0, "ana")
    names = ana.names()
    for key in names:
        assert ana.agreement().status == 403
        ana.label(key)
        assert ana.done(key).status == 200
    assert ana.label(names[0], 2, flags=["truncated"]).status == 200, "until then a label may change"
    told = ana.agreement().json
    assert told["people"] == {"what": "agreement between people", "rows": [], "left_out": 0}
    assert ana.label(names[0], 3).status == 403
    assert ana.skipped(names[0], 3).status == 403
    assert ana.get("/api/state").json["looked"] is True


def test_others_count_when_they_have_finished_and_only_in_figures(tmp_path) -> None:
    many = [exchange(number) for number in range(FEWEST + 1)]
    with labelled(tmp_path / "desk", many, ["Ana", "Bo", "Cy"]) as desk:
        ana, bo, cy = (desk.browser(which, name) for which, name in enumerate(("ana", "bo", "cy")))
        for browser in (ana, bo):
            for number, key in enumerate(browser.names()):
                if browser is bo and number == FEWEST:
                    assert ana.agreement().json["people"]["rows"] == [], "Bo has one to go"
                level = 1 + number % 5
                browser.label(key, levels=dict.fromkeys(LEVELS, level), reason=f"secret of {level}")
                browser.done(key)
        cy.label(cy.names()[0])
        told = ana.agreement().json
        assert {row["with"] for row in told["people"]["rows"]} == {"bo"}
        assert {row["n"] for row in told["people"]["rows"]} == {f"{FEWEST + 1} ({FEWEST + 1})"}
        assert {row["value"] for row in told["people"]["rows"]} == {"1.00"}
        assert "secret" not in json.dumps(told)
        assert set(told) == {"pending", "people", "models", "fewest", "signature"}
        assert set(told["people"]["rows"][0]) == {"with", "dimension", "measure", "value", "interval", "n"}


def test_a_single_change_of_another_does_not_show_in_the_figures(tmp_path) -> None:
    """Who asks again and again would read each label from the step that the figures make."""
    many = [exchange(number) for number in range(FEWEST)]
    with labelled(tmp_path / "desk", many, ["Ana", "Bo"]) as desk:
        ana, bo = (desk.browser(which, name) for which, name in enumerate(("ana", "bo")))
        for browser in (ana, bo):
            for number, key in enumerate(browser.names()):
                browser.label(key, levels=dict.fromkeys(LEVELS, 1 + number))
                browser.done(key)
        before = ana.agreement().json
        assert {row["value"] for row in before["people"]["rows"]} == {"1.00"}
        assert bo.label(bo.names()[0], 2, levels=dict.fromkeys(LEVELS, 5)).status == 200
        assert ana.agreement().json == before
        assert bo.agreement().status == 200, "Bo's are final now"
        assert {row["value"] for row in ana.agreement().json["people"]["rows"]} != {"1.00"}


# ---- nobody reads or writes another's work


def test_one_does_not_see_or_change_what_another_does(pair) -> None:
    ana, bo = pair.browser(0, "ana"), pair.browser(1, "bo")
    key = ana.names()[0]
    assert ana.label(key, reason="for me alone").status == 200
    seen = [bo.get("/api/state"), *[bo.get(f"/api/items/{k}") for k in bo.names()]]
    assert b"for me alone" not in b"".join(got.body for got in seen)
    assert all(got.json["revision"] == 0 for got in seen[1:])
    assert bo.label(key, reason="mine").status == 200, "the same reply, another label"
    assert ana.get(f"/api/items/{key}").json["label"]["reason"] == "for me alone"
    for folder, name in (("person-ana", "for me alone"), ("person-bo", "mine")):
        assert name in (pair.folder / folder / "labels.jsonl").read_text()
    for extra in ("person", "folder", "name"):
        body = {"levels": {}, "behaviours": [], "flags": [], "reason": "", "unsure": [], "seconds": 1, "revision": 1}
        assert bo.post(f"/api/items/{key}/label", body | {extra: "person-ana"}).status == 400


def test_no_name_twice_in_a_team_and_nothing_before_consent(pair) -> None:
    ana, bo = pair.browser(0), pair.browser(1)
    key = ana.names()[0]
    assert [ana.get(f"/api/items/{key}").status, ana.label(key).status, ana.done(key).status] == [403] * 3
    assert ana.skipped(key).status == 403
    assert ana.post("/api/consent", {"name": "x", "agreed": False}).status == 400
    assert ana.agree("Heron").status == 200
    assert bo.agree("hERON").status == 409
    assert bo.agree("\u202eHeron").status == 400
    assert bo.agree("\uff28eron").status == 409, "another letter that looks the same"
    assert ana.agree("Other").status == 200
    assert ana.get("/api/state").json["name"] == "Heron", "the first time counts"


def test_a_name_written_with_other_code_points_is_the_same_name(pair) -> None:
    ana, bo = pair.browser(0), pair.browser(1)
    assert ana.agree("Jos\u00e9").status == 200
    assert bo.agree("Jose\u0301").status == 409
    assert bo.agree("Jose").status == 200


@pytest.mark.parametrize("path", ["/api/state", "/api/guideline", "/api/items/{key}"])
def test_without_the_cookie_there_is_nothing_to_see(ana, path) -> None:
    got = Annotator(ana.port).get(path.format(key=ana.names()[0]))
    assert got.status == 401
    assert b"Parcel" not in got.body


@pytest.mark.parametrize("call", ["label", "done", "skip"])
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": None}, 403),
        ({"Sec_Fetch_Site": "cross-site"}, 403),
        ({"Content_Type": "text/plain"}, 415),
        ({"Host": "evil.example"}, 421),
    ],
)
def test_a_forged_request_changes_nothing(ana, call, headers, status) -> None:
    body = {"seconds": 1, "revision": 0, "levels": {}, "behaviours": [], "flags": [], "reason": "x", "unsure": []}
    assert ana.post(f"/api/items/{ana.names()[0]}/{call}", body, **headers).status == status
    assert Annotator(ana.port).post(f"/api/items/{ana.names()[0]}/{call}", body).status == 401
    assert ana.post("/api/agreement", {}, **headers).status == status


@pytest.mark.parametrize("key", ["x", "0" * 20, "1", "..", "%2e%2e%2flabels.jsonl", EXCHANGES[0].id, "a" * 3000])
def test_a_key_that_is_none(ana, key) -> None:
    for got in (ana.get(f"/api/items/{key}"), ana.label(key), ana.done(key), ana.skipped(key)):
        assert got.status == 404


# ---- fields that are no label


def mark(**more) -> dict:
    return {"behaviours": [MARK | more]}


@pytest.mark.parametrize(
    ("said", "status"),
    [
        pytest.param({"levels": None}, 400, id="no levels"),
        pytest.param({"levels": [3]}, 400, id="levels as a list"),
        pytest.param({"levels": {"empathy": 0}}, 400, id="level 0"),
        pytest.param({"levels": {"empathy": 6}}, 400, id="level 6"),
        pytest.param({"levels": {"empathy": 3.0}}, 400, id="a level that is no whole number"),
        pytest.param({"levels": {"empathy": 3.5}}, 400, id="half a level"),
        pytest.param({"levels": {"empathy": True}}, 400, id="a level that is yes"),
        pytest.param({"levels": {"empathy": "3"}}, 400, id="a level as text"),
        pytest.param({"levels": {"empathy": 1e400}}, 400, id="a level without end"),
        pytest.param({"levels": {"total": 3}}, 400, id="a dimension that there is not"),
        pytest.param({"behaviours": {}}, 400, id="behaviours that are no list"),
        pytest.param({"behaviours": ["E3"]}, 400, id="a mark that is no object"),
        pytest.param(mark(code="E9"), 400, id="an unknown code"),
        pytest.param(mark(code="e3"), 400, id="a code in small letters"),
        pytest.param(mark(code="E3\x00"), 413, id="a code with more behind it"),
        pytest.param(mark(code=3), 400, id="a code that is a number"),
        pytest.param(mark(start=-1), 400, id="before the beginning"),
        pytest.param(mark(start=12), 400, id="an empty span"),
        pytest.param(mark(start=13), 400, id="an end before its start"),
        pytest.param(mark(end=len(REPLY) + 1, quote=REPLY[7:]), 400, id="after the end"),
        pytest.param(mark(end=10**12), 400, id="far after the end"),
        pytest.param(mark(start=7.0), 400, id="a place that is no whole number"),
        pytest.param(mark(start=7.5), 400, id="half a character"),
        pytest.param(mark(start=True), 400, id="a place that is yes"),
        pytest.param(mark(quote="Sorry"), 400, id="other words"),
        pytest.param(mark(quote="sorr"), 400, id="fewer words"),
        pytest.param(mark(quote=""), 400, id="no words"),
        pytest.param(mark(quote="s" * (len(REPLY) + 1)), 413, id="more words than the reply has"),
        pytest.param(mark(start=6, end=7, quote=" "), 400, id="a blank"),
        pytest.param(mark(strength=0.5), 400, id="a strength between"),
        pytest.param(mark(strength=2), 400, id="a strength above 1"),
        pytest.param(mark(strength=None), 400, id="no strength"),
        pytest.param(mark(gold=1), 400, id="a field more in a mark"),
        pytest.param({"behaviours": [MARK, MARK]}, 400, id="a mark twice"),
        pytest.param({"behaviours": [MARK] * (MAX_MARKS + 1)}, 413, id="too many marks"),
        pytest.param({"flags": ["rude"]}, 400, id="an unknown flag"),
        pytest.param({"flags": ["refused_by_judge"]}, 400, id="a flag that is not for people"),
        pytest.param({"flags": ["empty", "empty"]}, 400, id="a flag twice"),
        pytest.param({"flags": [["empty"]]}, 400, id="a flag in a list"),
        pytest.param({"flags": "empty"}, 400, id="flags as text"),
        pytest.param({"unsure": ["total"]}, 400, id="not sure of what there is not"),
        pytest.param({"unsure": None}, 400, id="unsure is missing"),
        pytest.param({"reason": "x" * (MAX_REASON + 1)}, 413, id="too long a reason"),
        pytest.param({"reason": 7}, 400, id="a reason that is a number"),
        pytest.param({"seconds": -1}, 400, id="seconds below 0"),
        pytest.param({"seconds": "5"}, 400, id="seconds as text"),
        pytest.param({"revision": -1}, 400, id="a revision below 0"),
        pytest.param({"annotator": "x"}, 400, id="a field that nobody asked for"),
        pytest.param({"levels": {"empathy": 10**400}}, 400, id="a number of 400 digits"),
    ],
)
def test_what_is_no_label_is_refused_and_not_stored(ana, said, status) -> None:
    key = ana.names()[0]
    body = {"levels": {}, "behaviours": [], "flags": [], "reason": "", "unsure": [], "seconds": 1, "revision": 0}
    got = ana.post(f"/api/items/{key}/label", json.dumps(body | said).replace("Infinity", "1e400").encode())
    assert got.status == status, got.body
    assert list(got.json) == ["error"]
    assert ana.get(f"/api/items/{key}").json["revision"] == 0


@pytest.mark.parametrize("reason", ["", "  \n", "x" * (MAX_WHY + 1), None, 7])
def test_a_skip_needs_a_reason_of_some_length(ana, reason) -> None:
    assert ana.skipped(ana.names()[0], 0, reason).status in (400, 413)


def test_half_a_character_and_no_json_are_refused(ana) -> None:
    where = f"/api/items/{ana.names()[0]}/label"
    assert ana.post(where, b'{"reason": "\\ud800"}').status == 400
    assert ana.post(where, b"{").status == 400
    assert ana.post(where, b"[" * 100_000).status == 400
    assert ana.post(where, b"1" * 1_000_001).status == 413


def test_not_finished_is_said_and_not_stored(tmp_path) -> None:
    with labelled(tmp_path / "desk") as desk:
        browser = desk.browser(name="ana")
        key = browser.names()[0]
        assert "No level yet" in browser.done(key, 0).json["error"]
        browser.label(key, flags=["not_a_reply"])
        assert "gets no levels" in browser.done(key).json["error"]
        assert desk.records() == []
        browser.label(key, 1, flags=["not_a_reply"], levels=dict.fromkeys(LEVELS))
        assert browser.done(key, 2).status == 200
        assert desk.records()[0]["flags"] == ["not_a_reply"]


def test_two_windows_and_the_revision_that_stands(tmp_path) -> None:
    with labelled(tmp_path / "desk") as desk:
        browser = desk.browser(name="ana")
        key = browser.names()[0]
        assert browser.label(key).json["revision"] == 1
        got = browser.label(key, 0, flags=["truncated"])
        assert (got.status, got.json["revision"]) == (409, 1)
        assert browser.done(key, 0).status == 409
        assert browser.skipped(key, 0).status == 409
        assert browser.label(key, 1, flags=["truncated"]).json["revision"] == 2
        assert browser.label(key, 0, flags=["truncated"]).json["revision"] == 2, "just this stands: a page asks twice"


@pytest.mark.parametrize("reply", ["a💬e\u0301\u0301 b", "\x00\x01 x", "שלום \u202eabc", "👩‍👩‍👧‍👦 🏳️‍🌈"])
def test_places_count_code_points(tmp_path, reply) -> None:
    with labelled(tmp_path / "desk", [exchange(1, reply)]) as desk:
        browser = desk.browser(name="ana")
        (key,) = browser.names()
        assert browser.get(f"/api/items/{key}").json["reply"] == reply
        for revision, (start, end) in enumerate([(0, len(reply)), (1, 3), (2, len(reply))]):
            marks = [{"code": "E1", "start": start, "end": end, "quote": reply[start:end], "strength": 0.3}]
            status = 200 if reply[start:end].strip() else 400
            assert browser.label(key, revision, behaviours=marks).status == status
        browser.done(key, 3)
        (record,) = desk.records()
        (found,) = record["behaviours"]
        assert found["quote"] == reply[found["start"] : found["end"]]
