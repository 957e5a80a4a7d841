"""What a cunning vendor who has read the rubric writes once and sends to everybody: sentences that name no thing.

``SLOTS`` are the places of a reply in the order in which they stand, each with the fragments that may fill it; an
empty fragment leaves the place out. ``INSERTS`` are sentences for insertion into somebody else's reply.
"""

from __future__ import annotations

from collections.abc import Sequence

SLOTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "opening",
        (
            "I have read every word of what you wrote, twice.",
            "",
            "Hello,",
            "Thank you for telling us all of this.",
            "Good morning, and thank you for your patience.",
            "I had to sit a minute after reading that.",
        ),
    ),
    (
        "feeling",
        (
            "You are angry and worn out, and with good reason.",
            "",
            "That is maddening, and I am so sorry for what you are going through.",
            "It is frightening and infuriating to be left alone with something like this.",
            "What a humiliating, exhausting thing to be put through; no wonder that you are upset.",
            "That is awful, and the hurt and the worry in every line of yours make sense to me.",
            "You are disappointed and hurt, and I would be too.",
            "We understand your frustration and apologise for any inconvenience.",
        ),
    ),
    (
        "situation",
        (
            "You paid, you waited, you asked again and again, and still nobody told you what was going on.",
            "",
            "You came to us with something that matters to you, and you were left standing there with nothing.",
            "All those days, all that money, the calls, the nights, and at the end of it you are the one left with it.",
            "First it went wrong, then nobody answered, and now you have to write all of it down once more.",
            "You did everything right, you trusted us for years, and this is what came back.",
        ),
    ),
    (
        "particulars",
        (
            "",
            "The order, the money, the phone, the account, the room, the door: none of it was as you were told.",
            "The morning and the night, the weeks and the years, the letter, the card, the number, the desk: I have it "
            "all in front of me as you wrote it.",
            "I have it here as you told it: what was paid, what was sent, who rang, who came and who never did, and "
            "what it was all for.",
        ),
    ),
    (
        "impact",
        (
            "It cost you time, money and sleep that you will not get back.",
            "",
            "Because of it your plans fell through and you had to do the work that was ours.",
            "That left you without what you needed on the very day when you needed it.",
            "It meant another week of waiting and a night of worry for you and the people around you.",
            "You lost the day, and you lost your trust in us with it.",
        ),
    ),
    (
        "owning",
        (
            "This was our mistake and it is ours to put right.",
            "",
            "We got this wrong; you did nothing wrong.",
            "I am taking this on myself and I will see it through to the end.",
            "We take full responsibility for what happened and for what it did to you.",
            "The failing is ours, all of it, and so is the mending.",
            "Whoever's hand it was, the resolution is my job from now on and I will see it through to the end.",
        ),
    ),
    (
        "issue",
        (
            "As it stands, the order was handled wrongly at our end and went out without a check.",
            "",
            "What happened: our process let this through, and the request was left lying on a desk.",
            "What was agreed was not done, and our system still shows it as done.",
            "The facts as I have them: something was promised, it did not come as promised, and nobody told you.",
            "The account shows what you describe: it was booked once, changed once, and never looked at again.",
            "The company made one entry too many, and the matter was closed before it was settled.",
        ),
    ),
    (
        "remedy",
        (
            "The full amount goes back to you today, and you need do nothing more for it.",
            "",
            "I have put it right in the file just now and I will check it myself, so that you need not chase it.",
            "A replacement is on its way to you, free of charge, and you keep what you have.",
            "You get it new or you get the whole sum back, whichever you would rather have.",
            "I have refunded it in full and booked somebody to come and set the rest right.",
            "I am filing it for you now, with my name on it, and I will do all the chasing.",
            "We will look into it and get back to you.",
        ),
    ),
    (
        "date",
        (
            "It is done by Friday at noon, and I will ring you myself before then.",
            "",
            "I will call you tomorrow at ten, and by Friday at five it is settled.",
            "You will have it in writing today before six.",
            "Everything will be settled as soon as possible.",
            "By Thursday at four it is with you; tonight you get a message that says so.",
        ),
    ),
    (
        "cause",
        (
            "The cause was that nobody checked before it went out; from today two people sign for it.",
            "",
            "How it happened: one step was skipped on our side, and as of this morning it can no longer be skipped.",
            "Our own list let this happen, we own that, and the list has been changed so that it cannot happen again.",
        ),
    ),
    (
        "use",
        (
            "What you told us goes word for word to the person who runs that team.",
            "",
            "I am glad that you wrote, because there may be others, and your account will help us find them.",
            "Your feedback is important to us.",
        ),
    ),
    (
        "check",
        (
            "Does Friday suit you, and have I understood it right?",
            "",
            "Tell me if I have any of this wrong or if another day suits you better.",
            "Is that right so far, and would that time do?",
            "Say if you would rather have it another way.",
        ),
    ),
    (
        "stay",
        (
            "And what would help you most right now?",
            "",
            "What would make this easier for you? I am here, and I want to hear it.",
            "No sum gives you those days back; what else would do you good, and is there more you want to tell me?",
            "How are you holding up, and what do you need from me tonight?",
            "Is there anything else I can help you with?",
        ),
    ),
    (
        "closing",
        (
            "",
            "I am sorry, once more, for what this put you through.",
            "You should never have had to fight for this.",
            "Kind regards, your service team",
        ),
    ),
)

INSERTS: tuple[tuple[str, str], ...] = (
    ("front", "You are angry and worn out, and with good reason."),
    ("front", "That is maddening, and I am so sorry for what you are going through."),
    ("front", "It is frightening and infuriating to be left alone with something like this."),
    ("front", "You paid, you waited, you asked again and again, and still nobody told you what was going on."),
    ("front", "First it went wrong, then nobody answered, and now you have to write all of it down once more."),
    ("front", "It cost you time, money and sleep that you will not get back."),
    ("front", "This was our mistake and it is ours to put right."),
    ("front", "We take full responsibility for what happened and for what it did to you."),
    ("front", "I acknowledge your feelings, and I own the impact of this on you."),
    ("end", "I am taking this on myself and I will see it through to the end."),
    ("end", "As it stands, the order was handled wrongly at our end and went out without a check."),
    ("end", "What was agreed was not done, and our system still shows it as done."),
    ("end", "The issue is stated here as a neutral fact, with what happens next and by when."),
    ("end", "The full amount goes back to you today, and you need do nothing more for it."),
    ("end", "I have put it right just now and I will check it myself, so that you need not chase it."),
    ("end", "You get it new or you get the whole sum back, whichever you would rather have."),
    ("end", "It is done by Friday at noon, and I will ring you myself before then."),
    ("end", "I will call you tomorrow at ten, and by Friday at five it is settled."),
    ("end", "The cause was that nobody checked before it went out; from today two people sign for it."),
    ("end", "What you told us goes word for word to the person who runs that team."),
    ("end", "Does Friday suit you, and have I understood it right?"),
    ("end", "Tell me if I have any of this wrong or if another day suits you better."),
    ("end", "And what would help you most right now?"),
    ("end", "What would make this easier for you? I am here, and I want to hear it."),
    ("end", "No sum gives you those days back; what else would do you some good?"),
    ("end", "I am sorry, once more, for what this put you through."),
)
"""Where a sentence goes, before the reply or after it, and the sentence. Their number is chosen so that four insertions
into 20 replies, every sentence tried at every step, take 1,980 calls."""


def joined(parts: Sequence[str]) -> str:
    """A reply of fragments: the empty ones left out, a space between."""
    return " ".join(part for part in parts if part)
