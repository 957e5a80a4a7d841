"""The card's front matter (YAML between two lines of three dashes): the only user of a YAML parser."""

from __future__ import annotations

from pathlib import Path

from amends.errors import InputError, Problem
from amends.records import Json

_FENCE = "---\n"


def read_card(path: Path) -> tuple[Json, str]:
    """Front matter and text of a card.

    Args:
        path: README.md of a data folder.

    Raises:
        InputError: there is no card, or no front matter in it.
    """
    import yaml

    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    parts = text.split(_FENCE, 2)
    if len(parts) < 3 or parts[0]:
        expected = "a card that begins with YAML between two lines of three dashes"
        raise InputError([Problem(str(path), 1, "$", "no front matter", expected, "restore README.md")])
    loaded: Json = yaml.safe_load(parts[1])
    return loaded, parts[2]


def card_text(head: Json, body: str) -> str:
    """A card of front matter and text; ``read_card`` the other way round."""
    import yaml

    front: str = yaml.safe_dump(head, sort_keys=False, allow_unicode=True, width=100)
    return f"{_FENCE}{front}{_FENCE}{body}"
