"""Read a pytest log: print passed and skipped, fail on a skip whose reason is not allowed."""

import re
import sys
from pathlib import Path

log, allowed_file = sys.argv[1:]
text = re.sub(r"\x1b\[[0-9;]*m", "", Path(log).read_text(encoding="utf-8", errors="replace"))
lines = Path(allowed_file).read_text(encoding="utf-8").splitlines()
allowed = {line.strip() for line in lines if line.strip() and not line.startswith("#")}
skips = re.findall(r"^SKIPPED \[(\d+)\] (\S+?): (.*)$", text, flags=re.MULTILINE)
counts = dict.fromkeys(("passed", "failed", "skipped"), 0)
last = re.findall(r"^=+ (.*) in [\d.]+s.* =+$", text, flags=re.MULTILINE)
for number, word in re.findall(r"(\d+) (passed|failed|skipped)", last[-1] if last else ""):
    counts[word] = int(number)
wrong = [f"{place}: {reason}" for _, place, reason in skips if reason.strip() not in allowed]
if counts["skipped"] != sum(int(n) for n, _, _ in skips):
    wrong.append("some skips are not listed with their reason")
print(f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped")
for line in wrong:
    print(f"skip that is not allowed: {line}")
sys.exit(1 if wrong or not counts["passed"] else 0)
