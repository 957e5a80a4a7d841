"""A blind packet of winners for annotators, mixed with honest train replies as controls, and the key beside it.

Usage: packet.py DIR... -o FOLDER [--data data] [--seed 12345]
       packet.py --open KEY LABELS --annotator NAME:VERSION:METHOD --guideline 1.1 [-o ANNOTATIONS]

FOLDER (outside the repository) gets packet.jsonl, one reply a line in random order, {"reply_id" (opaque), "context",
"turns", "text"}, and key.jsonl, which annotators never see. The second form puts an annotator's labels ({"reply_id",
"levels", "reason"} a line) under the winners' ids and adds them to benches/attack/annotations.jsonl.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT))

from benches.attack.material import Train, hashed, read_train  # noqa: E402
from benches.attack.records import ATTACKS, Winner, read_lines, read_winners, write_lines  # noqa: E402

from amends.errors import UsageError  # noqa: E402
from amends.records import DIMENSIONS, Scenario  # noqa: E402
from amends.resources import shipped  # noqa: E402
from amends.signature import SEED  # noqa: E402

DRAWN = {ATTACKS[0]: 12, ATTACKS[1]: 24, ATTACKS[2]: None}
"""Winners of each attack and scorer that are judged; None is all."""
CONTROLS = 30
CONTROL = "control:"
"""Stands before a train reply's id where a winner's id would stand."""
PACKET, KEY = "packet.jsonl", "key.jsonl"

Json = dict[str, Any]


def chosen(winners: Sequence[Winner], seed: int) -> list[Winner]:
    """Winners to be judged: per attack as many as ``DRAWN`` says, the same scenarios for every scorer."""
    kept = []
    for attack, n in DRAWN.items():
        own = {winner.scenario_id: winner for winner in winners if winner.attack == attack}
        kept += [own[name] for name in hashed(own, seed, f"packet {attack}")[:n]]
    return kept


def controls(train: Train, seed: int) -> list[tuple[str, Scenario, str]]:
    """One honest reply of each of 30 scenarios: its id as a control, what it answers, its text."""
    drawn = []
    for scenario in train.drawn(CONTROLS, seed, "controls"):
        replies = {reply.id: reply for reply in train.replies[scenario.id]}
        reply = replies[hashed(replies, seed, "control")[0]]
        drawn.append((f"{CONTROL}{reply.id}", scenario, reply.text))
    return drawn


def packet(runs: Sequence[Sequence[Winner]], train: Train, seed: int) -> tuple[list[Json], list[Json]]:
    """Blind lines in random order, and the key.

    Args:
        runs: the winners of each scorer.
        train: the split they answer.
        seed: of the draws, the opaque ids and the order.
    """
    items = [(w.id, train.scenarios[w.scenario_id], w.text) for own in runs for w in chosen(own, seed)]
    items += controls(train, seed)
    random.Random(f"{seed}:packet").shuffle(items)
    lines, key = [], []
    for name, scenario, text in items:
        opaque = "r-" + hashlib.sha256(f"{seed}|packet|{name}".encode()).hexdigest()[:10]
        turns = [{"role": turn.role, "text": turn.text} for turn in scenario.turns]
        lines.append({"reply_id": opaque, "context": scenario.context.to_dict(), "turns": turns, "text": text})
        key.append({"reply_id": opaque, "winner": name, "scenario_id": scenario.id})
    return lines, key


def opened(key: Sequence[Json], labels: Sequence[Json], annotator: Json) -> list[Json]:
    """Annotations under the winners' ids.

    Args:
        key: of the packet.
        labels: an annotator's lines.
        annotator: who judged, as in the dataset.

    Raises:
        UsageError: a reply that is not in the packet, twice or left out; a level that is no whole 1..5 or null.
    """
    names = {line["reply_id"]: line["winner"] for line in key}
    given = [str(line.get("reply_id")) for line in labels]
    wrong = sorted(set(given) ^ set(names)) + sorted({one for one in given if given.count(one) > 1})
    if wrong:
        raise UsageError(f"labels must name each of the packet's {len(names)} replies once; wrong: {', '.join(wrong)}.")
    for line in labels:
        if not _whole(line.get("levels")):
            raise UsageError(
                f"{line['reply_id']}: levels {line.get('levels')} are not whole levels 1 to 5 or null of "
                f"{', '.join(DIMENSIONS)}."
            )
    return [
        {
            "winner": names[line["reply_id"]],
            "annotator": annotator,
            "levels": {d: line["levels"][d] for d in DIMENSIONS},
            "reason": line.get("reason"),
        }
        for line in labels
    ]


def _whole(levels: Any) -> bool:
    """Whether every dimension has a whole level or null; JSON's true, which Python takes for 1, is none."""
    return isinstance(levels, dict) and all(
        levels.get(d, 0) in (None, 1, 2, 3, 4, 5) and levels[d] is not True for d in DIMENSIONS
    )


def annotator_record(text: str, guideline: str) -> Json:
    """``NAME:VERSION:METHOD`` as an annotator record of the dataset.

    Raises:
        UsageError: it has other than three parts.
    """
    parts = text.split(":")
    if len(parts) != 3 or not all(parts):
        raise UsageError(f"--annotator {text!r}: write NAME:VERSION:METHOD, as claude-holistic:2026-11:holistic.")
    name, version, method = parts
    fixed = {"role": "annotator", "kind": "model"}
    return {**fixed, "name": name, "version": version, "method": method, "guideline": guideline}


def outside(folder: Path, root: Path = ROOT) -> Path:
    """The folder, if it lies outside the repository.

    Raises:
        UsageError: it lies inside, where a key would be one commit from the annotators.
    """
    if folder.resolve().is_relative_to(root):
        raise UsageError(f"-o {folder} lies in the repository; a packet and its key belong outside.")
    return folder


def main(arguments: Sequence[str] | None = None) -> None:
    """Make a packet, or open one."""
    asked = _parser().parse_args(arguments)
    if asked.open:
        _open(asked)
        return
    if asked.o is None:
        raise UsageError("-o FOLDER is missing: where packet and key go, outside the repository.")
    folder = outside(asked.o)
    folder.mkdir(parents=True, exist_ok=True)
    lines, key = packet([read_winners(one) for one in asked.paths], read_train(asked.data), asked.seed)
    write_lines(folder / PACKET, lines)
    write_lines(folder / KEY, key)
    print(f"{folder}: {len(lines)} replies, {sum(k['winner'].startswith(CONTROL) for k in key)} of them controls")


def _open(asked: argparse.Namespace) -> None:
    target: Path = asked.o or HERE / "annotations.jsonl"
    record = annotator_record(asked.annotator or "", asked.guideline)
    new = opened(read_lines(asked.open), [line for path in asked.paths for line in read_lines(path)], record)
    there: list[Mapping[str, Any]] = list(read_lines(target)) if target.exists() else []
    # the whole record: one name may judge by two methods, and neither takes the other's place
    replaced = {line["winner"] for line in new}
    kept = [line for line in there if line["annotator"] != record or line["winner"] not in replaced]
    write_lines(target, [*kept, *new])
    print(f"{target}: {len(new)} annotations of {record['name']}, {len(kept)} others kept")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("paths", nargs="+", type=Path, help="run folders, or with --open files of labels")
    parser.add_argument("-o", type=Path)
    parser.add_argument("--data", type=Path, default=shipped("data"))
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--open", type=Path, metavar="KEY", help="the key of a packet that has been judged")
    parser.add_argument("--annotator", metavar="NAME:VERSION:METHOD")
    parser.add_argument("--guideline", default="1.1")
    return parser


if __name__ == "__main__":
    main()
