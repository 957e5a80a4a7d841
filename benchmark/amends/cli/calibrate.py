"""``calibrate``: scorers' levels fitted to gold, one scorer or several."""

from __future__ import annotations

import os
from pathlib import Path

import click

from amends.calibration.fit import LEAST, SPLITS, calibrate
from amends.cli.shared import data_option, print_report
from amends.errors import UsageError
from amends.jsonl import pretty, write_whole
from amends.reports.calibration import terminal
from amends.scorers import load_member
from amends.signature import SEED


@click.command()
@click.argument("scorers", nargs=-1, required=True, metavar="SCORER...")
@click.option(
    "-o", "out", type=click.Path(path_type=Path, dir_okay=False), required=True, metavar="FILE", help="A new file."
)
@data_option
@click.option(
    "--split",
    type=click.Choice(SPLITS),
    default="validation",
    show_default=True,
    help="What it is fitted on; `trained` has learnt from train.",
)
@click.option(
    "--seed", type=click.IntRange(min=0), default=SEED, show_default=True, help="Of the folds and the resampling."
)
@click.option("--json", "as_json", is_flag=True, help="FILE's content on standard output too, instead of the tables.")
def command(scorers: tuple[str, ...], out: Path, data: Path | None, split: str, seed: int, as_json: bool) -> int:
    """Fit the levels of each SCORER to gold and write FILE, for use as the scorer calibrated:FILE.

    One scorer is a calibration, several are an ensemble: proportional odds on their levels for each dimension, which
    give probabilities and a confidence. What that is worth is measured on replies that were not fitted on (five folds
    by scenario), before and after. A SCORER is a built-in one, a plug-in, or judge:MODEL; test is never read.
    """
    if out.exists():
        raise UsageError(f"{out} is there; name a new file, since numbers that were made with it name its checksum")
    if len(set(scorers)) < len(scorers):
        raise UsageError(f"a scorer stands twice in {' '.join(scorers)}; name each once")
    if str(out) == "-":
        raise UsageError("-o - is no file, and a scorer is loaded from one; name a file, and --json prints it too")
    members = {name: load_member(name) for name in scorers}
    _writable(out.parent)
    made = calibrate(members, data=data, split=split, seed=seed)
    written = pretty(made.to_dict())
    write_whole(out, written)
    click.echo(written.decode() if as_json else terminal(made), nl=False)
    for member in members.values():
        print_report(member)
    heard = {name for some in made.odds.values() for one in some for name in one.weights}
    for name in sorted(set(members) - heard):
        click.echo(f"{name}: levels on fewer than {LEAST} replies with gold, so it is in no odds", err=True)
    click.echo(f"calibration: {out}; use it as --scorer calibrated:{out}", err=True)
    return 0


def _writable(folder: Path) -> None:
    """Before anything is scored: a judge would be paid for nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise UsageError(f"-o: {folder} may not be written to; name a file elsewhere or check its rights")
