"""What the page of contributions answers, and what it never holds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.checks.conftest import CUSTOMERS, REPLIES
from tests.extras.desk.contribute_served import TYPED, Contributed, contributing
from tests.extras.desk.served import Browser

HELD = [text for split, text in CUSTOMERS.values() if split != "train"]
HELD += [text for scenario, text in REPLIES.values() if CUSTOMERS[scenario][0] != "train"]


@pytest.fixture
def page(tmp_path) -> Iterator[Contributed]:
    with contributing(tmp_path) as made:
        yield made


def keep(browser: Browser, **more: str) -> int:
    state = browser.get("/api/state").json
    told = browser.post("/api/draft", {"typed": TYPED | more, "revision": state["revision"]})
    assert told.status == 200, told.body
    return int(told.json["revision"])


def test_no_answer_holds_the_scorers_reading_before_the_labels_are_saved(page) -> None:
    browser = page.browser()
    said = [browser.get("/api/state"), browser.post("/api/check", {}), browser.post("/api/search", {"text": "kettle"})]
    revision = keep(browser)
    said += [browser.get("/api/state"), browser.post("/api/check", {}), browser.get("/api/pull")]
    early = browser.post("/api/reading", {"id": "heron-1"})
    assert early.status == 403 and page.read == []
    said.append(early)
    finished = browser.post("/api/finish", {"revision": revision})
    assert finished.status == 200 and page.read == [], "nor are they asked"
    said.append(finished)
    assert page.examples()[0]["labels"]["levels"] == {"empathy": 3}
    for answer in said:
        assert b"poisoned" not in answer.body and b"1.23" not in answer.body
    told = browser.post("/api/reading", {"id": "heron-1"})
    assert told.json["readings"][0]["scorer"] == "poisoned 9"
    assert [exchange.reply for exchange in page.read] == [TYPED["reply"]]


def test_a_finished_example_is_an_example(page) -> None:
    browser = page.browser()
    browser.post("/api/finish", {"revision": keep(browser)})
    example = page.examples()[0]
    assert example["id"] == "heron-1" and example["credit"] == "heron" and example["written"] == "person"
    assert example["consent"] == {"licence": "CC BY 4.0", "agreed": True, "day": "2026-11-22"}
    assert example["scenario"]["turns"] == [{"role": "customer", "text": TYPED["turns"]}]
    span = example["labels"]["behaviours"][0]
    assert example["reply"][span["start"] : span["end"]] == span["quote"] == "that is our stitching"
    pull = browser.get("/api/pull").json
    assert pull["problems"] == [] and "git push" in pull["words"]


@pytest.mark.parametrize("text", [*HELD, "gym", "night bus", "s3", "s4", "wanted", "r6"])
def test_held_out_scenarios_are_never_shown(page, text: str) -> None:
    browser = page.browser()
    revision = keep(browser, scenario=text[:200], turns=text, reply=f"{text} Indeed.")
    said = [browser.post("/api/search", {"text": text[:200]}), browser.post("/api/check", {})]
    said.append(browser.post("/api/finish", {"revision": revision}))
    for answer in said:
        assert not any(held.encode() in answer.body for held in HELD)
    assert said[-1].status == 400 and page.examples() == []


def test_leakage_is_named_by_id_alone(page) -> None:
    browser = page.browser()
    keep(browser, turns=HELD[1])
    told = browser.post("/api/check", {}).json["problems"]
    assert any("s4" in one["words"] and one["field"] == "$.scenario.turns" for one in told)


def test_what_is_missing_is_named_and_nothing_is_written(page) -> None:
    browser = page.browser()
    revision = keep(browser, agreed="", reply=" ", behaviours="")
    told = browser.post("/api/finish", {"revision": revision})
    assert told.status == 400 and set(told.json["unclear"]) == {"agreed", "reply"}
    assert page.examples() == []


def test_another_window_is_noticed(page) -> None:
    browser = page.browser()
    keep(browser)
    told = browser.post("/api/draft", {"typed": TYPED, "revision": 0})
    assert told.status == 409
    assert browser.post("/api/finish", {"revision": 0}).status == 409


def test_names_are_confirmed_by_a_person_and_only_those_that_stand_there(page) -> None:
    browser = page.browser()
    keep(browser, reply="Burst on the first gust, Marlene: that is our stitching. A new sail leaves on Tuesday, free.")
    assert browser.post("/api/check", {}).json["names"] == ["Marlene"]
    assert browser.post("/api/names", {"names": ["Somebody"]}).status == 400
    assert browser.post("/api/names", {"names": ["Marlene"]}).status == 200
    assert browser.post("/api/check", {}).json["names"] == []


WRONG = [
    ("/draft", {}, 400),
    ("/draft", {"typed": [], "revision": 0}, 400),
    ("/draft", {"typed": {"gold": "x"}, "revision": 0}, 400),
    ("/draft", {"typed": {"reply": 5}, "revision": 0}, 400),
    ("/draft", {"typed": {"reply": "x" * 20_001}, "revision": 0}, 413),
    ("/draft", {"typed": {}, "revision": -1}, 400),
    ("/check", {"x": 1}, 400),
    ("/names", {"names": "x"}, 400),
    ("/names", {"names": [1]}, 400),
    ("/search", {"text": "x" * 201}, 413),
    ("/reading", {"id": "heron-9"}, 403),
    ("/reading", {}, 400),
]


@pytest.mark.parametrize(("path", "body", "status"), WRONG, ids=[f"{path} {str(body)[:40]}" for path, body, _ in WRONG])
def test_wrong_requests_are_refused(page, path: str, body: dict, status: int) -> None:
    assert page.browser().post(f"/api{path}", body).status == status


@pytest.mark.parametrize("path", ["/state", "/pull"])
def test_strangers_get_nothing(page, path: str) -> None:
    assert Browser(page.desk.port).get(f"/api{path}").status == 401


def test_everything_is_there_after_a_restart(tmp_path) -> None:
    with contributing(tmp_path) as made:
        keep(made.browser(), reply="Half a")
    with contributing(tmp_path) as made:
        typed = made.browser().get("/api/state").json["typed"]
        assert typed["reply"] == "Half a" and typed["credit"] == "heron"


def test_what_stands_around_the_texts_is_mended_before_it_is_saved(page) -> None:
    browser = page.browser()
    revision = keep(browser, reason="as lena.kruse@gmail.com said", authority=HELD[-1])
    told = browser.post("/api/finish", {"revision": revision})
    assert told.status == 400 and page.examples() == []
    assert {one["field"] for one in told.json["problems"]} == {"$.labels.reason", "$.scenario.authority"}
