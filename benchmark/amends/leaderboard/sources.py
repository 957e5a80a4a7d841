"""What an entry is made of: a run folder, a file of replies with a card, a generator of the systems set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import orjson

from amends.errors import InputError, Problem, UsageError
from amends.generators import baselines
from amends.generators.base import digest
from amends.generators.program import load_folder, read_card
from amends.generators.prompt import SystemPrompt
from amends.jsonl import canonical, read
from amends.leaderboard.entry import built_in_prompt
from amends.leaderboard.files import REPLIES
from amends.leaderboard.material import read_sets
from amends.records import Json, Reply
from amends.resources import shipped
from amends.runs.settings import check_finished, read_settings
from amends.schema import problems

_MODEL_SETTINGS = ("base_url", "weights", "system_sha256", "temperature", "max_tokens")
_PROMPTS = "baselines/prompts in the repository, and data/systems/README.md"


@dataclass(frozen=True, slots=True)
class Submission:
    """What only the submitter can say; None where it was not said."""

    statement: str | None = None
    """Where the generator may have met the set's texts."""
    seen: str | None = None
    """One of SEEN."""
    name: str | None = None
    """Of the entry; None: the generator's name."""
    set: str | None = None
    """test or systems; None: test."""
    credit: str | None = None
    card: Path | None = None
    """generator.json, where the run's generator is no baseline and no model at an endpoint."""
    system: Path | None = None
    """The system prompt that a model was asked with; None: the built-in one."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """More settings, or others in their place."""
    submitted: str | None = None
    """Day; None: today."""


@dataclass(frozen=True, slots=True)
class Source:
    """The parts of an entry that nobody has to be asked for."""

    card: Json
    replies: Sequence[Reply]
    settings: Json


def of_run(folder: Path, submission: Submission, data: Path | None) -> Source:
    """Read a run folder.

    Args:
        folder: that `amends run` made.
        submission: what the submitter says.
        data: a data folder; None for the released one.

    Raises:
        UsageError: it is no finished run on the set, or something must still be said.
        InputError: a file is damaged.
    """
    settings = read_settings(folder / "run.json")
    if settings is None or "generator" not in settings:
        raise UsageError(f"{folder} is no run folder: it has no run.json; name one that `amends run` made")
    check_finished(folder)
    _, _, digests = read_sets(data)
    if settings["set"] != "test":
        raise UsageError(f"{folder} is a run on {settings['set']}; the leaderboard takes runs on test")
    if settings["limit"] is None and settings["data"] != digests["test"]:
        raise UsageError(
            f"{folder} was made on other scenarios ({settings['data']}, not {digests['test']}); run it again"
        )
    if settings["limit"] is not None and (submission.set or "test") == "test":
        raise UsageError(f"{folder} is a run with --limit {settings['limit']}; run it again without")
    made_by: Json = settings["generator"]
    card = _card_of(made_by, submission)
    own = _model_settings(made_by, submission) if card["kind"] == "model" else {}
    return Source(card, read_replies(folder / REPLIES), own)


def of_file(file: Path, submission: Submission) -> Source:
    """Read a file of replies beside a card.

    Args:
        file: of replies.
        submission: what the submitter says.

    Raises:
        UsageError: there is no card.
        InputError: a file is damaged.
    """
    if submission.card is None:
        raise UsageError(f"replies alone do not say who made them; add --card FILE, a generator.json, to {file}")
    card = _read_card(submission.card)
    replies = read_replies(file)
    settings: Json = {}
    if card["kind"] == "model" and submission.system is not None:
        settings = {"system_prompt": text_of(submission.system)}
    return Source(card, replies, settings)


def read_replies(file: Path) -> list[Reply]:
    """Replies of a file that its owner trusts.

    Raises:
        InputError: with every problem of the file.
    """
    found: list[Problem] = []
    replies: list[Reply] = []
    for number, raw in read(str(file)):
        wrong = [raw] if isinstance(raw, Problem) else problems(raw, "reply", str(file), number)
        found += wrong
        if not wrong:
            reply = Reply.from_dict(raw)
            replies.append(replace(reply, sample=int(reply.sample)))
    if found:
        raise InputError(found)
    return replies


def _read_card(path: Path) -> Json:
    return read_card(path if path.is_dir() else path.parent) if path.name == "generator.json" else _any_card(path)


def _any_card(path: Path) -> Json:
    for _, raw in _one_document(path):
        if wrong := problems(raw, "generator", str(path), None):
            raise InputError(wrong)
        card: Json = raw
        return card
    raise UsageError(f"{path} holds no card")


def _one_document(path: Path) -> list[tuple[int, Any]]:
    try:
        return [(1, orjson.loads(path.read_bytes()))]
    except orjson.JSONDecodeError as error:
        found = f"broken JSON ({error.msg})"
        raise InputError([Problem(str(path), error.lineno, "$", found, "a card", "mend it")]) from None


def _card_of(made_by: Json, submission: Submission) -> Json:
    """The card of a run's generator: run.json holds only its hash."""
    if submission.card is not None:
        card = _read_card(submission.card)
        if (card["name"], card["version"]) != (made_by["name"], made_by["version"]):
            raise UsageError(
                f"{submission.card} is the card of {card['name']} {card['version']}, and the run is by "
                f"{made_by['name']} {made_by['version']}; name the right one with --card"
            )
        return card
    if "system_sha256" in made_by:
        about = f"The model {made_by['name']}, asked through `amends run`."
        name, version = made_by["name"], made_by["version"]
        return {"name": name, "version": version, "description": about, "kind": "model", "replies": REPLIES}
    if made_by["name"] in baselines():
        generator = load_folder(shipped("baselines", made_by["name"]))
        if digest(canonical(generator.card))[:12] == made_by["card"]:
            return read_card(shipped("baselines", made_by["name"]))
        raise UsageError(f"the baseline {made_by['name']} is not what it was when the run was made; run it again")
    raise UsageError(f"the run does not hold the card of {made_by['name']!r}; add --card FILE, its generator.json")


def _model_settings(made_by: Json, submission: Submission) -> Json:
    own = {"model": made_by["name"]} | {name: made_by[name] for name in _MODEL_SETTINGS if name in made_by}
    prompt = SystemPrompt(submission.system)
    if "system_sha256" in own and own["system_sha256"] != prompt.sha256:
        asked = "the built-in prompt" if submission.system is None else str(submission.system)
        raise UsageError(f"the run was not made with {asked}; add --system FILE, the prompt that it was made with")
    own["system_prompt"] = built_in_prompt() if submission.system is None else text_of(submission.system)
    return own


def text_of(file: Path) -> str:
    """A text file; a byte-order mark is no part of the text."""
    return file.read_bytes().decode("utf-8-sig")


def of_systems(name: str, replies: Sequence[Reply]) -> Source:
    """A generator of the systems set.

    Args:
        name: of the author.
        replies: by it, one or more.

    Raises:
        UsageError: the replies name no author.
    """
    author = replies[0].author
    if author is None:
        raise UsageError(f"replies of {name} name no author")
    if name in baselines():
        return Source(read_card(shipped("baselines", name)), replies, {})
    card: Json = {"name": name, "version": author.version, "kind": author.kind, "replies": REPLIES}
    if author.kind != "model":
        return Source(card, replies, {})
    card["description"] = f"A language model under the prompt `{name}` ({_PROMPTS})."
    family = str(replies[0].meta.get("family") or "unknown family")
    prompt = shipped("baselines", "prompts", f"{name.removeprefix('prompt-')}.txt")
    settings = {
        "model": f"{family} {author.version}",
        "temperature": None,
        "system_prompt": text_of(prompt) if prompt.is_file() else "",
        "note": "20 scenarios a context, two fresh contexts a prompt; temperature as the service set it.",
    }
    return Source(card, replies, settings)
