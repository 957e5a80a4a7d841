"""The citable line that stands with every number: unique keys, fixed order, version last."""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
from collections.abc import Iterable, Mapping

from amends.jsonl import canonical
from amends.records import Json

KEYS = ("data", "n", "missing", "gold", "rubric", "scorer", "unit", "ci", "seed", "v")
"""Every key a signature may have, in the order in which they stand."""

PREFIX = "amends"
SEED = 12345
"""The default seed; the seed written is always the seed used."""


@functools.cache
def package_version() -> str:
    """Version of the installed package."""
    return importlib.metadata.version("amends")


class Digest:
    """What names the data behind a number, whatever its order: a stream of records in, 12 hex out."""

    def __init__(self) -> None:
        """Start with no record."""
        self._hashes: list[bytes] = []

    def add(self, record: Json) -> None:
        """Take one more record; only its 32-byte hash is kept."""
        self._hashes.append(hashlib.sha256(canonical(record)).digest())

    def hex(self) -> str:
        """First 12 hex of the SHA-256 over the sorted SHA-256 of the canonical records."""
        return hashlib.sha256(b"".join(sorted(self._hashes))).hexdigest()[:12]


def digest(records: Iterable[Json]) -> str:
    """``Digest`` of records that are all there."""
    whole = Digest()
    for record in records:
        whole.add(record)
    return whole.hex()


def scorer_tag(name: str, version: object, weights: str | None) -> str:
    """A scorer as signatures name it: ``name.version``, and ``@weights`` where it has some.

    Args:
        name: of the scorer.
        version: of its rules, weights or prompt.
        weights: their checksum, or None.
    """
    return f"{name}.{version}" + (f"@{weights}" if weights else "")


def signature(parts: Mapping[str, str | int | None]) -> str:
    """Build the line.

    Args:
        parts: key to value; keys from ``KEYS`` without ``v``; None is left out.

    Raises:
        ValueError: an unknown key, or a value with ``|`` in it.
    """
    unknown = set(parts) - set(KEYS[:-1])
    if unknown:
        raise ValueError(f"unknown signature keys: {', '.join(sorted(unknown))}")
    shown = {key: str(parts[key]) for key in KEYS if parts.get(key) is not None} | {"v": package_version()}
    if any("|" in value for value in shown.values()):
        raise ValueError("a signature value holds the separator |")
    return "|".join([PREFIX, *[f"{key}:{value}" for key, value in shown.items()]])


def parse(line: str) -> dict[str, str]:
    """Key to value of a signature.

    Raises:
        ValueError: it is none: wrong prefix, unknown or repeated key, a part without a value, wrong order, no version.
    """
    prefix, *parts = line.split("|")
    pairs = [part.partition(":") for part in parts]
    keys = [key for key, _, _ in pairs]
    whole = prefix == PREFIX and "v" in keys and all(value for _, _, value in pairs)
    if not whole or len(set(keys)) != len(keys) or keys != [key for key in KEYS if key in keys]:
        raise ValueError(f"no signature: {line!r}")
    return {key: value for key, _, value in pairs}
