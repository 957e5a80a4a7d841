"""The words of the rubric: dimensions, levels, behaviours, flags and steps, read from data/rubric.json."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import orjson

from amends.resources import shipped


@dataclass(frozen=True, slots=True)
class BehaviourDefinition:
    """One of the 25 behaviours."""

    code: str
    """E1..E8, D1..D9, X1..X8."""
    name: str
    dimension: str
    positive: bool
    """True for a plus behaviour."""
    definition: str
    example: str


@functools.cache
def rubric() -> dict[str, Any]:
    """The whole of data/rubric.json, read once; callers do not change it."""
    loaded: dict[str, Any] = orjson.loads(shipped("data", "rubric.json").read_bytes())
    return loaded


def version() -> str:
    """The rubric's version, as it stands in every signature."""
    return str(rubric()["version"])


@functools.cache
def behaviours() -> dict[str, BehaviourDefinition]:
    """Code to definition, in the rubric's order."""
    return {
        b["code"]: BehaviourDefinition(
            b["code"], b["name"], b["dimension"], b["sign"] == "+", b["definition"], b["example"]
        )
        for b in rubric()["behaviours"]
    }


@functools.cache
def flag_codes() -> tuple[str, ...]:
    """The closed list of flags."""
    return tuple(f["code"] for f in rubric()["flags"])


def dimension_names() -> dict[str, str]:
    """Dimension code to the name that people read ("excuse_avoidance" to "Excuse avoidance")."""
    return {d["code"]: d["name"] for d in rubric()["dimensions"]}


def supported_languages() -> frozenset[str]:
    """Primary language subtags (ISO 639-1) in which the rubric judges."""
    return frozenset(rubric()["language"])


def supports(language: str | None) -> bool:
    """Tell whether a scenario is known to be in a language that the rubric judges.

    Args:
        language: BCP 47 tag ("en-GB"; only the primary subtag counts), or None where it is unknown.
    """
    return language is not None and language.lower().split("-")[0] in supported_languages()
