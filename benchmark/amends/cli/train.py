"""``train``: the weights of the scorer ``trained`` from the train split."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from amends.cli.shared import data_option
from amends.dataset.folder import released
from amends.errors import UsageError
from amends.signature import SEED
from amends.training.fit import FOLDS, fit
from amends.training.loop import Plan
from amends.training.threads import one_thread


@click.command()
@data_option
@click.option(
    "-o", "out", type=click.Path(path_type=Path, file_okay=False), required=True, metavar="DIR", help="A new folder."
)
@click.option("--seed", type=int, default=SEED, show_default=True, help="Of every draw.")
@click.option("--epochs", type=click.IntRange(min=1), default=None, metavar="N", help="Passes over the train split.")
@click.option(
    "--folds",
    type=click.IntRange(min=1, max=FOLDS),
    default=None,
    metavar="N",
    help="Folds of three that are held out to settle the odds.",
)
@click.option("--fast", is_flag=True, help="All cores and quicker sums; then two fits differ in their last digits.")
def command(data: Path | None, out: Path, seed: int, epochs: int | None, folds: int | None, fast: bool) -> int:
    """Fit the scorer `trained` on the train split and its contrast pairs, and write weights with their manifest.

    Needs the extra `train`. With one thread (the default) two fits on one machine are equal to the bit. Validation
    chooses thresholds; test is not read. In Python, amends.scorers.trained.scorer.Trained(folder) reads the result.
    """
    if out.exists() and any(out.iterdir()):
        raise UsageError(f"{out} is there and not empty; name a new folder, so that no weights are written over")
    plan = Plan()
    plan = replace(plan, fast=fast, epochs=epochs or plan.epochs, folds_run=folds or plan.folds_run)
    if not fast:
        one_thread()
    fit(data or released().path, out, seed, plan, lambda line: click.echo(line, err=True))
    click.echo(f"weights: {out}", err=True)
    return 0
