"""A replies file as a generator: replies that somebody made elsewhere, checked line by line."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from amends import jsonl, schema
from amends.errors import Problem
from amends.generators.base import Key, Ledger, Report, ignore
from amends.records import Author, Json, Reply, Scenario

SUFFIXES = (".jsonl", ".jsonl.gz", ".jsonl.zst")
"""How a replies file ends."""

_BLOCK = 1 << 20


def _file_digest(file: str) -> str:
    """SHA-256 of a file as it lies there, in flat memory."""
    jsonl.check_path(file)
    state = hashlib.sha256()
    with Path(file).open("rb") as stream:
        while block := stream.read(_BLOCK):
            state.update(block)
    return state.hexdigest()


def _name_of(file: str) -> str:
    """The file's name without its suffix, fit for an id."""
    name = Path(file).name
    for suffix in sorted(SUFFIXES, key=len, reverse=True):
        name = name.removesuffix(suffix)
    return re.sub(r"[\x00-\x1f\x7f-\x9f]", "", name)[:100] or "replies"


def _problems(item: Any, file: str, line: int) -> list[Problem]:
    """What is wrong with a line that was read."""
    return [item] if isinstance(item, Problem) else schema.problems(item, "reply", file, line)


class RepliesFileGenerator:
    """Replies from a file; ids and authors stay as the lines say them."""

    def __init__(self, file: str, author: Author | None = None, card: Json | None = None) -> None:
        """Take a file; it is read only when replies are asked for, save for its checksum.

        Args:
            file: path (.jsonl, .jsonl.gz, .jsonl.zst).
            author: who stands in replies whose line names no author; None leaves them without.
            card: the card of the folder that the file lies in.

        Raises:
            InputError: the file is missing or a folder.
        """
        sha = _file_digest(file)
        self.name: str = author.name if author else _name_of(file)
        self.version: str = author.version if author else sha[:12]
        self.author: Author | None = author
        self.card: Json = (card or {"name": self.name, "kind": "replies"}) | {"replies_sha256": sha}
        self._file = file

    def generate(
        self,
        scenarios: Iterable[Scenario],
        samples: int = 1,
        *,
        done: Collection[Key] = frozenset(),
        report: Report = ignore,
        log: Path | None = None,
    ) -> Iterator[Reply]:
        """Give the file's replies in its order; see ``Generator.generate``.

        Raises:
            InputError: the file fails as a whole (empty, undecodable, damaged).
        """
        ledger = Ledger(self, scenarios, samples, done, report)
        # ids must stay unique in a run folder; the file may repeat one for two scenarios
        ids: set[str] = set()
        for number, item in jsonl.read(self._file):
            problems = _problems(item, self._file, number)
            for problem in problems:
                ledger.fail(None, None, str(problem))
            if problems:
                continue
            reply = Reply.from_dict(item)
            # 1.0 is a whole number to JSON Schema
            reply = replace(reply, sample=int(reply.sample), author=reply.author or self.author)
            where = f"{self._file}:{number}"
            if reply.id in ids:
                ledger.fail(*reply.key, f"{where}: the id {reply.id!r} was used above")
            elif ledger.admit(reply.key, reply.text, where):
                ids.add(reply.id)
                yield reply
        for sample in range(samples):
            ledger.close(sample, f"{self._file} holds none")
