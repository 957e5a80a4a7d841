"""``demo``, ``run`` and ``generate``."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import click

from amends.cli.model_options import accounted, model_options
from amends.cli.shared import cores, jobs_option, keep_inputs, print_failures, scorer_option
from amends.dataset.folder import SPLITS
from amends.generators import ModelOptions, load_generator
from amends.generators.base import Failure
from amends.jsonl import pretty
from amends.reports import REPORTS
from amends.runs.execute import FILES, Asked, Done, Plan, execute
from amends.runs.generate import generate_file
from amends.runs.replies import Step
from amends.scorers import DEFAULT, load_scorer
from amends.terminal import progress

DEMO = "seven-steps"

split_option = click.option(
    "--split", type=click.Choice(SPLITS), default="test", show_default=True, help="Which scenarios."
)
samples_option = click.option(
    "--samples",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    metavar="N",
    help="Replies for each scenario.",
)
limit_option = click.option(
    "--limit", type=click.IntRange(min=1), default=None, metavar="N", help="Only the first N scenarios."
)
fresh_option = click.option("--fresh", is_flag=True, help="Start over what stands there.")


@contextlib.contextmanager
def bars() -> Iterator[Step]:
    """A bar for each stage, on standard error and only on a terminal."""
    with contextlib.ExitStack() as stack:
        advance: dict[str, object] = {}

        def step(what: str, done: int, total: int) -> None:
            if what not in advance:
                stack.close()
                advance[what] = stack.enter_context(progress(what, total))
            advance[what](done)  # type: ignore[operator]

        yield step


def _finish(done: Done, as_json: bool) -> int:
    """Print what a run came to; the exit code is 1 where replies are missing."""
    print_failures(done.failures)
    if as_json:
        click.echo(pretty(done.result.to_dict()).decode(), nl=False)
    else:
        click.echo(REPORTS["terminal"](done.result, ()), nl=False)
    click.echo(f"\nreport: {done.folder / 'report.html'}", err=as_json)
    if not done.failures:
        return 0
    counts = done.result.counts
    if counts["no_reply"]:
        said = (
            f"{counts['no_reply']} of {counts['replies']} replies are missing or are none; the good ones are kept, and "
            "the same command asks for the missing ones again"
        )
    else:
        said = f"all {counts['replies']} replies are there; what is named above was left out"
    click.echo(said, err=True)
    return 1


@click.command()
@click.option("--json", "as_json", is_flag=True, help="The Result as JSON on standard output.")
def demo(as_json: bool) -> int:
    """Run the seven-steps baseline on the test scenarios and score it.

    Prints a table with its signature and writes an HTML report to ./amends-runs/demo.
    """
    plan = Plan(Asked(load_generator(DEMO)), load_scorer(DEFAULT))
    with bars() as step:
        done = execute(plan, Path("amends-runs") / "demo", fresh=True, render=REPORTS["html"], step=step)
    return _finish(done, as_json)


@click.command()
@click.argument("generator")
@split_option
@scorer_option
@samples_option
@limit_option
@click.option("-o", "out", type=click.Path(path_type=Path), default=None, metavar="DIR", help="The run folder.")
@fresh_option
@jobs_option
@model_options
@click.option("--json", "as_json", is_flag=True, help="The Result as JSON on standard output.")
def run(
    generator: str,
    split: str,
    scorer_name: str,
    samples: int,
    limit: int | None,
    out: Path | None,
    fresh: bool,
    jobs: int | None,
    as_json: bool,
    options: ModelOptions,
) -> int:
    """Run GENERATOR over a split, score it and report it.

    GENERATOR is a baseline's name, a folder with generator.json, a replies file, python:module:function,
    openai:MODEL (extra judge; the key is read from OPENAI_API_KEY) or local:MODEL (extra local). Killed at any
    moment, the same command goes on where it stopped.
    """
    for name in FILES:
        keep_inputs("-o", out and out / name, [generator])
    asked = Asked(load_generator(generator, options), split, samples, limit)
    plan = Plan(asked, load_scorer(scorer_name), cores(jobs))
    with accounted(asked.generator), bars() as step:
        done = execute(plan, out or plan.folder, fresh=fresh, render=REPORTS["html"], step=step)
    return _finish(done, as_json)


@click.command()
@click.argument("generator")
@click.option(
    "-o",
    "out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    metavar="FILE",
    help="Replies file.",
)
@split_option
@samples_option
@limit_option
@fresh_option
@model_options
def generate(
    generator: str, out: Path, split: str, samples: int, limit: int | None, fresh: bool, options: ModelOptions
) -> int:
    """Write only the replies of GENERATOR to a file; resumable as run is."""
    keep_inputs("-o", out, [generator])
    failures: list[Failure] = []
    wanted = Asked(load_generator(generator, options), split, samples, limit)
    with accounted(wanted.generator), bars() as step:
        written, asked = generate_file(wanted, out, fresh=fresh, report=failures.append, step=step)
    print_failures(failures)
    click.echo(f"{written} of {asked} replies in {out}", err=True)
    return 0 if written == asked and not failures else 1
