"""Calibrations made by hand, and annotations of members."""

import math

from amends.records import DIMENSIONS, Annotation, Annotator, Behaviour
from amends.rubric.definitions import version as rubric_version
from amends.scorers.calibrated.document import Calibration, Fitted, Member
from amends.scorers.calibrated.odds import Odds
from amends.signature import package_version

LN2, LN3 = math.log(2), math.log(3)
THRESHOLDS = (-2 * LN2, -LN2, 0.0, LN2)
"""e^-theta: 4, 2, 1, 1/2."""
A, B = "a", "b"

BOTH = Odds({A: LN2, B: LN3}, {A: 3.0, B: 3.0}, THRESHOLDS, 30, 10)
A_ALONE = Odds({A: LN3}, {A: 3.0}, THRESHOLDS, 40, 12)
B_ALONE = Odds({B: LN2}, {B: 4.0}, THRESHOLDS, 30, 10)


def fitted(**more):
    known = {
        "version": "1.0.0", "split": "validation", "digest": "0123456789ab", "gold": "model", "replies": 40,
        "scenarios": 12, "missing": 1, "rubric": rubric_version(), "amends": package_version(), "seed": 7, "folds": 5,
        "ridge": 1.0, "prior": 1.0,
    }  # fmt: skip
    return Fitted(**(known | more))


def member(name, version=3, weights=None, behaviours=True, told="told"):
    return Member(name, told, version, weights, behaviours)


def calibration(members=(A, B), odds=(BOTH, A_ALONE, B_ALONE), **more):
    own = tuple(m if isinstance(m, Member) else member(m) for m in members)
    return Calibration(own, fitted(**more), dict.fromkeys(DIMENSIONS, tuple(odds)), {"levels": {}, "gains": {}})


def said(levels, flags=(), behaviours=(), reason=None, kind="program", created=None):
    """One member's annotation; a single level stands on every dimension."""
    every = levels if isinstance(levels, tuple) else (levels,) * 3
    marks = tuple(Behaviour(code, start, start + 1, "x", strength) for code, start, strength in behaviours)
    who = Annotator("scorer", kind, "told", "3")
    return Annotation("", None, who, dict(zip(DIMENSIONS, every, strict=True)), marks, flags, reason, created=created)
