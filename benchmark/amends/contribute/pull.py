"""The words of a pull request that hands in a contribution: title, body, which file goes where, and the commands."""

from __future__ import annotations

import re
import shlex
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from amends.dataset.pending import PENDING
from amends.records import Json

_WRITTEN = {"person": "a person", "person_with_model": "a person with a model's help", "model": "a model"}


@dataclass(frozen=True, slots=True)
class Pull:
    """What to say and to type."""

    title: str
    body: str
    goes_to: str
    """Path of the file in the repository."""
    commands: Sequence[str]

    def text(self) -> str:
        """Everything for a person to read."""
        lines = ["Title:", f"  {self.title}", "", "Text:", *(f"  {line}" for line in self.body.splitlines())]
        return "\n".join([*lines, "", "In your checkout:", *(f"  {c}" for c in self.commands), ""])


def slug(text: str) -> str:
    """A name of small letters, digits and dashes; ``contribution`` where nothing of it is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "contribution"


def pull_request(file: Path, examples: Sequence[Json]) -> Pull:
    """The words for a file that is ready.

    Args:
        file: where it is now.
        examples: what it holds; at least one.
    """
    credits = sorted({str(example["credit"]) for example in examples})
    parts = file.resolve().parts
    there = parts[-3:-1] == ("data", PENDING)
    name = slug(file.stem) if not there else file.stem
    goes_to = f"data/{PENDING}/{name}.jsonl"
    count = f"{len(examples)} example{'' if len(examples) == 1 else 's'}"
    title = f"Contribution {name}: {count} by {', '.join(credits)}"
    new = sum("scenario" in example for example in examples)
    written = Counter(str(example["written"]) for example in examples)
    models = sorted({str(example["model"]) for example in examples if example.get("model")})
    body = [
        f"{count}: {new} with a scenario of their own, {len(examples) - new} to released scenarios of train.",
        "Written by " + ", ".join(f"{_WRITTEN[kind]}: {n}" for kind, n in sorted(written.items())) + ".",
        *([f"Models: {', '.join(models)}."] if models else []),
        f"Everybody credited agreed to CC BY 4.0 ({', '.join(sorted({e['consent']['day'] for e in examples}))}).",
        f"Checked: `amends check {goes_to}`.",
    ]
    commands = [
        f"git switch -c contribution-{slug(name)}",
        *([] if there else [f"mkdir -p data/{PENDING} && cp {shlex.quote(str(file.resolve()))} {goes_to}"]),
        f"git add {shlex.quote(goes_to)}",
        f"git commit -m {shlex.quote(title)}",
        f"git push -u origin contribution-{slug(name)}",
    ]
    return Pull(title, "\n".join(body), goes_to, commands)
