"""Times VADER (Hutto & Gilbert 2014) on the replies of a file; run by an interpreter that has vaderSentiment.

It imports nothing of this repository, so that it can stand in an environment of its own: ``vader.py FILE``.
"""

import json
import sys
import time
from pathlib import Path


def main(file: str) -> None:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    texts = [json.loads(line)["reply"] for line in Path(file).read_text(encoding="utf-8").splitlines()]
    analyzer = SentimentIntensityAnalyzer()
    for text in texts[:8]:
        analyzer.polarity_scores(text)
    wall, cpu = time.perf_counter(), time.process_time()
    for text in texts:
        analyzer.polarity_scores(text)
    used = {"seconds": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    status = Path("/proc/self/status").read_text().splitlines() if Path("/proc/self/status").exists() else []
    peak = [int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM:")]
    print(json.dumps(used | {"peak_mb": peak[0] if peak else 0.0}))


if __name__ == "__main__":
    main(sys.argv[1])
