"""Options and printing that several commands share."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from amends.errors import Problem, UsageError
from amends.jsonl import MAX_LINE
from amends.scorers import DEFAULT

Command = TypeVar("Command", bound=Callable[..., Any])

SHOWN = 1000
"""Problems printed before the rest are only counted."""

data_option = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=None,
    metavar="DIR",
    help="A data folder.  [default: the one that ships]",
)
"""``--data DIR``, the released dataset by default."""


def scorer_option(command: Command) -> Command:
    """``--scorer NAME``."""
    return click.option(
        "--scorer",
        "scorer_name",
        default=DEFAULT,
        show_default=True,
        metavar="NAME",
        help="A scorer's name (rules is thirty times faster), judge:MODEL, calibrated:FILE, or module:object.",
    )(command)


def labels_options(command: Command) -> Command:
    """``--labels FILE`` and ``--assume-random``."""
    command = click.option(
        "--assume-random", is_flag=True, help="Labels of unknown selection count as drawn by lot from the whole log."
    )(command)
    return click.option(
        "--labels",
        multiple=True,
        metavar="FILE",
        help="People's annotations of drawn replies, and draw's output where they lack meta.draw; repeatable.",
    )(command)


def jobs_option(command: Command) -> Command:
    """``--jobs N``, all cores by default."""
    return click.option(
        "--jobs",
        type=click.IntRange(min=1),
        default=None,
        metavar="N",
        help="Processes at most.  [default: number of cores]",
    )(command)


def input_options(command: Command) -> Command:
    """``--columns`` and ``--max-line``."""
    command = click.option(
        "--max-line",
        type=click.IntRange(min=1),
        default=MAX_LINE,
        show_default=True,
        metavar="BYTES",
        help="Refuse longer lines.",
    )(command)
    return click.option(
        "--columns",
        multiple=True,
        metavar="FIELD=COLUMN,...",
        help="Which column holds a field (CSV, Parquet), e.g. reply=body,customer=message.",
    )(command)


def keep_inputs(option: str, out: str | Path | None, inputs: Iterable[str | Path | None]) -> None:
    """Refuse to write over what a command reads: a log may be the only one that there is.

    Args:
        option: what named the output.
        out: where it goes; None or ``-`` is no file.
        inputs: what is read; None and ``-`` are no files.

    Raises:
        UsageError: both are one file, whatever paths lead to it.
    """
    if out is None or str(out) == "-" or not Path(out).is_file():
        return
    for one in inputs:
        if one is not None and str(one) != "-" and Path(one).is_file() and Path(one).samefile(out):
            raise UsageError(f"{option} {out} is what this command reads, and would be written over; name another file")


def cores(jobs: int | None) -> int:
    """What was asked for, else the number of cores that this process may use."""
    if jobs is not None:
        return jobs
    available = getattr(os, "sched_getaffinity", None)
    return len(available(0)) if available else os.cpu_count() or 1


class ProblemPrinter:
    """Prints problems to standard error as they come, and counts them."""

    def __init__(self) -> None:
        """Nothing printed yet."""
        self.count = 0

    def __call__(self, problem: Problem) -> None:
        """Print one; past ``SHOWN`` only count."""
        self.count += 1
        if self.count <= SHOWN:
            click.echo(str(problem), err=True)

    def close(self, kept: str) -> None:
        """Say how many there were and what was done with the good lines."""
        if self.count > SHOWN:
            click.echo(f"... and {self.count - SHOWN:,} more", err=True)
        if self.count:
            lines = "problem" if self.count == 1 else "problems"
            click.echo(f"{self.count:,} {lines} in the input; {kept}", err=True)


def print_failures(failures: Sequence[object]) -> None:
    """Print what went wrong while replies were made."""
    for failure in failures[:SHOWN]:
        click.echo(str(failure), err=True)
    if len(failures) > SHOWN:
        click.echo(f"... and {len(failures) - SHOWN:,} more", err=True)


def print_report(scorer: object) -> None:
    """What a scorer has to say of its own work (requests, cost, what it could not judge), on standard error."""
    report = getattr(scorer, "report", None)
    if callable(report):
        click.echo(str(report()), err=True)
