"""A template that walks the seven steps with what the scenario offers; no model behind it."""

import hashlib
import json
import re
import sys

import authority
import reading
import wording

NO_DATES = re.compile(
    r"\b(?:deadlines?|time ?frames?|any dates?|dates|when|call ?backs?|contact|respon(?:d|se)|repl(?:y|ies))\b"
)


class Answer:
    """One reply in the making."""

    def __init__(self, scenario):
        """Read the scenario."""
        self.name = scenario["id"]
        self.channel = scenario.get("channel")
        self.established = scenario.get("relationship") == "established"
        self.company = reading.one_line(scenario.get("company"))
        self.organisation = reading.one_line(scenario.get("customer_org"))
        self.facts = reading.read(scenario["turns"], scenario.get("domain") or "", scenario.get("authority") or "")
        self.authority = authority.read(scenario.get("authority"))
        domain = reading.one_line(scenario.get("domain"), 40)
        self.it = f"your {self.facts.thing}" if self.facts.thing else "this"
        self.issue = f"your {self.facts.thing}" if self.facts.thing else "what you describe"
        if domain and not self.facts.thing:
            self.issue += f" ({domain})"

    def say(self, slot, wordings, **more):
        """One of the wordings, the same for the same scenario every time, filled in."""
        number = int.from_bytes(hashlib.sha256(f"{slot} {self.name}".encode()).digest()[:8], "big")
        words = {"it": self.it, "us": self.company or "our team"}
        return wordings[number % len(wordings)].format(**(words | more))

    def empathy(self):
        """Step 1: the feeling; an established customer is met personally first."""
        if self.facts.calm:
            return self.say("calm", wording.CALM)
        felt = self.say("feeling", wording.FEELING[self.facts.feeling])
        return f"{felt} {self.say('known', wording.KNOWN)}" if self.established else felt

    def clarity(self):
        """Step 2: the issue, in neutral terms."""
        ref = f", reference {self.facts.reference}" if self.facts.reference else ""
        return self.say("clarity", wording.CLARITY, it=self.issue, ref=ref)

    def playback(self):
        """Step 3: the customer's own numbers, days and sums."""
        facts = self.facts
        parts = [
            f"{facts.money} is at stake" if facts.money else "",
            f"{facts.date} is a day that counts" if facts.date else "",
            f"{facts.span} come into it" if facts.span else "",
            f"{self.organisation} is affected and not only one person" if self.organisation else "",
        ]
        parts = [part for part in parts if part]
        if not parts:
            return self.say("playback", wording.PLAYBACK_NOTHING)
        joined = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
        return self.say("playback", wording.PLAYBACK, facts=joined)

    def expectations(self):
        """Step 4: what happens and by when, as far as the authority goes, and what does not."""
        known = self.authority
        when = wording.WHEN.get(self.channel, "by noon tomorrow")
        if NO_DATES.search(known.forbidden):
            # a date, or word from us, may be just what must not be promised
            when = "as soon as there is something to tell"
        parts = [self.say("take on", wording.STAY if known.only else wording.TAKE_ON, when=when)]
        if known.offers:
            parts.append(self.say("offer", wording.OFFER, offers="; ".join(known.offers)))
        if known.limits:
            parts.append(self.say("limit", wording.LIMIT, limits=" and ".join(known.limits)))
        if known.limits and not known.offers:
            parts.append(self.say("route", wording.ROUTE))
        return " ".join(parts)

    def again(self):
        """Step 6: back to the feeling."""
        if self.facts.calm:
            return self.say("again", wording.AGAIN_CALM)
        return self.say("again", wording.AGAIN, how=wording.HOW[self.facts.feeling])

    def text(self):
        """All seven steps, set as the channel has it."""
        steps = [self.empathy(), self.clarity() + " " + self.playback(), self.expectations()]
        steps += [self.say("confirm", wording.CONFIRM), self.again() + " " + self.say("close", wording.CLOSE)]
        if self.channel not in ("email", "ticket"):
            return " ".join(steps)
        sender = f"{self.company} customer service" if self.company else "Customer service"
        return "\n\n".join(["Hello,", *steps, f"Kind regards,\n{sender}"])


for line in sys.stdin.buffer:
    asked = json.loads(line)
    print(json.dumps({"scenario_id": asked["id"], "text": Answer(asked).text()}), flush=True)
