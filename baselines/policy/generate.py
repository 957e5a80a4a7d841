"""A shop that answers with its rules: thanks for the enquiry, a clause of the terms, and the case is closed.

The clause is picked by the line of business and a hash of the scenario's id. Clauses are invented as terms and
conditions are worded everywhere; nothing is read from what the agent may or may not offer.
"""

import hashlib
import json
import re
import sys

OPENINGS = (
    "Thank you for your enquiry.",
    "We refer to your recent message.",
    "Your message has been received and reviewed.",
    "With regard to your correspondence, we would point out the following.",
)
TRANSPORT = (
    "times shown at booking are not part of the contract of carriage",
    "claims for consequential loss are excluded",
    "changes and refunds are governed by the fare conditions that were accepted at booking",
)
GOODS = (
    "goods are to be checked on receipt and defects reported in writing within fourteen days",
    "delivery dates are estimates and do not form part of the contract",
    "opened or used goods are excluded from return",
)
MONEY = (
    "payments are carried out on the details entered by the account holder",
    "charges fall due as set out in the table of fees",
    "objections to an entry are to be raised on the form provided, within the period stated there",
)
SUPPLY = (
    "interruptions of the service give no claim to a reduction",
    "the minimum term applies until it has run out",
    "the usage recorded by our equipment is decisive for the bill",
)
PLACES = (
    "appointments and bookings not kept are charged at the full rate",
    "repairs are carried out in the order in which they are reported",
    "access is subject to the house rules in their current version",
)
OTHER = (
    "complaints are dealt with in the order in which they arrive",
    "the terms in force on the day of the order apply",
    "further claims of any kind are excluded",
)
CLAUSES = (
    (r"airline|flight|train|rail|travel|rental|bus|ferry|taxi", TRANSPORT),
    (r"bank|payment|insurance|card|loan", MONEY),
    (r"energy|water|phone|broadband|streaming|software|internet|mobile", SUPPLY),
    (r"hotel|letting|clinic|dental|gym|school|council|restaurant|medical|pharmacy", PLACES),
    (r"parcel|delivery|grocery|furniture|shop|retail|toys|electronics|pet|cosmetic|repair|print|market|moving", GOODS),
)
TITLES = ("our general terms and conditions", "our terms of business", "the conditions that you accepted")
VERDICTS = (
    "These rules apply to all customers alike, and no exception can be made.",
    "Your case is covered by this provision.",
    "We therefore see no grounds for a different decision.",
    "This is binding on both sides.",
)
ENDINGS = (
    "We now consider the matter closed.",
    "Your case has been closed.",
    "We ask you to take note of this. The case is closed.",
    "No further correspondence will be entered into.",
)


def pick(name, slot, wordings):
    """One wording, the same for the same scenario every time."""
    number = int.from_bytes(hashlib.sha256(f"{slot} {name}".encode()).digest()[:8], "big")
    return wordings[number % len(wordings)]


def clause(scenario):
    """A rule for this line of business, with its number."""
    name, domain = scenario["id"], (scenario.get("domain") or "").lower()
    rules = next((rules for words, rules in CLAUSES if re.search(rf"\b(?:{words})", domain)), OTHER)
    number = f"{pick(name, 'section', range(2, 19))}.{pick(name, 'paragraph', range(1, 8))}"
    return f"Under section {number} of {pick(name, 'title', TITLES)}, {pick(name, 'rule', rules)}."


def answer(scenario):
    """The rule for one scenario, and the end of it."""
    name = scenario["id"]
    parts = [pick(name, "opening", OPENINGS), clause(scenario)]
    return " ".join([*parts, pick(name, "verdict", VERDICTS), pick(name, "ending", ENDINGS)])


for line in sys.stdin.buffer:
    asked = json.loads(line)
    print(json.dumps({"scenario_id": asked["id"], "text": answer(asked)}), flush=True)
