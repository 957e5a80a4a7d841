"""The questions of ``contribute`` on the terminal, one by one."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from amends.contribute.form import ABOUT, LABELS_FIRST, Step, Unclear
from amends.contribute.reading import reading, reading_lines
from amends.contribute.session import Session
from amends.dataset.pending import exchange_of
from amends.errors import InputError, UsageError
from amends.records import Json
from amends.terminal import plain

_KEYS = "? explains, < goes back, Ctrl+C ends; what is answered is saved."
_END = "."
_BACK = "<"
_LONGEST = 1023 if sys.platform == "darwin" else 4094
"""Bytes from which a terminal that is read line by line cuts a line without a word."""


class _Back(Exception):
    """The person wants to go one question back."""


def converse(session: Session, wanted: Sequence[str]) -> None:
    """Ask until the person has had enough; every answer is saved before the next question.

    Args:
        session: the file at hand.
        wanted: what the dataset has little of, for the beginning.

    Raises:
        click.Abort, KeyboardInterrupt: the end came in the middle of an example, which is kept; between two
            examples it is as good as the answer that there is no other.
    """
    _say(_KEYS)
    if session.order:
        _say(f"Going on with {session.key}: {len(session.order)} questions are answered.")
    _say("What train has least of, replies in brackets:")
    for line in wanted:
        _say(f"  {line}")
    try:
        _example(session)
        while _more():
            _example(session)
    except (KeyboardInterrupt, click.Abort):
        if not session.examples or set(session.order) - set(ABOUT):
            raise
        click.echo()


def _say(words: str) -> None:
    click.echo("\n".join(plain(line) for line in words.splitlines()))


def _line(prompt: str) -> str:
    click.echo(f"{plain(prompt)} ", nl=False)
    try:
        line = sys.stdin.readline()
    except UnicodeDecodeError:
        raise UsageError("what was typed is not UTF-8; set the terminal to UTF-8. The same command goes on") from None
    if not line:
        click.echo()
        raise click.Abort
    line = line.rstrip("\r\n")
    if sys.stdin.isatty() and len(line.encode("utf-8", "replace")) >= _LONGEST:
        _say(f"The terminal took {len(line):,} characters of this line, and cut what came after them.")
        _say("Break the text into lines, or use --page or --from-file.")
    return line


def _more() -> bool:
    return _line("Another example? (yes, or nothing to end)").strip().casefold() in ("y", "yes")


def _example(session: Session) -> None:
    """One example, from where it stands to the file."""
    told = False
    while (step := session.step) is not None:
        if step.name == LABELS_FIRST and not told:
            told = True
            _say("Now your own labels, if you like; the scorers' reading comes after them.")
        try:
            _asked(session, step)
        except _Back:
            told = False
            if not session.back():
                _say("There is nothing before this.")
        if session.step is None and not _settled(session):
            session.back()
    example = session.finish()
    _say(f"Saved as {example['id']} in {session.file}.")
    _show_reading(session, example)


def _settled(session: Session) -> bool:
    """Whether the whole example may be saved: without problems, or because the person says so."""
    _confirm(session, session.live()[1])  # who ended this at the question for them is asked again
    problems = session.problems()
    for problem in problems:
        _say(f"  {problem.path}: found {problem.found}; expected {problem.expected}; {problem.remedy}")
    return not problems or _line("Nothing saves it as it is, < goes back:").strip() != _BACK


def _asked(session: Session, step: Step) -> None:
    if step.name == "agreed":
        _say(step.explain)
    while True:
        typed = _typed(step)
        if typed.strip() == "?":
            _say(step.explain)
            continue
        if typed.strip() == _BACK:
            raise _Back
        try:
            session.answer(typed)
        except Unclear as error:
            _say(str(error))
            continue
        break
    if step.name == "scenario" and session.answers["scenario"] != "new":
        _show_scenario(session)
    if step.name in ("turns", "reply"):
        _live(session, step.name)


def _typed(step: Step) -> str:
    if not step.lines:
        return _line(step.ask)
    while True:
        _say(f"{step.ask} (a line with only {_END} ends it)")
        first = _line(">")
        if first.strip() in ("?", _BACK, _END, ""):
            return "" if first.strip() == _END else first
        lines = [first]
        while (line := _line(">")).strip() not in (_END, _BACK):
            lines.append(line)
        if line.strip() == _END:
            return "\n".join(lines)
        _say(f"What you typed is dropped; another {_BACK} goes back to the question before.")


def _show_scenario(session: Session) -> None:
    scenario = session.known.scenarios.get(session.answers["scenario"])
    if scenario is not None:
        _say(f"{scenario.context.company or 'A company'}, {scenario.context.domain}:")
        for turn in scenario.turns:
            _say(f"  {turn.role}: {turn.text}")
        _say(f"The agent may and may not: {scenario.context.authority or 'not stated'}")


def _live(session: Session, name: str) -> None:
    """What is wrong with a text as soon as it is there."""
    field = "$.scenario" if name == "turns" else "$.reply"
    problems, names = session.live()
    own = [problem for problem in problems if problem.path.startswith(field)]
    for problem in own:
        _say(f"  {problem.path}: {problem.found}; expected {problem.expected}; {problem.remedy}")
    if own:
        _say("  < goes back, so that you can write it again.")
    _confirm(session, names)


def _confirm(session: Session, names: Sequence[str]) -> None:
    """Ask whether names are invented."""
    if names:
        answer = _line(f"These may be names: {', '.join(names)}. Is every one invented? (yes/no)").strip().casefold()
        if answer in ("y", "yes"):
            session.confirm(list(names))
        else:
            _say("Then invent others: < goes back to the text.")


def _show_reading(session: Session, example: Json) -> None:
    """The scorers' reading; the labels are in the file by now."""
    if _line("See what the official scorers make of it? (yes, or nothing)").strip().casefold() not in ("y", "yes"):
        return
    exchange = exchange_of(example, session.known.scenarios)
    if exchange is None:
        return
    try:
        for line in reading_lines(reading(exchange)):
            _say(f"  {line}")
    except (InputError, OSError) as error:
        _say(f"The scorers cannot be asked: {error}")
