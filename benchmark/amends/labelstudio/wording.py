"""The context of an exchange in words for the person who labels it.

What the guideline gives an annotator: who is at fault, the relationship, the channel, what the agent may promise.
Never emotion, intensity, author, split, gold or anything of ``meta``.
"""

from __future__ import annotations

from amends.records import Context

_FAULTS = {
    "company": "the company",
    "customer": "the customer",
    "third_party": "somebody else: neither company nor customer",
    "unclear": "unclear",
}
_RELATIONSHIPS = {"new": "a new customer", "established": "a customer of some time"}
_CHANNELS = {
    "email": "e-mail",
    "chat": "live chat",
    "phone": "telephone",
    "social": "social media, in public",
    "ticket": "a help-desk ticket",
}
UNKNOWN = "not stated"


def context_words(context: Context) -> str:
    """One line for each thing that an annotator is told; what is unknown says so.

    Args:
        context: only fault, relationship, channel and authority are read.
    """
    lines = [
        ("At fault", _FAULTS.get(context.fault or "", UNKNOWN)),
        ("The customer is", _RELATIONSHIPS.get(context.relationship or "", UNKNOWN)),
        ("Channel", _CHANNELS.get(context.channel or "", UNKNOWN)),
        ("The agent may and may not", context.authority or UNKNOWN),
    ]
    return "\n".join(f"{heading}: {words}" for heading, words in lines)
