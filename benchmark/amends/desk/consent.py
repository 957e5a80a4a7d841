"""The name under which a person's work is kept: chosen once, with their consent."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from amends.desk.app import Refused, only_fields, text_field
from amends.desk.people import MAX_NAME, fit
from amends.records import Json


def chosen_name(body: Json, others: Iterable[str | None]) -> str:
    """The name of a request for consent.

    Args:
        body: ``name`` and ``agreed``.
        others: names of everybody else whose work lies in the same folder; two of one name would be one in records.

    Raises:
        Refused: no consent, no name, or one that looks like another's.
    """
    only_fields(body, "name", "agreed")
    if body.get("agreed") is not True:
        raise Refused(400, "Nothing starts without your consent.")
    name = text_field(body, "name", MAX_NAME).strip()
    if not fit(name):
        raise Refused(400, f"Choose a name of 1 to {MAX_NAME} visible characters.")
    if _folded(name) in {_folded(other) for other in others if other}:
        raise Refused(409, "This name is taken; choose another.")
    return name


def _folded(name: str) -> str:
    """The same for names that differ in case, or in the code points of the same letters."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
