"""What a language model is told of a scenario, and what it is never told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from amends.dataset.folder import released
from amends.errors import AmendsError, InputError, UsageError
from amends.generators.prompt import SystemPrompt, chat
from amends.records import Context, Scenario, Turn

FULL = Context(
    "en",
    "marine insurance",
    "email",
    "third_party",
    "established",
    "Hull & {authority} Ltd",
    "the Harbour Board",
    "dread",
    5,
    "Up to 40 pounds may be offered.",
)


def told(context: Context, system: Path | None = None, *turns: Turn) -> list[dict[str, str]]:
    given = turns or (Turn("customer", "Where is it?"),)
    return list(chat(Scenario("s", given, "test", context, {"plan": "seekrit"}), SystemPrompt(system)))


def test_the_built_in_prompt_says_what_is_known_in_words() -> None:
    [system, customer] = told(FULL)
    assert customer == {"role": "user", "content": "Where is it?"}
    assert system["role"] == "system"
    text = system["content"]
    for words in (
        "an agent of Hull & {authority} Ltd who",
        "It is an e-mail.",
        "Line of business: marine insurance.",
        "The relationship with this customer: established.",
        "The customer writes for the Harbour Board.",
        "What you may offer and what you may not: Up to 40 pounds may be offered.",
    ):
        assert words in text


@pytest.mark.parametrize("own", [False, True])
def test_what_a_generator_may_not_see_changes_no_message(own: bool, tmp_path: Path) -> None:
    # design.md: a generator is given id, language, domain, channel, relationship, company, customer_org, authority,
    # turns; the hidden fields are set to every value that differs and the messages must be the same bytes
    file = tmp_path / "s.txt"
    file.write_text("You are {company} by {channel}: {authority}")
    system = SystemPrompt(file if own else None)
    turns = (Turn("customer", "Where is it?"),)
    seen = set()
    for fault, emotion, intensity, split, meta in [
        (None, None, None, None, {}),
        ("company", "fear", 5, "test", {"plan": "x"}),
        ("customer", "none", 1, "train", {"gold": 5}),
        ("third_party", "anger", 3, "validation", {}),
    ]:
        context = Context("en", "post", "chat", fault, "new", "Acme", None, emotion, intensity, "Nothing.")
        seen.add(json.dumps(chat(Scenario("s", turns, split, context, meta), system)))
    assert len(seen) == 1


def test_unknown_is_not_told() -> None:
    text = told(Context())[0]["content"]
    assert "an agent of a company who" in text
    assert "It is a written message." in text
    for word in ("None", "null", "unknown", "Line of business", "relationship", "writes for", "may offer", "{"):
        assert word not in text


def test_the_turns_are_a_chat() -> None:
    turns = [Turn("customer", "One."), Turn("customer", "Two."), Turn("agent", "Three."), Turn("customer", "Four.")]
    assert told(Context(), None, *turns)[1:] == [
        {"role": "user", "content": "One.\n\nTwo."},
        {"role": "assistant", "content": "Three."},
        {"role": "user", "content": "Four."},
    ], "turns of one side become one: many templates take only roles that alternate"


def test_every_released_scenario_has_a_chat_that_ends_with_the_customer() -> None:
    system = SystemPrompt()
    for scenario in released().scenarios("train"):
        messages = chat(scenario, system)
        roles = [message["role"] for message in messages]
        assert roles[0] == "system" and roles[1] == roles[-1] == "user"
        assert all(a != b for a, b in zip(roles, roles[1:], strict=False))
        assert "{company}" not in messages[0]["content"]


OWN = [
    ("{company}|{channel}|{authority}", "Hull & {authority} Ltd|email|Up to 40 pounds may be offered.", "each slot"),
    ("{company} {company}", "Hull & {authority} Ltd Hull & {authority} Ltd", "twice; a name is only a name"),
    ("Be kind.", "Be kind.", "no slot at all"),
    ('Say {"a": 1} or {} or {{name}}', 'Say {"a": 1} or {} or {{name}}', "braces that are no slot"),
    ("\ufeffBe kind.\r\n", "Be kind.\r\n", "a byte order mark is none of the words"),
]


@pytest.mark.parametrize(("text", "filled", "why"), OWN, ids=[row[2] for row in OWN])
def test_a_prompt_of_ones_own(text: str, filled: str, why: str, tmp_path: Path) -> None:
    file = tmp_path / "system.txt"
    file.write_text(text, encoding="utf-8", newline="")
    assert told(FULL, file)[0]["content"] == filled, why


def test_slots_of_what_is_not_known(tmp_path: Path) -> None:
    file = tmp_path / "system.txt"
    file.write_text("{company}, {channel}, {authority}")
    assert told(Context(), file)[0]["content"] == "the company, message, not stated"


BAD = [
    (b"You are {compnay}", UsageError, "{compnay}}", "a slot that is misspelt"),
    (b"Feel {emotion}", UsageError, "{company}, {channel}, {authority}", "a field that is hidden"),
    (b" \n", InputError, "an empty file", "nothing in it"),
    (b"caf\xe9", InputError, "not UTF-8", "Latin-1"),
    (b"x" * (1 << 20) + b"x", InputError, "more than 1 MB", "too long"),
    (None, InputError, "No such file", "no file"),
]


@pytest.mark.parametrize(("data", "kind", "words", "why"), BAD, ids=[row[3] for row in BAD])
def test_what_is_no_system_prompt(
    data: bytes | None, kind: type[AmendsError], words: str, why: str, tmp_path: Path
) -> None:
    file = tmp_path / "system.txt"
    if data is not None:
        file.write_bytes(data)
    with pytest.raises(kind) as raised:
        SystemPrompt(file)
    assert words in str(raised.value), why


def test_the_hash_is_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "system.txt"
    file.write_bytes(b"Be kind.")
    # sha256sum of the eight bytes
    assert SystemPrompt(file).sha256 == __import__("hashlib").sha256(b"Be kind.").hexdigest()
    assert SystemPrompt().sha256 == SystemPrompt().sha256 != SystemPrompt(file).sha256
