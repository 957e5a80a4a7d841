"""One annotation of an export: its results as levels, behaviours, flags and a reason, or everything wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from typing import Any, TypeVar

from amends.labelstudio import form
from amends.labelstudio.shown import Lost, Shown, Span, anchored
from amends.records import DIMENSIONS, Behaviour

_Read = TypeVar("_Read")
_SHOWN = 100
_EXPORT = "export the project again as JSON"
_LABEL = "label this task again in Label Studio, or leave the annotation out"

Tell = Callable[[str, str, str, str], None]
"""Told of what is wrong: path below the annotation, found, expected, remedy."""


@dataclass(slots=True)
class Judged:
    """What a person said of one reply."""

    levels: dict[str, int | None] = field(default_factory=dict)
    behaviours: list[Behaviour] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)
    """Dimensions of whose level the person is not sure."""
    reason: str | None = None
    sought: int = 0
    """Spans that were found by their words because their offsets led elsewhere."""


def displayed(value: Any) -> str:
    """A value of an export for a problem, cut."""
    if value is None:
        return "nothing"
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "..."


def spans_of(result: Any) -> Iterator[Span]:
    """The well-formed spans among results: what tells how an export counts.

    Args:
        result: the list of an annotation, not yet checked.
    """
    for one in result if isinstance(result, list) else []:
        if isinstance(one, dict) and _text_of(one, "from_name") in form.SPANS:
            span = _span(one.get("value"))
            if span is not None:
                yield span


def _text_of(one: Mapping[str, Any], key: str) -> str | None:
    found = one.get(key)
    return found if isinstance(found, str) else None


def _offset(value: Any) -> int | None:
    # the reference of the tag Text calls them strings, exports hold numbers
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 9:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _span(value: Any) -> Span | None:
    if not isinstance(value, dict):
        return None
    start, end, text = _offset(value.get("start")), _offset(value.get("end")), value.get("text")
    if start is None or end is None or not (text is None or isinstance(text, str)):
        return None
    return Span(start, end, text)


class Reader:
    """Reads the results of one annotation and tells of all that is wrong with them."""

    def __init__(self, reply: str, text: Shown, counted: str | None, tell: Tell) -> None:
        """Nothing read yet.

        Args:
            reply: as stored.
            text: as shown.
            counted: how this export counts offsets, where its spans tell.
            tell: told of each problem.
        """
        self._reply, self._text, self._counted, self._tell = reply, text, counted, tell
        self._hints: set[str | None] = set()
        self._seen: set[str] = set()
        self._found = Judged()

    def read(self, result: Any) -> Judged:
        """What the results say; of use only where nothing was told.

        Args:
            result: the annotation's list.
        """
        if not isinstance(result, list):
            self._tell("$.result", displayed(result), "a list of results", _EXPORT)
            return self._found
        whole = [(i, one) for i, one in enumerate(result) if self._is_result(i, one)]
        regions = {_text_of(one, "id") for _, one in whole if one["from_name"] in form.SPANS} - {None}
        for i, one in whole:
            if one["from_name"] == form.STRENGTH:
                self._hint(f"$.result[{i}]", one, regions)
        for i, one in whole:
            self._take(f"$.result[{i}]", one)
        for dimension in DIMENSIONS:
            if dimension not in self._seen:
                expected = f'a level from 1 to 5, or "{form.NOT_JUDGED}"'
                self._tell(f"$.result[from_name={dimension}]", "nothing", expected, _LABEL)
        self._found.behaviours = _once(self._found.behaviours)
        return self._found

    def _is_result(self, i: int, one: Any) -> bool:
        if isinstance(one, dict) and one.get("type") == "relation":
            return False  # the interface asks for none, and one says nothing about a level
        known = (*DIMENSIONS, *form.SPANS, form.STRENGTH, form.FLAGS, form.UNSURE, form.REASON)
        name = one.get("from_name") if isinstance(one, dict) else one
        if not isinstance(one, dict) or not isinstance(name, str) or name not in known:
            expected = f"a result of one of the controls {', '.join(known)}"
            remedy = "label with the config.xml that amends wrote"
            self._tell(f"$.result[{i}].from_name", displayed(name), expected, remedy)
            return False
        if not isinstance(one.get("value"), dict):
            self._tell(f"$.result[{i}].value", displayed(one.get("value")), "an object", _EXPORT)
            return False
        return True

    def _take(self, path: str, one: Mapping[str, Any]) -> None:
        name, value = one["from_name"], one["value"]
        if name in form.SPANS:
            self._behaviour(path, one)
            return
        if name == form.STRENGTH:
            return
        if name in self._seen:
            self._tell(f"{path}.from_name", f'"{name}" again', "one result of it", _LABEL)
            return
        self._seen.add(name)
        if name in DIMENSIONS:
            self._level(path, name, value)
        elif name == form.REASON:
            self._reason(path, value)
        else:
            read = form.flag_of if name == form.FLAGS else form.dimension_of
            known = form.person_flags() if name == form.FLAGS else DIMENSIONS
            given = self._each(path, value, "choices", read, f"one of {', '.join(known)}")
            setattr(self._found, name, list(dict.fromkeys(given)))

    def _each(
        self, path: str, value: Mapping[str, Any], key: str, read: Callable[[str], _Read], expected: str
    ) -> list[_Read]:
        """What each of a result's choices or labels says."""
        given = value.get(key)
        if not isinstance(given, list):
            self._tell(f"{path}.value.{key}", displayed(given), "a list of texts", _EXPORT)
            return []
        good = []
        for k, one in enumerate(given):
            try:
                good.append(read(one))
            except (ValueError, AttributeError):
                remedy = "label with the config.xml that amends wrote"
                self._tell(f"{path}.value.{key}[{k}]", displayed(one), expected, remedy)
        return good

    def _level(self, path: str, dimension: str, value: Mapping[str, Any]) -> None:
        expected = f'a level from 1 to 5, or "{form.NOT_JUDGED}"'
        given = value.get("choices")
        if isinstance(given, list) and len(given) != 1:
            self._tell(f"{path}.value.choices", f"{len(given)} choices", f"one: {expected}", _LABEL)
            return
        for level in self._each(path, value, "choices", form.level_of, expected):
            self._found.levels[dimension] = level

    def _reason(self, path: str, value: Mapping[str, Any]) -> None:
        given = value.get("text")
        texts = [given] if isinstance(given, str) else given
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            self._tell(f"{path}.value.text", displayed(given), "a list of texts", _EXPORT)
            return
        self._found.reason = "\n".join(text for text in texts if text.strip()) or None

    def _hint(self, path: str, one: Mapping[str, Any], regions: Set[str | None]) -> None:
        given = one["value"].get("choices")
        if given not in ([], [form.HINT]):
            self._tell(f"{path}.value.choices", displayed(given), f'["{form.HINT}"] or none', _LABEL)
        elif _text_of(one, "id") not in regions:
            remedy = "mark the words with a behaviour, or take the hint away"
            self._tell(f"{path}.id", displayed(one.get("id")), "the id of a span with a behaviour", remedy)
        elif given:
            self._hints.add(_text_of(one, "id"))

    def _behaviour(self, path: str, one: Mapping[str, Any]) -> None:
        codes = self._each(path, one["value"], "labels", form.code_of, "a label that begins with one of the 25 codes")
        if one["value"].get("labels") == []:
            self._tell(f"{path}.value.labels", "no label", "a behaviour for the words marked", _LABEL)
        span = _span(one["value"])
        if span is None:
            self._tell(f"{path}.value", displayed(one["value"]), "start and end as whole numbers, and text", _EXPORT)
            return
        try:
            (start, end), sought = anchored(self._text.text, span, self._counted)
        except Lost as lost:
            remedy = "mark the words again in Label Studio, or leave the annotation out"
            self._tell(f"{path}.value", str(lost), "a span of the reply", remedy)
            return
        self._found.sought += sought
        start, end = self._text.stored(start, end)
        strength = form.HINT_STRENGTH if _text_of(one, "id") in self._hints else 1.0
        self._found.behaviours += [Behaviour(code, start, end, self._reply[start:end], strength) for code in codes]


def _once(behaviours: list[Behaviour]) -> list[Behaviour]:
    """In the order of the text; of the same words marked twice with the same code the stronger."""
    kept: dict[tuple[int, int, str], Behaviour] = {}
    for one in sorted(behaviours, key=lambda b: (b.start, b.end, b.code, -b.strength)):
        kept.setdefault((one.start, one.end, one.code), one)
    return list(kept.values())
