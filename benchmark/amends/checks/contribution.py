"""Everything that is wrong with contributed scenarios and replies, at once, before a person looks at them.

``examine`` is what ``amends contribute`` asks, for one text while it is written and for a file of a thousand;
``problems`` is the same against a data folder for files that ``amends check`` has read. Schema, ids, references,
leakage, length and personal data are problems with a remedy; names are candidates that a person confirms.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from amends.checks import ids, leakage, personal
from amends.checks.base import HELD_OUT, Base, Known, customer_text, names_of, runs
from amends.checks.files import File, Group, Line, Place, kind_by_keys, shown
from amends.checks.near import Match, against, near
from amends.checks.people import Candidate, candidates
from amends.checks.prints import normal_words
from amends.checks.references import superseded
from amends.checks.reworded import Index
from amends.errors import Problem
from amends.records import Json
from amends.schema import problems as schema_problems

LENGTHS = {"scenario": (8, 500), "reply": (4, 400)}
"""Fewest and most words of a contributed text; those of the dataset have 28 to 287 and 10 to 246."""

KINDS = ("scenario", "reply")

CHECKS = ("schema", "ids", "references", "near-duplicates", "leakage", "personal data", "length")
"""Names of the checks, in the order in which their findings come."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A contributed record and where it stands."""

    record: Json
    """A scenario or a reply, as in scenarios.jsonl and replies.jsonl."""
    file: str = "-"
    """As the person knows it."""
    line: int | None = None
    """Line or row from 1; None where a form was filled in."""


@dataclass(frozen=True, slots=True)
class Found:
    """A problem and the check that found it."""

    check: str
    """One of ``CHECKS``."""
    problem: Problem


@dataclass(frozen=True, slots=True)
class Person:
    """A candidate for a name, where it stands."""

    file: str
    line: int | None
    path: str
    """JSON path of the text."""
    candidate: Candidate


@dataclass(frozen=True, slots=True)
class Examined:
    """What came of a batch."""

    found: tuple[Found, ...]
    """By check in the order of ``CHECKS``, then in the order of the entries."""
    people: tuple[Person, ...]
    """What a person has to confirm; no problem."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All problems without the names of their checks."""
        return tuple([one.problem for one in self.found])


@dataclass(frozen=True, slots=True)
class _Text:
    place: Place
    kind: str
    path: str
    text: str
    split: str | None
    replaced: str | None
    """Id of the record that it corrects."""


def examine(entries: Sequence[Entry], base: Base, country: str | None = None) -> Examined:
    """Look at a batch of scenarios and replies.

    Args:
        entries: records of both kinds in any order; replies may answer scenarios of the batch or of the base.
        base: what they are compared with; one for many calls.
        country: two letters of where the texts were written, for national telephone numbers; None: the text may tell.
    """
    group, found = _grouped(entries)
    for problem in ids.problems(group):
        found.append(Found("ids", problem))
    found += _beside(group, base)
    for place in group.lines(*KINDS):
        where = (place[0].name, place[1].number or None)
        found += [Found("personal data", p) for p in personal.in_record(place[1].record, where, country)]
    for place in group.lines(*KINDS):
        found += [Found("leakage", p) for p in leakage.of_record(place)]
    found += _lengths(group)
    order = {name: i for i, name in enumerate(CHECKS)}
    unique = dict.fromkeys([Found(one.check, _placed(one.problem)) for one in found])
    return Examined(tuple(sorted(unique, key=lambda one: order[one.check])), tuple(_people(group, base)))


def problems(group: Group, base: Base) -> Iterator[Problem]:
    """What is wrong with files against a data folder, beyond what the other checks say of them alone.

    Args:
        group: files that were read; scenarios and replies are looked at.
        base: the data folder.
    """
    for one in (*_beside(group, base), *_lengths(group)):
        yield one.problem


def _placed(problem: Problem) -> Problem:
    """A problem of an entry without a line: 0 stands for none inside the checks."""
    if problem.line != 0:
        return problem
    return Problem(problem.file, None, problem.path, problem.found, problem.expected, problem.remedy)


def _grouped(entries: Sequence[Entry]) -> tuple[Group, list[Found]]:
    found: list[Found] = []
    lines: dict[tuple[str, str], list[Line]] = {}
    for entry in entries:
        kind = kind_by_keys(entry.record)
        if kind not in KINDS:
            shape = ", ".join(map(str, entry.record)) if isinstance(entry.record, dict) else shown(entry.record)
            expected = "a scenario (id, turns) or a reply (id, scenario_id, text)"
            remedy = "rename the fields as schemas/ has them"
            problem = Problem(entry.file, entry.line, "$", f"a record with {shape}"[:200], expected, remedy)
            found.append(Found("schema", problem))
            continue
        wrong = schema_problems(entry.record, kind, entry.file, entry.line)
        found += [Found("schema", problem) for problem in wrong]
        lines.setdefault((entry.file, kind), []).append(Line(entry.line or 0, entry.record, not wrong))
    return Group(tuple([File(name, kind, tuple(own), ()) for (name, kind), own in lines.items()])), found


def _beside(group: Group, base: Base) -> list[Found]:
    """Ids, references and texts against the base and within the batch."""
    found = list(_taken(group, base)) + list(_dangling(group, base))
    texts = list(_texts(group, base))
    for kind in KINDS:
        found += _alike([text for text in texts if text.kind == kind], base, kind)
    named = {(f.problem.file, f.problem.line, f.problem.path) for f in found}
    for text in texts:
        if (text.place[0].name, text.place[1].number, text.path) not in named:
            found += _quoted(text, base)
    return found


def _found(check: str, place: Place, path: str, words: tuple[str, str, str]) -> Found:
    return Found(check, Problem(place[0].name, place[1].number, path, *words))


def _taken(group: Group, base: Base) -> Iterator[Found]:
    for place in group.lines(*KINDS):
        kind, key = str(place[0].kind), place[1].record.get("id")
        if isinstance(key, str) and key in base.ids[kind]:
            words = (f"{shown(key)}, which a {kind} of the dataset has", "an id of its own", "give it a new id")
            yield _found("ids", place, "$.id", words)


def _dangling(group: Group, base: Base) -> Iterator[Found]:
    for kind, path in (("scenario", "scenario_id"), ("reply", ""), ("scenario", "")):
        known = base.ids[kind] | {str(line.record.get("id")) for _, line in group.lines(kind)}
        field = path or "supersedes"
        for place in group.lines("reply" if path else kind):
            key = place[1].record.get(field)
            if isinstance(key, str) and key not in known:
                words = (shown(key), f"the id of a {kind}", f"mend the id, or add the {kind}")
                yield _found("references", place, f"$.{field}", words)


def _texts(group: Group, base: Base) -> Iterator[_Text]:
    gone = {kind: superseded(group, kind) for kind in KINDS}
    own = {line.record["id"]: line.record.get("split") for _, line in group.good("scenario")}
    splits: Mapping[str, str | None] = {**base.splits, **own}
    for place in group.good(*KINDS):
        record, kind = place[1].record, str(place[0].kind)
        if record["id"] in gone[kind]:
            continue
        if kind == "scenario":
            yield _Text(place, kind, "$.turns", customer_text(record), record.get("split"), record.get("supersedes"))
        else:
            split = splits.get(record["scenario_id"])
            yield _Text(place, kind, "$.text", record["text"], split, record.get("supersedes"))


def _alike(texts: list[_Text], base: Base, kind: str) -> Iterator[Found]:
    """One finding a text: the nearest of the base, or else the first of the batch."""
    plain = [text.text for text in texts]
    known = base.texts[kind]
    shared = _nearest(texts, known)
    within: dict[int, Match] = {}
    for match in near(plain, ["" for _ in plain]):
        within.setdefault(match.later, match)
    index = base.index(kind)
    mine = Index(plain, index)
    for i, text in enumerate(texts):
        reworded = next((pair for pair in index.like(text.text) if known[pair[0]].id != text.replaced), None)
        if i in shared:
            yield _like_known(text, known[shared[i].earlier], _runs_shared(shared[i]))
        elif reworded is not None:
            yield _like_known(text, known[reworded[0]], _in_other_words(reworded[1]))
        elif i in within:
            yield _like_own(text, texts[within[i].earlier], _runs_shared(within[i]))
        elif before := mine.like(text.text, before=i):
            yield _like_own(text, texts[before[0][0]], _in_other_words(before[0][1]))


def _nearest(texts: list[_Text], known: Sequence[Known]) -> dict[int, Match]:
    """Text to its match in the base; a correction is not compared with what it corrects."""
    corrected = {text.replaced for text in texts if text.replaced}
    free = [i for i, k in enumerate(known) if k.id not in corrected]
    found = against([text.text for text in texts], (known[i].text for i in free))
    return {m.later: Match(m.later, free[m.earlier], m.similarity, m.same) for m in found}


def _runs_shared(match: Match) -> str:
    return "the same words as" if match.same else f"{match.similarity:.0%} of its 3-word runs shared with"


def _in_other_words(cosine: float) -> str:
    return f"the words, moved or changed here and there ({cosine:.0%} alike), of"


def _like_known(text: _Text, known: Known, how: str) -> Found:
    place = f"{shown(known.id)} of the dataset"
    if known.split in HELD_OUT:
        words = (f"{how} {place} ({known.split})", f"no text of {known.split}", "write a text of your own")
        return _found("leakage", text.place, text.path, words)
    words = (f"{how} {place}", "a text of its own", "write a text of your own, or leave it out")
    return _found("near-duplicates", text.place, text.path, words)


def _like_own(text: _Text, other: _Text, how: str) -> Found:
    file, line = other.place
    place = f"{shown(line.record['id'])} ({file.name}{f':{line.number}' if line.number else ''})"
    words = (f"{how} {place}", "a text of its own", "remove or rewrite one of the two")
    return _found("near-duplicates", text.place, text.path, words)


def _quoted(text: _Text, base: Base) -> Iterator[Found]:
    for run in runs(text.text):
        known = base.held_runs.get(run)
        if known is not None and known.id != text.replaced:
            found = f"{len(run)} words or more in a row of {shown(known.id)} of the dataset ({known.split})"
            words = (found, f"no text of {known.split}", "say it in words of your own")
            yield _found("leakage", text.place, text.path, words)
            return


def _lengths(group: Group) -> Iterator[Found]:
    for place in group.good(*KINDS):
        record, kind = place[1].record, str(place[0].kind)
        text, path = (customer_text(record), "$.turns") if kind == "scenario" else (record["text"], "$.text")
        least, most = LENGTHS[kind]
        count = len(normal_words(text))
        if not least <= count <= most:
            remedy = "say more" if count < least else "cut it, or make two of it"
            words = (f"{count} word{'' if count == 1 else 's'}", f"{least} to {most} words", remedy)
            yield _found("length", place, path, words)


def _people(group: Group, base: Base) -> Iterator[Person]:
    own = {line.record.get("id"): names_of(line.record) for _, line in group.good("scenario")}
    for place in group.good(*KINDS):
        record, where = place[1].record, (place[0].name, place[1].number or None)
        if place[0].kind == "scenario":
            texts = [(f"$.turns[{i}].text", turn["text"]) for i, turn in enumerate(record["turns"])]
            spared = names_of(record)
        else:
            texts = [("$.text", record["text"])]
            spared = own.get(record["scenario_id"]) or base.companies.get(record["scenario_id"], ())
        for path, text in texts:
            for candidate in candidates(text, spared):
                yield Person(*where, path, candidate)
