"""One exchange explained: the words that show each behaviour, the levels, and what would raise each."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from pathlib import Path

from amends import html
from amends.records import DIMENSIONS, Annotation, Exchange, Json
from amends.reports import wording
from amends.reports.examples import Example, example
from amends.rubric.definitions import behaviours, dimension_names
from amends.rubric.levels import HINT, clauses
from amends.rubric.raising import Change, Raise, raising
from amends.terminal import WIDTH, plain

_TEMPLATES = Path(__file__).resolve().parent / "templates"


@dataclass(frozen=True, slots=True)
class Explained:
    """What is told of one exchange."""

    exchange: Exchange
    annotation: Annotation
    raises: dict[str, Raise]
    signature: str

    def to_dict(self) -> Json:
        """As JSON: the annotation, and by dimension the rubric's level, its clause and the ways to a higher one."""
        return {
            "annotation": self.annotation.to_dict(),
            "raising": {
                d: {
                    "rubric_level": one.level,
                    "clause": one.clause,
                    "ways": [
                        {
                            "level": way.level,
                            "changes": [
                                {"code": c.code, "take_out": c.takes_out, "quotes": list(c.quotes), "advice": c.advice}
                                for c in way.changes
                            ],
                        }
                        for way in one.ways
                    ],
                }
                for d, one in self.raises.items()
            },
            "signature": self.signature,
        }


def explained(exchange: Exchange, annotation: Annotation, signature: str) -> Explained:
    """Put together what is told of one exchange.

    Args:
        exchange: as it was judged.
        annotation: of a scorer or an annotator.
        signature: the line that makes it repeatable.
    """
    fault = exchange.context.fault
    return Explained(exchange, annotation, raising(annotation.behaviours, annotation.flags, fault), signature)


@dataclass(frozen=True, slots=True)
class Told:
    """One dimension in words, as both reports print it."""

    name: str
    level: str
    why: str
    ways: tuple[tuple[str, tuple[str, ...]], ...]
    """The level reached, and the changes that reach it."""


def told(found: Explained) -> list[Told]:
    """The dimensions in words.

    Args:
        found: the exchange.
    """
    texts = {clause.id: clause.text for clause in clauses()}
    made = []
    for dimension in DIMENSIONS:
        level = found.annotation.levels.get(dimension)
        one = found.raises.get(dimension)
        if one is None:
            flags = ", ".join(wording.spoken(flag) for flag in found.annotation.flags)
            made.append(Told(dimension_names()[dimension], "no level", f"no level is owed: {flags}", ()))
            continue
        shown = "not judged" if level is None else f"{level:g}"
        why = f"{texts[one.clause]} ({one.clause})"
        if level != one.level:
            why = f"the scorer's own reading; by the behaviours named the rubric gives {one.level}: {why}"
        ways = tuple(
            (str(way.level), tuple(_words(change) for change in way.changes))
            for way in one.ways
            if level is None or way.level > level
        )
        made.append(Told(dimension_names()[dimension], shown, why, ways))
    return made


def _words(change: Change) -> str:
    known = behaviours()[change.code]
    quoted = "; ".join(f"“{plain(quote)}”" for quote in change.quotes)
    what = f"{wording.signed(known)} {wording.spoken(known.name)}"
    return f"{what}: {change.advice}" + (f" ({quoted})" if quoted else "")


def explain_text(found: Explained) -> str:
    """The exchange as plain text of at most 100 columns, the signature last."""
    last = found.exchange.turns[-1].text if found.exchange.turns else ""
    lines = [_block("CUSTOMER", last), _block("REPLY", found.exchange.reply), "BEHAVIOURS"]
    shown = sorted(found.annotation.behaviours, key=lambda b: (b.start, b.end))
    for b in shown:
        known = behaviours()[b.code]
        hint = " (passing hint)" if b.strength < HINT else ""
        lines.append(_hung(f"{wording.signed(known)} {wording.spoken(known.name)}{hint}: ", f"“{plain(b.quote)}”"))
    lines += [] if shown else ["none was named"]
    lines += ["", "LEVELS, AND WHAT WOULD RAISE EACH"]
    for one in told(found):
        lines += [_hung(f"{one.name} {one.level}: ", one.why)]
        for level, changes in one.ways:
            lines += [f"  to {level}:", *[_hung("    ", change) for change in changes]]
    lines += ["", _hung("", _CAUTION), "", plain(found.signature)]
    return "\n".join(lines) + "\n"


_CAUTION = (
    "What would raise a level is read off the rubric's clauses for the behaviours found. It says nothing of what is "
    "true or may be promised: put in only what is so."
)


def _block(title: str, text: str) -> str:
    wrapped = [textwrap.fill(plain(line), WIDTH - 2) for line in text.splitlines() or [""]]
    return f"{title}\n{textwrap.indent(chr(10).join(wrapped), '  ')}\n"


def _hung(head: str, text: str) -> str:
    return textwrap.fill(head + text, WIDTH, subsequent_indent="      ")


def explain_page(found: Explained) -> str:
    """The exchange as one HTML file that reads without a network and without scripts."""
    shown: Example = example(found.exchange, found.annotation)
    return html.render(
        _TEMPLATES / "explain.html.j2",
        style_hash=html.style_hash(_TEMPLATES / "report.css"),
        shown=shown,
        told=told(found),
        caution=_CAUTION,
        labels_are=wording.LABELS_ARE,
        signature=found.signature,
    )
