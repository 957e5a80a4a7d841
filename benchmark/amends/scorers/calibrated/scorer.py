"""The scorer ``calibrated``: runs the members and combines what they say by the odds of a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from amends.errors import UsageError
from amends.records import Annotation, Annotator, Exchange
from amends.rubric.definitions import version as rubric_version
from amends.scorers.base import Scorer
from amends.scorers.calibrated.combine import combined
from amends.scorers.calibrated.document import Calibration
from amends.signature import scorer_tag


class Calibrated:
    """Levels, probabilities and confidence of one or more scorers, fitted to gold."""

    name = "calibrated"
    version = 1

    def __init__(self, calibration: Calibration, members: Sequence[Scorer]) -> None:
        """Put a calibration and its scorers together.

        Args:
            calibration: from ``document.read`` or ``amends.calibration.fit``.
            members: the scorers, in the order of ``calibration.members``.

        Raises:
            UsageError: a scorer is not the one that the odds were fitted with.
        """
        _check(calibration, members)
        self.calibration = calibration
        self.weights = calibration.checksum()[:12]
        self._members = tuple(members)

    @property
    def remark(self) -> str | None:
        """What must be said where the rubric is no longer that of the fit; else None."""
        fitted, here = self.calibration.fitted.rubric, rubric_version()
        return None if fitted == here else f"fitted to levels of rubric {fitted}, the rubric here is {here}"

    def annotate(self, exchanges: Sequence[Exchange]) -> list[Annotation]:
        """Judge a batch of blinded exchanges, in order.

        Args:
            exchanges: as the members take them.
        """
        if not exchanges:
            return []
        names = [member.scorer for member in self.calibration.members]
        by_member = [member.annotate(exchanges) for member in self._members]
        made = []
        for judged in zip(*by_member, strict=True):
            given = dict(zip(names, judged, strict=True))
            kind = "model" if any(one.annotator.kind == "model" for one in judged) else "program"
            who = Annotator("scorer", kind, self.name, f"{self.version}@{self.weights}")
            made.append(self._remarked(combined(self.calibration, given, who)))
        return made

    def report(self) -> str:
        """What it is made of, the remark on the rubric, and what the members have to say of their own work."""
        fitted = self.calibration.fitted
        made_of = " + ".join(scorer_tag(m.name, m.version, m.weights) for m in self.calibration.members)
        lines = [
            f"calibrated {self.weights}: {made_of}, fitted to {fitted.gold} gold of {fitted.split}@{fitted.digest} "
            f"({fitted.replies:,} replies, {fitted.scenarios:,} scenarios)"
        ]
        lines += [self.remark] if self.remark else []
        reports = [report for member in self._members if callable(report := getattr(member, "report", None))]
        return "\n".join([*lines, *[str(report()) for report in reports]])

    def _remarked(self, annotation: Annotation) -> Annotation:
        return replace(annotation, reason=f"{annotation.reason} ({self.remark})") if self.remark else annotation


def _check(calibration: Calibration, members: Sequence[Scorer]) -> None:
    """Every member is what it was when the odds were fitted."""
    wrong = []
    for member, scorer in zip(calibration.members, members, strict=True):
        was = scorer_tag(member.name, member.version, member.weights)
        here = scorer_tag(scorer.name, scorer.version, getattr(scorer, "weights", None))
        if was != here:
            wrong.append(f"{member.scorer}: fitted with {was}, here it is {here}")
    if wrong:
        names = " ".join(member.scorer for member in calibration.members)
        raise UsageError(
            f"the calibration was fitted with other scorers: {'; '.join(wrong)}. Fit it again with `amends calibrate "
            f"{names} -o FILE`, or use amends {calibration.fitted.amends}, with which it was fitted."
        )
