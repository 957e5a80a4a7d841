"""Constructions of version 2: a reply that shows it, a near miss that does not, and the reason."""

# ruff: noqa: E501  (tables read best a row a line)
from __future__ import annotations

import pytest

from amends.records import Context, Exchange, Turn
from amends.scorers.rules.scorer import Rules

RULES = Rules()

ROWS: list[tuple[str, str, str, str]] = [
    # code, shows it, near miss, why
    ("E1", "Night after night of that would flatten anyone.", "We would like to tell anyone who asks.", "whatever it does, it would do it to anybody"),
    ("E1", "Nobody would be calm with that map.", "Nobody would tell the shop.", "the feeling is called normal"),
    ("E1", "I'd be pacing the hall too.", "I'd be glad to send it.", "puts itself in their place"),
    ("E1", "This is pure terror, one sees.", "This is the pure wool coat.", "names the feeling as a thing"),
    ("E1", "Packing it all away must have stung.", "You must have the box by now.", "a guess at the feeling, as a verb"),
    ("E3", "I'm sorry about the bees.", "Sorry about the mix up.", "a thing they lost; a mix-up is the formula"),
    ("E3", "Such a pity for your ringers!", "It is not a pity.", "sympathy in other words than sorry"),
    ("E4", "And what else would go some way, do you think?", "And what else is in the box you can see on the lid.", "asks for the need"),
    ("E5", "I know precisely how it sits with you.", "I will not say that I know precisely how it sits with you.", "a claim, and a claim refused"),
    ("E6", "It's nobbut a tick in a box.", "It has a tick in a box.", "plays it down"),
    ("E6", "A jest upon a wall is no calamity, sir.", "It was a calamity, sir.", "plays it down"),
    ("E7", "There's no call to be getting mardy over stool legs.", "There is no need to pay.", "says the feeling is not needed"),
    ("E7", "Good grief, drop the theatrics!", "Nobody here tells you to drop the theatrics.", "an order, and an order refused"),
    ("D1", "Our desk keyed the date in wrong on Monday.", "Our desk is open at nine.", "the firm acts where the issue is stated"),
    ("D1", "Nobody here checked whether it was shut.", "Nobody likes rain.", "the omission is stated"),
    ("D2", "Pop us a pic of the label.", "Pop in for tea.", "asks for a fact"),
    ("D3", "A note reaches you by Friday.", "A note reaches you by and by.", "a deadline"),
    ("D3", "It will be back by six tomorrow.", "She was called a thief by two nurses.", "an hour is not a number of people"),
    ("D4", "The van comes on Monday morning. Shout if Monday's no good.", "The van comes on Monday morning. People shout.", "an open door"),
    ("D5", "Your comments have been passed to the facilities team.", "The seal has been put on the wrong way round.", "the complaint goes somewhere, not a thing"),
    ("D6", "Had anybody rung down, a room would have been found.", "Had you a good night?", "blame in the conditional"),
    ("D6", "You're meant to check the board yourselves.", "The board is meant for notices.", "a duty put on the customer"),
    ("D7", "My own dispensing being doubted wounds me.", "It wounds you, and rightly.", "own hurt becomes the subject"),
    ("D8", "Maybe buy a dictionary before the next ticket.", "Could you read me the label, please?", "contempt for wits, against a question"),
    ("D8", "You will hear from our lawyers.", "We are always happy to hear from our customers.", "a threat, and a courtesy"),
    ("D9", "There it ends. Good day!", "There it ends, but you can appeal to the members' panel.", "an end, and an end with a route"),
    ("X1", "The lesson was lost, and with the consequence that two pupils left.", "The consequence is none.", "named as the result"),
    ("X2", "That's ours, the whole of it.", "Is this box yours or the neighbour's?", "owned"),
    ("X2", "Getting you back out is my job from here.", "It is my coat.", "owns the resolution"),
    ("X3", "I've popped you back in the queue.", "I've read it.", "an act, against a look"),
    ("X3", "The fee goes back on your card.", "The name on the card is long.", "money returned"),
    ("X3", "10 swedes, collected free.", "Feel free to write.", "what is given costs nothing"),
    ("X4", "That's ours: the label was read wrongly. From tonight bags are checked at the door.", "That's ours. I won't tell you that from tonight bags are checked.", "a change, and a change not claimed"),
    ("X5", "Our crew wished only to seat everyone.", "We wanted the red one.", "intent as the defence"),
    ("X6", "Lay it at their door, they are the ones who did it.", "They will be at your door at nine.", "blame put outside"),
    ("X7", "If the wording stung at all, then the hotel is sorry.", "If it rains, the post is late.", "conditional apology"),
    ("X7", "We're sorry if this upset you.", "You won't hear a sorry if this upset you from me.", "given, and announced as not given"),
    ("X8", "Motors do seize in this damp, mind.", "We do move house.", "nature as the cause"),
    ("X8", "High volumes this month, I'm afraid.", "High volumes are not advanced as a reason.", "an excuse, and one that is not made"),
]  # fmt: skip


def _codes(reply: str) -> set[str]:
    turns = (Turn("customer", "My order went wrong and I am upset."),)
    return {b.code for b in RULES.annotate([Exchange("", turns, reply, Context())])[0].behaviours if b.strength >= 0.5}


@pytest.mark.parametrize(("code", "shows", "misses", "why"), ROWS, ids=[f"{row[0]} {row[1][:40]}" for row in ROWS])
def test_construction(code: str, shows: str, misses: str, why: str) -> None:
    """The one shows the behaviour, the other does not."""
    assert code in _codes(shows), why
    assert code not in _codes(misses), why


def test_a_plain_no_beside_a_date() -> None:
    """A refusal beside what will happen and when is no end; the end of the matter stays one."""
    assert "D9" not in _codes("We cannot change the ticket. The manager rings you by Friday noon.")
    assert "D9" in _codes("We cannot change the ticket.")
    assert "D9" in _codes("This decision is final. The ticket closes by Friday noon.")


def test_quotation_that_the_pattern_runs_out_of() -> None:
    """Words in quotation marks are quoted, also where the pattern reads on behind them."""
    assert "X7" not in _codes("You will not get another 'sorry if you feel that way' from us.")
