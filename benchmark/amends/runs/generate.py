"""``generate``: only the replies of a generator, in one file, resumable as a run is."""

from __future__ import annotations

from pathlib import Path

from amends.generators.base import Report
from amends.runs.execute import Asked
from amends.runs.replies import Step, generated
from amends.runs.settings import claim, counted, locked, write_finished


def generate_file(asked: Asked, out: Path, *, fresh: bool, report: Report, step: Step) -> tuple[int, int]:
    """Write replies to ``out``; ``OUT.run.json`` beside it holds the settings, ``OUT.log`` what a program says.

    Args:
        asked: which replies, and of whom.
        out: the replies file.
        fresh: start over.
        report: told of every failure.
        step: told of progress.

    Returns:
        Replies in the file, and replies asked for.

    Raises:
        UsageError: ``out`` holds replies of other settings.
    """
    scenarios = asked.scenarios()
    beside = out.with_name(out.name + ".run.json")
    log = out.with_name(out.name + ".log")
    with locked(out.with_name(out.name + ".lock")):
        claim(beside, asked.settings(scenarios), [out, log], fresh)
        with counted(beside, asked.generator):
            there, wanted = generated(asked.wanted(), out, log, report, step)
        write_finished(beside)
    return there, wanted
