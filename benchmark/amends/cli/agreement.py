"""``agreement``: annotators with each other."""

from __future__ import annotations

from pathlib import Path

import click

from amends.agreement.report import Agreement, agreement
from amends.cli.shared import ProblemPrinter
from amends.dataset.folder import read_records
from amends.errors import Problem, UsageError
from amends.jsonl import pretty
from amends.logs.annotations import read_annotations
from amends.records import Annotation
from amends.reports.wording import printed
from amends.rubric.definitions import dimension_names
from amends.statistics.estimate import Estimate
from amends.terminal import table_text


@click.command()
@click.argument("files", nargs=-1, required=True)
@click.option(
    "--plan",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    metavar="FILE",
    help="A plan.jsonl: planned and ordinary replies apart.",
)
@click.option("--json", "as_json", is_flag=True, help="As JSON on standard output.")
def command(files: tuple[str, ...], plan: Path | None, as_json: bool) -> int:
    """Agreement of the annotators in FILES (annotations, JSON lines) with each other.

    Krippendorff's alpha of the raw levels (ordinal; whole scenarios resampled), over all replies and over those
    of a median level within 2 to 4, and the multitrait-multimethod matrix over methods.
    """
    tell = ProblemPrinter()
    judged = [annotation for file in files for annotation in _annotations(file, tell)]
    if not judged:
        raise UsageError("no annotation in these files")
    found = [agreement(judged)]
    if plan is not None:
        kinds = {record["reply_id"]: record["kind"] for _, record in read_records(plan, "plan")}
        found += [agreement(judged, kind, lambda r, k=kind: kinds.get(r) == k) for kind in ("planned", "ordinary")]  # type: ignore[misc]
    if as_json:
        click.echo(pretty([one.to_dict() for one in found]).decode(), nl=False)
    else:
        click.echo("\n".join(_text(one) for one in found), nl=False)
    tell.close("every good line counts")
    return 1 if tell.count else 0


def _annotations(file: str, tell: ProblemPrinter) -> list[Annotation]:
    good = []
    for item in read_annotations(file):
        if isinstance(item, Problem):
            tell(item)
        else:
            good.append(item)
    return good


def _text(found: Agreement) -> str:
    names = dimension_names()
    rows = [
        [names[d], *_cells(found.alpha[d]), *_cells(found.alpha_middle[d])[:2], f"{found.alpha_middle[d].n}"]
        for d in found.alpha
    ]
    headings = ("Dimension", ">Alpha", ">95% interval", ">n", ">Levels 2-4", ">95% interval", ">n")
    title = f"{found.name}: {', '.join(found.annotators)}\n"
    low, high = found.matrix.smallest_convergent, found.matrix.largest_discriminant
    holds = {True: "holds", False: "does not hold", None: "not computable"}[found.matrix.holds]
    matrix = (
        f"Multitrait-multimethod: smallest same-dimension rho across methods {_number(low)}, "
        f"largest cross-dimension rho {_number(high)}: {holds}\n"
    )
    return f"{title}{found.what_it_is}\n\n{table_text(headings, rows)}\n{matrix}{found.signature}\n"


def _cells(estimate: Estimate) -> list[str]:
    shown = printed(estimate, "level")
    return [shown.value, shown.interval, f"{estimate.n} ({estimate.clusters})"]


def _number(rho: float | None) -> str:
    return "not computable" if rho is None else f"{rho:.2f}"
