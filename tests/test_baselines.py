"""Baselines: programs like an outsider's, that answer whatever they are asked, the same every time."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from amends.generators import Failure, baselines, load_generator
from amends.generators.prompt import SystemPrompt
from amends.records import Scenario
from amends.resources import shipped
from amends.schema import problems

NAMES = [
    "cheat-constant", "cheat-keywords", "cheat-note", "cheat-rubric", "courtesy", "echo", "excuses", "listen-own-act",
    "policy", "retrieval", "seven-steps", "status",
]  # fmt: skip
NOTHING = dict.fromkeys(["language", "domain", "channel", "relationship", "company", "customer_org", "authority"])


def asked(name: str, text: str, **fields: Any) -> dict[str, Any]:
    """A scenario's line as a generator gets it."""
    return {"id": name, **NOTHING, "turns": [{"role": "customer", "text": text}], **fields}


WEIRD = [
    asked("plain", "Where is my order #48213? It was due Friday and I paid £61.50. I'm furious.", channel="email",
          company="Testco", relationship="established", authority="May refund the order. May not add a voucher."),
    asked("null context", "hello?"),
    asked("empty-ish", "."),
    asked("emoji", "😡😡😡"),
    asked("other scripts", "どこですか？ هل من أحد؟ Где мой заказ?", company="テスト株式会社"),
    asked("very long", "my parcel is late and nobody answers " * 20_000),
    asked("long word", "a" * 300_000),
    asked("long digits", "1" * 100_000 + " £" + "1," * 50_000),
    asked("braces {0} {it} %s", "my {order} %d {x!r}", company="{us}", customer_org="{0}", domain="{facts}"),
    asked("lines", "one\r\ntwo\u2028three\u0085four\x00five", company="Line\nBreak\u202e Ltd"),
    asked("blank fields", "My phone broke.", company="  ", customer_org="...", domain="", authority=" ; . "),
    asked("odd authority", "My phone broke.", authority="¿? May\nmay may not may; No. Only may be. " * 50),
    asked("long company", "My phone broke.", company="x" * 5000),
    asked("several turns", "still nothing", turns=[
        {"role": "agent", "text": "Hello!"}, {"role": "customer", "text": "my sofa is torn"},
        {"role": "agent", "text": "Tough."}, {"role": "customer", "text": "still nothing"}]),
    asked("new channel", "It broke!!", channel="pigeon", relationship="unheard of", language="tlh"),
]  # fmt: skip


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny train split, so that retrieval can be told right from wrong."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "exchanges").mkdir()

    def exchange(name: str, scenario: str, text: str, reply: str, **gold: Any) -> dict[str, Any]:
        turns = [{"role": "customer", "text": text}]
        return {"id": name, "scenario_id": scenario, "turns": turns, "reply": reply, "split": "train", "gold": gold}

    def levels(*values: float | None) -> dict[str, Any]:
        return {"levels": dict(zip(("empathy", "depersonalization", "excuse_avoidance"), values, strict=True))}

    parcel, room = "my parcel is late", "the hotel room was dirty and loud"
    lines = [
        exchange("p1", "p", parcel, "parcel, poor", model=levels(1, 2, 1)),
        exchange("p2", "p", parcel, "parcel, good", model=levels(4, 5, 4)),
        exchange("p3", "p", parcel, "parcel, as good, later id", model=levels(5, 4, 4)),
        exchange("p4", "p", parcel, "parcel, cannot be judged", model=levels(5, 5, None)),
        exchange("h1", "h", room, "room, models like it", model=levels(5, 5, 5), person=levels(1, 1, 1)),
        exchange("h2", "h", room, "room, people like it", model=levels(1, 1, 1), person=levels(4, 4, 4)),
        exchange("n1", "n", "my parcel is late and the room loud", "nobody judged it"),
    ]
    (folder / "exchanges" / "train.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return folder


def run(name: str, lines: list[dict[str, Any]], data: Path) -> list[bytes]:
    """Output lines of a baseline, run as the card says."""
    folder = shipped("baselines", name)
    card = json.loads((folder / "generator.json").read_text())
    command = [sys.executable if part == "{python}" else part for part in card["command"]]
    given = "".join(json.dumps(line) + "\n" for line in lines).encode()
    environment = os.environ | {"AMENDS_DATA": str(data), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "random"}
    done = subprocess.run(command, cwd=folder, env=environment, input=given, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout.splitlines()


def texts(name: str, lines: list[dict[str, Any]], data: Path) -> dict[str, str]:
    """Reply texts by scenario id."""
    return {record["scenario_id"]: record["text"] for record in map(json.loads, run(name, lines, data))}


def test_the_baselines_are_these() -> None:
    assert baselines() == NAMES


def test_the_readme_describes_each_and_shows_both_scorers() -> None:
    lines = shipped("baselines", "README.md").read_text(encoding="utf-8").splitlines()
    for name in NAMES:
        # what it is, its levels by rules, its levels by trained
        assert len([line for line in lines if line.startswith(f"| `{name}` |")]) == 3, name


@pytest.mark.parametrize("name", NAMES)
def test_no_baseline_imports_amends(name: str) -> None:
    # it has exactly the form of an outsider's; and nothing beyond the standard library, so that it runs anywhere
    files = sorted(shipped("baselines", name).rglob("*.py"))
    assert files
    own = {file.stem for file in files}
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or "."] if isinstance(node, ast.ImportFrom) else []
            for imported in names:
                assert imported.partition(".")[0] in (sys.stdlib_module_names | own) - {"amends"}, file


@pytest.mark.parametrize("name", NAMES)
def test_cards(name: str) -> None:
    card = json.loads(shipped("baselines", name, "generator.json").read_text())
    assert problems(card, "generator", "generator.json", None) == []
    assert (card["name"], card["licence"]) == (name, "Apache-2.0")
    assert card["description"]


@pytest.mark.parametrize("name", NAMES)
def test_every_scenario_is_answered_the_same_in_any_order(name: str, data: Path) -> None:
    once = run(name, WEIRD, data)
    again = run(name, WEIRD, data)
    backwards = run(name, WEIRD[::-1], data)
    assert once == again
    assert once == backwards[::-1]
    for given, line in zip(WEIRD, once, strict=True):
        record = json.loads(line)
        assert problems(record, "output", name, None) == []
        assert record["scenario_id"] == given["id"]
        assert record["text"].strip()
        record["text"].encode()


@pytest.mark.parametrize("name", [n for n in NAMES if n != "retrieval"])
def test_through_the_front_door(name: str, tmp_path: Path) -> None:
    failures: list[Failure] = []
    log = tmp_path / "generator.log"
    scenarios = [Scenario.from_dict(line) for line in WEIRD]
    replies = list(load_generator(name).generate(scenarios, report=failures.append, log=log))
    assert sorted(reply.scenario_id for reply in replies) == sorted(str(line["id"]) for line in WEIRD)
    assert failures == []
    assert log.read_text() == ""


@pytest.mark.skipif(not shipped("data", "exchanges", "train.jsonl").exists(), reason="the exchanges are not built yet")
def test_retrieval_reads_the_shipped_train_split() -> None:
    failures: list[Failure] = []
    scenarios = [Scenario.from_dict(line) for line in WEIRD]
    replies = list(load_generator("retrieval").generate(scenarios, report=failures.append))
    assert len(replies) == len(WEIRD)
    assert failures == []


@pytest.mark.parametrize(
    ("name", "text", "reply", "why"),
    [
        ("q", "PARCEL late!!", "parcel, good", "the highest sum, of equals the first id; never one that lacks a level"),
        ("q", "a loud room", "room, people like it", "people's gold goes before models'"),
        ("p", "my parcel is late", "room, people like it", "never the reply to the scenario itself"),
        ("q", "ünrelated", "room, people like it", "nothing in common: the first by id, the same every time"),
    ],
)
def test_retrieval(name: str, text: str, reply: str, why: str, data: Path) -> None:
    assert texts("retrieval", [asked(name, text)], data) == {name: reply}, why


def test_retrieval_says_what_is_missing(tmp_path: Path) -> None:
    folder = shipped("baselines", "retrieval")
    environment = os.environ | {"AMENDS_DATA": str(tmp_path)}
    command = [sys.executable, "generate.py"]
    done = subprocess.run(command, cwd=folder, env=environment, input=b"", capture_output=True, check=False)
    assert done.returncode == 1
    assert b"train.jsonl is not there" in done.stderr


def test_echo_says_the_last_words(data: Path) -> None:
    lines = texts("echo", WEIRD, data)
    assert lines == {str(line["id"]): line["turns"][-1]["text"] for line in WEIRD}


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("cheat-keywords", 90),
        ("cheat-note", 9),
        ("cheat-rubric", 10),
        ("courtesy", 5),
        ("excuses", 60),
        ("listen-own-act", 9),
        ("policy", 80),
        ("seven-steps", 90),
        ("status", 5),
    ],
)
def test_wordings_vary_with_the_id(name: str, least: int, data: Path) -> None:
    lines = [asked(f"s{i}", "My order never came and I am furious.") for i in range(100)]
    assert len(set(texts(name, lines, data).values())) >= least


def test_the_constant_is_one_reply(data: Path) -> None:
    lines = [*WEIRD, *(asked(f"s{i}", f"My order {i} never came.", channel="email") for i in range(20))]
    assert len(set(texts("cheat-constant", lines, data).values())) == 1


DIFFERENT = [
    asked("other-1", "My suit was left in the rain and the wedding is on Saturday. I am furious.",
          domain="parcel delivery", channel="chat", company="Testco",
          authority="The agent may refund the suit. The agent may not pay more."),
    asked("other-2", "I was charged twice for my policy, £61.50, and I have not slept.", domain="insurance claim",
          channel="email", company="Testsure", authority=None),
]  # fmt: skip


@pytest.mark.parametrize("name", [n for n in NAMES if n not in ("cheat-constant", "retrieval")])
def test_another_scenario_gets_another_reply(name: str, data: Path) -> None:
    assert len(set(texts(name, DIFFERENT, data).values())) == 2


# echo and retrieval give somebody else's text, as long as it is
@pytest.mark.parametrize("name", [n for n in NAMES if n not in ("echo", "retrieval")])
def test_under_200_words(name: str, data: Path) -> None:
    for text in texts(name, [*WEIRD, *DIFFERENT], data).values():
        assert 0 < len(text.split()) < 200


@pytest.mark.parametrize("name", NAMES)
def test_fields_may_be_missing_or_null(name: str, data: Path) -> None:
    bare = {"id": "same", "turns": [{"role": "customer", "text": "My parcel is late."}]}
    assert texts(name, [bare], data) == texts(name, [bare | NOTHING], data)


def test_policy_quotes_a_rule_of_the_business_and_closes(data: Path) -> None:
    lines = [asked(f"s{i}", "My plane left without me!", domain="airline") for i in range(30)]
    for text in texts("policy", lines, data).values():
        assert re.search(r"Under section \d+\.\d of (?:our|the) ", text), text
        assert re.search(r"carriage|consequential loss|fare conditions", text), text
        assert re.search(r"closed|No further correspondence", text), text
        assert not re.search(r"sorry|apolog|refund you|we will", text, re.I), text


# (said, context, what stands in the reply, why)
STATUS = [
    ("You charged me twice, £20 was billed", {"domain": "bank account"}, "a charge under dispute", "the issue"),
    ("You charged me twice, £20 was billed", {"domain": "bank account"}, "the account", "the line of business"),
    ("my parcel is lost, gone, vanished", {}, "search for the item", "the act fits the issue"),
    ("ref AB-20417: it is broken", {}, "reference AB-20417", "a reference is played back"),
    ("it is broken", {"channel": "phone"}, "by 6 pm today", "a date that suits the channel"),
    ("it is broken", {"channel": None}, "by 5 pm on the next working day", "no channel"),
    ("hello?", {"domain": "unheard of"}, "a complaint", "nothing known"),
    ("it is broken", {"authority": "May send a crew. May not give dates."}, "today",
     "no date of an answer where dates are barred"),
]  # fmt: skip


def answers(name: str, rows: list[Any], data: Path) -> dict[str, list[str]]:
    """Twelve replies for each row (said, context, ..., why), so that every wording comes up; all by one process."""
    lines = [asked(f"{row[-1]} {i}", row[0], **row[1]) for row in rows for i in range(12)]
    made = texts(name, lines, data)
    return {row[-1]: [made[f"{row[-1]} {i}"] for i in range(12)] for row in rows}


@pytest.fixture(scope="module")
def status(data: Path) -> dict[str, list[str]]:
    return answers("status", STATUS, data)


@pytest.fixture(scope="module")
def listening(data: Path) -> dict[str, list[str]]:
    return answers("listen-own-act", LISTENS, data)


@pytest.mark.parametrize(("held", "why"), [row[2:] for row in STATUS], ids=[row[3] for row in STATUS])
def test_status_states_issue_act_and_date(held: str, why: str, status: dict[str, list[str]]) -> None:
    for text in status[why]:
        assert held in text, (why, text)
        assert len(re.findall(r"[.](?:\s|$)", text)) == 2, text
        assert not re.search(r"sorry|apolog|feel|understand", text, re.I), text
        if "barred" in why:
            assert "next working day" not in text, text


# (said, context, what stands in the reply, what does not, why)
LISTENS = [
    ("I am furious. My suit is in the bin.", {"domain": "parcel"}, ["your suit"], [], "the customer's own thing"),
    ("I am furious.", {"domain": "airline"}, ["your flight"], [], "no thing named: the line of business"),
    ("I am furious.", {}, ["this matter"], [], "nothing known"),
    ("where is the hammock i ordered", {"authority": "The shop may send the hammock again free. It may pay nothing."},
     ["the hammock", "I can send the hammock again free", "Say yes"], ["pay"], "what both name"),
    ("It broke. I cannot sleep for worry about it.", {}, ['"I cannot sleep for worry about it"'], [], "the phrase"),
    ("i cannot sleep for worry about it.", {}, ['"i cannot sleep for worry about it"'],
     ['"i cannot sleep for worry about it", you'], "a small letter opens no sentence"),
    ("I am so tired of you bloody clowns here.", {}, ["worn out|exhausted"], ["clowns"], "no insult is quoted"),
    ('He told me "I am so tired of you" today.', {}, [], ["He told me"], "nothing with quotation marks is quoted"),
    ("I am not angry, no hurry at all.", {}, [], ["angry", "sorry"], "a calm customer is not consoled"),
    ("Your driver lost my parcel, I am livid", {}, ["responsibility is ours|We got this wrong"], [], "the firm's"),
    ("It was my own fault, I am so worried", {}, ["my job from here|taking on getting it settled"],
     ["We got", "responsibility is ours"], "no false admission"),
    ("The courier lost it, your driver was fine, I am livid", {}, ["see it through|taking this on"],
     ["We got", "responsibility is ours"], "another's: the resolution is owned"),
    ("It broke", {"authority": "The agent may refund it or replace it. The agent may not pay more."},
     ["I can refund it or replace it", "Tell me which"], ["pay more"], "a choice"),
    ("It broke", {"authority": "May refund it. A manager has to agree."}, [], ["refund"], "a bound on the offer"),
    ("It broke", {"authority": "May refund the order unless it was opened."}, [], ["refund"], "an exception"),
    ("It broke", {"authority": "No refund of any kind."}, [], ["refund"], "nothing allowed"),
    ("It broke", {"authority": "The manager may refund it."}, [], ["refund"], "somebody else may"),
    ("It broke", {"authority": "The agent may send a crew. The agent may not give dates."}, ["I can send a crew"],
     ["by noon", "within the next hour"], "no date where dates are barred"),
    ("It broke", {"channel": "phone"}, ["by six this evening"], [], "a date that suits the channel"),
    ("It broke", {"authority": "The fee may be waived."}, ["the fee can be waived"], [], "the passive"),
    ("It broke", {"authority": "The agent may move the guest to a rear room."}, ["I can move you to a rear room"],
     ["guest"], "said to the customer"),
]  # fmt: skip


@pytest.mark.parametrize(("held", "avoided", "why"), [row[2:] for row in LISTENS], ids=[row[4] for row in LISTENS])
def test_listen_own_act(held: list[str], avoided: list[str], why: str, listening: dict[str, list[str]]) -> None:
    for text in listening[why]:
        assert all(re.search(words, text) for words in held), (why, text)
        assert not any(words in text for words in avoided), (why, text)
        # it always asks whether it suits
        assert "?" in text, (why, text)


PROMPTS = ["none", "short", "rubric"]


@pytest.mark.parametrize("name", PROMPTS)
def test_prompts_fill_for_any_scenario(name: str) -> None:
    prompt = SystemPrompt(shipped("baselines", "prompts", f"{name}.txt"))
    for line in WEIRD:
        given = Scenario.from_dict(line).for_generator()
        filled = prompt.filled(given)
        assert (given["company"] or "the company") in filled
        assert (given["authority"] or "not stated") in filled


def test_prompts_differ_in_strength_only() -> None:
    none, short, rubric = (shipped("baselines", "prompts", f"{name}.txt").read_text() for name in PROMPTS)
    assert short.startswith(none)
    assert rubric.startswith(none)
    assert len(none) < len(short) < len(rubric)
    # a guideline that changes must change the prompt with it
    assert shipped("data", "GUIDELINE.md").read_text().strip() in rubric


# (authority, what a reply must hold, what it must not promise, why)
AUTHORITY = [
    ("May refund the fee. May not cancel the contract.", ["I will refund the fee", "I cannot cancel the contract"],
     ["I will cancel", "I can cancel"], "allowed is offered, forbidden is said"),
    ("Agent may credit up to £20 or send a voucher.", ["I can credit up to £20 or send a voucher"], [],
     "a choice is offered as one, with its limit"),
    ("No refund may be offered before an inspection. Only the inspection itself may be booked.",
     ["no refund can be offered before an inspection", "the inspection itself can be booked"], ["I will refund"],
     "said in the passive"),
    ("No refund and no early exit: notice came too late.", ["I have no refund and no early exit to offer"],
     ["notice came too late"], "the reason is the agent's, not an excuse for the customer"),
    ("May not pay compensation: the strike was outside our control.", ["I cannot pay compensation"], ["strike"],
     "here too"),
    ("The social team may offer no refund. It may only point to the form.",
     ["I can offer no refund", "I can point you to the form"], [], "offer no ... is no offer"),
    ("May refund the order but not the delivery.", [], ["refund"], "an offer with a but is left alone"),
    ("May refund the order. A manager has to agree.", [], ["refund"], "what is not understood counts against it"),
    ("May refund the order unless it was opened.", [], ["refund"], "an exception"),
    ("May refund if the seal is unbroken.", ["I can refund if the seal is unbroken"], ["I will refund"],
     "a condition is kept and nothing is promised flat"),
    ("Refunds are decided by the panel.", [], ["refund", "Refund"], "nothing is allowed"),
    ("Agent can see the block but cannot lift it.", [], ["lift"], "half is not taken for the whole"),
    ("The claim may not be paid; it can be appealed.", ["the claim cannot be paid"], ["I will pay"], "semicolon"),
    ("May move the guest to another room.", ["I will move you to another room"], [], "said to the customer"),
    ("May credit one month (32.00) and book a slot. May not give dates or deadlines.",
     ["I will credit one month (32.00) and book a slot", "as soon as there is something to tell"],
     ["by noon", "within the next hour"], "no date where dates are forbidden"),
    ("May only point to the form, which is answered within two days.",
     ["I can point you to the form, which is answered within two days"], ["by noon", "within the next hour"],
     "only means that not even a time for an answer may be promised"),
    ("Agents may refund up to £20, never more.", [], ["refund"], "never"),
    ("May neither refund nor replace.", [], ["refund", "replace"], "neither nor"),
    ("May refund the fare at the manager's discretion.", ["I can refund the fare at the manager's discretion"],
     ["I will refund"], "somebody else decides"),
    ("May waive one fee a year; already used up.", [], ["waive"], "used up"),
    ("Agent must not refund. You can't replace it.", ["I cannot refund and I cannot replace it"], ["I will re"],
     "other words for may not"),
    (None, [], ["refund", "I will pay"], "nothing known, nothing offered"),
]  # fmt: skip


@pytest.mark.parametrize(("authority", "held", "avoided", "why"), AUTHORITY, ids=[row[3] for row in AUTHORITY])
def test_seven_steps_keeps_to_its_authority(
    authority: str | None, held: list[str], avoided: list[str], why: str, data: Path
) -> None:
    lines = [asked(f"s{i}", "It broke and I am furious.", authority=authority) for i in range(12)]
    for text in texts("seven-steps", lines, data).values():
        assert all(words in text for words in held), (why, text)
        assert not any(words in text for words in avoided), (why, text)


USES = [
    ("order #48213 is late", "#48213", "order number"),
    ("ref AB-20417 please", "AB-20417", "reference with letters"),
    ("you charged me £61.50 twice", "£61.50", "a sum"),
    ("the party is on saturday", "Saturday", "a day"),
    ("it came on the 3rd and broke", "the 3rd", "a date"),
    ("i waited three weeks", "three weeks", "a span"),
    ("my wardrobe is broken", "your wardrobe", "the thing"),
    ("my father died and now this", "loss|grieving", "grief"),
    ("I am so embarrassed by all this", "humiliating|small|on the spot", "humiliation"),
    ("NOBODY CARES AT ALL!!", "anger|angry|maddening", "shouting"),
    ("quick question, no rush: which oil is it?", "Thank|Good that", "a calm customer is not consoled"),
]


@pytest.mark.parametrize(("said", "pattern", "why"), USES, ids=[row[2] for row in USES])
def test_seven_steps_uses_the_customers_words(said: str, pattern: str, why: str, data: Path) -> None:
    lines = [asked(f"s{i}", said) for i in range(12)]
    for text in texts("seven-steps", lines, data).values():
        assert re.search(pattern, text), (why, text)
        if "calm" in why:
            assert "sorry" not in text, (why, text)


def test_seven_steps_uses_the_context(data: Path) -> None:
    fields = {"company": "Testco", "customer_org": "Harbour Choir", "relationship": "established"}
    lines = [asked("e", "My order broke.", channel="email", **fields), asked("c", "My order broke.", channel="chat")]
    reply = texts("seven-steps", lines, data)
    assert reply["e"].startswith("Hello,\n\n")
    assert reply["e"].endswith("Kind regards,\nTestco customer service")
    assert "Harbour Choir" in reply["e"]
    assert "\n" not in reply["c"]
