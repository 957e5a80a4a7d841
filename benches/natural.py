"""Texts as people write them, as many as are wanted: sentences of train put together anew, with other details.

A scorer's automata and caches meet in them what they meet in an archive: some 20,000 different sentences, and numbers
and names that never were there before. Sentences made of a few forms would flatter it (one automaton of all patterns of
``rules`` took 4 us on a reply made of forms, and 4,100 us on one of train that it had not seen).
"""

from __future__ import annotations

import functools
import random
import re
from pathlib import Path

import orjson

TRAIN = Path(__file__).resolve().parent.parent / "data" / "exchanges" / "train.jsonl"
_END = re.compile(r"(?<=[.!?])\s+|\n+")
_NUMBER = re.compile(r"\d")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{2,}")
"""A word with a capital within a sentence."""


@functools.cache
def sentences() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The different sentences of 3 to 30 words of train, in order: the customers', and the replies'."""
    said: dict[str, None] = {}
    replied: dict[str, None] = {}
    for line in TRAIN.read_bytes().splitlines():
        exchange = orjson.loads(line)
        for turn in exchange["turns"]:
            if turn["role"] == "customer":
                said |= dict.fromkeys(_END.split(turn["text"]))
        replied |= dict.fromkeys(_END.split(exchange["reply"]))
    own, others = ([text for text in found if 3 <= len(text.split()) <= 30] for found in (said, replied))
    return tuple(own), tuple(others)


def customer(draw: random.Random, words: int = 40) -> str:
    """What a customer writes, so many words or a few more."""
    return _text(draw, sentences()[0], words)


def reply(draw: random.Random, words: int = 80) -> str:
    """What an agent writes, so many words or a few more."""
    return _text(draw, sentences()[1], words)


def _text(draw: random.Random, some: tuple[str, ...], words: int) -> str:
    made: list[str] = []
    count = 0
    while count < words:
        one = draw.choice(some)
        one = _NUMBER.sub(lambda _: draw.choice("123456789"), one)
        one = _NAME.sub(lambda _: _name(draw), one)
        made.append(one)
        count += len(one.split())
    return " ".join(made)


def _name(draw: random.Random) -> str:
    return "".join(draw.choice("bcdfglmnprst") + draw.choice("aeiou") for _ in range(draw.randint(2, 3))).capitalize()
