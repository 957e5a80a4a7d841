"""Speed of the scorer ``rules``: replies of about 80 words a second on one core, spans included.

Run with ``PYTHONPATH=benchmark python benches/bench_rules.py [N]``. The texts are made by seeded recombination of
varied sentences with varied names, things and amounts, so that no two are alike. The last number puts the
rate beside a bare orjson parse of the same lines in the same run.
"""

from __future__ import annotations

import gc
import os
import platform
import random
import sys
import time
from datetime import date

import orjson

from amends.records import Exchange
from amends.scorers.rules import engine
from amends.scorers.rules.scorer import Rules

BATCH = 1024
"""Replies given at once: as many as the scorer matches together."""
RUNS = 3

_PARTS = (
    "Dear {name},|Hello {name}, thank you for writing to us.|Hi {name}.|{name}, this is {other} from the {thing} desk.",
    "I am so sorry that you had to wait {n} days for the {thing}.|We are sorry for any inconvenience.|Being left with no "  # noqa: E501
    "word about a {thing} for {n} days is maddening.|It is only a {thing}, {name}.|You paid for the {thing} in {month} "
    "and nobody rang you back.|Sorry if the {thing} upset anyone.|That must have been a miserable {day}.",
    "The {thing} was sent to {place} on {day} and came back torn.|Our update wiped {n} entries from the account.|It was "  # noqa: E501
    "the courier who left it in {place}.|We have been very busy since {month}.|You should have read the label on the "
    "{thing}.|The invoice for the {thing} was issued {n} times.|Two payments of £{n} went out on {day}.",
    "That is our mistake, {name}.|We take full responsibility for the {thing}.|We never meant to leave you without a "
    "{thing}.|It cost you {n} evenings and a trip to {place}.|There is nothing more we can do about the {thing}.",
    "I have refunded £{n} to the card that ends {n}.|A new {thing} will be with you by {day} at {n} o'clock.|We will look "  # noqa: E501
    "into the {thing} and come back to you.|An engineer from {place} is booked for {day} morning.|We cannot refund the "
    "{thing}, but you can appeal to the panel in {place}.",
    "Does {day} suit you?|What would make this easier for {other}?|Tell me if I have the {thing} wrong.|Is there anything "  # noqa: E501
    "else I can help with?|What you’ve told me goes to the {place} team.|Have a lovely {day}!",
    "The depot in {place} keeps {n} of these in stock, and {other} has put one aside with your name on it.|{other} at the "  # noqa: E501
    "{place} branch has the file and reads it out to the crew before the first round.|The number on the {thing} begins "
    "with {n} and the old one began with {n}, so the two records can be told apart from here.",
    "The {thing} is on shelf {n} next to the door.|All of it is in the note of {day}.|Both names stand on the form.",
)
_NAMES = "Maureen Anton Ingrid Piet Sunniva Bilal Carys Hector Moira Joan Olu Farah Denise Tomasz Aiko Rhys".split()  # noqa: SIM905
_THINGS = "parcel boiler piano chair sofa cake tent meter policy ticket camera dress oven lamp keyboard violin".split()  # noqa: SIM905
_PLACES = "Porto Hallowick Leeds Tallinn Skerrow Ghent Malmo Cardiff Turin Lagos Perth Quito Osaka Bergen".split()  # noqa: SIM905
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()  # noqa: SIM905
_MONTHS = "January February March April May June July August September October".split()  # noqa: SIM905


_NEUTRAL = (
    "The {thing} itself is on shelf {n} next to the door.|All of it is in the note of {day}.|The form has both names.",
    "I am writing from the {place} office, where the {thing} files are kept.|{other} passed the matter on this {day}.",
    "The {thing} you have is the older one, which was sold until {month}.|It was booked in at {n} on {day}.",
    "There are {n} of these in {place} and the numbers follow on.|The spare {thing} stands with {other} in the back.",
)
_CUSTOMER = (
    "It's {day} again and still nothing.|So I opened the box and what do I find.|Right, third time I write this.",
    "My {thing} has a crack down one side and smells of burnt hair.|Nobody in {place} picks up, it rang {n} times.",
    "My mother in law came all the way from {place} to see it.|I took {day} off work, unpaid, for this.",
    "The lad in the shop said one thing, the woman on the line said another.|I have kept every receipt since {month}.",
    "What do you people actually do all day.|I just want it gone.|Can somebody tell me what happens now, please.",
    "And don't send me another survey.|{n} quid is a lot of money in this house.|I'm tired of explaining it.",
)
_SPOKEN = 0.55
"""Share of a reply's sentences that are drawn from those with behaviours: as dense as replies of the dataset."""


def _word(rng: random.Random) -> str:
    return "".join(rng.choice("bcdfglmnprst") + rng.choice("aeiou") for _ in range(rng.randint(2, 4)))


def _text(rng: random.Random, parts: tuple[str, ...], thing: str) -> list[str]:
    return [
        rng.choice(part.split("|")).format(
            name=rng.choice(_NAMES),
            other=_word(rng).capitalize(),
            thing=thing,
            place=rng.choice(_PLACES),
            day=rng.choice(_DAYS),
            month=rng.choice(_MONTHS),
            n=rng.randint(2, 900),
        )
        for part in parts
    ]


def lines(count: int, seed: int = 7) -> list[bytes]:
    """Exchanges as JSON lines, none like another."""
    rng = random.Random(seed)
    made = []
    for number in range(count):
        thing = f"{_word(rng)} {rng.choice(_THINGS)}"
        parts = [part if rng.random() < _SPOKEN else rng.choice(_NEUTRAL) for part in _PARTS[1:]]
        reply = _text(rng, (_PARTS[0], *parts), thing)
        turns = [{"role": "customer", "text": " ".join(_text(rng, _CUSTOMER, thing))}]
        text = f"{reply[0]}\n\n" + " ".join(reply[1:])
        made.append(orjson.dumps({"id": str(number), "turns": turns, "reply": text, "company": "Brackley"}))
    return made


def _parsing(made: list[bytes]) -> float:
    """CPU seconds of a bare parse of all lines, nothing kept."""
    start = time.process_time()
    for line in made:
        orjson.loads(line)
    return time.process_time() - start


def _run(count: int, seed: int) -> tuple[float, float, float, float]:
    """Replies and plain orjson lines a CPU second, words and behaviours a reply, on texts of their own."""
    made = lines(count, seed)
    parsing = min(_parsing(made) for _ in range(5))
    exchanges = [Exchange.from_dict(orjson.loads(line)) for line in made]
    words = sum(len(e.reply.split()) for e in exchanges) / count
    rules = Rules()
    rules.annotate(exchanges[:BATCH])
    shown = 0
    # the texts of this bench are not the scorer's to keep: without this, each collection walks all of them
    gc.freeze()
    start = time.process_time()
    for at in range(0, count, BATCH):
        shown += sum(len(a.behaviours) for a in rules.annotate(exchanges[at : at + BATCH]))
    scoring = time.process_time() - start
    gc.unfreeze()
    return count / scoring, count / parsing, words, shown / count


def _load() -> str:
    """How busy the machine was in the last minute, where it tells."""
    return f"{os.getloadavg()[0]:.1f} on {os.cpu_count()} processors" if hasattr(os, "getloadavg") else "unknown"


def main() -> None:
    """Measure and print; every run has texts that the runs before it had not."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    engine_name = "re2" if engine.re2 is not None else "plain"
    print(f"rules, {date.today()}, {platform.machine()}, Python {platform.python_version()}, one core, {engine_name}")
    print(f"load before: {_load()}")
    print("run  replies/s  orjson lines/s  times orjson (wanted: 20)  words  behaviours")
    for run in range(1, RUNS + 1):
        rate, parsing, words, shown = _run(count, seed=run)
        print(f"{run:3}  {rate:9,.0f}  {parsing:14,.0f}  {parsing / rate:25.0f}  {words:5.0f}  {shown:10.1f}")
    print(f"{count:,} replies a run, spans included, CPU time; no two texts alike, within a run or between runs")
    print(f"load after: {_load()}")


if __name__ == "__main__":
    main()
