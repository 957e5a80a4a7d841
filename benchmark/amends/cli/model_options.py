"""Options of ``run`` and ``generate`` for generators that are language models."""

from __future__ import annotations

import contextlib
import functools
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import click

from amends.cli.shared import print_report
from amends.endpoint.usage import Prices
from amends.generators import ModelOptions
from amends.generators.base import Generator

Command = TypeVar("Command", bound=Callable[..., Any])


def _number(text: str) -> float:
    """A number from 0 that is one: nan and inf are refused."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not (math.isfinite(number) and number >= 0):
        raise click.BadParameter(f"{text!r} is no number from 0.")
    return number


def _above_zero(text: str) -> float:
    if _number(text) == 0:
        raise click.BadParameter("0 is not above 0.")
    return float(text)


def _per_minute(text: str) -> float:
    """``60/min``, or ``60``."""
    return _above_zero(text.removesuffix("/min"))


def _price(text: str) -> Prices:
    """``IN,OUT``."""
    try:
        return Prices.read(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} is not two prices of a million tokens, such as 0.40,1.60.") from None


_OPTIONS = (
    click.option("--base-url", metavar="URL", help="openai: the endpoint.  [default: OPENAI_BASE_URL, else OpenAI]"),
    click.option(
        "--system",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="openai, local: a system prompt of your own, with {company}, {channel}, {authority}.",
    ),
    click.option("--temperature", type=_number, metavar="T", help="openai, local: left to the model by default."),
    click.option(
        "--max-tokens", type=click.IntRange(min=1), metavar="N", help="openai, local: tokens of a reply at most."
    ),
    click.option(
        "--concurrency",
        type=click.IntRange(1, 256),
        default=ModelOptions().concurrency,
        show_default=True,
        metavar="N",
        help="openai: requests in flight at most.",
    ),
    click.option("--rate", type=_per_minute, metavar="N/min", help="openai: requests a minute at most."),
    click.option(
        "--timeout",
        type=_above_zero,
        default=f"{ModelOptions().timeout:g}",
        show_default=True,
        metavar="SECONDS",
        help="openai: until a try is given up.",
    ),
    click.option("--price", "prices", type=_price, metavar="IN,OUT", help="openai: cost of a million tokens."),
)
_NAMES = ("base_url", "system", "temperature", "max_tokens", "concurrency", "rate", "timeout", "prices")


def model_options(command: Command) -> Command:
    """Adds the options; the command gets them as one ``options: ModelOptions``."""

    @functools.wraps(command)
    def gathered(**given: Any) -> Any:
        options = ModelOptions(**{name: given.pop(name) for name in _NAMES})
        return command(**given, options=options)

    for option in reversed(_OPTIONS):
        gathered = option(gathered)
    return gathered  # type: ignore[return-value]


@contextlib.contextmanager
def accounted(generator: Generator) -> Iterator[None]:
    """Say what a language model was asked and what that cost, however the block ends; nothing where none was asked."""
    try:
        yield
    finally:
        usage: Callable[[], dict[str, Any]] | None = getattr(generator, "usage", None)
        if usage is not None and any(usage().values()):
            print_report(generator)
