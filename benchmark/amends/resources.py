"""Where the shipped files are: in a checkout beside the source root, in a wheel under ``amends/_shipped``."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parent.parent


def in_checkout() -> bool:
    """Tell whether the package runs from a checkout (the source root's parent holds data/manifest.json)."""
    return (_CHECKOUT / "data" / "manifest.json").is_file() and _PACKAGE.parent.name == "benchmark"


def shipped(*parts: str) -> Path:
    """Path of a shipped file or folder, the same answer in a wheel and in a checkout.

    Args:
        parts: path below the top level, e.g. ``("schemas", "reply.schema.json")``.
    """
    root = _CHECKOUT if in_checkout() else _PACKAGE / "_shipped"
    return root.joinpath(*parts)
