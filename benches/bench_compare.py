"""All 435 pairs of 30 systems on 1,000 items, 10,000 resamples: ours against scipy's bootstrap pair by pair.

scipy has no studentised interval, so it is given less work than ours does: the percentile interval of each pair's
mean difference by ``scipy.stats.bootstrap``. At 1,000 items both are the same interval within the error of the draws,
which the last line shows. scipy is timed on some pairs and multiplied.
"""

from __future__ import annotations

import itertools
import os
import platform
import statistics
import time
from datetime import date

import numpy as np
import scipy.stats

from amends.statistics.paired import columns
from amends.statistics.resampling import RESAMPLES

ITEMS, SYSTEMS, TIMED = 1_000, 30, 10

random = np.random.default_rng(1)
ability = random.normal(3, 0.4, SYSTEMS)
noise = random.normal(0, 0.8, (ITEMS, 1)) + random.normal(0, 0.8, (ITEMS, SYSTEMS))
levels = np.clip(np.round(ability + noise), 1, 5)
couples = list(itertools.combinations(range(SYSTEMS), 2))
differences = np.stack([levels[:, j] - levels[:, i] for i, j in couples], axis=1)

times = []
for _ in range(5):
    started = time.perf_counter()
    ours = columns(differences, range(ITEMS), (-4.0, 4.0), 12345)
    times.append(time.perf_counter() - started)
own = statistics.median(times)

worst, seconds = 0.0, 0.0
for c in range(TIMED):
    started = time.perf_counter()
    found = scipy.stats.bootstrap(
        (differences[:, c],),
        np.mean,
        n_resamples=RESAMPLES,
        method="percentile",
        random_state=np.random.default_rng(c),
    ).confidence_interval
    seconds += time.perf_counter() - started
    ends = (found.low - (ours[c].low or 0.0), found.high - (ours[c].high or 0.0))
    worst = max(worst, *(abs(end) / (found.high - found.low) for end in ends))
theirs = seconds / TIMED * len(couples)

cpu = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, numpy {np.__version__}"
about = f"{len(couples)} pairs of {SYSTEMS} systems, {ITEMS:,} items, {RESAMPLES:,} resamples"
print(f"compare, {date.today()}, {cpu}: {about}")
print(f"  ours, studentised, all pairs at once      {own:7.2f} s   (median of 5)")
print(f"  scipy, percentile, pair by pair           {theirs:7.1f} s   ({TIMED} pairs timed: {seconds:.2f} s)")
print(f"  times as fast                             {theirs / own:7.0f}     (wanted: 50)")
print(f"  largest difference of an end              {worst:7.3f} of the interval's width")
