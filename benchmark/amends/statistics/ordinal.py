"""Proportional odds (McCullagh 1980), fitted with weights that are not negative.

P(level > k | x) = sigmoid(w x - theta_k), k = 1..4, theta rising. What is minimised is

- sum_i sum_k m_ik log P(level = k | x_i) + ridge / 2 |w|^2,   w >= 0,

m_i the masses of reply i's gold on the five levels (``gold_masses``: halves on either side of a half level). It is
convex (Pratt 1981: log P is concave in the score and the thetas), so that a Newton step projected on w >= 0
(Bertsekas 1982) finds the one minimum. With w >= 0 no rise of a column lowers P(level > k) for any k.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from amends.statistics.resampling import Floats

_TIMES = 200
_CLOSE = 1e-9
"""Largest slope, a reply, at which the minimum counts as reached."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """The minimum."""

    weights: Floats
    """Shape (columns,), none below 0."""
    thetas: Floats
    """Shape (4,), rising."""


@dataclass(frozen=True, slots=True)
class _Problem:
    """With z_k = w x - theta_k, log P(level = k) = log s(z_(k-1)) + log s(-z_k) + log(1 - exp(theta_(k-1) - theta_k)).

    s is the sigmoid; level 1 has the second term alone, level 5 the first. No difference of probabilities is taken:
    where a member says gold, they are so near 1 that nothing but rounding would be left of it.
    """

    x: Floats
    masses: Floats
    ridge: float

    def cost(self, at: Floats) -> float:
        """What is minimised; infinite where the thetas do not rise."""
        columns = self.x.shape[1]
        gaps = np.diff(at[columns:])
        if (gaps <= 0).any():
            return float("inf")
        z = _scores(self.x, at[:columns], at[columns:])
        outer = self.masses[:, 1:] * np.logaddexp(0, -z) + self.masses[:, :-1] * np.logaddexp(0, z)
        between = self.masses[:, 1:-1].sum(axis=0) * np.log(-np.expm1(-gaps))
        return float(self.ridge / 2 * (at[:columns] ** 2).sum() + outer.sum() - between.sum())

    def bent(self, at: Floats) -> tuple[Floats, Floats]:
        """Gradient and Hessian."""
        columns, size = self.x.shape[1], len(at)
        above = exceedances(self.x, at[:columns], at[columns:])
        by_z = self.masses[:, :-1] * above - self.masses[:, 1:] * (1 - above)
        curved = (self.masses[:, :-1] + self.masses[:, 1:]) * above * (1 - above)
        gradient = np.concatenate([self.x.T @ by_z.sum(axis=1), -by_z.sum(axis=0)])
        hessian = np.zeros((size, size))
        hessian[:columns, :columns] = (self.x * curved.sum(axis=1)[:, None]).T @ self.x
        hessian[:columns, columns:] = -self.x.T @ curved
        hessian[columns:, :columns] = hessian[:columns, columns:].T
        hessian[columns:, columns:] = np.diag(curved.sum(axis=0))
        self._gaps(at, gradient, hessian)
        gradient[:columns] += self.ridge * at[:columns]
        hessian[np.arange(columns), np.arange(columns)] += self.ridge
        return gradient, hessian

    def _gaps(self, at: Floats, gradient: Floats, hessian: Floats) -> None:
        """Add what the distances of the thetas bring."""
        columns = self.x.shape[1]
        gaps, mass = np.minimum(np.diff(at[columns:]), 500), self.masses[:, 1:-1].sum(axis=0)
        slope, bend = mass / np.expm1(gaps), mass / (4 * np.sinh(gaps / 2) ** 2)
        for low in range(3):
            pair = np.array([columns + low, columns + low + 1])
            gradient[pair] += slope[low] * np.array([1.0, -1.0])
            hessian[np.ix_(pair, pair)] += bend[low] * np.array([[1.0, -1.0], [-1.0, 1.0]])


def fit_odds(x: Floats, masses: Floats, ridge: float, prior: float = 0.0) -> Fitted:
    """Proportional odds by maximum penalised likelihood (module docstring).

    Args:
        x: shape (n, columns), centred: what the ridge shrinks towards is the mean.
        masses: shape (n, 5), not negative; the gold of each reply.
        ridge: of the weights, 0 or more; with 0, gold that thresholds separate makes them as large as rounding allows.
        prior: replies of no known level (a fifth on each) that are added at x = 0, so that a level that no gold has
            keeps a probability.

    Raises:
        ValueError: a level has no mass and there is no prior, or no minimum was reached.
    """
    n, columns = x.shape
    if prior:
        x = np.concatenate([x, np.zeros((1, columns))])
        masses = np.concatenate([masses, np.full((1, 5), prior / 5)])
    if (masses.sum(axis=0) <= 0).any():
        raise ValueError("a level has no mass; give a prior")
    problem = _Problem(x, masses, ridge)
    share = np.cumsum(masses.sum(axis=0))[:-1] / masses.sum()
    at = np.concatenate([np.zeros(columns), np.log(share / (1 - share))])
    for _ in range(_TIMES):
        gradient, hessian = problem.bent(at)
        free = np.concatenate([(at[:columns] > 0) | (gradient[:columns] < 0), np.ones(4, bool)])
        if np.abs(gradient[free]).max() <= _CLOSE * max(1.0, masses.sum()):
            return Fitted(at[:columns], at[columns:])
        step = np.zeros_like(at)
        step[free] = -np.linalg.lstsq(hessian[np.ix_(free, free)], gradient[free], rcond=None)[0]
        moved = _moved(problem, at, step, gradient)
        if moved is None:
            break
        at = moved
    raise ValueError("no minimum was reached; give a ridge and a prior")


def _moved(problem: _Problem, at: Floats, step: Floats, gradient: Floats) -> Floats | None:
    """The longest of steps halved again and again, cut off at weights of 0, that lowers the cost enough (Armijo)."""
    columns, before = problem.x.shape[1], problem.cost(at)
    for halved in range(60):
        tried = at + 0.5**halved * step
        tried[:columns] = np.maximum(tried[:columns], 0.0)
        # what rounding of the cost itself may hide
        slack = 1e-14 * abs(before)
        if problem.cost(tried) <= before + 1e-4 * float(gradient @ (tried - at)) + slack:
            return tried
    return None


def _scores(x: Floats, weights: Floats, thetas: Floats) -> Floats:
    z: Floats = np.clip((x @ weights)[:, None] - thetas[None, :], -500, 500)
    return z


def exceedances(x: Floats, weights: Floats, thetas: Floats) -> Floats:
    """P(level > k), k = 1..4.

    Args:
        x: shape (n, columns), centred as it was fitted.
        weights: shape (columns,).
        thetas: shape (4,), rising.

    Returns:
        Shape (n, 4), falling along each row.
    """
    found: Floats = 1 / (1 + np.exp(-_scores(x, weights, thetas)))
    return found
