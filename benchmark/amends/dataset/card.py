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

    Returns:
        The front matter ({} where nothing stands between the lines), and the text after it.

    Raises:
        InputError: there is no card, no front matter in it, or none that is a YAML mapping.
    """
    import yaml

    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    parts = text.split(_FENCE, 2)
    if len(parts) < 3 or parts[0]:
        expected = "a card that begins with YAML between two lines of three dashes"
        raise InputError([Problem(str(path), 1, "$", "no front matter", expected, "restore README.md")])
    try:
        loaded = yaml.safe_load(parts[1])
    except (yaml.YAMLError, ValueError) as error:  # a day that no calendar has is a ValueError
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark is not None else 1  # marks count from 0, and the first line is the fence
        raise _broken(path, line, f"broken YAML ({getattr(error, 'problem', None) or error})") from None
    if loaded is None:
        return {}, parts[2]
    if not isinstance(loaded, dict):
        raise _broken(path, 2, f"a front matter that is a {type(loaded).__name__}")
    return loaded, parts[2]


def _broken(path: Path, line: int, found: str) -> InputError:
    remedy = "mend the lines between the two lines of three dashes"
    return InputError([Problem(str(path), line, "$", found, "a YAML mapping (key: value)", remedy)])


def card_text(head: Json, body: str) -> str:
    """A card of front matter and text; ``read_card`` the other way round."""
    import yaml

    front: str = yaml.safe_dump(head, sort_keys=False, allow_unicode=True, width=100)
    return f"{_FENCE}{front}{_FENCE}{body}"
