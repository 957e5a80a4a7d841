"""An excuse-maker: regrets in a manner of speaking, explains it away, and leaves it there."""

import hashlib
import json
import sys

OPENINGS = (
    "We're sorry if this caused you any trouble.",
    "Sorry you feel that way.",
    "We do apologise, but there are a few things to bear in mind here.",
    "Apologies if it came across like that.",
    "I'm sorry that you see it like this, but please look at it from our side too.",
    "We regret it if expectations were not met on this occasion.",
)
CIRCUMSTANCES = (
    "We have been extremely busy these last weeks and the team can only do so much.",
    "Demand has been far above normal, so delays and slips are simply to be expected at the moment.",
    "Two colleagues are off sick and cover is hard to find at this time of year.",
    "The system does these things by itself and nobody here can see why.",
    "There was an update over the weekend and since then all sorts of things have gone wrong.",
    "Our terms and conditions do say that such things can happen from time to time.",
    "The weather has not exactly helped either.",
)
OTHERS = (
    "This will have been the other department, we only see what they enter.",
    "What the courier or the supplier does is out of our hands.",
    "From what I can tell the colleague before me did not make a note of it.",
    "That part is done by an outside firm, so you would have to take it up with them.",
    "We only pass things on, the mistake must have been made further up the line.",
)
INTENTS = (
    "Nobody meant any harm by it.",
    "We were only trying to be quick.",
    "Everyone here does their best, believe me.",
    "It was certainly never our intention to upset anyone.",
    "Normally this never happens with us.",
)
ENDINGS = (
    "I hope that explains it.",
    "So I'm sure you can appreciate that there is not much we could have done.",
    "Thank you for understanding.",
    "That is really all I can say about it.",
    "These things happen, I'm afraid.",
)


def pick(name, slot, wordings):
    """One wording, the same for the same scenario every time."""
    number = int.from_bytes(hashlib.sha256(f"{slot} {name}".encode()).digest()[:8], "big")
    return wordings[number % len(wordings)]


def answer(scenario):
    """The excuses for one scenario."""
    name = scenario["id"]
    middle = [pick(name, "circumstance", CIRCUMSTANCES), pick(name, "other", OTHERS), pick(name, "intent", INTENTS)]
    # two of the three, and not always in the same order
    left_out = pick(name, "left out", (0, 1, 2))
    middle = [part for i, part in enumerate(middle) if i != left_out]
    if pick(name, "order", (True, False)):
        middle.reverse()
    return " ".join([pick(name, "opening", OPENINGS), *middle, pick(name, "ending", ENDINGS)])


for line in sys.stdin.buffer:
    asked = json.loads(line)
    print(json.dumps({"scenario_id": asked["id"], "text": answer(asked)}), flush=True)
