"""Small data folders, and a scorer that says what the reply tells it to say."""

import json
import re
from pathlib import Path

from amends.dataset.gold import gold_of
from amends.records import DIMENSIONS, Annotation, Annotator, Author, Behaviour, Exchange, Turn

CLAUDE = {"kind": "model", "name": "claude", "version": "1"}
TURNS = [{"role": "customer", "text": "It broke and I am cross."}]


class Told:
    """Levels from ``[3|2.5|-]``, codes from ``<E1 X7>`` and flags from ``{empty}`` in the reply."""

    name = "told"
    version = 3

    def __init__(self, probabilities: bool = False) -> None:
        self.seen: list[Exchange] = []
        self._probabilities = probabilities

    def annotate(self, exchanges):
        self.seen += exchanges
        return [self._one(exchange) for exchange in exchanges]

    def _one(self, exchange):
        text = exchange.reply
        found = re.search(r"\[(.*?)\]", text)
        told = found.group(1).split("|") if found else ["3", "3", "3"]
        levels = {d: None if x == "-" else float(x) for d, x in zip(DIMENSIONS, told, strict=True)}
        codes = re.search(r"<(.*?)>", text)
        behaviours = tuple(Behaviour(c, 0, 1, text[:1]) for c in (codes.group(1).split() if codes else ()))
        flags = re.search(r"\{(.*?)\}", text)
        return Annotation(
            "",
            None,
            Annotator("scorer", "program", self.name, "3"),
            levels,
            behaviours,
            tuple(flags.group(1).split()) if flags else (),
            probabilities=self._certain(levels) if self._probabilities else None,
        )

    @staticmethod
    def _certain(levels):
        return {d: [1.0 if round(v) == k else 0.0 for k in range(1, 6)] for d, v in levels.items() if v is not None}


def text(levels, codes=(), flags=(), rest="Sorry about that."):
    """A reply that tells ``Told`` what to say; a digit too few would be a level that nobody named."""
    told = "|".join("-" if x is None else f"{x:g}" for x in levels)
    shown = f" <{' '.join(codes)}>" if codes else ""
    flagged = f" {{{' '.join(flags)}}}" if flags else ""
    return f"{rest} [{told}]{shown}{flagged}"


def annotation(reply_id, levels, method="holistic", kind="model", codes=(), name=None):
    """One annotator's judgement; codes stand on the first word of the reply ("Sorry")."""
    who = Annotator("annotator", kind, name or f"{kind}-{method}", "1", method, "1.0")
    behaviours = tuple(Behaviour(c, 0, 5, "Sorry") for c in codes)
    scenario = reply_id.rsplit(".", 1)[0]
    return Annotation(reply_id, scenario, who, dict(zip(DIMENSIONS, levels, strict=True)), behaviours)


def exchange(reply_id, reply, annotations=(), author="claude", **context):
    """An exchange of the dataset with the gold that its annotations make."""
    from amends.records import Context

    return Exchange(
        reply_id,
        (Turn("customer", "It broke and I am cross."),),
        reply,
        Context(**context),
        reply_id.rsplit(".", 1)[0],
        0,
        "validation",
        Author("model", author, "1"),
        gold_of(reply, list(annotations)) or None,
    )


def write(path: Path, *records):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")


GOLD = [(1, 2, 3), (2, 3, 4), (4, 4, 5), (5, 1, 2)]
"""Gold of the four replies to each scenario of the folder."""


def folder(path: Path, scenarios=6, split="validation") -> Path:
    """A data folder with exchanges of train and one split, and annotations by three methods."""
    for part, prefix in (("train", "tr"), (split, "va")):
        if part == split and split == "train" and prefix == "tr":
            continue
        exchanges, annotations = [], []
        for s in range(scenarios):
            for r, gold in enumerate(GOLD):
                key = f"{prefix}-{s}.r{r}"
                told = [min(5, max(1, g + (s + r) % 2)) for g in gold]
                own = [annotation(key, gold, m, codes=["E3"] if r > 1 else []) for m in ("holistic", "checklist")]
                own.append(annotation(key, [min(5, g + s % 2) for g in gold], "comparative"))
                rest = f"Sorry word{r} word{s} " + "and so on " * r
                made = exchange(
                    key, text(told, ["E3"] if r == 3 else ["E1"], rest=rest), own,
                    channel=("email", "chat")[s % 2], fault="company", domain=f"{s % 3}",
                ).to_dict() | {"split": part}  # fmt: skip
                exchanges.append(made)
                annotations += [a.to_dict() | {"id": f"{key}-{a.annotator.method}"} for a in own]
        write(path / "exchanges" / f"{part}.jsonl", *exchanges)
        write(path / "annotations" / "model" / f"{part}.jsonl", *annotations)
    return path


def contrast_pair(key, better, worse, behaviour="E1", kind="textbook", expects=(1, 0, 0)):
    return {
        "id": key, "split": "validation", "behaviour": behaviour, "dimension": "empathy", "kind": kind,
        "turns": [{"role": "customer", "text": f"It broke, says {key}."}], "better": better, "worse": worse,
        "expects": dict(zip(DIMENSIONS, expects, strict=True)),
    }  # fmt: skip
