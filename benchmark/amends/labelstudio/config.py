"""The labelling interface: the XML that a Label Studio project takes (labelstud.io/tags)."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from amends.labelstudio.form import (
    CONTEXT,
    FLAGS,
    HINT,
    REASON,
    REPLY,
    SPANS,
    STRENGTH,
    TURNS,
    UNSURE,
    guideline_version,
    level_choices,
    person_flags,
)
from amends.records import DIMENSIONS
from amends.rubric.definitions import behaviours, dimension_names, rubric, version

_PLUS = {"empathy": "#2e7d32", "depersonalization": "#1565c0", "excuse_avoidance": "#6a1b9a"}
_MINUS = "#c62828"
_STYLE = ".htx-text { white-space: pre-wrap; }"
"""Without it blanks would be folded, and offsets with them."""


def config() -> str:
    """The interface: guideline, context, turns, the reply with its spans, levels, flags, what is unsure, the reason.

    Nothing of it comes from an exchange: texts reach the page by the names of task fields only.
    """
    view = ET.Element("View")
    ET.SubElement(view, "Style").text = _STYLE
    _header(view, f"Guideline {guideline_version()} (GUIDELINE.md, beside this file), rubric {version()}")
    _texts(view)
    _spans(view)
    _levels(view)
    _choices(view, FLAGS, "Flags, if any", [f"{code}: {meaning}" for code, meaning in person_flags().items()])
    _choices(view, UNSURE, "Where you are not sure of your level", list(DIMENSIONS))
    _header(view, "Reason, wherever you hesitated")
    ET.SubElement(view, "TextArea", name=REASON, toName=REPLY, rows="3", editable="true", maxSubmissions="1")
    ET.indent(view)
    return ET.tostring(view, encoding="unicode") + "\n"


def _header(view: ET.Element, words: str, size: str = "4") -> None:
    ET.SubElement(view, "Header", value=words, size=size)


def _text(view: ET.Element, name: str, **more: str) -> None:
    ET.SubElement(view, "Text", {"name": name, "value": f"${name}", "valueType": "text", **more})


def _texts(view: ET.Element) -> None:
    _header(view, "What is known of the case")
    _text(view, CONTEXT, selectionEnabled="false")
    _header(view, "The conversation so far")
    ET.SubElement(
        view, "Paragraphs", name=TURNS, value=f"${TURNS}", nameKey="author", textKey="text", layout="dialogue"
    )


def _spans(view: ET.Element) -> None:
    _header(view, "The reply. Choose a behaviour, then mark the shortest words that show it")
    for control, dimension in SPANS.items():
        labels = ET.SubElement(view, "Labels", name=control, toName=REPLY, showInline="true")
        for one in behaviours().values():
            if one.dimension == dimension:
                ET.SubElement(
                    labels,
                    "Label",
                    value=f"{one.code} {one.name}",
                    hint=f"{'plus' if one.positive else 'minus'}: {one.definition}",
                    background=_PLUS[dimension] if one.positive else _MINUS,
                )
    _text(view, REPLY, granularity="symbol", saveTextResult="yes")
    marked = ET.SubElement(
        view, "Choices", name=STRENGTH, toName=REPLY, perRegion="true", choice="multiple", showInline="true"
    )
    ET.SubElement(marked, "Choice", value=HINT)


def _levels(view: ET.Element) -> None:
    questions = {d["code"]: d["question"] for d in rubric()["dimensions"]}
    for dimension, name in dimension_names().items():
        _header(view, f"{name}: {questions[dimension]}")
        group = ET.SubElement(view, "Choices", name=dimension, toName=REPLY, choice="single-radio", required="true")
        group.set("requiredMessage", f"{name}: choose a level, or that it cannot be judged")
        for choice in level_choices(dimension):
            ET.SubElement(group, "Choice", value=choice)


def _choices(view: ET.Element, name: str, heading: str, values: list[str]) -> None:
    _header(view, heading)
    group = ET.SubElement(view, "Choices", name=name, toName=REPLY, choice="multiple")
    for value in values:
        ET.SubElement(group, "Choice", value=value)
