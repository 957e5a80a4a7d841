"""Replies of an entry: the schema, the limits, whose they are, and whether they are all there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from amends.errors import Problem
from amends.leaderboard.files import REPLIES, EntryFiles
from amends.leaderboard.names import texts_of, told, tricks
from amends.leaderboard.values import lines
from amends.records import Json, Reply, Scenario
from amends.runs.replies import expected_keys
from amends.schema import problems
from amends.text.folding import plain

MAX_REPLY = 100_000
"""Characters of a reply."""
MAX_SAMPLES = 20
"""Replies to one scenario."""
LEFT_OUT = 0.2
"""Share of replies that were asked for and are not there above which it is no run of the whole set."""


@dataclass(frozen=True, slots=True)
class Replies:
    """What an entry answered."""

    replies: tuple[Reply, ...]
    """In the order of the scenarios, samples in order."""
    lines: Mapping[str, int]
    """Reply id to its line."""
    samples: int
    """Replies asked for of each scenario."""
    asked: int
    """Scenarios times samples."""

    @property
    def without(self) -> int:
        """Replies that were asked for and are not there, or have nothing in them that could be read."""
        return self.asked - sum(bool(plain(reply.text)) for reply in self.replies)


def read_replies(
    files: EntryFiles, scenarios: Mapping[str, Scenario], entry: Json
) -> tuple[Replies | None, list[Problem]]:
    """The replies of an entry, with everything that is wrong with them.

    Args:
        files: of the entry.
        scenarios: of its set.
        entry: entry.json.

    Returns:
        The good replies (None where there is no file), and all problems.
    """
    shown = files.file(REPLIES)
    if REPLIES not in files.data:
        told_already = any(problem.file == shown for problem in files.problems)
        missing = Problem(shown, None, "$", "nothing", "the file of replies", "`amends leaderboard add` makes it")
        return None, [] if told_already else [missing]
    found: list[Problem] = []
    good: dict[tuple[str, int], Reply] = {}
    at: dict[str, int] = {}
    for number, raw in lines(files, REPLIES):
        wrong = [raw] if isinstance(raw, Problem) else list(_line(raw, scenarios, entry, shown, number))
        if not wrong:
            reply = Reply.from_dict(raw)
            wrong = list(_twice(reply, good, at, shown, number))
            if not wrong:
                good[reply.key] = replace(reply, sample=int(reply.sample))
                at[reply.id] = number
        found += wrong
    samples = _samples(entry, good)
    found += _complete(good, scenarios, entry, samples, shown)
    ordered = [good[key] for key in expected_keys(scenarios.values(), samples) if key in good]
    return Replies(tuple(ordered), at, samples, len(scenarios) * samples), found


def _line(raw: object, scenarios: Mapping[str, Scenario], entry: Json, shown: str, number: int) -> Iterator[Problem]:
    wrong = problems(raw, "reply", shown, number)
    if wrong or not isinstance(raw, dict):
        yield from wrong
        return
    if raw["scenario_id"] not in scenarios:
        expected = f"the id of a scenario of {entry['set']}"
        yield Problem(shown, number, "$.scenario_id", repr(raw["scenario_id"][:60]), expected, "answer this set alone")
    if raw.get("supersedes"):
        yield Problem(shown, number, "$.supersedes", "a correction", "one line a reply", "keep the last line alone")
    if len(raw["text"]) > MAX_REPLY:
        found = f"{len(raw['text']):,} characters"
        yield Problem(shown, number, "$.text", found, f"at most {MAX_REPLY:,}", "shorten the reply")
    if int(raw.get("sample") or 0) >= MAX_SAMPLES:
        yield Problem(shown, number, "$.sample", str(raw["sample"]), f"0 to {MAX_SAMPLES - 1}", "send fewer samples")
    author = raw.get("author")
    if author and author["kind"] != entry["kind"]:
        expected = f"{entry['kind']}, the kind of the entry"
        yield Problem(shown, number, "$.author.kind", author["kind"], expected, "say who wrote it")
    names = {"id": raw["id"], "author": author or {}}
    for path, text in texts_of(names):
        if hidden := tricks(text):
            yield Problem(
                shown, number, path, told(hidden), "characters that are seen as what they are", "take them out"
            )


def _twice(
    reply: Reply, good: Mapping[tuple[str, int], Reply], at: Mapping[str, int], shown: str, number: int
) -> Iterator[Problem]:
    if reply.id in at:
        found = f"the id {reply.id[:60]!r} of line {at[reply.id]}"
        yield Problem(shown, number, "$.id", found, "an id of its own", "rename or remove it")
    if reply.key in good:
        found = f"sample {reply.sample} of {reply.scenario_id}, as in line {at[good[reply.key].id]}"
        yield Problem(shown, number, "$.sample", found, "each sample once", "renumber or remove it")


def _samples(entry: Json, good: Mapping[tuple[str, int], Reply]) -> int:
    stated = entry["settings"].get("samples")
    seen = 1 + max((sample for _, sample in good), default=0)
    whole = isinstance(stated, int) and not isinstance(stated, bool) and 1 <= stated <= MAX_SAMPLES
    return max(seen, stated) if whole else seen


def _complete(
    good: Mapping[tuple[str, int], Reply], scenarios: Mapping[str, Scenario], entry: Json, samples: int, shown: str
) -> Iterator[Problem]:
    stated = entry["settings"].get("samples")
    seen = {sample for _, sample in good}
    if stated is not None and stated != samples:
        found, expected = repr(stated)[:60], f"{samples}, the number of samples in {REPLIES}"
        yield Problem(shown.replace(REPLIES, "entry.json"), None, "$.settings.samples", found, expected, "correct it")
    gone = [name for name in scenarios if not any((name, sample) in good for sample in range(samples))]
    asked = len(scenarios) * samples
    missing = asked - len(good)
    if missing > LEFT_OUT * asked:
        found = f"{len(good):,} of {asked:,} replies ({len(scenarios)} scenarios, {samples} each)"
        if gone:
            found += f"; nothing for {', '.join(gone[:3])}" + (f" and {len(gone) - 3} more" if len(gone) > 3 else "")
        expected = f"every scenario of {entry['set']}, the same number of samples of each"
        yield Problem(shown, None, "$", found, expected, "run the whole set: `amends run GENERATOR`, without --limit")
    for sample in sorted(set(range(samples)) - seen):
        found = f"no reply with sample {sample}"
        yield Problem(shown, None, "$.sample", found, f"samples 0 to {samples - 1}", "number them from 0, without gaps")
