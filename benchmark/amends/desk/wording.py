"""A scenario in words for the person who answers it: what a generator is given, and nothing else."""

from __future__ import annotations

from amends.records import Json, Scenario

CHANNELS = {
    "email": "by e-mail",
    "chat": "in a live chat",
    "phone": "on the telephone",
    "social": "on social media, in public",
    "ticket": "in a help-desk ticket",
}
RELATIONSHIPS = {"new": "a new customer", "established": "a customer of some time"}
_ANSWERED = CHANNELS | {"phone": "on the telephone; write what you would say"}


def shown(scenario: Scenario) -> Json:
    """What the page shows of a scenario.

    Args:
        scenario: only what ``Scenario.for_generator`` gives is read: never fault, emotion, intensity, meta.

    Returns:
        ``language``, ``context`` (pairs of a heading and words) and ``turns`` (``role``, ``text``). The id stays here:
        it would lead to the labels.
    """
    given = scenario.for_generator()
    company, domain = given["company"], given["domain"]
    customer = RELATIONSHIPS.get(given["relationship"], "not known whether new")
    if given["customer_org"]:
        customer += f", writing for {given['customer_org']}"
    context = [
        ("You are", f"an agent of {company}" if company else "an agent of a company that is not named"),
        ("Business", domain or "not stated"),
        ("You answer", _ANSWERED.get(given["channel"], "in writing")),
        ("The customer is", customer),
        ("What you may and may not", given["authority"] or "not stated"),
    ]
    return {"language": given["language"] or "", "context": context, "turns": given["turns"]}
