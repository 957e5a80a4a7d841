"""``generate``: only the replies of a generator, in one file, resumable as a run is."""

from __future__ import annotations

from pathlib import Path

from amends.generators.base import Generator, Report
from amends.runs.execute import Step, generation_settings, scenarios_of, stored_or_generated
from amends.runs.settings import claim, locked, write_finished


def generate_file(
    generator: Generator,
    out: Path,
    split: str,
    samples: int,
    limit: int | None,
    *,
    fresh: bool,
    report: Report,
    step: Step,
) -> tuple[int, int]:
    """Write replies to ``out``; ``OUT.run.json`` beside it holds the settings, ``OUT.log`` what a program says.

    Args:
        generator: who answers.
        out: the replies file.
        split: which scenarios.
        samples: replies a scenario.
        limit: only the first scenarios.
        fresh: start over.
        report: told of every failure.
        step: told of progress.

    Returns:
        Replies in the file, and replies asked for.

    Raises:
        UsageError: ``out`` holds replies of other settings.
    """
    scenarios = scenarios_of(split, limit)
    beside = out.with_name(out.name + ".run.json")
    log = out.with_name(out.name + ".log")
    with locked(out.with_name(out.name + ".lock")):
        claim(beside, generation_settings(generator, split, scenarios, samples, limit), [out, log], fresh)
        replies = stored_or_generated(generator, scenarios, samples, out, log, report, step)
        write_finished(beside)
    return len(replies), len(scenarios) * samples
