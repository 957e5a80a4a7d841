"""``add``: an entry from a run folder or a file of replies; what only its maker can say is asked for by name."""

from __future__ import annotations

import datetime
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from amends.errors import InputError, Problem, UsageError
from amends.generators import baselines
from amends.generators.base import digest
from amends.generators.program import load_folder, read_card
from amends.generators.prompt import SystemPrompt
from amends.jsonl import canonical, dumps, pretty, read, write_whole
from amends.leaderboard.check import Checked, Checker, How
from amends.leaderboard.entry import built_in_prompt
from amends.leaderboard.files import REPLIES
from amends.leaderboard.material import SYSTEM_REPLIES, read_sets
from amends.leaderboard.names import NAME, wrong_name
from amends.leaderboard.project import ENTRIES, FILE, Project, entry_names, read_project
from amends.records import Json, Reply
from amends.resources import shipped
from amends.runs.settings import read_settings
from amends.schema import problems

SEEN = ("no", "yes", "unknown")
"""Whether the generator, or whoever made it, saw replies or labels of the set."""
_MODEL_SETTINGS = ("base_url", "weights", "system_sha256", "temperature", "max_tokens")


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
class _Source:
    """What an entry is made of."""

    card: Json
    replies: Sequence[Reply]
    settings: Json


def add(what: Path, folder: Path, submission: Submission, data: Path | None = None, cached: bool = True) -> Checked:
    """Make an entry and check it; nothing is left behind where it is refused.

    Args:
        what: a run folder, or a replies file (which needs a card).
        folder: of the leaderboard; made where there is none.
        submission: what the submitter says.
        data: a data folder; None for the released one.
        cached: whether the user's cache may give annotations.

    Returns:
        What ``check`` found of it, written.

    Raises:
        UsageError: something must still be said (the option is named), or the entry is there already.
        InputError: check refuses it.
    """
    source = _of_run(what, submission, data) if what.is_dir() else _of_file(what, submission)
    return _added(source, folder, submission, data, cached)


def _said(submission: Submission) -> tuple[str, str]:
    lacking = []
    if not submission.statement:
        lacking.append("--contamination-statement TEXT (where it may have met the set's scenarios, replies or labels)")
    if submission.seen not in SEEN:
        lacking.append(f"--seen {'|'.join(SEEN)} (whether it, or whoever made it, saw replies or labels of the set)")
    if lacking:
        raise UsageError("an entry says where its generator may have met the data; add " + " and ".join(lacking))
    return submission.statement or "", submission.seen or ""


def _added(source: _Source, folder: Path, submission: Submission, data: Path | None, cached: bool) -> Checked:
    statement, seen = _said(submission)
    version, sets, digests = read_sets(data)
    chosen = submission.set or "test"
    if chosen not in sets:
        raise UsageError(f"the leaderboard has no set {chosen!r}; --set takes {', '.join(sets)}")
    project = read_project(folder / FILE)
    entries = folder / ENTRIES
    entries.mkdir(parents=True, exist_ok=True)
    name = _named(submission.name or _fit(source.card["name"]), entry_names(entries), project)
    place = {scenario: i for i, scenario in enumerate(sets[chosen])}
    replies = [reply for reply in source.replies if reply.scenario_id in place]
    if not replies:
        raise UsageError(f"none of the {len(source.replies)} replies is to a scenario of {chosen}")
    replies.sort(key=lambda reply: (place[reply.scenario_id], reply.sample))
    entry = {
        "schema": 1,
        "name": name,
        "set": chosen,
        "dataset": version,
        "data": digests[chosen],
        "kind": source.card["kind"],
        "submitted": submission.submitted or datetime.datetime.now(datetime.UTC).date().isoformat(),
        "credit": submission.credit,
        "contamination": {"seen": seen, "statement": statement},
        "settings": {**source.settings, "samples": 1 + max(r.sample for r in replies), **submission.settings},
        "meta": {},
    }
    return _placed(entry, source.card, replies, How(entries, project, data, cached, write=True, around=entries))


def _named(name: str, others: Sequence[str], project: Project) -> str:
    """The entry's name, or why it cannot be that."""
    if name in others:
        raise UsageError(f"there is an entry {name!r} already; name this one with --name, or remove that folder first")
    if not NAME.fullmatch(name):
        rule = "2 to 41 of a-z, 0-9 and -, a letter or digit first"
        raise UsageError(f"{name!r} is no name for an entry: {rule}; use --name")
    if wrong := wrong_name(name, others, project.own):
        raise UsageError(f"found {wrong[0]}, expected {wrong[1]}; {wrong[2]} with --name")
    return name


def _placed(entry: Json, card: Json, replies: Sequence[Reply], how: How) -> Checked:
    """Made and checked beside the entries, then moved among them whole."""
    final = how.entries / entry["name"]
    with tempfile.TemporaryDirectory(prefix=".adding-", dir=how.entries.parent) as made:
        part = Path(made) / entry["name"]
        write_whole(part / "entry.json", pretty(entry))
        write_whole(part / "generator.json", pretty(card))
        write_whole(part / REPLIES, b"".join(dumps(reply.to_dict()) for reply in replies))
        checked = Checker(replace(how, entries=Path(made))).check(entry["name"])
        if checked.problems:
            shown = [replace(p, file=p.file.removeprefix(Path(made).as_posix() + "/")) for p in checked.problems]
            raise InputError(shown)
        part.replace(final)
    return checked


def _fit(name: str) -> str:
    """A generator's name as an entry's, where that takes no more than case and punctuation."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:41]


def _of_run(folder: Path, submission: Submission, data: Path | None) -> _Source:
    settings = read_settings(folder / "run.json")
    if settings is None or "generator" not in settings:
        raise UsageError(f"{folder} is no run folder: it has no run.json; name one that `amends run` made")
    if not (folder / "result.json").is_file():
        raise UsageError(f"{folder} is not finished; run the same command again")
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
    return _Source(card, _replies(folder / REPLIES), own)


def _of_file(file: Path, submission: Submission) -> _Source:
    if submission.card is None:
        raise UsageError(f"replies alone do not say who made them; add --card FILE, a generator.json, to {file}")
    card = _read_card(submission.card)
    replies = _replies(file)
    settings: Json = {}
    if card["kind"] == "model" and submission.system is not None:
        settings = {"system_prompt": _text(submission.system)}
    return _Source(card, replies, settings)


def _replies(file: Path) -> list[Reply]:
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
    import orjson

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
    own["system_prompt"] = built_in_prompt() if submission.system is None else _text(submission.system)
    return own


def _text(file: Path) -> str:
    return file.read_bytes().decode("utf-8-sig")


_PROMPTS = "baselines/prompts in the repository, and data/systems/README.md"
_SYSTEMS_STATEMENT = (
    "The project's own: its replies are the systems set itself, written before they were judged; see "
    "data/systems/README.md."
)
_FAMILY = " The model is of the same family as the annotators of the dataset."


def add_systems(folder: Path, data: Path | None = None, submitted: str | None = None) -> list[Checked]:
    """An entry ``systems-NAME`` for every generator of the systems set that has none yet.

    Args:
        folder: of the leaderboard; its project.json must name them, as they hold released replies.
        data: a data folder; None for the released one.
        submitted: day; None: today.

    Raises:
        InputError: check refuses one.
        UsageError: the data folder has no systems set.
    """
    path = (shipped("data") if data is None else data).joinpath(*SYSTEM_REPLIES)
    by_author: dict[str, list[Reply]] = {}
    for reply in _replies(path) if path.is_file() else []:
        if reply.author is not None:
            by_author.setdefault(reply.author.name, []).append(reply)
    if not by_author:
        raise UsageError(f"{path} holds no replies whose author is named")
    made = []
    for name, replies in sorted(by_author.items()):
        entry = f"systems-{_fit(name)}"
        if (folder / ENTRIES / entry).exists():
            continue
        source = _system_source(name, replies)
        is_model = source.card["kind"] == "model"
        statement = _SYSTEMS_STATEMENT + (_FAMILY if is_model else "")
        submission = Submission(statement, "unknown" if is_model else "no", entry, "systems", submitted=submitted)
        made.append(_added(source, folder, submission, data, cached=True))
    return made


def _system_source(name: str, replies: Sequence[Reply]) -> _Source:
    author = replies[0].author
    if author is None:
        raise UsageError(f"replies of {name} name no author")
    if name in baselines():
        return _Source(read_card(shipped("baselines", name)), replies, {})
    card: Json = {"name": name, "version": author.version, "kind": author.kind, "replies": REPLIES}
    if author.kind != "model":
        return _Source(card, replies, {})
    card["description"] = f"A language model under the prompt `{name}` ({_PROMPTS})."
    family = str(replies[0].meta.get("family") or "unknown family")
    prompt = shipped("baselines", "prompts", f"{name.removeprefix('prompt-')}.txt")
    settings = {
        "model": f"{family} {author.version}",
        "temperature": None,
        "system_prompt": _text(prompt) if prompt.is_file() else "",
        "note": "20 scenarios a context, two fresh contexts a prompt; temperature as the service set it.",
    }
    return _Source(card, replies, settings)
