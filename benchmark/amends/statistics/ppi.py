"""Prediction-powered estimates: a scorer on every reply, people's labels on some, and what both say together.

With scores f_i on N replies, labels Y_i on a drawn part S and known inclusion probabilities pi_i, weights
w_i = 1/pi_i:

    theta(lambda) = lambda * mean(f) + sum_S w_i (Y_i - lambda f_i) / sum_S w_i

(Angelopoulos et al. 2023; PPI++ with the tuning lambda, Angelopoulos, Duchi & Zrnic 2023; with unequal probabilities
the difference estimator of survey sampling, Sarndal, Swensson & Wretman 1992, 6.3). lambda minimises the variance
over whole clusters and lies in [0, 1]: 0 is labels alone, 1 trusts the scorer's differences fully. The influence of
reply i is lambda (f_i - mean f) / N + 1_S w_i (Y_i - lambda f_i - delta) / sum_S w, with delta the second term of
theta; its cluster sums give the variance. The interval is the studentised bootstrap of those sums, widened by
Student's quantile with the labeled clusters minus two degrees of freedom (a mean and lambda are estimated from them)
over the normal's.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from amends.statistics.clusters import FLAT_SHARE, clopper_pearson
from amends.statistics.estimate import Estimate
from amends.statistics.groups import Tested, two_sided_variance
from amends.statistics.influence import Labels, cluster_variance, codes, distinct, t_interval, t_p, together
from amends.statistics.kinds import resampled
from amends.statistics.resampling import Floats

SEED = 12345
"""Of the resampling; the draws do not depend on what is labeled."""
METHOD = "ppi++.cluster-t"
SHARE_METHOD = "ppi++.clopper-pearson"
LABELS_METHOD = "hajek.cluster-t"
MIN_LABELED = 10
"""Labeled clusters under which no interval is given: lambda and the rectifier would rest on too few."""


@dataclass(frozen=True, slots=True)
class Log:
    """Replies that a scorer judged, some of which were labeled."""

    scores: Floats
    """Shape (N,), no NaN."""
    labels: Floats
    """Shape (N,), NaN where there is no label."""
    probabilities: Floats
    """Shape (N,), inclusion probability in (0, 1]; NaN allowed where there is no label."""
    clusters: Labels

    @property
    def chosen(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Which replies have a label."""
        return np.asarray(~np.isnan(self.labels))


@dataclass(frozen=True, slots=True)
class Corrected:
    """What labels and scorer say together."""

    estimate: Estimate
    """n is the replies of the log, clusters its clusters."""
    labels_only: Estimate
    """From the labels alone; n is the labels."""
    scorer_only: float | None
    """The scorer's own number, uncorrected."""
    tuning: float | None
    """lambda, 0..1."""
    more_to_halve: int | None
    """Further labels that would halve the interval, at this lambda; None where no number of them would."""


@dataclass(frozen=True, slots=True)
class _Parts:
    value: float
    phi: Floats
    tuning: float
    rectifier: Floats
    """The part of phi that more labels shrink."""


def _weights(log: Log) -> Floats:
    weights = np.where(log.chosen, 1.0 / np.where(log.chosen, log.probabilities, 1.0), 0.0)
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def _parts(log: Log, tuning: float | None = None) -> _Parts:
    weights, labels = _weights(log), np.where(log.chosen, log.labels, 0.0)
    whole, drawn = log.scores.mean(), float(weights @ log.scores)
    own = float(weights @ labels)
    u = weights * (labels - own)
    v = (log.scores - whole) / len(log.scores) - weights * (log.scores - drawn)
    if tuning is None:
        code = codes(log.clusters)
        a, b = np.bincount(code, weights=u), np.bincount(code, weights=v)
        below = float(b @ b)
        tuning = min(1.0, max(0.0, -float(a @ b) / below)) if below > 0 else 0.0
    rectifier = u - tuning * weights * (log.scores - drawn)
    return _Parts(float(tuning * whole + own - tuning * drawn), u + tuning * v, tuning, rectifier)


def labeled_clusters(log: Log) -> int:
    """Clusters with a label.

    Args:
        log: the replies.
    """
    return len(np.unique(codes(log.clusters)[log.chosen]))


def corrected(log: Log, limits: tuple[float, float], share: bool = False) -> Corrected:
    """The mean (or share) that labels and scorer give together.

    Args:
        log: scores and labels: levels, or 0 and 1 for a share.
        limits: what the number can be.
        share: the interval is Clopper-Pearson's at the effective size theta (1 - theta) / V.
    """
    n, groups, labeled = len(log.scores), distinct(log.clusters), labeled_clusters(log)
    scorer = float(log.scores.mean()) if n else None
    if not labeled:
        none = Estimate(None, None, None, n, groups, None, "no reply has a label")
        return Corrected(none, none, scorer, None, None)
    parts, alone = _parts(log), _parts(log, 0.0)
    if labeled < MIN_LABELED:
        why = f"no interval under {MIN_LABELED} labeled clusters, and these are {labeled}"
        estimate = Estimate(parts.value, None, None, n, groups, None, why)
        own = Estimate(alone.value, None, None, int(log.chosen.sum()), labeled, None, why)
        return Corrected(estimate, own, scorer, parts.tuning, None)
    method = SHARE_METHOD if share else METHOD
    estimate = _interval(parts, log, (n, groups, labeled - 2), limits, method)
    counts = int(log.chosen.sum()), labeled, labeled - 1
    own = _interval(alone, log, counts, limits, SHARE_METHOD if share else LABELS_METHOD)
    return Corrected(estimate, own, scorer, parts.tuning, _more(parts, log))


def _interval(
    parts: _Parts, log: Log, counts: tuple[int, int, int], limits: tuple[float, float], method: str
) -> Estimate:
    n, groups, freedom = counts
    found, _ = cluster_variance(parts.phi, log.clusters)
    value = min(limits[1], max(limits[0], parts.value))
    if method == SHARE_METHOD:
        return _share(value, found, counts)
    if found <= 1e-24:
        return Estimate(value, None, None, n, groups, None, "no interval: the labels do not differ")
    low, high = _skewed(parts, log, math.sqrt(found), freedom)
    return Estimate(value, max(limits[0], low), min(limits[1], high), n, groups, method)


def _skewed(parts: _Parts, log: Log, error: float, freedom: int) -> tuple[float, float]:
    """Ends by the studentised bootstrap of the clusters' influence, each at least as far as Student's divided by it.

    Labels are few and levels skewed: Student's interval alone covers 92% with 30 labels (benches/COVERAGE.md).
    """
    from scipy.special import stdtrit

    sums = np.sort(np.bincount(codes(log.clusters), weights=parts.phi)).astype(np.float64)
    t, flat = resampled(sums, np.ones(len(sums)), SEED)
    limit = float(stdtrit(freedom, 0.975))
    if flat > FLAT_SHARE:
        return parts.value - limit * error, parts.value + limit * error
    low_t, high_t = np.quantile(t, [0.025, 0.975], method="inverted_cdf")
    # the bootstrap does not know that lambda and a mean were estimated: Student's quantile over the normal's does
    wider = limit / 1.959963984540054
    return float(parts.value - high_t * wider * error), float(parts.value - low_t * wider * error)


def _share(value: float, found: float, counts: tuple[int, int, int]) -> Estimate:
    from scipy.special import stdtrit

    n, groups, freedom = counts
    if value in (0.0, 1.0) or found <= 1e-24:
        low, high = clopper_pearson(value, float(freedom))
    else:
        shrink = float((stdtrit(n, 0.975) / stdtrit(freedom, 0.975)) ** 2)
        low, high = clopper_pearson(value, max(1.0, value * (1 - value) / found * shrink))
    return Estimate(value, low, high, n, groups, SHARE_METHOD)


def _more(parts: _Parts, log: Log) -> int | None:
    """V(m) = A + B / m with m labels: m' = B / (V/4 - A), where V/4 exceeds what labels cannot shrink."""
    whole, _ = cluster_variance(parts.phi, log.clusters)
    shrinks, _ = cluster_variance(parts.rectifier, log.clusters)
    m = int(log.chosen.sum())
    room = whole / 4 - max(whole - shrinks, 0.0)
    if room <= 0 or whole <= 0:
        return None
    wanted = math.ceil(shrinks * m / room)
    return max(wanted - m, 0) if wanted <= len(log.scores) else None


def corrected_difference(a: Log, b: Log, limits: tuple[float, float]) -> Tested:
    """Second minus first, each corrected by its labels; clusters of both taken together.

    Args:
        a: the first side.
        b: the second.
        limits: what the difference can be.
    """
    n, groups = len(a.scores) + len(b.scores), distinct(together(a.clusters, b.clusters))
    fewest = min(labeled_clusters(a), labeled_clusters(b))
    if fewest < MIN_LABELED:
        why = f"fewer than {MIN_LABELED} labeled clusters on one side ({fewest})"
        return Tested(Estimate(None, None, None, n, groups, None, why), None, None, None)
    first, second = _parts(a), _parts(b)
    value = second.value - first.value
    found = two_sided_variance(-first.phi, a.clusters, second.phi, b.clusters).whole
    if found <= 1e-24:
        none = Estimate(value, None, None, n, groups, None, "no interval: the labels do not differ")
        return Tested(none, None, None, None)
    low, high = t_interval(value, math.sqrt(found), fewest - 2, limits)
    p = t_p(value, math.sqrt(found), fewest - 2)
    return Tested(Estimate(value, low, high, n, groups, METHOD), p, math.sqrt(found), float(fewest - 2))
