"""What is dropped from a log by its wording, and what is left because the wording leaves a doubt."""

import orjson
import pytest

from amends.dataset.folder import released
from amends.errors import UsageError
from amends.logs.rules import KEEPABLE, RULES, Tally, parse_keep, worded

WORDINGS = [
    ("This is an automated response. We got your mail.", "auto_reply", "it names itself"),
    ("Hello Dana,\n\nThis is an automatic acknowledgement of your mail.", "auto_reply", "behind a greeting"),
    ("Thank you for writing to us. This is an auto-generated reply.", "auto_reply", "behind thanks"),
    ("Please note that this message was sent automatically.", "auto_reply", "behind a note"),
    ("Automatic reply: I am away until Monday.", "auto_reply", "the mail program's own mark"),
    ("Your request (#4471) has been received.", "auto_reply", "a help desk's receipt"),
    ("Your ticket 4471 has been created. Someone will look at it.", "auto_reply", "another"),
    ("Diese Nachricht wurde automatisch erstellt.", "auto_reply", "German"),
    ("I am sorry that you got an automated reply before.", None, "a person speaks of one"),
    ("That was an automated message; I am a person.", None, "not this one"),
    ("Your request matters to me, and it has been received badly, I admit.", None, "no receipt"),
    (
        "Your message has been received with some shame on our side: we failed you.",
        None,
        "no number, so no receipt of a machine",
    ),
    (
        "I am sorry it broke.\n\nThis is an automated message, please do not reply.",
        None,
        "a footer stands under what people write",
    ),
    ("Please do not reply to this e-mail. The van comes on Friday, Dana.", None, "no proof either"),
    ("This ticket has been automatically closed. Write again to open it.", "closing_notice", "by itself"),
    ("Your case #12-88 was closed due to inactivity.", "closing_notice", "why"),
    ("This conversation has been closed.", "closing_notice", "nothing else is said"),
    ("Your ticket 4471 has been marked as solved.", "closing_notice", "the same with a number"),
    ("Chat ended by visitor", "closing_notice", "a chat's own line"),
    ("This ticket has been closed, which was wrong of us: nobody had answered you.", None, "a person goes on"),
    ("Your case was closed by my colleague too early. I am sorry.", None, "a person explains"),
    ("The issue is solved: the new part is in.", None, "news, no notice"),
    ("", None, "nothing"),
]


@pytest.mark.parametrize(("text", "rule", "why"), WORDINGS, ids=[f"{rule}: {why}" for _, rule, why in WORDINGS])
def test_wording_counts_only_where_it_leaves_no_doubt(text: str, rule: str | None, why: str) -> None:
    assert worded(text) == rule, why


def test_an_automatic_text_names_itself_at_the_beginning() -> None:
    assert worded("We looked into it with care. " * 10 + "This is an automated response.") is None


def test_the_replies_of_people_in_the_released_data_are_none() -> None:
    """Replies of a dataset about people's replies: none may be taken for a machine's."""
    lines = (released().path / "exchanges" / "train.jsonl").read_bytes().splitlines()
    replies = [orjson.loads(line)["reply"] for line in lines]
    assert len(replies) > 1000
    assert [reply for reply in replies if worded(reply)] == []


KEEPS = [
    (["note"], frozenset({"note"}), None, "one"),
    (["note,bot", "empty"], frozenset({"note", "bot", "empty"}), None, "lists, repeated"),
    ([], frozenset(), None, "none"),
    (["notes"], None, "Did you mean note", "a near miss says what is meant"),
    (["unprompted"], None, "cannot be kept", "an agent turn without a customer is no reply"),
]


@pytest.mark.parametrize(("given", "kept", "error", "why"), KEEPS, ids=[why for *_, why in KEEPS])
def test_keep(given: list[str], kept: frozenset[str] | None, error: str | None, why: str) -> None:
    if error is None:
        assert parse_keep(given) == kept
        return
    with pytest.raises(UsageError, match=error):
        parse_keep(given)


def test_every_keepable_rule_is_a_rule() -> None:
    assert set(KEEPABLE) < set(RULES)


def test_a_tally_tells_every_rule_in_json_and_those_that_dropped_something_in_words() -> None:
    tally = Tally("f.json", "zendesk", "first", conversations=3, units=2, turns=2, customers=5, without=1, passed=4)
    tally.dropped.update({"note": 2})
    tally.kept.update({"bot": 1})
    assert set(tally.to_dict()["dropped"]) == set(RULES)
    told = "\n".join(tally.lines())
    assert "3 conversations (zendesk), 2 exchanges of 2 agent turns (--unit first)" in told
    assert "1 conversation gave no exchange" in told
    assert "4 agent turns passed over by --unit first" in told
    assert "dropped, note: 2 internal notes" in told
    assert "kept, bot: 1" in told
    assert "duplicate" not in told
