"""A template that listens first: the feeling with the customer's own thing and words, what it did, ownership, an act
with a date, and whether that suits. No model behind it."""

import hashlib
import json
import re
import sys

import listening
import offers

FEELING = {
    "grief": (
        "I am so sorry for your loss, and sorry that trouble over {thing} came on top of it.",
        "You are grieving, and trouble over {thing} should not have been one more thing to carry. I am very sorry.",
    ),
    "fear": (
        "What you describe about {thing} is frightening, and I am sorry that you have been left alone with it.",
        "I can hear how frightened you are about {thing}, and I am sorry.",
    ),
    "shame": (
        "That was humiliating, and I am sorry that you went through it over {thing}.",
        "Nobody should be left feeling so exposed, and over {thing} least of all. I am sorry.",
    ),
    "betrayal": (
        "You trusted what you were told about {thing}, and it did not hold. That hurts, and I am sorry.",
        "I am sorry: you relied on a word given about {thing}, and you have every reason to feel let down.",
    ),
    "exhaustion": (
        "You sound worn out by this, and I am sorry that {thing} has taken so much out of you.",
        "I am sorry. After so much trouble over {thing} it is no wonder that you are exhausted.",
    ),
    "anger": (
        "You are angry about {thing}, and I can see why. I am sorry.",
        "I am sorry. What you describe about {thing} is infuriating, and you may well say so.",
    ),
    "upset": (
        "It is plain how hard this has hit you, and I am sorry that it came to that over {thing}.",
        "I am sorry. I can see how upsetting the trouble over {thing} has been for you.",
    ),
    "worry": (
        "Not knowing how it will turn out with {thing} is worrying, and I am sorry that you are left with that.",
        "I can hear that you are worried about {thing}, and I am sorry.",
    ),
    "disappointment": (
        "You had good reason to expect better with {thing}, and this is disappointing. I am sorry.",
        "I can hear how disappointed you are over {thing}, and I am sorry.",
    ),
    "urgency": (
        "I can hear how urgent {thing} is for you, and I am sorry that you have had to ask like this.",
        "It is plain how much hangs on {thing} for you, and I am sorry that you have had to plead for it.",
    ),
    "resignation": (
        "It sounds as if you have stopped expecting much from us over {thing}, and I am sorry that it came to that.",
        "I am sorry. Nobody should have to shrug off what you have been through over {thing}.",
    ),
    "frustration": (
        "Having to come back to us over {thing} is frustrating, and I am sorry.",
        "I am sorry. It is frustrating to be kept waiting for an answer about {thing}.",
    ),
    None: (
        "I am sorry for the trouble that you have had over {thing}.",
        "I am sorry for all the trouble over {thing}, and for what it has been like for you.",
    ),
}
CALM = ("Thank you for writing to us about {thing}.", "It is good that you came to us about {thing}.")
PHRASE = (
    '"{phrase}", you {say}, and I am not going to rush past that.',
    'You {say} "{phrase}", and that stays with me.',
    'The words I keep coming back to are yours: "{phrase}".',
)
PHRASE_CALM = ('You {say} "{phrase}", and that is where I start.',)
OWN = {
    "own": (
        "Nobody here is going to dwell on how it came about: getting it sorted is my job from here.",
        "How it started does not matter now. I am taking on getting it settled.",
    ),
    "firm": (
        "This should not have happened to you. It was our job to get it right, and the responsibility is ours.",
        "We got this wrong, and it is on us, not on you, to put it right.",
    ),
    "open": (
        "However it came about, you brought it to us, and I will see it through to the end.",
        "I am taking this on myself, and it stays with me until it is settled.",
    ),
}
OWN_CALM = ("I am looking after this myself until it is settled.",)
OFFER = (
    "The way forward is this: {offers}.",
    "Here is the next step: {offers}.",
)
START = {
    1: "Say yes, and I will set it going today and confirm it to you {when}.",
    2: "Tell me which you would like, and I will set it going today and confirm it to you {when}.",
}
START_UNDATED = {
    1: "Say yes, and I will set it going today.",
    2: "Tell me which you would like, and I will set it going today.",
}
NO_OFFER = (
    "I will go through everything we hold on {thing} today and tell you {when} what can be done and who does it, "
    "so that you need not chase it.",
    "Today I will speak about {thing} to whoever has to act on it, and {when} you will hear from me where it stands.",
)
NO_OFFER_UNDATED = (
    "Today I will speak about {thing} to whoever has to act on it, and you will hear from me without having to ask.",
)
CONFIRM = (
    "Does that suit you, or is there something that would help more?",
    "Would that work for you? If something else would help you more, please tell me.",
    "Is that all right with you, and is there anything I have missed that would help?",
)
CHOICE = re.compile(
    r" or (?:refund|credit|replace|send|take|move|have|collect|exchange|reprint|freeze|return|swap|book|to an? )"
)
"""Two ways between which the customer may choose; "wrong or missing items" are none."""
WHEN = {
    "chat": "within the next hour",
    "phone": "by six this evening",
    "social": "by noon tomorrow",
    None: "by noon on the next working day",
}


class Answer:
    """One reply in the making."""

    def __init__(self, scenario):
        """Listen to the scenario."""
        self.name = scenario["id"]
        self.channel = scenario.get("channel")
        self.company = one_line(scenario.get("company"))
        authority = scenario.get("authority")
        self.heard = listening.listen(scenario["turns"], scenario.get("domain") or "", authority or "")
        self.offers, self.dated = offers.read(authority)

    def say(self, slot, wordings, **more):
        """One of the wordings, the same for the same scenario every time, filled in."""
        number = int.from_bytes(hashlib.sha256(f"{slot} {self.name}".encode()).digest()[:8], "big")
        words = {
            "thing": self.heard.thing or "this matter",
            "say": "said" if self.channel == "phone" else "write",
            "when": WHEN.get(self.channel, WHEN[None]),
        }
        return wordings[number % len(wordings)].format(**(words | more))

    def acknowledgement(self):
        """The feeling with the thing, the customer's own words, and what it did."""
        heard = self.heard
        parts = [self.say("feeling", CALM if heard.calm else FEELING[heard.feeling])]
        if heard.phrase:
            # a sentence does not open with a small letter, and the customer's letters are not changed
            fit = PHRASE[1:] if heard.phrase[0].islower() else PHRASE
            parts.append(self.say("phrase", PHRASE_CALM if heard.calm else fit, phrase=heard.phrase))
        return " ".join([*parts, *heard.effects])

    def ownership(self):
        """The failure where the words put it on the firm, else the resolution."""
        return self.say("own", OWN_CALM if self.heard.calm and self.heard.whose == "open" else OWN[self.heard.whose])

    def act(self):
        """What the authority names, or a step of one's own; with a date where dates may be named."""
        if not self.offers:
            return self.say("step", NO_OFFER if self.dated else NO_OFFER_UNDATED)
        joined = ", and ".join(self.offers)
        choice = 2 if CHOICE.search(joined) else 1
        start = (START if self.dated else START_UNDATED)[choice]
        return f"{self.say('offer', OFFER, offers=joined)} {self.say('start', (start,))}"

    def text(self):
        """All of it, set as the channel has it."""
        steps = [self.acknowledgement(), f"{self.ownership()} {self.act()}", self.say("confirm", CONFIRM)]
        if self.channel not in ("email", "ticket"):
            return " ".join(steps)
        sender = f"{self.company} customer service" if self.company else "Customer service"
        return "\n\n".join(["Hello,", *steps, f"Kind regards,\n{sender}"])


def one_line(text, longest=80):
    """A field as one line of reasonable length; None for one that says nothing."""
    if not isinstance(text, str):
        return None
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if line and len(line) <= longest and any(c.isalnum() for c in line) else None


for line in sys.stdin.buffer:
    asked = json.loads(line)
    print(json.dumps({"scenario_id": asked["id"], "text": Answer(asked).text()}), flush=True)
