"""Scorers that say the gold with noise, and a data folder for them."""

import numpy as np
from tests.scorercard.cases import annotation, exchange, write

from amends.records import DIMENSIONS, Annotation, Annotator


class Noisy:
    """Gold, which stands in the reply, with noise of its own; now and then nothing."""

    def __init__(self, name, noise, silent=0.0, confident=False):
        self.name, self.version = name, 1
        self._noise, self._silent, self._confident = noise, silent, confident

    def annotate(self, exchanges):
        return [self._one(e) for e in exchanges]

    def _one(self, exchange):
        key, gold = exchange.reply.split(":")
        # its own stream for each reply, so that batches do not matter
        generator = np.random.default_rng([int(key), *self.name.encode()])
        quiet = generator.random() < self._silent
        levels = {
            d: None if quiet else float(np.clip(round(float(g) + generator.normal(0, self._noise), 2), 1, 5))
            for d, g in zip(DIMENSIONS, gold.split("|"), strict=True)
        }
        flags = ("not_a_reply",) if gold.startswith("1|1|1") and key.endswith("7") else ()
        flags = ("refused_by_judge",) if quiet else flags
        if "not_a_reply" in flags:
            levels = dict.fromkeys(DIMENSIONS)
        return Annotation("", None, Annotator("scorer", "program", self.name, "1"), levels, (), flags)


def folder(path, scenarios=12, replies=5, split="validation", seed=3):
    """Exchanges with model gold, five replies a scenario."""
    generator = np.random.default_rng(seed)
    made = []
    for s in range(scenarios):
        for r in range(replies):
            gold = generator.integers(1, 6, 3).tolist()
            key = f"v-{s}.r{r}"
            own = [annotation(key, gold, m) for m in ("holistic", "checklist")]
            reply = f"{s * replies + r}:{'|'.join(map(str, gold))}"
            made.append(exchange(key, reply, own).to_dict() | {"split": split})
    write(path / "exchanges" / f"{split}.jsonl", *made)
    return path
