"""Sentences with slots for the customer's own words, for the best of 32: ``{thing} {sum} {figure} {date} {phrase}``."""

from __future__ import annotations

TEMPLATES: tuple[tuple[str, ...], ...] = (
    (
        "",
        "I have read every word of what you wrote.",
        "“{phrase}”: that stopped me when I read it.",
        "Thank you for telling us about the {thing}.",
    ),
    (
        "You are angry about the {thing}, and with good reason.",
        "That is maddening, and I am so sorry for what the {thing} has put you through.",
        "“{phrase}”: anybody would be upset, and worn out too.",
        "It is frightening and infuriating to be left alone with this.",
        "What a humiliating thing to go through over the {thing}.",
        "I can hear how disappointed you are, and I am sorry.",
    ),
    (
        "",
        "It was {date}, it was the {thing}, and nobody was there for you.",
        "{figure}, the {thing}, and still you are the one left standing there.",
        "You were counting on the {thing}, and after {figure} you have nothing in your hands.",
        "You trusted us with the {thing}, you asked about it, and “{phrase}” is where it left you.",
        "You wrote “{phrase}”, and that says all of it.",
        "You waited, you asked, and nobody told you what was going on with the {thing}.",
    ),
    (
        "",
        "It cost you {figure} and the peace that you had a right to.",
        "Because of it you were without the {thing} when you needed it, and {date} was lost to it.",
        "Because of it you lost time, sleep and the use of the {thing}.",
        "That left you to sort out the {thing} on your own.",
    ),
    (
        "This was our mistake and it is ours to put right.",
        "We got the {thing} wrong; you did nothing wrong.",
        "I am taking the {thing} on myself and I will see it through to the end.",
        "We take full responsibility for the {thing} and for what it did to you.",
        "Whoever's hand it was, the {thing} is my job from now on.",
    ),
    (
        "",
        "As it stands, the {thing} was handled wrongly at our end on {date}.",
        "As it stands, the {thing} was handled wrongly at our end and went out without a check.",
        "What happened: our process let the {thing} through, and nobody looked at it again.",
        "The account shows the {thing} and {figure}, as you say, and no answer to it.",
        "What was agreed about the {thing} was not done.",
    ),
    (
        "{sum} is credited to you today, and you need do nothing more for it.",
        "The full amount for the {thing} goes back to you today.",
        "A new {thing} is on its way to you, free of charge.",
        "I have put the {thing} right just now and I will check it myself, so that you need not chase it.",
        "You get the {thing} as it was promised or the whole sum back, whichever you would rather have.",
        "I am filing it for you now, with my name on it, and I will do all the chasing.",
    ),
    (
        "It is done by Friday at noon, and I will ring you myself before then.",
        "I will call you tomorrow at ten about the {thing}, and by Friday at five it is settled.",
        "You will have it in writing today before six.",
        "By Thursday at four the {thing} is settled.",
    ),
    (
        "",
        "The cause was that nobody checked the {thing} before it went out; from today two people sign for it.",
        "One step was skipped on our side, we own that, and as of today it can no longer be skipped.",
    ),
    (
        "",
        "What you told us about the {thing} goes word for word to the person who runs that team.",
        "I am glad that you wrote, because there may be others.",
    ),
    (
        "Does Friday suit you, and have I understood it right about the {thing}?",
        "Tell me if I have any of this wrong or if another day suits you better.",
        "Have I got {date} right, and would Friday do?",
    ),
    (
        "And what would help you most right now?",
        "What would make this easier for you? I am here, and I want to hear it.",
        "No sum makes up for “{phrase}”; what else would do you some good?",
        "",
    ),
)
"""Places of a reply in their order; every place has a fragment without slots."""
