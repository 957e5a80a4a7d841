"""The sentences that the template is made of. ``{it}`` is the issue ("your suit", "this"), ``{us}`` the company."""

FEELING = {
    "grief": (
        "I am so sorry for your loss, and sorry that {it} had to come on top of it.",
        "A loss like yours is heavy enough without {it} to deal with as well. I am very sorry.",
        "You are grieving, and then this. I am truly sorry for what you have lost.",
    ),
    "fear": (
        "Anyone would be frightened in your place, and I am sorry that you are going through it.",
        "What you describe is frightening, and having to wait for an answer makes it worse. I am sorry.",
        "Being left alone with a fear like that is awful. I am sorry that it came to this with {it}.",
    ),
    "humiliation": (
        "Nobody should be made to feel small, least of all over {it}. I am sorry that it happened to you.",
        "That was humiliating to go through, and it stays with a person. I am sorry.",
        "To be put on the spot like that hurts long after the moment is over. I am sorry.",
    ),
    "betrayal": (
        "You relied on what you were told, and it did not hold. That stings, and I am sorry.",
        "It is a bitter thing to have trusted somebody and be let down over {it}. I am sorry.",
        "Your trust has taken a knock here, and being angry and hurt about that makes sense. I am sorry.",
    ),
    "exhaustion": (
        "You sound worn out by all this, and no wonder. I am sorry that so much of your strength went into {it}.",
        "This has gone on until there was hardly any strength left for it. I am sorry.",
        "Having to fight over {it} when you are already exhausted is miserable. I am sorry.",
    ),
    "anger": (
        "You are angry about {it}, and with what you describe I would expect nothing else. I am sorry it came to that.",
        "This is maddening, and you have every right to say so. I am sorry.",
        "Your anger comes through clearly, and it is fair. I am sorry for what you have been put through.",
    ),
    "upset": (
        "This has hit you hard, that much is plain, and I am sorry.",
        "It hurts to read how upset you are over {it}. I am sorry.",
        "You are upset about {it}, and it is easy to see why. I am sorry.",
    ),
    "worry": (
        "Not knowing how {it} will turn out is worrying, and I am sorry that you were left with that.",
        "That is a worry nobody wants to carry around. I am sorry.",
        "You are worried about {it}, and waiting in the dark only feeds that. I am sorry.",
    ),
    "disappointment": (
        "You had looked for something better, and it is disappointing to get this instead. I am sorry.",
        "You had reason to expect better with {it}, and this is a let-down. I am sorry.",
        "I can hear how disappointed you are about {it}, and I am sorry.",
    ),
    "frustration": (
        "Having to come back about {it} again is frustrating, and I am sorry.",
        "It wears on anyone to wait and ask and still not have an answer. I am sorry.",
        "You have been patient about {it}, and it is frustrating that this was not enough. I am sorry.",
    ),
    None: (
        "I am sorry that you have had this trouble with {it}; it is a poor way to spend one's time.",
        "Thank you for spelling it out. I am sorry for the trouble you have had over {it}.",
        "I am sorry that you are left to deal with {it}.",
    ),
}
CALM = (
    "Thank you for letting us know about {it}, that is useful.",
    "Thanks for writing about {it} so clearly.",
    "Good that you asked about {it}.",
)
KNOWN = (
    "You have been with {us} for some time, and that makes this weigh more.",
    "After all the time you have been with {us}, this matters all the more.",
    "You are no stranger to {us}, and you should not have to feel like one.",
)
CLARITY = (
    "To be clear about the issue: what has to be settled is {it}{ref}.",
    "So that {us} works on the right thing: the issue is {it}{ref}.",
    "The point that {us} has to settle is {it}{ref}.",
)
PLAYBACK = (
    "What I have taken from your message: {facts}.",
    "As I understand you, {facts}.",
    "The way I read it, {facts}.",
)
PLAYBACK_NOTHING = (
    "I have read all that you wrote and go by that, not by a form.",
    "I have gone through your words from start to finish and take them as they stand.",
    "What you wrote stands at the top of the case, in your own words.",
)
TAKE_ON = (
    "Seeing this through is with me now. I will go through what is recorded about {it} and tell you where it "
    "stands {when}, so you need not chase it.",
    "I am taking this on myself: I go through the record on {it} and you hear from me {when}, without having to ask.",
    "From here it is mine to sort out. I will check everything that {us} has on {it} and come back to you {when}.",
)
STAY = (
    "I stay with {it} and with you until this is clear.",
    "You have me for this, from here to the end of it.",
    "This is with me now, and I answer for what I tell you about {it}.",
)
OFFER = ("What happens next: {offers}.", "Here is what comes next: {offers}.", "What I have for you: {offers}.")
LIMIT = (
    "To be open with you, {limits}.",
    "So that you do not count on something that will not come: {limits}.",
    "You should also have this straight: {limits}.",
)
ROUTE = (
    "I will also tell you which routes are open to you.",
    "With it you will get word of whatever route is left.",
    "I will add what other ways there are for you to take it further.",
)
CONFIRM = (
    "Does that suit you, or have I got any part of it wrong?",
    "Is that all right with you, and have I understood it as you meant it?",
    "Would that work for you? If I have misread anything, please put me right.",
)
AGAIN = (
    "I have not lost sight of how {how} this has been for you, and I am sorry.",
    "Again, I am sorry: this has been {how}, and nothing above takes that away.",
    "And whatever else comes of it, I am sorry for how {how} this has been.",
)
AGAIN_CALM = ("Thanks again for taking the trouble to write.", "It helps that you wrote.", "Thank you once more.")
HOW = {
    "grief": "heavy",
    "fear": "frightening",
    "humiliation": "humiliating",
    "betrayal": "hurtful",
    "exhaustion": "wearing",
    "anger": "infuriating",
    "upset": "upsetting",
    "worry": "worrying",
    "disappointment": "disappointing",
    "frustration": "frustrating",
    None: "hard",
}
CLOSE = ("I am starting on it now.", "I am on it from this minute.", "I am setting to work on it now.")
WHEN = {
    "chat": "within the next hour",
    "phone": "by six this evening",
    "social": "by noon tomorrow",
    "email": "by noon on the next working day",
    "ticket": "by noon on the next working day",
}
