"""Label Studio as far as it matters here: what its page shows, counts and exports (its documentation and source).

It knows the interface by config.xml alone, as the real one does, and writes what people do in it.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from amends.records import Annotation

Json = dict[str, Any]


class Interface:
    """A project made from a config.xml."""

    def __init__(self, xml: str) -> None:
        self.root = ET.fromstring(xml)
        self.controls = {tag.get("name", ""): tag for tag in self.root.iter() if tag.get("toName")}

    def values(self, control: str) -> list[str]:
        return [one.get("value", "") for one in self.controls[control]]

    def choice(self, control: str, beginning: str) -> str:
        (found,) = [v for v in self.values(control) if v.replace(":", " ").split(" ")[0] == beginning or v == beginning]
        return found

    def label(self, code: str) -> tuple[str, str]:
        """Control and value of the label of a code."""
        found = [(c, v) for c in self.controls for v in self.values(c) if v.split(" ")[0] == code]
        assert len(found) == 1
        return found[0]


def units(text: str, offset: int) -> int:
    """An offset in code points as one in UTF-16 code units."""
    return len(text[:offset].encode("utf-16-le")) // 2


def region(text: str, start: int, end: int, utf16: bool = False) -> Json:
    """The value of a marked span: the page writes line ends as a backslash and an n."""
    said = text[start:end].replace("\r", "\\n").replace("\n", "\\n")
    if utf16:
        start, end = units(text, start), units(text, end)
    return {"start": start, "end": end, "text": said}


def result(interface: Interface, task: Json, stored: str, said: Annotation, utf16: bool = False) -> list[Json]:
    """What a person who thinks ``said`` of the stored text leaves in the page."""
    text = task["data"]["reply"]
    found: list[Json] = []

    def add(name: str, kind: str, value: Json, own: str) -> None:
        found.append(
            {"id": own, "from_name": name, "to_name": "reply", "type": kind, "value": value, "origin": "manual"}
        )

    for i, behaviour in enumerate(said.behaviours):
        control, value = interface.label(behaviour.code)
        # the page shows one line end where the text has two characters
        start, end = (len(stored[:place].replace("\r\n", "\n")) for place in (behaviour.start, behaviour.end))
        place = region(text, start, end, utf16)
        add(control, "labels", {**place, "labels": [value]}, f"r{i}")
        if behaviour.strength < 0.5:
            add("strength", "choices", {**place, "choices": interface.values("strength")}, f"r{i}")
    for dimension, level in said.levels.items():
        chosen = "cannot be judged" if level is None else interface.choice(dimension, str(int(level)))
        add(dimension, "choices", {"choices": [chosen]}, dimension)
    if said.flags:
        add("flags", "choices", {"choices": [interface.choice("flags", flag) for flag in said.flags]}, "flags")
    if said.reason:
        add("reason", "textarea", {"text": [said.reason]}, "reason")
    return found


def annotated(task: Json, number: int, results: Sequence[tuple[Any, list[Json]]], **more: Any) -> Json:
    """A task as JSON exports it.

    Args:
        task: of tasks.json.
        number: its id in the project.
        results: who labelled, and the results of each.
        more: further fields of each annotation.
    """
    return {
        "id": number,
        "data": task["data"],
        "annotations": [
            {
                "id": 100 * number + k,
                "completed_by": person,
                "result": found,
                "was_cancelled": False,
                "ground_truth": False,
                "created_at": "2026-11-20T09:30:00.123456Z",
                "updated_at": "2026-11-20T09:31:00.123456Z",
                "lead_time": 41.5,
                "task": number,
                **more,
            }
            for k, (person, found) in enumerate(results)
        ],
        "drafts": [],
        "predictions": [],
        "meta": {},
        "project": 1,
    }


def minimal(task: Json) -> list[Json]:
    """The same task as JSON-MIN: one record an annotation, single choices and texts bare, regions without their id."""
    records = []
    for one in task["annotations"]:
        outputs = defaultdict(list)
        for part in one["result"]:
            outputs[part["from_name"]].append((part["type"], part["value"]))
        record = {**task["data"], "id": task["id"]}
        for name, values in outputs.items():
            out: list[Any] = []
            for kind, value in values:
                bare = {"choices": "choices", "textarea": "text"}.get(kind)
                out.append(value[bare][0] if bare and len(value[bare]) == 1 else value)
            record[name] = out[0] if values[0][0] != "labels" and len(out) == 1 else out
        person = one["completed_by"]
        record["annotator"] = person["id"] if isinstance(person, dict) else person
        record["annotation_id"] = one["id"]
        records.append(record | {key: one[key] for key in ("created_at", "updated_at", "lead_time")})
    return records
