"""The records that everything else is about: Scenario, Reply, Exchange, Annotation and what they hold.

Field names are contracts (the JSON Schemas in ``schemas/`` are the authority). ``from_dict`` takes an object
that passed its schema; ``to_dict`` gives it back in the order of the contract. Levels, flags and codes are
plain strings and numbers so that a record costs a microsecond.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

DIMENSIONS = ("empathy", "depersonalization", "excuse_avoidance")
"""The three dimensions, in the order in which everything prints them."""

UNSURE = 0.5
"""What ``confidence`` says of a dimension of which a person said to be not sure; of the others it says nothing."""

CONTEXT_FIELDS = (
    "language",
    "domain",
    "channel",
    "fault",
    "relationship",
    "company",
    "customer_org",
    "emotion",
    "intensity",
    "authority",
)
"""Optional top-level fields of a scenario or exchange; absent and null both mean unknown."""

PAIR_TEXTS = {"contrast": ("better", "worse"), "gaming": ("honest", "gamed"), "invariance": ("reply", "variant")}
"""Kind of pair to the fields of its two texts: the one that owes the higher level first."""

GENERATOR_FIELDS = ("language", "domain", "channel", "relationship", "company", "customer_org", "authority")
"""The context that a generator is given beside ``id`` and ``turns``; fault and emotion stay hidden."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a conversation."""

    role: str
    """``customer`` or ``agent``."""
    text: str


@dataclass(frozen=True, slots=True)
class Context:
    """What is known about a case; None is unknown, never a default."""

    language: str | None = None
    domain: str | None = None
    channel: str | None = None
    """email, chat, phone, social or ticket."""
    fault: str | None = None
    """company, customer, third_party or unclear."""
    relationship: str | None = None
    """new or established."""
    company: str | None = None
    customer_org: str | None = None
    emotion: str | None = None
    """Free text; ``none`` for a customer who is not upset."""
    intensity: int | None = None
    """1..5."""
    authority: str | None = None
    """What the agent may offer and may not."""

    @staticmethod
    def from_dict(raw: Mapping[str, Any]) -> Context:
        """Read the context fields of a record; other keys are ignored."""
        return Context(*[raw.get(name) for name in CONTEXT_FIELDS])

    def to_dict(self) -> Json:
        """All context fields, unknown ones as null."""
        return {name: getattr(self, name) for name in CONTEXT_FIELDS}


@dataclass(frozen=True, slots=True)
class Author:
    """Who made a reply."""

    kind: str
    """person, model or program."""
    name: str
    version: str

    def to_dict(self) -> Json:
        """As in a record."""
        return {"kind": self.kind, "name": self.name, "version": self.version}


def turns_of(raw: Mapping[str, Any]) -> tuple[Turn, ...]:
    """The turns of a record."""
    return tuple([Turn(turn["role"], turn["text"]) for turn in raw["turns"]])


@dataclass(frozen=True, slots=True)
class Scenario:
    """What a customer said, with its context, up to the moment when an agent must answer."""

    id: str
    turns: tuple[Turn, ...]
    """Ends with the customer."""
    split: str | None = None
    """train, validation or test."""
    context: Context = Context()
    meta: Json = field(default_factory=dict)

    @staticmethod
    def from_dict(raw: Mapping[str, Any]) -> Scenario:
        """Read a record that passed ``scenario.schema.json``."""
        return Scenario(raw["id"], turns_of(raw), raw.get("split"), Context.from_dict(raw), raw.get("meta") or {})

    def for_generator(self) -> Json:
        """The fields that a generator is given, and nothing else."""
        given: Json = {"id": self.id}
        given |= {name: getattr(self.context, name) for name in GENERATOR_FIELDS}
        given["turns"] = [{"role": turn.role, "text": turn.text} for turn in self.turns]
        return given


@dataclass(frozen=True, slots=True)
class Reply:
    """A text that answers one scenario, with who made it."""

    id: str
    scenario_id: str
    text: str
    """Stored as given, never normalised."""
    sample: int = 0
    """0, 1, ... when a generator answers a scenario several times."""
    author: Author | None = None
    meta: Json = field(default_factory=dict)

    @staticmethod
    def from_dict(raw: Mapping[str, Any]) -> Reply:
        """Read a record that passed ``reply.schema.json``."""
        author = raw.get("author")
        return Reply(
            raw["id"],
            raw["scenario_id"],
            raw["text"],
            int(raw.get("sample") or 0),
            Author(**author) if author else None,
            raw.get("meta") or {},
        )

    @property
    def key(self) -> tuple[str, int]:
        """Resume key: (scenario_id, sample)."""
        return (self.scenario_id, self.sample)

    def to_dict(self) -> Json:
        """As in a replies file."""
        raw: Json = {
            "id": self.id,
            "scenario_id": self.scenario_id,
            "sample": self.sample,
            "text": self.text,
            "author": self.author.to_dict() if self.author else None,
        }
        if self.meta:
            raw["meta"] = self.meta
        return raw


@dataclass(frozen=True, slots=True)
class Exchange:
    """A scenario's turns with a reply: what a scorer reads. The fields after ``context`` are never shown to one."""

    id: str
    turns: tuple[Turn, ...]
    reply: str
    context: Context = Context()
    scenario_id: str | None = None
    sample: int = 0
    split: str | None = None
    author: Author | None = None
    gold: Json | None = None
    meta: Json = field(default_factory=dict)

    @staticmethod
    def from_dict(raw: Mapping[str, Any]) -> Exchange:
        """Read a record that passed ``exchange.schema.json``."""
        author, gold = raw.get("author"), raw.get("gold")
        return Exchange(
            raw["id"],
            turns_of(raw),
            raw["reply"],
            Context.from_dict(raw),
            raw.get("scenario_id"),
            int(raw.get("sample") or 0),
            raw.get("split"),
            Author(**author) if author else None,
            # a table has every kind in every row, as null where there is none
            {kind: one for kind, one in gold.items() if one is not None} or None if gold else None,
            raw.get("meta") or {},
        )

    @staticmethod
    def pair(scenario: Scenario, reply: Reply) -> Exchange:
        """Put a reply beside the scenario that it answers."""
        return Exchange(
            reply.id,
            scenario.turns,
            reply.text,
            scenario.context,
            scenario.id,
            reply.sample,
            scenario.split,
            reply.author,
            None,
            reply.meta,
        )

    def blinded(self) -> Exchange:
        """What a scorer may see: turns, reply text and context, and nothing else."""
        return Exchange("", self.turns, self.reply, self.context)

    def to_dict(self) -> Json:
        """As in a self-contained exchange; fields of the dataset only where they are set."""
        raw: Json = {"id": self.id}
        if self.scenario_id is not None:
            raw |= {"scenario_id": self.scenario_id, "sample": self.sample}
        if self.split is not None:
            raw["split"] = self.split
        raw |= self.context.to_dict()
        raw["turns"] = [{"role": turn.role, "text": turn.text} for turn in self.turns]
        raw["reply"] = self.reply
        if self.author is not None:
            raw["author"] = self.author.to_dict()
        if self.gold is not None:
            raw["gold"] = self.gold
        if self.meta:
            raw["meta"] = self.meta
        return raw


@dataclass(frozen=True, slots=True)
class Annotator:
    """Who judged a reply, and how."""

    role: str
    """annotator or scorer."""
    kind: str
    """person, model or program."""
    name: str
    version: str
    method: str | None = None
    """How it was judged: holistic, checklist, comparative, adjudication; None for scorers."""
    guideline: str | None = None
    """Version of the guideline; None for scorers."""

    def to_dict(self) -> Json:
        """As in a record."""
        return {
            "role": self.role,
            "kind": self.kind,
            "name": self.name,
            "version": self.version,
            "method": self.method,
            "guideline": self.guideline,
        }


@dataclass(frozen=True, slots=True)
class Behaviour:
    """A behaviour that a reply shows, with the span that shows it."""

    code: str
    start: int
    """Offset in Unicode code points of the stored text."""
    end: int
    """Exclusive."""
    quote: str
    """``text[start:end]``."""
    strength: float = 1.0
    """0..1; under 0.5 it is a passing hint that does not count towards a level."""

    def to_dict(self) -> Json:
        """As in a record."""
        return {
            "code": self.code,
            "start": self.start,
            "end": self.end,
            "quote": self.quote,
            "strength": self.strength,
        }


@dataclass(frozen=True, slots=True)
class Annotation:
    """One annotator's judgement of one reply; a scorer is an annotator that is a program."""

    reply_id: str
    """Of a self-contained exchange: its id."""
    scenario_id: str | None
    annotator: Annotator
    levels: Mapping[str, float | None]
    """Dimension to level 1..5; None where it cannot be judged."""
    behaviours: tuple[Behaviour, ...] = ()
    flags: tuple[str, ...] = ()
    reason: str | None = None
    probabilities: Json | None = None
    """Dimension to five numbers, from scorers that have them."""
    confidence: Json | None = None
    """Dimension to 0..1."""
    created: str | None = None
    """ISO date; people and language models only."""
    id: str | None = None
    """Set in data/, absent in a scorer's output."""
    supersedes: str | None = None
    meta: Json = field(default_factory=dict)

    @staticmethod
    def from_dict(raw: Mapping[str, Any]) -> Annotation:
        """Read a record that passed ``annotation.schema.json``."""
        who = raw["annotator"]
        return Annotation(
            raw["reply_id"],
            raw.get("scenario_id"),
            Annotator(
                who["role"],
                who["kind"],
                who["name"],
                who["version"],
                who.get("method"),
                who.get("guideline"),
            ),
            raw["levels"],
            tuple(
                [
                    # JSON Schema takes 3.0 for a whole number; an offset must be an int
                    Behaviour(b["code"], int(b["start"]), int(b["end"]), b["quote"], b.get("strength", 1.0))
                    for b in raw.get("behaviours") or ()
                ]
            ),
            tuple(raw.get("flags") or ()),
            raw.get("reason"),
            raw.get("probabilities"),
            raw.get("confidence"),
            raw.get("created"),
            raw.get("id"),
            raw.get("supersedes"),
            raw.get("meta") or {},
        )

    def to_dict(self) -> Json:
        """As in an annotations file; optional fields only where they are set."""
        raw: Json = {} if self.id is None else {"id": self.id}
        raw |= {
            "reply_id": self.reply_id,
            "scenario_id": self.scenario_id,
            "annotator": self.annotator.to_dict(),
            "levels": dict(self.levels),
        }
        if self.probabilities is not None:
            raw["probabilities"] = self.probabilities
        raw["confidence"] = self.confidence
        raw["behaviours"] = [b.to_dict() for b in self.behaviours]
        raw["flags"] = list(self.flags)
        raw["reason"] = self.reason
        for name in ("created", "supersedes"):
            if getattr(self, name) is not None:
                raw[name] = getattr(self, name)
        if self.meta:
            raw["meta"] = self.meta
        return raw
