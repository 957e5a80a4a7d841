"""Power by simulation from pilot data: what a comparison of a given size would show.

Clusters are drawn with replacement from the pilot, their differences centred at 0, and a true difference is added;
what is tested is what ``compare`` tests: the mean over clusters against its cluster-robust error with Student's
quantile. One set of draws serves every difference, since a shift moves the estimate and not its error.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from amends.statistics.resampling import Floats

SIMULATIONS = 4_000
POWER = 0.8


@dataclass(frozen=True, slots=True)
class Pilot:
    """Cluster sums and sizes of what is compared, for one side or for paired differences."""

    sums: Floats
    """Shape (G,)."""
    sizes: Floats

    def centred(self) -> Pilot:
        """With mean 0."""
        return Pilot(self.sums - self.sums.sum() / self.sizes.sum() * self.sizes, self.sizes)


@dataclass(frozen=True, slots=True)
class Draws:
    """Simulated comparisons of one size without a true difference."""

    estimates: Floats
    """Shape (simulations,)."""
    errors: Floats
    freedom: float

    def power(self, difference: float, alpha: float = 0.05) -> float:
        """Share of simulated comparisons that show a true difference.

        Args:
            difference: added to every estimate.
            alpha: of the two-sided test.
        """
        from scipy.special import stdtrit

        limit = float(stdtrit(self.freedom, 1 - alpha / 2))
        return float((np.abs(self.estimates + difference) > limit * self.errors).mean())

    def visible(self, most: float, power: float = POWER, alpha: float = 0.05) -> float | None:
        """Smallest true difference that is shown with so much power; None if none up to ``most`` is.

        Args:
            most: largest difference that the scale allows.
            power: wanted.
            alpha: of the two-sided test.
        """
        if self.power(most, alpha) < power:
            return None
        low, high = 0.0, most
        while high - low > most / 2000:
            middle = (low + high) / 2
            low, high = (low, middle) if self.power(middle, alpha) >= power else (middle, high)
        return high


def _side(pilot: Pilot, clusters: int, generator: np.random.Generator) -> tuple[Floats, Floats]:
    """Means and squared errors of simulated samples of so many clusters."""
    picked = generator.integers(0, len(pilot.sums), size=(SIMULATIONS, clusters))
    sums, sizes = pilot.sums[picked], pilot.sizes[picked]
    n = sizes.sum(axis=1)
    mean = sums.sum(axis=1) / n
    squares = ((sums - mean[:, None] * sizes) ** 2).sum(axis=1)
    return mean, clusters / (clusters - 1) * squares / n**2


def simulate(pilot: Pilot, clusters: int, seed: int) -> Draws:
    """Paired comparisons of so many clusters.

    Args:
        pilot: paired differences.
        clusters: 2 or more.
        seed: of the draws.
    """
    mean, squares = _side(pilot.centred(), clusters, np.random.default_rng(seed))
    return Draws(mean, np.sqrt(squares), clusters - 1)


def simulate_unpaired(a: Pilot, b: Pilot, clusters: int, seed: int) -> Draws:
    """Unpaired comparisons of so many clusters a side.

    Args:
        a: levels of the first side.
        b: of the second.
        clusters: a side, 2 or more.
        seed: of the draws.
    """
    generator = np.random.default_rng(seed)
    first, second = _side(a.centred(), clusters, generator), _side(b.centred(), clusters, generator)
    return Draws(second[0] - first[0], np.sqrt(first[1] + second[1]), 2 * (clusters - 1))


def size_factors(clusters: int) -> tuple[float, float]:
    """How many times fewer or more clusters the truth may need than a pilot says, at 95%.

    Sizes go with the variance, and (k - 1) s^2 / sigma^2 is chi-squared with k - 1 degrees of freedom where clusters
    vary as a normal variable does.

    Args:
        clusters: of the pilot, 2 or more.
    """
    from scipy.special import chdtri

    freedom = clusters - 1
    return float(freedom / chdtri(freedom, 0.025)), float(freedom / chdtri(freedom, 0.975))
