"""entry.json and generator.json of an entry: what its submitter says, checked field by field."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from amends.errors import Problem
from amends.generators.prompt import SystemPrompt
from amends.leaderboard.files import EntryFiles
from amends.leaderboard.names import mixed_script, texts_of, told, tricks, wrong_card_name, wrong_name
from amends.leaderboard.values import document
from amends.records import Json
from amends.schema import problems

SETTINGS: Mapping[str, Mapping[str, tuple[type, ...]]] = {
    "program": {},
    "model": {"model": (str,), "temperature": (int, float, type(None)), "system_prompt": (str,)},
    "person": {"people": (int,), "instructions": (str,)},
}
"""Kind of generator to the settings that it must state, with their types."""
_MEANING = {
    "model": "the model as its maker calls it",
    "temperature": "a number, or null where the service's default was left",
    "system_prompt": "the base system prompt in full, slots as {company}; an empty text for none",
    "people": "how many people wrote",
    "instructions": "what they were told",
}
_HIDING = re.compile(
    r"[\s\W_]*|(?:not |un)?(?:disclosed|stated|public|published)|secret|hidden|private|proprietary|confidential|"
    r"redacted|internal|n/?a|none of your business|on request|upon request|tbd|todo|x{3,}",
    re.IGNORECASE,
)
_MAY_BE_EMPTY = ("system_prompt",)


@dataclass(frozen=True, slots=True)
class Around:
    """What an entry is judged by, beside its own files."""

    name: str
    """Its folder."""
    others: Collection[str]
    """Names of the other entries."""
    project: Collection[str]
    """Names that are the project's own."""
    dataset: str
    """Version of the dataset."""
    digests: Mapping[str, str]
    """Set to the digest of its scenarios."""


def read_documents(files: EntryFiles, around: Around) -> tuple[Json | None, Json | None, list[Problem]]:
    """entry.json and generator.json, with everything that is wrong with them.

    Args:
        files: of the entry.
        around: what they are held to.

    Returns:
        Each document where it has the right form, and all problems.
    """
    found: list[Problem] = []
    entry = _document(files, "entry.json", "entry", found)
    card = _document(files, "generator.json", "generator", found)
    shown = files.file("entry.json")
    if wrong := wrong_name(around.name, around.others, around.project):
        found.append(Problem(shown, None, "$.name", *wrong))
    if entry is not None:
        found += _entry(entry, around, shown)
    if card is not None:
        found += _card(card, around, files.file("generator.json"))
    if entry is not None and card is not None and entry["kind"] != card["kind"]:
        remedy = "say the same in both"
        found.append(Problem(shown, None, "$.kind", entry["kind"], f"{card['kind']}, as in generator.json", remedy))
    return entry, card, found


def _document(files: EntryFiles, name: str, kind: str, found: list[Problem]) -> Json | None:
    raw = document(files, name)
    shown = files.file(name)
    if isinstance(raw, Problem):
        found.append(raw)
        return None
    if raw is None:
        return None
    wrong = problems(raw, kind, shown, None)
    found += wrong
    found += [
        Problem(shown, None, path, told(hidden), "characters that are seen as what they are", "take them out")
        for path, text in texts_of(raw)
        if (hidden := tricks(text))
    ]
    return None if wrong else raw


def _entry(entry: Json, around: Around, shown: str) -> Iterator[Problem]:
    if entry["name"] != around.name:
        expected = f"{around.name!r}, the name of the folder"
        yield Problem(shown, None, "$.name", repr(entry["name"]), expected, "give both one name")
    if entry["dataset"] != around.dataset:
        remedy = "run it again on this version; the maintainers' `amends leaderboard rescore` takes entries along"
        yield Problem(shown, None, "$.dataset", repr(entry["dataset"]), repr(around.dataset), remedy)
    digest = around.digests.get(entry["set"])
    if entry["data"] != digest:
        expected = f"{digest!r}, the scenarios of {entry['set']} in version {around.dataset}"
        yield Problem(shown, None, "$.data", repr(entry["data"]), expected, "run it again on this version's scenarios")
    credit = entry["credit"] or ""
    if "\n" in credit or "\t" in credit or mixed_script(credit):
        yield Problem(
            shown, None, "$.credit", repr(credit[:60]), "one line, each word in one script", "write it plainly"
        )
    yield from _settings(entry, shown)


def _settings(entry: Json, shown: str) -> Iterator[Problem]:
    settings = entry["settings"]
    for name, types in SETTINGS[entry["kind"]].items():
        path = f"$.settings.{name}"
        if name not in settings:
            yield Problem(shown, None, path, "nothing", f"{_MEANING[name]}", "state it: settings are not hidden here")
        elif not isinstance(settings[name], types) or isinstance(settings[name], bool) or _impossible(settings[name]):
            yield Problem(shown, None, path, repr(settings[name])[:60], _MEANING[name], "state it")
    for name, value in settings.items():
        hides = (
            isinstance(value, str) and _HIDING.fullmatch(value.strip()) and not (name in _MAY_BE_EMPTY and not value)
        )
        if hides:
            path, remedy = f"$.settings.{name}", "state it: settings are not hidden here"
            yield Problem(shown, None, path, repr(value[:60]), "the setting itself", remedy)
    wanted, prompt = settings.get("system_sha256"), settings.get("system_prompt")
    if isinstance(wanted, str) and isinstance(prompt, str) and not _is_digest(wanted, prompt):
        expected = "the SHA-256 of settings.system_prompt in UTF-8"
        yield Problem(shown, None, "$.settings.system_sha256", repr(wanted[:64]), expected, "give the prompt in full")


def _impossible(value: object) -> bool:
    """No number of people, and no temperature, is below nought or beyond what anybody can have meant."""
    return isinstance(value, int | float) and not 0 <= value <= 1_000_000


def _is_digest(wanted: str, prompt: str) -> bool:
    if prompt == built_in_prompt() and wanted == SystemPrompt().sha256:
        return True
    # a file may begin with a byte-order mark, which is no part of the text
    return wanted in {hashlib.sha256(mark + prompt.encode()).hexdigest() for mark in (b"", b"\xef\xbb\xbf")}


def built_in_prompt() -> str:
    """The built-in system prompt with its slots unfilled, as an entry shows it."""
    slots = {"company": "{company}", "channel": None, "authority": "{authority}"}
    slots |= {"domain": "{domain}", "relationship": "{relationship}", "customer_org": "{customer_org}"}
    return SystemPrompt().filled(slots)


def _card(card: Json, around: Around, shown: str) -> Iterator[Problem]:
    for field in ("name", "version"):
        wrong = wrong_card_name(str(card[field]), around.name, around.project)
        if wrong:
            yield Problem(shown, None, f"$.{field}", *wrong)


def about_generator(card: Mapping[str, Any]) -> Json:
    """The generator as a Result names it.

    Args:
        card: generator.json.
    """
    return {"kind": card["kind"], "name": card["name"], "version": card["version"]}
