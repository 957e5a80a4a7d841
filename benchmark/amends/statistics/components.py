"""Variance components: how much of a mean's error comes from the choice of scenarios, how much from running again.

Scenarios x runs, every scenario answered in every run, random effects in both: y_sr = m + s_s + r_r + e_sr. With
S scenarios and R runs the mean squares give (Searle, Casella & McCulloch 1992, ch. 4; in generalizability theory
Brennan 2001, ch. 2)

    var_e = MS_e,  var_r = max(0, (MS_r - MS_e) / S),  var_s = max(0, (MS_s - MS_e) / R),

and the mean over all has the variance var_s / S + var_r / R + var_e / (S R), of which the first part is the sampling
of scenarios and the rest the runs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from amends.statistics.resampling import Floats


@dataclass(frozen=True, slots=True)
class Components:
    """Where the error of a generator's mean comes from."""

    scenarios: int
    runs: int
    between_scenarios: float
    """var_s, squared levels."""
    between_runs: float
    """var_r: a run that is better on all scenarios."""
    residual: float
    """var_e: one scenario answered otherwise in another run."""

    @property
    def error_of_scenarios(self) -> float:
        """Standard error of the mean from the choice of scenarios."""
        return float((self.between_scenarios / self.scenarios) ** 0.5)

    @property
    def error_of_runs(self) -> float:
        """Standard error of the mean over these runs from running again."""
        return float((self.between_runs / self.runs + self.residual / (self.scenarios * self.runs)) ** 0.5)

    @property
    def error_of_one_run(self) -> float:
        """Standard error that a single run's mean has from running again."""
        return float((self.between_runs + self.residual / self.scenarios) ** 0.5)


def components(levels: Floats) -> Components | None:
    """Components of a complete table; None with fewer than two scenarios or runs.

    Args:
        levels: shape (S, R), no NaN.
    """
    many, runs = levels.shape
    if many < 2 or runs < 2:
        return None
    grand = levels.mean()
    rows, columns = levels.mean(axis=1), levels.mean(axis=0)
    ms_s = runs * ((rows - grand) ** 2).sum() / (many - 1)
    ms_r = many * ((columns - grand) ** 2).sum() / (runs - 1)
    residuals = levels - rows[:, None] - columns + grand
    ms_e = float((residuals**2).sum() / ((many - 1) * (runs - 1)))
    return Components(
        many,
        runs,
        float(max(0.0, (ms_s - ms_e) / runs)),
        float(max(0.0, (ms_r - ms_e) / many)),
        float(np.maximum(ms_e, 0.0)),
    )
