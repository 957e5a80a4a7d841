"""What people label at a desk: which replies, in which order for whom, and under which key a page asks for one."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from amends.dataset.folder import read_records, released, released_scenarios
from amends.dataset.gold import ADJUDICATION
from amends.desk.journal import no_link
from amends.desk.wording import CHANNELS, RELATIONSHIPS
from amends.errors import UsageError
from amends.records import Annotation, Context, Exchange, Json
from amends.runs.settings import read_settings, write_settings
from amends.signature import digest

TASK = "annotate"
MOST_ITEMS = 5_000
"""More than anybody labels; a page holds the list of all of them."""
SHOWN_CONTEXT = ("language", "domain", "channel", "fault", "relationship", "company", "customer_org", "authority")
"""What of the context an annotator sees; never emotion and intensity, which are somebody's judgement."""
_NAMED = 3


def released_replies(split: str) -> list[Exchange]:
    """The released replies of a split with their scenarios, in the order of their ids; without gold."""
    scenarios = released_scenarios()
    pairs = [(scenarios[reply.scenario_id], reply) for reply in released().replies()]
    return [Exchange.pair(scenario, reply) for scenario, reply in pairs if scenario.split == split]


def _case(exchange: Exchange) -> tuple[Any, ...]:
    return (exchange.turns, exchange.reply, *[getattr(exchange.context, name) for name in SHOWN_CONTEXT])


def those_released(exchanges: Iterable[Exchange]) -> dict[str, str]:
    """Which exchanges are of the released dataset, word for word: id to split.

    Args:
        exchanges: of any file; an id alone proves nothing.
    """
    scenarios, replies = released_scenarios(), {reply.id: reply for reply in released().replies()}
    found = {}
    for exchange in exchanges:
        reply = replies.get(exchange.id)
        if reply is not None and _case(Exchange.pair(scenarios[reply.scenario_id], reply)) == _case(exchange):
            found[exchange.id] = scenarios[reply.scenario_id].split or ""
    return found


def train_only(exchanges: Sequence[Exchange]) -> None:
    """Refuse training on anything but released train replies: its labels are seen, so they are worth nothing as labels.

    Raises:
        UsageError: there is another reply among them.
    """
    splits = those_released(exchanges)
    wrong = [exchange.id for exchange in exchanges if splits.get(exchange.id) != "train"]
    if wrong:
        named = ", ".join(map(repr, wrong[:_NAMED])) + (", ..." if len(wrong) > _NAMED else "")
        raise UsageError(
            f"--training is for replies of the released train split, word for word, and {len(wrong):,} of "
            f"{len(exchanges):,} are none ({named}); leave FILE and --split out, or leave --training out"
        )


def released_gold(ids: Iterable[str]) -> dict[str, Json]:
    """The released gold of train replies, by id: annotator kind to levels, behaviours, flags and n."""
    wanted = set(ids)
    records = read_records(released().path / "exchanges" / "train.jsonl", "exchange")
    return {record["id"]: record["gold"] for _, record in records if record["id"] in wanted and record.get("gold")}


def released_annotations(splits: Mapping[str, str]) -> list[Annotation]:
    """What the released dataset's annotators said of replies; adjudications are left out.

    Args:
        splits: reply id to split, as ``those_released`` gives it.
    """
    names = {f"{split}.jsonl" for split in splits.values()}
    files = [file for file in released().annotation_files() if file.name in names]
    found = [Annotation.from_dict(record) for file in files for _, record in read_records(file, "annotation")]
    return [a for a in found if a.reply_id in splits and a.annotator.method != ADJUDICATION]


def ordered(ids: Sequence[str], seed: int, who: str) -> list[str]:
    """Ids in one person's order: by lot, and the same at every start.

    Args:
        ids: to be put in order.
        seed: of the lot.
        who: the person's folder, so that each has an order of their own.
    """
    return sorted(ids, key=lambda item: hashlib.sha256(f"{seed}\0{who}\0{item}".encode("utf-8", "replace")).digest())


def keys(ids: Iterable[str], salt: str) -> dict[str, str]:
    """Under which key a page asks for each reply: it tells nothing of the id, and is the same at every start.

    Args:
        ids: of the replies.
        salt: of the folder, secret.

    Returns:
        Key to id.
    """
    return {hashlib.sha256(f"{salt}\0{item}".encode("utf-8", "replace")).hexdigest()[:20]: item for item in ids}


def settings(exchanges: Sequence[Exchange], seed: int, guideline: str, training: bool) -> Json:
    """What must not change from one start on a folder to the next.

    Args:
        exchanges: all that the desk is about, whatever the limit.
        seed: of the order.
        guideline: its version.
        training: whether gold is shown.
    """
    data = digest(
        {
            "id": exchange.id,
            "turns": [[turn.role, turn.text] for turn in exchange.turns],
            "reply": exchange.reply,
            **{name: getattr(exchange.context, name) for name in SHOWN_CONTEXT},
        }
        for exchange in exchanges
    )
    return {"task": TASK, "training": training, "seed": seed, "guideline": guideline, "data": data}


_WHY: Mapping[str, Callable[[Any], str]] = {
    "task": lambda there: "work of another kind (amends answer)",
    "training": lambda there: f"labels made {'in' if there else 'without'} training mode; the two are not mixed",
    "seed": lambda there: f"labels in an order by --seed {there}",
    "guideline": lambda there: f"labels under guideline {there}",
    "data": lambda there: "labels of other replies",
}


def claim(path: Path, wanted: Json) -> str:
    """Take up a folder, or refuse.

    Args:
        path: the folder's desk.json.
        wanted: as ``settings`` gives it.

    Returns:
        The folder's salt.

    Raises:
        UsageError: the work there is about something else, or desk.json is a link.
    """
    no_link(path)
    try:
        before = read_settings(path)
    except UsageError:
        before = {}
    if before is None:
        salt = secrets.token_hex(16)
        write_settings(path, wanted | {"salt": salt})
        return salt
    if before and before.get("task") is None:
        before = before | {"task": "answer"}
    for name, value in wanted.items():
        if before and before.get(name) != value:
            raise UsageError(
                f"{path.parent} holds {_WHY[name](before.get(name))}; what people did is not thrown away, so name "
                "another folder with -o"
            )
    if not isinstance(before.get("salt"), str):
        raise UsageError(f"{path} is damaged; put it back as it was, or name another folder with -o")
    return str(before["salt"])


_FAULTS = {
    "company": "the company",
    "customer": "the customer",
    "third_party": "a third party, neither company nor customer",
    "unclear": "unclear",
}


def shown(exchange: Exchange) -> Json:
    """What the page shows of an exchange.

    Args:
        exchange: only turns, reply and ``SHOWN_CONTEXT`` are read: never emotion, intensity, split, author, gold,
            ids, meta.

    Returns:
        ``language``, ``context`` (pairs of a heading and words), ``turns`` (``role``, ``text``) and ``reply``.
    """
    known: Context = exchange.context
    customer = RELATIONSHIPS.get(known.relationship or "", "not known whether new")
    if known.customer_org:
        customer += f", writing for {known.customer_org}"
    context = [
        ("At fault", _FAULTS.get(known.fault or "", "not stated")),
        ("Company", known.company or "not named"),
        ("Business", known.domain or "not stated"),
        ("Channel", CHANNELS.get(known.channel or "", "not stated")),
        ("Customer", customer),
        ("The agent may and may not", known.authority or "not stated"),
    ]
    turns = [{"role": turn.role, "text": turn.text} for turn in exchange.turns]
    return {"language": known.language or "", "context": context, "turns": turns, "reply": exchange.reply}
