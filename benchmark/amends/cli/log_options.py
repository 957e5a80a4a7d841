"""Options of every command that reads help desks' conversations, and what it prints of them."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import click

from amends.logs.imports.forms import FORMS
from amends.logs.rules import KEEPABLE, parse_keep
from amends.logs.units import UNITS, Log

CommandFunction = Callable[..., Any]


_OPTIONS = (
    click.option(
        "--unit",
        type=click.Choice(UNITS),
        default="every",
        show_default=True,
        help="Which agent replies of each conversation.",
    ),
    click.option(
        "--from",
        "form",
        type=click.Choice(FORMS),
        default=None,
        help="What exported the conversations.  [default: told by the file's shape]",
    ),
    click.option(
        "--agent-domain",
        multiple=True,
        metavar="DOMAIN",
        help="Whose mail is an agent's, in an mbox; repeatable.",
    ),
    click.option(
        "--keep",
        multiple=True,
        metavar="RULE,...",
        help=f"Turns that are dropped otherwise: {', '.join(KEEPABLE)}.",
    ),
    click.option("--mask", is_flag=True, help="Personal data as ⟨name⟩, ⟨e-mail⟩ ... before anything is scored."),
)


def log_options(command: CommandFunction) -> CommandFunction:
    """``--unit``, ``--from``, ``--agent-domain``, ``--keep`` and ``--mask``, given to the command as one ``log``."""

    @functools.wraps(command)
    def called(
        *args: Any,
        unit: str,
        form: str | None,
        agent_domain: tuple[str, ...],
        keep: tuple[str, ...],
        mask: bool,
        **others: Any,
    ) -> Any:
        masks = None
        if mask:
            from amends.checks.masking import Masks

            masks = Masks()
        log = Log(unit, form, agent_domain, parse_keep(keep), masks)
        return command(*args, log=log, **others)

    for option in reversed(_OPTIONS):
        called = option(called)
    return called


def print_log(log: Log) -> None:
    """What became of the messages of each log, on standard error."""
    for tally in log.tallies.values():
        for line in tally.lines():
            click.echo(line, err=True)


def log_document(log: Log) -> dict[str, Any]:
    """The same for ``--json``; empty where no conversations were read."""
    return {"logs": [tally.to_dict() for tally in log.tallies.values()]} if log.tallies else {}
