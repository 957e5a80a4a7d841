"""FIELD as the commands take it: a record field or ``meta.NAME``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from amends.errors import UsageError, unknown_name
from amends.records import CONTEXT_FIELDS, Exchange

OWN = ("id", "scenario_id", "sample", "split")
"""Fields of an exchange beside its context that can group or pair replies."""


_PERSONS = (
    *("agent", "assignee", "teammate", "employee", "staff", "author", "operator", "advisor", "adviser", "handler"),
    *("representative", "colleague", "clerk", "worker", "answered_by", "handled_by", "written_by"),
    *("mitarbeiter", "bearbeiter", "berater", "betreuer", "kolleg"),
)
"""What the columns of help desks call those who answer, in English and in German."""
_OF_MANY = ("team", "group", "role", "language", "country", "department", "queue", "type", "bot", "count")
"""What such a column ends in where it does not tell single ones apart: ``agent_team``."""


def names_people(field: str) -> bool:
    """Whether a field tells single employees apart.

    Args:
        field: as ``--by`` takes it.
    """
    name = field.removeprefix("meta.").lower()
    return field not in CONTEXT_FIELDS and any(word in name for word in _PERSONS) and not name.endswith(_OF_MANY)


def reader(name: str) -> Callable[[Exchange], Any]:
    """What reads a FIELD off an exchange; None where the exchange does not have it.

    Args:
        name: a record field (``scenario_id``, ``channel``) or ``meta.NAME``.

    Raises:
        UsageError: neither.
    """
    if name.startswith("meta.") and len(name) > len("meta."):
        key = name.removeprefix("meta.")
        # an empty cell of a table is a value that is not known
        return lambda exchange: None if exchange.meta.get(key) == "" else exchange.meta.get(key)
    if name in OWN:
        return lambda exchange: getattr(exchange, name)
    if name in CONTEXT_FIELDS:
        return lambda exchange: getattr(exchange.context, name)
    if not name or name == "meta.":
        raise UsageError("a FIELD is a record field or meta.NAME, e.g. channel or meta.agent")
    raise unknown_name("field", name, [*OWN, *CONTEXT_FIELDS, "meta.NAME"])
