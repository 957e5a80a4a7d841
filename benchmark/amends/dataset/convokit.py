"""Exchanges as a ConvoKit corpus (Chang et al. 2020, SIGDIAL): the five JSON files of its format, version 1.

A scenario is a conversation, its turns are utterances one after another, and every reply is an utterance that answers
the last of them: replies to one scenario are branches of one tree, and no text stands twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from amends.jsonl import dumps, pretty
from amends.records import CONTEXT_FIELDS, Json

_VERSION = 1
_PYTHON = {bool: "<class 'bool'>", int: "<class 'int'>", float: "<class 'float'>", str: "<class 'str'>"}


def corpus(rows: Iterable[Mapping[str, Any]]) -> dict[str, bytes]:
    """The files of a corpus.

    Args:
        rows: exchanges, with gold where they have it.

    Returns:
        File name to content: utterances.jsonl, speakers.json, conversations.json, corpus.json, index.json. Gold
        (levels, distribution, behaviours with spans, flags, n) stands in the meta of a reply by annotator kind;
        context fields and the split in the meta of its conversation. ConvoKit wants timestamps: the place in the
        conversation stands for one, since nothing here has a time.
    """
    utterances: dict[str, Json] = {}
    conversations: dict[str, Json] = {}
    speakers: dict[str, Json] = {}
    for row in rows:
        scenario, turns = str(row["scenario_id"]), row["turns"]
        root = f"{scenario}.t1"
        context = {k: row.get(k) for k in CONTEXT_FIELDS} | {"scenario_id": scenario, "split": row["split"]}
        conversations.setdefault(root, {"meta": context, "vectors": []})
        for i, turn in enumerate(turns, start=1):
            speaker = f"{scenario}.{turn['role']}"
            speakers.setdefault(speaker, {"meta": {"role": turn["role"], "kind": None}, "vectors": []})
            before = f"{scenario}.t{i - 1}" if i > 1 else None
            meta = {"reply": False, "gold": None, "sample": None}
            utterances.setdefault(
                f"{scenario}.t{i}", _utterance(f"{scenario}.t{i}", root, turn["text"], speaker, before, i, meta)
            )
        author = row.get("author") or {}
        speaker = " ".join(str(author.get(k) or "unknown") for k in ("name", "version"))
        speakers.setdefault(speaker, {"meta": {"role": "agent", "kind": author.get("kind")}, "vectors": []})
        meta = {"reply": True, "gold": row.get("gold"), "sample": row.get("sample")}
        last = f"{scenario}.t{len(turns)}"
        utterances[row["id"]] = _utterance(row["id"], root, row["reply"], speaker, last, len(turns) + 1, meta)
    about = {"name": "amends", "licence": "CC BY 4.0", "replies": sum(u["meta"]["reply"] for u in utterances.values())}
    return {
        "utterances.jsonl": b"".join(dumps(u) for u in utterances.values()),
        "speakers.json": pretty(speakers),
        "conversations.json": pretty(conversations),
        "corpus.json": pretty(about),
        "index.json": pretty(_index(utterances, speakers, conversations, about)),
    }


def _utterance(  # noqa: PLR0913 the fields of the format
    key: str, root: str, text: str, speaker: str, before: str | None, place: int, meta: Json
) -> Json:
    return {
        "id": key,
        "conversation_id": root,
        "text": text,
        "speaker": speaker,
        "meta": meta,
        "reply-to": before,
        "timestamp": place,
        "vectors": [],
    }


def _index(utterances: Mapping[str, Json], speakers: Mapping[str, Json], conversations: Mapping[str, Json],
           about: Json) -> Json:  # fmt: skip
    def types(records: Iterable[Json]) -> Json:
        found: dict[str, set[str]] = {}
        for record in records:
            for key, value in record["meta"].items():
                kinds = found.setdefault(key, set())
                if value is not None:
                    kinds.add(_PYTHON.get(type(value), "<class 'dict'>"))
        return {key: sorted(kinds) for key, kinds in sorted(found.items())}

    return {
        "utterances-index": types(utterances.values()),
        "speakers-index": types(speakers.values()),
        "conversations-index": types(conversations.values()),
        "overall-index": {key: [_PYTHON[type(value)]] for key, value in sorted(about.items())},
        "version": _VERSION,
        "vectors": [],
    }
