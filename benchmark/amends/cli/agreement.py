"""``agreement``: annotators with each other."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from amends.agreement.kappa import PairKappa
from amends.agreement.mtmm import Cell, Mtmm
from amends.agreement.report import Agreement, agreement
from amends.cli.shared import ProblemPrinter
from amends.dataset.folder import read_records
from amends.errors import Problem, UsageError
from amends.jsonl import pretty
from amends.logs.annotations import read_annotations
from amends.records import Annotation
from amends.reports.wording import NOT_COMPUTABLE, printed, signed, spoken
from amends.rubric.definitions import behaviours, dimension_names
from amends.statistics.estimate import Estimate
from amends.terminal import WIDTH, plain, table_text


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

    People's, models' and scorers' files may be mixed; adjudications stay out.

    Krippendorff's alpha of the raw levels (ordinal; whole scenarios resampled), over all replies and over those
    of a median level within 2 to 4; the multitrait-multimethod matrix over methods; weighted kappa of each pair of
    annotators; each annotator's bias against the others; nominal alpha of each behaviour; overlap of the spans.
    """
    tell = ProblemPrinter()
    judged = [annotation for file in files for annotation in _annotations(file, tell)]
    if not judged:
        raise UsageError("no annotation in these files")
    for line in _cautions(judged):
        click.echo(line, err=True)
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


def _cautions(judged: Sequence[Annotation]) -> list[str]:
    """What would make the figures look better than they are."""
    keys = [(a.annotator, a.reply_id, a.scenario_id) for a in judged]
    again, trained = len(keys) - len(set(keys)), sum(a.meta.get("training") is True for a in judged)
    lines = []
    if again:
        lines.append(
            f"{again} annotations are of a reply that the same annotator judged before; the last of them counts. "
            "Are two people under one name? Then name them apart."
        )
    if trained:
        lines.append(
            f"{trained} annotations were made in training mode, with the gold shown after each: what they agree on was "
            "learnt on the way."
        )
    return lines


def _annotations(file: str, tell: ProblemPrinter) -> list[Annotation]:
    good = []
    for item in read_annotations(file):
        if isinstance(item, Problem):
            tell(item)
        else:
            good.append(item)
    return good


def _text(found: Agreement) -> str:
    sections = [
        f"{found.name}: {plain(', '.join(found.annotators))}\n{found.what_it_is}\n",
        _alpha(found) + _matrix(found.matrix),
        _kappa(found.kappa),
        _bias(found),
        _behaviours(found),
        _spans(found),
        f"{found.signature}\n",
    ]
    return "\n".join(sections)


def _alpha(found: Agreement) -> str:
    names = dimension_names()
    rows = [
        [names[d], *_cells(found.alpha[d]), *_cells(found.alpha_middle[d])[:2], f"{found.alpha_middle[d].n}"]
        for d in found.alpha
    ]
    headings = ("Dimension", ">Alpha", ">95% interval", ">n", ">Levels 2-4", ">95% interval", ">n")
    return table_text(headings, rows)


def _matrix(matrix: Mtmm) -> str:
    holds = {True: "holds", False: "does not hold", None: "not computable"}[matrix.holds]
    return (
        f"\nMultitrait-multimethod: smallest same-dimension rho across methods {_rho(matrix.smallest_convergent)},\n"
        f"largest cross-dimension rho {_rho(matrix.largest_discriminant)}: {holds}\n"
    )


def _rho(cell: Cell | None) -> str:
    if cell is None:
        return "not computable"
    value, interval, n = _cells(cell.rho)
    return f"{value} {interval}, n {n}"


def _kappa(pairs: Sequence[PairKappa]) -> str:
    title = "Weighted kappa (quadratic) by pair: 1 full agreement, 0 as chance would give"
    if not pairs:
        return f"{title}\n{NOT_COMPUTABLE}: there is no pair of annotators\n"
    names = dimension_names()
    rows = [
        [pair.first if first else "", pair.second if first else "", names[d], *_cells(estimate)]
        for pair in pairs
        for first, (d, estimate) in zip((True, False, False), pair.kappa.items(), strict=True)
    ]
    return table_text(("Annotator", "with", "Dimension", ">Kappa", ">95% interval", ">n"), rows, title)


def _bias(found: Agreement) -> str:
    names = dimension_names()
    rows = [
        [name if first else "", names[d], *_cells(estimate)]
        for name, own in found.bias.items()
        for first, (d, estimate) in zip((True, False, False), own.items(), strict=True)
    ]
    title = "Bias: mean level minus the mean of the other annotators on the same replies"
    return table_text(("Annotator", "Dimension", ">Bias", ">95% interval", ">n"), rows, title)


def _behaviours(found: Agreement) -> str:
    title = "Behaviours shown or not: nominal alpha; marked: replies on which anyone marked it"
    headings = ("Code", "Behaviour", ">Alpha", ">95% interval", ">n", ">Marked")
    rows = [
        [*_named(code), *_cells(one.alpha), f"{one.marked:,}"]
        for code, one in found.behaviours.items()
        if one.alpha.value is not None
    ]
    return _with_left_out(title, headings, rows, {code: one.alpha for code, one in found.behaviours.items()})


def _spans(found: Agreement) -> str:
    title = "Spans where two marked one code on a reply: Jaccard of their characters, overlap at all; n: pairs"
    headings = ("Code", "Behaviour", ">Jaccard", ">95% interval", ">Overlap", ">95% interval", ">n")
    rows = [
        [*_named(code), *_cells(one.jaccard)[:2], *_cells(one.overlapping, "share")]
        for code, one in found.spans.items()
        if one.jaccard.value is not None
    ]
    return _with_left_out(title, headings, rows, {code: one.jaccard for code, one in found.spans.items()})


def _with_left_out(
    title: str, headings: Sequence[str], rows: Sequence[Sequence[str]], every: Mapping[str, Estimate]
) -> str:
    """A table of codes, and below it the codes that have no number, by the reason why."""
    text = table_text(headings, rows, title) if rows else f"{title}\n"
    why: dict[str | None, list[str]] = {}
    for code, estimate in every.items():
        if estimate.value is None:
            why.setdefault(estimate.note, []).append(code)
    for note, codes in why.items():
        text += textwrap.fill(f"{NOT_COMPUTABLE}: {note}: {', '.join(codes)}", WIDTH) + "\n"
    return text


def _named(code: str) -> tuple[str, str]:
    known = behaviours()
    return (signed(known[code]), spoken(known[code].name)) if code in known else (code, "")


def _cells(estimate: Estimate, unit: str = "level") -> tuple[str, str, str]:
    shown = printed(estimate, unit)
    return shown.value, shown.interval, shown.n
